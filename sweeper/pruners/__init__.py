"""Rules that stop a trial early: pure functions of curves. An iteration is one report of the trial, as in W&B's files.

Each is made with ``(goal, **options)`` and called with the trial's curve and its rivals', all to be minimised. NaN is
no evidence: it never stops a trial and does not count among the rivals.
"""
