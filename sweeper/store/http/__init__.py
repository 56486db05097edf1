"""The store of another machine, through ``sweeper server``: a Store like the others."""
