"""Answering with a registered model: MLflow's scoring protocol, over a model that is exchanged when its alias moves."""
