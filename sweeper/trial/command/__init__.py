"""Commands as objectives: any program in any language, its parameters, its metrics, and its end."""
