"""Files of runs, as a page of another kind would like to use them: as its script, its style, its worker."""

from __future__ import annotations

import mimetypes

import pytest

from sweeper.server.protocol.artifacts import _harmless

from ..conftest import Client

ROOT = "/api/2.0/mlflow-artifacts/artifacts/run"
USED = (
    "text/javascript", "application/javascript", "application/x-javascript", "application/ecmascript",
    "text/ecmascript", "text/jscript", "text/livescript", "text/css", "text/html", "application/xhtml+xml",
    "image/svg+xml", "application/xml", "application/mathml+xml", "text/xsl", "text/vtt", "text/cache-manifest",
    "application/wasm", "application/manifest+json", "multipart/x-mixed-replace", "message/rfc822",
    "application/x-shockwave-flash", "font/woff2", "application/rss+xml",
)  # fmt: skip


@pytest.mark.parametrize("kind", USED)
def test_no_type_is_one_that_a_page_runs_or_applies(kind: str) -> None:
    assert _harmless(kind) in ("text/plain", "application/octet-stream")


@pytest.mark.parametrize(("name", "kind"), [("a.es", "application/ecmascript"), ("a.css", "text/css")])
def test_a_file_is_no_script_and_no_style(client: Client, name: str, kind: str) -> None:
    mimetypes.add_type(kind, f".{name.partition('.')[2]}")  # systems differ in what they know
    client.http.put(f"{ROOT}/{name}", content=b"x")

    answer = client.http.get(f"{ROOT}/{name}")

    assert answer.headers["content-type"].partition(";")[0] in ("text/plain", "application/octet-stream")
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize("wanted", ["bytes=" + "9" * 5000 + "-", "bytes=-" + "9" * 5000, "bytes=0-" + "9" * 5000])
def test_a_range_of_many_digits_is_no_range(client: Client, wanted: str) -> None:
    client.http.put(f"{ROOT}/a.txt", content=b"text")

    answer = client.http.get(f"{ROOT}/a.txt", headers={"range": wanted})

    assert (answer.status_code, answer.content) == (200, b"text")


def test_who_asks_for_headers_alone_has_no_file_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """One small request would make the server read a file of any size for nobody."""
    client.http.put(f"{ROOT}/a.txt", content=b"text")
    monkeypatch.setattr("sweeper.server.protocol.artifacts._pieces", None)

    answer = client.http.head(f"{ROOT}/a.txt")

    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "4", b"")
