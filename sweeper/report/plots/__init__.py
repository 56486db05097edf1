"""How each plot is drawn: one module per plot, each with ``draw(data, ax)`` over what :mod:`sweeper.analysis` computed.

Nothing here touches pyplot or matplotlib's global settings, so reports can be drawn in any thread and beside a
notebook's own figures.
"""
