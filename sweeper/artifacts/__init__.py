"""Files of runs: in a folder, or anywhere fsspec reaches. ``open_artifacts`` returns an
:class:`sweeper.interfaces.ArtifactStore`; paths in it are relative and POSIX, ``<run id>/model/weights.bin``.
"""

from __future__ import annotations

from sweeper.artifacts.opening import open_artifacts

__all__ = ["open_artifacts"]
