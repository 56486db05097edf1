"""Where trials run: in this process, in one worker process per slot (joblib's loky), or on Ray."""
