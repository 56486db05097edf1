"""The warm start of a sweep: which past sweeps it may learn from, what is taken of them, how that is kept and told."""
