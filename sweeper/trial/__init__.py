"""What an objective sees, and what runs in a worker: trials, nested runs, the channel to the controller."""
