"""The one process that owns a running sweep: the loop, its budget, its lease, its recovery."""
