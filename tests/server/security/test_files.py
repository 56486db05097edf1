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


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(9)


BOMBS = {
    "a.png": _png(60_000, 60_000),
    "a.gif": b"GIF89a" + b"\xff\xff" * 2 + bytes(30),
    "a.webp": b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\xff\xff\x00" * 2 + bytes(9),
}


@pytest.mark.parametrize("name", BOMBS)
def test_an_image_that_unpacks_to_gigabytes_is_not_shown(client: Client, name: str) -> None:
    run_id = client.run()
    address = f"/api/v1/trials/{run_id}/artifact?path={name}"
    client.http.put(f"{ROOT.removesuffix('/run')}/{run_id}/{name}", content=BOMBS[name])

    shown = client.http.get(f"{address}&inline=1")

    assert shown.status_code == 400, shown.text[:200]
    assert "too many to show" in shown.json()["message"]
    assert client.http.get(address).content == BOMBS[name]


def test_an_image_of_a_usual_size_is_shown(client: Client) -> None:
    run_id = client.run()
    client.http.put(f"{ROOT.removesuffix('/run')}/{run_id}/a.png", content=_png(5_000, 4_000))

    shown = client.http.get(f"/api/v1/trials/{run_id}/artifact?path=a.png&inline=1")

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
