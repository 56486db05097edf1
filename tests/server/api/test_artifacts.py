"""Files of runs over the API: whatever they hold, nothing of it runs in a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.events import RunStarted
from sweeper.records import Run, new_id
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import START, add_run

from .conftest import Pages

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HOSTILE = {
    "page.html": b"<script>alert(1)</script>",
    "image.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "fake.png": b"<!DOCTYPE html><script>alert(1)</script>",
    "report.pdf": b"%PDF-1.7",
    "page.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "code.js": b"alert(1)",
    'a"b\u202e<i>.png': b"GIF-not",
}


@pytest.fixture
def run_id(store: SqlStore) -> str:
    made = add_run(store)
    files = open_artifacts(store.artifacts)
    files.write(f"{made}/plots/roc.png", PNG)
    for name, content in HOSTILE.items():
        files.write(f"{made}/{name}", content)
    return made


def test_what_is_there_is_listed(pages: Pages, run_id: str) -> None:
    found = pages.get(f"trials/{run_id}/artifacts")
    assert found[0] == {"path": "plots", "dir": True, "size": 0, "preview": "none"}
    assert {row["path"] for row in found[1:]} == set(HOSTILE)
    assert [row["preview"] for row in pages.get(f"trials/{run_id}/artifacts", path="plots")] == ["image"]


def test_an_image_is_shown_when_a_page_asks_for_it(pages: Pages, run_id: str) -> None:
    shown = pages.raw(f"trials/{run_id}/artifact", path="plots/roc.png", inline=1)
    assert (shown.status_code, shown.content) == (200, PNG)
    assert (shown.headers["content-type"], shown.headers["content-disposition"]) == ("image/png", "inline")
    saved = pages.raw(f"trials/{run_id}/artifact", path="plots/roc.png")
    assert saved.headers["content-disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("inline", [{}, {"inline": 1}])
def test_nothing_else_is_shown(pages: Pages, run_id: str, name: str, inline: dict[str, int]) -> None:
    answer = pages.raw(f"trials/{run_id}/artifact", path=name, **inline)
    assert (answer.status_code, answer.content) == (200, HOSTILE[name])
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    kind = answer.headers["content-type"]
    assert not any(word in kind for word in ("html", "svg", "xml", "javascript"))


def test_a_part_of_a_file_is_enough_for_a_look(pages: Pages, run_id: str) -> None:
    answer = pages.client.http.get(
        f"/api/v1/trials/{run_id}/artifact", params={"path": "page.html"}, headers={"range": "bytes=0-6"}
    )
    assert (answer.status_code, answer.content) == (206, b"<script")


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "..", "plots/../../x", "a\\b", "plots//roc.png", "", "%2e%2e/x", "plots"]
)
def test_no_path_leads_anywhere_else(pages: Pages, run_id: str, path: str) -> None:
    status, answer = pages.refused(f"trials/{run_id}/artifact", path=path)
    assert status in (400, 404)
    assert "passwd" not in answer["message"] or "is absolute" in answer["message"]


def test_links_are_not_followed(pages: Pages, store: SqlStore, run_id: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    Path(store.artifacts, run_id, "link").symlink_to(tmp_path / "secret")
    assert "link" not in {row["path"] for row in pages.get(f"trials/{run_id}/artifacts")}
    assert pages.refused(f"trials/{run_id}/artifact", path="link")[0] == 400


@pytest.mark.parametrize("place", ["/etc", "../../etc", "file:///etc", "{root}/../x"])
def test_a_run_that_claims_other_files_is_refused(pages: Pages, store: SqlStore, place: str) -> None:
    run = Run(new_id(), "evil", started=START)
    store.write(RunStarted(replace(run, artifact_uri=place.format(root=store.artifacts)))).result()
    assert pages.refused(f"trials/{run.id}/artifacts")[0] == 400
    assert pages.refused(f"trials/{run.id}/artifact", path="passwd")[0] == 400
    assert pages.get(f"trials/{run.id}")["artifacts"] is False
    assert pages.refused_post("register", run_id=run.id, model="evil", artifact="passwd")[0] == 400


def test_an_image_that_is_too_large_to_show_is_saved(
    pages: Pages, store: SqlStore, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sweeper.web.files.PREVIEWS", {"png": ("image", 10)})
    answer = pages.raw(f"trials/{run_id}/artifact", path="plots/roc.png", inline=1)
    assert answer.headers["content-disposition"].startswith("attachment")
