"""MLflow's REST protocol, so that its clients in any language log to a store of ours and read from it.

One module for each group of routes; each has a table ``ROUTES`` that says who may call what. A handler is a plain
function ``handler(ctx, ask) -> answer``: it runs in a thread, reads and writes the store, and raises
:class:`~sweeper.server.protocol.errors.Refused`.
"""
