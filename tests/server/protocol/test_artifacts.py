"""Files through the server: ranges, lists, and no way out of their root."""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path
from urllib.parse import quote

import pytest

from sweeper.store.store import SqlStore

from ..conftest import Client

FILES = "/api/2.0/mlflow-artifacts/artifacts"


def test_a_file_goes_in_and_comes_out(client: Client, store: SqlStore) -> None:
    run_id = client.run()
    body = bytes(range(256)) * 10_000
    assert client.http.put(f"{FILES}/{run_id}/deep/a%20b.bin", content=body).status_code == 200
    answer = client.http.get(f"{FILES}/{run_id}/deep/a%20b.bin")
    assert answer.content == body
    assert Path(store.artifacts, run_id, "deep", "a b.bin").read_bytes() == body
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "status", "got"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=8-", 206, b"89"),
        ("bytes=-3", 206, b"789"),
        ("bytes=0-99", 200, b"0123456789"),
        ("bytes=5-2", 200, b"0123456789"),
        ("bytes=99-", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
    ],
)
def test_a_part_of_a_file(client: Client, asked: str, status: int, got: bytes) -> None:
    client.http.put(f"{FILES}/run/a", content=b"0123456789")
    answer = client.http.get(f"{FILES}/run/a", headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, got)


def test_lists_are_as_clients_expect_them(client: Client) -> None:
    client.http.put(f"{FILES}/run/a/b.txt", content=b"12")
    client.http.put(f"{FILES}/run/c", content=b"")
    assert client.http.get(FILES, params={"path": "run"}).json() == {
        "files": [{"path": "a", "is_dir": True}, {"path": "c", "is_dir": False, "file_size": 0}]
    }
    for nothing in ("none", "run/c", "run/c/d"):
        assert client.http.get(FILES, params={"path": nothing}).json() == {}


def test_the_list_of_a_run(client: Client) -> None:
    run_id = client.run()
    client.http.put(f"{FILES}/{run_id}/a/b.txt", content=b"12")
    found = client.found("artifacts/list", run_id=run_id, path="a")
    assert found == {
        "root_uri": f"mlflow-artifacts:/{run_id}",
        "files": [{"path": "a/b.txt", "is_dir": False, "file_size": 2}],
    }


def test_a_file_is_deleted_also_when_it_is_not_there(client: Client) -> None:
    client.http.put(f"{FILES}/run/a", content=b"x")
    for _ in range(2):
        assert client.http.delete(f"{FILES}/run/a").json() == {}
    assert client.http.get(f"{FILES}/run/a").status_code == 404
    assert client.http.delete(f"{FILES}/run").status_code == 400


def test_pages_run_nothing_that_was_logged(client: Client) -> None:
    for name in ("a.html", "a.svg", "a.xhtml", "a.js"):
        client.http.put(f"{FILES}/run/{name}", content=b"<script>alert(1)</script>")
        kind = client.http.get(f"{FILES}/run/{name}").headers["content-type"]
        assert kind.startswith("text/plain"), kind


def test_large_files_go_in_one_piece(client: Client) -> None:
    answer = client.http.post("/api/2.0/mlflow-artifacts/mpu/create/run/a", json={"path": "a", "num_parts": 2})
    assert answer.status_code == 501
    assert answer.json()["message"].startswith("Multipart upload is not supported for the current artifact repository")
    assert client.http.get("/api/2.0/mlflow-artifacts/presigned/run/a").status_code == 501


OUT = [
    "../x", "run/../../x", "..", "run/..", "/etc/passwd", "//etc/passwd", "run//x", "./x", "run/./x", "..\\x",
    "run\\..\\..\\x", "C:\\x", "C:/x", "file:///etc/passwd", "x\0", "run/x\n", "run/a;b", "run/a#b", "run/a?b",
    ".sweeper-0",
    "run/" + "x" * 300, "/".join(["ab"] * 500),
]  # fmt: skip


def encodings(path: str) -> list[str]:
    once = quote(path, safe="")
    twice = quote(once, safe="")
    return [quote(path, safe="/"), once, twice, once.lower(), once.replace(".", "%2e"), quote(twice)]


@pytest.mark.parametrize("path", OUT)
def test_no_path_leads_out(client: Client, store: SqlStore, path: str, tmp_path: Path) -> None:
    # given what lies around the root
    (tmp_path / "x").write_text("secret")
    root = Path(store.artifacts)

    def outside() -> list[str]:
        there = (found for found in tmp_path.rglob("*") if "runs.db" not in found.name)
        return sorted(str(found) for found in there if root not in (found, *found.parents))

    before = outside()
    for encoded in encodings(path):
        for url in (f"{FILES}/{encoded}", f"/ajax-api/2.0/mlflow-artifacts/artifacts/{encoded}"):
            # when somebody reads, writes and deletes there
            read = client.http.get(url)
            written = client.http.put(url, content=b"evil")
            deleted = client.http.delete(url)
            # then nothing of it is found
            assert "secret" not in read.text
            assert read.status_code in (400, 403, 404) or read.text in ("evil", "{}")  # some clients tidy a path up
            assert written.status_code != 500
            assert deleted.status_code != 500
        assert "secret" not in client.http.get(FILES, params={"path": path}).text
    assert outside() == before
    assert (tmp_path / "x").read_text() == "secret"


def test_no_link_is_followed(client: Client, store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a").write_text("secret")
    root = Path(store.artifacts, "run")
    root.mkdir(parents=True)
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "file").symlink_to(tmp_path / "outside" / "a")
    for path in ("run/link/a", "run/file"):
        assert "secret" not in client.http.get(f"{FILES}/{path}").text
        client.http.put(f"{FILES}/{path}", content=b"evil")
        client.http.delete(f"{FILES}/{path}")
    assert (tmp_path / "outside" / "a").read_text() == "secret"
    assert client.http.get(FILES, params={"path": "run"}).json().get("files", []) == []


def test_a_body_that_breaks_off_leaves_nothing(client: Client, store: SqlStore) -> None:
    def pieces() -> object:
        yield b"half"
        raise ConnectionResetError

    with contextlib.suppress(ConnectionResetError):
        client.http.put(f"{FILES}/run/a", content=pieces())  # type: ignore[arg-type]  # an iterator of bytes
    assert client.http.get(f"{FILES}/run/a").status_code == 404


def test_basic_passwords_are_tokens(client: Client) -> None:
    """Where no token is asked for, one that comes is no reason to refuse."""
    header = base64.b64encode(b"a:b").decode()
    assert client.http.get(FILES, headers={"authorization": f"Basic {header}"}).status_code == 200
