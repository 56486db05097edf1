"""The pages' scripts inside one file that opens without a server.

A module that is imported by its path cannot be found from a file on a disk, but one that an import map names can, at a
``data:`` address. So paths become bare names, and one map holds all modules.
"""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

from sweeper.web.lean import lean

STATIC = Path(__file__).parent / "static"
PREFIX = "sw/"  #: of the names that stand for paths
KIND = "data:text/javascript;charset=utf-8,"
PLAIN = " !\"$&'()*+,/:;=>?@[\\]^`{|}"  #: what stands for itself in such an address; base64 would be a quarter longer
_IMPORT = re.compile(r"""(\bfrom\s*|^import\s*|\bimport\(\s*)(["'])(\.{1,2}/[^"']+)\2""", re.MULTILINE)


@cache
def import_map(entry: str) -> str:
    """Return the import map, as JSON, of a module and of all that it imports, at once or later."""
    found = dict[str, str]()
    todo = [entry]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name], imported = _renamed(name)
            todo += imported
    sources = {PREFIX + name: KIND + quote(text, PLAIN) for name, text in sorted(found.items())}
    return json.dumps({"imports": sources}, separators=(",", ":"))


def digest(text: str) -> str:
    """Return what a content security policy calls a text by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def harmless(text: str) -> str:
    """Return JSON that can stand inside a script element: no tag and no comment begins or ends in it."""
    return text.replace("<", "\\u003c")


def _renamed(name: str) -> tuple[str, list[str]]:
    """Return a module with bare names in place of paths, without comments, and the modules that it imports."""
    imported = []

    def rename(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[3]))
        imported.append(target)
        return f"{match[1]}{match[2]}{PREFIX}{target}{match[2]}"

    return _IMPORT.sub(rename, lean(name, (STATIC / name).read_text("utf-8"))), imported
