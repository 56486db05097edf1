"""Faults put into running sweeps on purpose, and a checker that compares what was said with what is stored.

``history`` and ``checker`` decide; ``controller`` and ``objective`` are the processes that suffer, ``arena`` the
folder they live in; ``experiments`` holds R1 to R20, ``scorecard`` runs them all (``make chaos``). What is quick is
also a test of ``make test``.
"""
