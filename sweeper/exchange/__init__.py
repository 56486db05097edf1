"""Sweeps on their way between stores: JSON Lines with checksums, and the files of runs beside them."""
