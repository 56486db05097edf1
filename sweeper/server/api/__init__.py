"""Our own API, for what MLflow's protocol has no words: stores of other machines, and the pages."""
