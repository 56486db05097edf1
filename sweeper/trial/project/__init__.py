"""Projects as objectives: MLflow's ``MLproject``, its entry points, its environment, from a folder or from git."""
