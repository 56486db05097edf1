"""Files of the pages: read once, compressed once, under an address that changes with their content."""

from __future__ import annotations

import gzip
import hashlib
import os
import posixpath
import re
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

import sweeper.web
from sweeper.web.lean import lean

FOLDER = Path(sweeper.web.__file__).parent / "static"
KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
}  #: what is not one of these is not served
FOREVER = "public, max-age=31536000, immutable"
SMALL = 512  #: bytes that are not worth compressing
_IMPORT = re.compile(r"""^\s*(?:import|export|\})[^"'();]*?["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)
DEBUG = "SWEEPER_DEBUG"  #: in the environment: files are read again when they change


class File:
    """One file, as it is sent."""

    def __init__(self, content: bytes, kind: str) -> None:
        self.content, self.kind = content, kind
        self.etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.content, 9, mtime=0)

    def imports(self, name: str) -> list[str]:
        """Return the names of the modules that this one, called ``name``, imports before it runs."""
        return [
            posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            for path in _IMPORT.findall(self.content.decode("utf-8"))
        ]


class Static:
    """All files below a folder. ``digest`` is that of all of them together: one address for all, so modules find one
    another by relative paths, and a browser keeps them until one of them changes.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._watched = bool(os.environ.get(DEBUG))
        self._seen = self._signature()
        self._read()

    @property
    def digest(self) -> str:
        if self._watched and (now := self._signature()) != self._seen:
            self._seen = now
            self._read()
        return self._digest

    def url(self, name: str) -> str:
        return f"/static/{self.digest}/{name}"

    def modules(self, *names: str) -> tuple[str, ...]:
        """Return the modules that some modules need to start, themselves first: a browser may ask for all at once."""
        if names not in self._modules:
            found, todo = dict[str, None](), list(names)
            while todo:
                name = todo.pop(0)
                if name in self._files and name not in found:
                    found[name] = None
                    todo.extend(self._files[name].imports(name))
            self._modules[names] = tuple(found)
        return self._modules[names]

    async def send(self, request: Request) -> Response:
        """Answer ``/static/{digest}/{name}``."""
        file = self._files.get(request.path_params["name"])
        if file is None or request.path_params["digest"] != self.digest:
            return PlainTextResponse("Not Found", 404)
        headers = {
            "cache-control": FOREVER,
            "etag": file.etag,
            "vary": "accept-encoding",
            "content-type": file.kind,
        }
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        if len(file.content) >= SMALL and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.compressed, headers={**headers, "content-encoding": "gzip"})
        return Response(file.content, headers=headers)

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._folder.rglob("*") if path.suffix in KINDS and path.is_file())

    def _signature(self) -> list[tuple[Path, int]]:
        return [(path, path.stat().st_mtime_ns) for path in self._paths()] if self._watched else []

    def _read(self) -> None:
        self._modules: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._files = {path.relative_to(self._folder).as_posix(): self._file(path) for path in self._paths()}
        whole = hashlib.sha256()
        for name, file in self._files.items():
            whole.update(f"{name}\0{file.etag}\0".encode())
        self._digest = whole.hexdigest()[:16]

    def _file(self, path: Path) -> File:
        content = path.read_bytes()
        if path.suffix == ".js" and not self._watched:  # who works on them wants them whole
            content = lean(path.relative_to(self._folder).as_posix(), content.decode("utf-8")).encode()
        return File(content, KINDS[path.suffix])
