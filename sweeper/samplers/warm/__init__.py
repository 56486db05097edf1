"""What a sampler makes of past sweeps: configurations to begin with, a prior that decays, and a guard over it.

The history is plain data (``history``); nothing here knows a store. Past trials are brought into the space of now
(``fit``); the best of them come first (``portfolio``); what comes after is drawn towards them (``prior``) until they
prove no better than chance (``guard``). How the figures in here were chosen: ``benchmarks/search_quality.py``.
"""
