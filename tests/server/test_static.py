"""Files of the pages: under an address that changes with them, kept for ever, compressed, and nothing else."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from sweeper.server.static import DEBUG, FOLDER, Static

APP = """import { a } from "./core/a.js";
import {
b,
} from "./core/b.js";
const later = () => import("./later.js");
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "app.js": APP + "later('long enough to be compressed');\n" * 50,
        "later.js": "",
        "core/a.js": 'export { c } from "../c.js";\nimport "./b.js";\n',
        "core/b.js": 'import * as a from "./a.js";\n/** @type {import("../never.js").X} */\n',
        "c.js": "// imports nothing\n",
        "never.js": "",
        "style.css": "body { margin: 0 }",
        "secret.py": "no",
        ".env": "no",
    }
    for name, text in files.items():
        (tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / name).write_text(text)
    (tmp_path / "outside.js").write_text("outside")
    return tmp_path / "static"


def client(static: Static) -> TestClient:
    return TestClient(Starlette(routes=[Route("/static/{digest}/{name:path}", static.send)]))


def get(static: Static, name: str, **headers: str) -> Any:
    return client(static).get(static.url(name), headers={"accept-encoding": "identity", **headers})


def test_comments_are_not_sent_but_to_who_works_on_scripts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "c.js").write_text("/** Says so. */\n// And so.\nexport const c = 1; // one\n")
    assert get(Static(folder), "c.js").text == "export const c = 1; // one\n"
    monkeypatch.setenv(DEBUG, "1")
    assert get(Static(folder), "c.js").text.startswith("/** Says so. */")


def test_a_file_is_sent_to_be_kept_for_ever(folder: Path) -> None:
    static = Static(folder)
    answer = get(static, "app.js")
    assert answer.status_code == 200
    assert answer.content == (folder / "app.js").read_bytes()
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert get(static, "style.css").headers["content-type"] == "text/css; charset=utf-8"
    again = get(static, "app.js", **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(static, "app.js", **{"if-none-match": '"another"'}).status_code == 200


def test_what_is_long_is_compressed_for_who_takes_that(folder: Path) -> None:
    static = Static(folder)
    with client(static).stream("GET", static.url("app.js"), headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(raw)
    assert gzip.decompress(raw) == (folder / "app.js").read_bytes()
    assert "content-encoding" not in get(static, "style.css", **{"accept-encoding": "gzip"}).headers


def test_the_address_changes_with_any_file(folder: Path) -> None:
    before = Static(folder).digest
    assert Static(folder).digest == before
    (folder / "core/a.js").write_text("export const c = 2;\n")
    changed = Static(folder).digest
    (folder / "core/a.js").rename(folder / "core/z.js")
    assert len({before, changed, Static(folder).digest}) == 3


def test_files_that_change_under_a_running_process_do_not_get_mixed(folder: Path) -> None:
    """An upgrade of the package: what runs goes on with the files that belong to it."""
    static = Static(folder)
    before = static.url("app.js")
    (folder / "app.js").write_text("changed")
    assert static.url("app.js") == before
    assert get(static, "app.js").text != "changed"


def test_who_writes_pages_sees_changes_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEBUG, "1")
    static = Static(folder)
    before = static.url("app.js")
    (folder / "app.js").write_text("changed")
    assert get(static, "app.js").text == "changed"
    assert client(static).get(before).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["", "nothing.js", "core", "core/", "secret.py", ".env", "../outside.js", "%2e%2e/outside.js",
     "core/../../outside.js", "/etc/passwd", "APP.JS", "app.js/", "app.js%00"],
)  # fmt: skip
def test_nothing_else_is_there(folder: Path, name: str) -> None:
    assert get(Static(folder), name).status_code in (404, 405)


def test_an_address_of_other_content_is_not_there(folder: Path) -> None:
    assert client(Static(folder)).get("/static/0123456789abcdef/app.js").status_code == 404


def test_the_modules_that_a_module_needs_to_start(folder: Path) -> None:
    assert Static(folder).modules("app.js", "pages/none.js") == ("app.js", "core/a.js", "core/b.js", "c.js")


def test_every_import_of_the_pages_leads_to_a_file() -> None:
    static = Static()
    names = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")]
    assert "app.js" in names
    pages = re.findall(r'import\("\./(pages/\w+\.js)"\)', (FOLDER / "app.js").read_text("utf-8"))
    assert pages
    needed = {name for page in pages for name in static.modules("app.js", page)}
    written = (FOLDER / "app.js").read_text("utf-8").count(' from "./')
    assert len(static._files["app.js"].imports("app.js")) == written
    for name in names:
        assert not [each for each in static._files[name].imports(name) if each not in static._files], name
    assert set(pages) <= needed
