"""From a path or URL to an artifact store."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sweeper.artifacts.folder import FolderArtifacts
from sweeper.errors import UsageError
from sweeper.interfaces import ArtifactStore

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:/{2}")


def open_artifacts(uri: str | os.PathLike[str]) -> ArtifactStore:
    """Open the files below ``uri``: a folder (made at the first write), ``file://`` or any URL of fsspec.

    Raises UsageError for a URL that means nothing or that carries a password, MissingPackage when fsspec needs
    another package for it.
    """
    text = os.fspath(uri)
    if not text or "\0" in text:
        raise UsageError(f"artifacts {text!r}: must be a folder or a URL like s3://bucket/path")
    if not _SCHEME.match(text):
        return FolderArtifacts(Path(text).expanduser().absolute())
    parts = urlsplit(text)
    if parts.scheme == "file":
        return FolderArtifacts(Path(unquote(parts.path)).absolute())
    if parts.scheme in ("http", "https"):
        from sweeper.artifacts.served import ServedArtifacts

        return ServedArtifacts(text.rstrip("/"))
    if parts.password is not None or (parts.username and parts.scheme in ("s3", "gs", "gcs", "az", "abfs")):
        raise UsageError(
            f"artifacts {parts.scheme}://...@{parts.hostname or ''}: credentials in the URL would be stored with every "
            "run; give them by environment or by fsspec's configuration file"
        )
    from sweeper.artifacts.remote import RemoteArtifacts

    return RemoteArtifacts(text.rstrip("/"))
