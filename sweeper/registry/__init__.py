"""The model registry: names, versions, aliases and stages with MLflow's meaning, and what a version comes from.

``registry`` changes and finds, ``registering`` makes a version of a trial, ``facts`` says where it comes from,
``files`` keeps its files and their checksums, ``uris`` reads ``models:/NAME@alias``, ``loading`` loads, ``comparing``
and ``progress`` look at several versions.
"""
