"""The server: MLflow's REST protocol, our own API for controllers and pages, and the rules of who may do what.

:func:`sweeper.server.app.make_app` returns the whole as one ASGI application over one store.
"""
