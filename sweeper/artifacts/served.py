"""Artifacts through a ``sweeper server``: for workers and readers on machines that do not reach the folder itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import httpx

from sweeper.artifacts.paths import sources, split
from sweeper.errors import NotFound, StoreUnavailable, UsageError

TOKEN = "SWEEPER_TOKEN"
PROXY = "/mlflow-artifacts/artifacts"  #: lists are asked of this address, whatever folder below it is the root
TIMEOUT = httpx.Timeout(300.0, connect=10.0)
TRIES = 5
PIECE = 1 << 20


class ServedArtifacts:
    """Files below a URL that answers as MLflow's artifact proxy does: GET, PUT, DELETE, and lists by ``?path=``."""

    def __init__(self, root: str) -> None:
        self.root = root
        above, proxy, below = root.partition(PROXY)
        self._lists, self._below = (above + proxy, below.strip("/")) if proxy else (root, "")
        token = os.environ.get(TOKEN, "")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        transport = httpx.HTTPTransport(retries=TRIES)  # of connecting; what was sent is not sent twice by itself
        self._client = httpx.Client(headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False)

    def put(self, local: Path, path: str) -> None:
        for file, place in sources(local, path):
            self._send(file, place)

    def write(self, path: str, data: bytes) -> None:
        self._ask("PUT", path, content=data)

    def read(self, path: str) -> bytes:
        return self._ask("GET", path).content

    def open(self, path: str) -> IO[bytes]:
        file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
        try:
            self._fetch(path, file)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    @contextlib.contextmanager
    def new_file(self, path: str) -> Iterator[IO[bytes]]:
        split(path)
        with tempfile.TemporaryFile() as file:
            yield file
            file.seek(0)
            self._ask("PUT", path, content=_pieces(file))

    def list(self, path: str = "") -> list[tuple[str, bool, int]]:
        split(path, empty=True)
        whole = "/".join(filter(None, (self._below, path)))
        found = self._checked("artifact", path, lambda: self._client.get(self._lists, params={"path": whole})).json()
        prefix = f"{path}/" if path else ""
        return sorted(
            (prefix + item["path"], bool(item.get("is_dir")), int(item.get("file_size") or 0))
            for item in found.get("files", [])
        )

    def get(self, path: str, local: Path) -> Path:
        local = Path(local)
        split(path)
        below = self.list(path)
        if below:
            local.mkdir(parents=True, exist_ok=True)
            for name, _, _ in below:
                self.get(name, local / name.rpartition("/")[2])
            return local
        local.parent.mkdir(parents=True, exist_ok=True)
        with self.open(path) as source, local.open("wb") as target:
            shutil.copyfileobj(source, target, PIECE)
        return local

    def delete(self, path: str) -> None:
        split(path)
        for below, _, _ in self.list(path):
            self.delete(below)
        self._ask("DELETE", path)

    def _send(self, local: Path, path: str) -> None:
        with local.open("rb") as file:
            self._ask("PUT", path, content=_pieces(file))

    def _fetch(self, path: str, file: IO[bytes]) -> None:
        url = self._url(path)
        try:
            with self._client.stream("GET", url) as answer:
                if answer.status_code >= 400:
                    answer.read()
                self._check(answer, path)
                for piece in answer.iter_bytes(PIECE):
                    file.write(piece)
        except httpx.TransportError as error:
            raise self._away(error) from None

    def _ask(self, method: str, path: str, content: Any = None) -> httpx.Response:
        url = self._url(path)
        return self._checked("artifact", path, lambda: self._client.request(method, url, content=content))

    def _url(self, path: str) -> str:
        return "/".join([self.root, *(quote(name, safe="") for name in split(path))])

    def _checked(self, kind: str, path: str, call: Any) -> httpx.Response:
        try:
            answer: httpx.Response = call()
        except httpx.TransportError as error:
            raise self._away(error) from None
        self._check(answer, path)
        return answer

    def _check(self, answer: httpx.Response, path: str) -> None:
        if answer.status_code < 400:
            return
        if answer.status_code == 404:
            raise NotFound("artifact", path)
        try:
            words = answer.json()["message"]
        except (ValueError, KeyError, TypeError):
            words = f"the server answered {answer.status_code}"
        if answer.status_code >= 500:
            raise StoreUnavailable(f"artifacts at {self.root}: {words}")
        raise UsageError(f"artifact {path!r}: {words}")

    def _away(self, error: Exception) -> StoreUnavailable:
        why = f"{type(error).__name__}: {error}"
        return StoreUnavailable(f"artifacts at {self.root}: the server does not answer ({why})")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
