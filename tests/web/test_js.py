"""The scripts of the pages: their types, their own tests, their size, and what no script of ours may do."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from sweeper.web.lean import lean
from tests.web.tools import JS, STATIC, node, package, run, scripts

BUDGET = 150_000  #: bytes of everything that is served, compressed
LONGEST = 400  #: lines of a module
SERVED = (".js", ".css", ".svg")
FORBIDDEN = {
    r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment": "HTML made of text",
    r"\beval\s*\(|\bnew Function\b|set(Timeout|Interval)\(\s*[\"'`]": "text that is executed",
    r"setAttribute\(\s*[\"']style|\.cssText\b": "a style attribute: use a class or style.setProperty",
    r"(https?:)?//[\w-]+\.[a-z]{2,}/|\bimport\s*\(\s*[^\"'`\s]": "something from elsewhere",
    r"@ts-(ignore|nocheck|expect-error)": "types that are not checked",
    r"\bconsole\.(log|debug|info)\b": "words that nobody reads",
    r"\.toLocaleString\(|\bIntl\.": "what takes a browser a tenth of a second to load: use grouped()",
}
IMPORT = re.compile(
    r"""(?:^\s*(?:import|export)\b[^;"']*?\bfrom\s+|^\s*import\s+|\bimport\()["']([^"']+)["']""", re.MULTILINE
)
SPACES = {"http://www.w3.org/2000/svg"}  #: names that look like addresses


def names(path: Path) -> str:
    return str(path.relative_to(STATIC))


def test_types() -> None:
    command = node()
    checked = run(command, package("typescript/bin/tsc"), "--project", "tsconfig.json")
    assert checked.returncode == 0, checked.stdout


def test_modules() -> None:
    files = sorted(JS.glob("*.test.mjs"))
    assert files
    ran = run(node(), "--test", *files)
    assert ran.returncode == 0, ran.stdout[-8000:]
    count = re.search(r"^# pass (\d+)|ℹ pass (\d+)", ran.stdout, re.MULTILINE)
    assert count
    assert int(count[1] or count[2]) >= len(files)


def test_everything_together_is_small() -> None:
    """As browsers get it: each file compressed alone, scripts without their comments."""
    sizes = {names(path): len(gzip.compress(sent(path), 9)) for path in STATIC.rglob("*") if path.suffix in SERVED}
    total = sum(sizes.values())
    assert total < BUDGET, f"{total:,} bytes: {sorted(sizes.items(), key=lambda item: -item[1])[:12]}"


def sent(path: Path) -> bytes:
    text = path.read_text("utf-8")
    return (lean(names(path), text) if path.suffix == ".js" else text).encode()


def test_styles_and_pictures_are_of_use() -> None:
    """Each file is named by a page, each class by a script or a page; uPlot makes some of its own."""
    pages = "".join(path.read_text("utf-8") for room in ("web", "report") for path in templates(room))
    said = " ".join(re.findall(r"[\"`'][^\"`'\n]*[\"`']", "".join(path.read_text("utf-8") for path in scripts())))
    for path in (path for path in STATIC.rglob("*") if path.suffix in (".css", ".svg")):
        assert names(path) in pages, f"{names(path)} is served, and nothing asks for it"
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", (STATIC / "style.css").read_text("utf-8"), flags=re.DOTALL)
    classes = {name for name in re.findall(r"\.([a-z][\w-]*)", selectors) if not name.startswith(("u-", "uplot"))}
    used = set(re.findall(r"[\w-]+", said + pages))
    assert classes - used == set()


def test_what_is_exported_is_imported() -> None:
    """By another module, or by a test of it."""
    texts = {path: path.read_text("utf-8") for path in [*scripts(), *JS.glob("*.test.mjs")]}
    unused = [
        f"{names(path)}: {name}"
        for path in scripts()
        for name in re.findall(r"^export (?:async )?(?:function\*?|const|class) (\w+)", texts[path], re.MULTILINE)
        if not any(re.search(rf"\b{name}\b", text) for other, text in texts.items() if other != path)
    ]
    assert unused == []


def test_the_docs_name_what_stands_in_addresses() -> None:
    docs = (STATIC.parents[2] / "docs" / "ui.md").read_text("utf-8")
    told = docs.partition("## Addresses hold")[2].partition("\n## ")[0]
    code = "".join(path.read_text("utf-8") for path in scripts())
    names = set(re.findall(r"url\.get\(\"(\w+)\"\)", code))
    for fields in re.findall(r"^const FIELDS = .*", code, re.MULTILINE):
        names |= set(re.findall(r"\[\"(\w+)\", \"[^\"]*\"\]", fields) or re.findall(r"\"(\w+)\"", fields))
    by = re.search(r"const BY = [^{]*\{([^}]*)\}", code)
    assert by
    assert {"f", "p", "x"} <= names
    assert {name for name in names if not re.search(rf"`{name}[`=]", told)} == set()
    shown = re.findall(r"(\w+): ", by[1])[1:]  # the first is what is shown anyway
    assert [name for name in shown if f"`x={name}`" not in told] == []


def templates(room: str) -> list[Path]:
    return sorted((STATIC.parents[1] / room / "templates").glob("*.html"))


@pytest.mark.parametrize("path", scripts(), ids=names)
def test_a_script_without_comments_still_means_the_same(path: Path) -> None:
    """Nothing goes but comments and indentation: no text of ours goes over several lines."""
    text = path.read_text("utf-8")
    bare = lean(names(path), text)
    code = re.compile(r"/\*\*.*?\*/", re.DOTALL)
    assert IMPORT.findall(code.sub("", bare)) == IMPORT.findall(code.sub("", text))
    assert [line for line in bare.splitlines() if line.startswith("//")] == []
    assert not [inside for inside in re.findall(r"`[^`]*`", bare) if "\n" in inside]


@pytest.mark.parametrize("path", scripts(), ids=names)
def test_a_script_keeps_the_rules(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    for name in SPACES:
        text = text.replace(name, "")
    for pattern, what in FORBIDDEN.items():
        assert not (found := re.search(pattern, text)), f"{names(path)} has {what}: {found[0]}"
    for name in IMPORT.findall(text):
        assert name.startswith("."), f"{names(path)} imports {name!r}: only relative paths work without a build"
        assert (path.parent / name).resolve().is_file(), f"{names(path)} imports {name}, which is not there"


def test_the_packages_of_tests_are_pinned_and_no_registry_is_named() -> None:
    wanted = json.loads((JS / "package.json").read_text("utf-8"))["devDependencies"]
    locked = json.loads((JS / "package-lock.json").read_text("utf-8"))["packages"]
    assert set(wanted) == {"axe-core", "typescript"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert not [name for name, facts in locked.items() if "resolved" in facts]
