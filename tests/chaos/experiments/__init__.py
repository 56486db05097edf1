"""R1 to R20. Each takes an arena, asserts what must hold and returns its figure in words."""
