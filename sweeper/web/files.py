"""The files of a run, as a page may show them: always below the one root of artifacts, and harmless."""

from __future__ import annotations

from typing import Any

from sweeper.artifacts.paths import split
from sweeper.errors import UsageError
from sweeper.interfaces import ArtifactStore, Store
from sweeper.records import Run

MB = 1 << 20
TEXTS = (
    "txt", "log", "md", "rst", "json", "jsonl", "yaml", "yml", "toml", "ini", "cfg", "conf", "py", "ipynb", "r", "jl",
    "js", "ts", "sh", "sql", "xml", "html", "htm", "svg", "css", "tex", "diff", "patch",
)  # fmt: skip
PREVIEWS = {
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp"), ("image", 16 * MB)),
    **dict.fromkeys(("csv", "tsv"), ("table", 4 * MB)),
    **dict.fromkeys(TEXTS, ("text", 2 * MB)),
}
PLAIN = ("MLmodel", "Dockerfile", "Makefile", "README", "LICENSE")  #: texts whose names have no suffix
SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/gif": (b"GIF8", b""),
    "image/webp": (b"RIFF", b"WEBPVP8"),
}
FIRST = 32  #: bytes that tell an image from anything else, and how large it is
MOST_PIXELS = 50_000_000  #: of an image that is shown: a few bytes may unpack to gigabytes in the browser


def root_of(store: Store, files: ArtifactStore, run: Run) -> str:
    """Return where the files of a run are below the root of the store's artifacts, ``files``.

    A store that was moved with its artifacts has them by the ids of runs. Raises UsageError for a run whose files are
    elsewhere: a record is data, and may name any folder of the machine.
    """
    if run.artifact_uri.endswith(f"/{run.id}") and not _below(store, run) and files.list(run.id):
        return run.id
    return recorded_root(store, run)


def recorded_root(store: Store, run: Run) -> str:
    """Return the same for a run whose record says so: others that read the record read these files and no others."""
    place = _below(store, run)
    if not place:
        raise UsageError(f"the files of run {run.id} lie outside of this store's artifacts, at {run.artifact_uri}")
    split(place)
    return place


def _below(store: Store, run: Run) -> str:
    root = f"{store.artifacts.rstrip('/')}/"
    return run.artifact_uri.removeprefix(root) if run.artifact_uri.startswith(root) else ""


def listed(files: ArtifactStore, root: str, path: str = "") -> list[dict[str, Any]]:
    """Return what lies directly below ``path`` of a run, folders first; nothing for a file, or nothing there."""
    path = path.strip("/")
    split(path, empty=True)
    try:
        found = files.list(f"{root}/{path}" if path else root)
    except UsageError:
        found = []
    rows = [
        {"path": place.removeprefix(f"{root}/"), "dir": folder, "size": size, "preview": preview(place, folder, size)}
        for place, folder, size in found
    ]
    return sorted(rows, key=lambda row: not row["dir"])


def preview(path: str, folder: bool, size: int) -> str:
    """Return how a page may show a file by its name: "image", "text", "table", or "none" for what is too large."""
    if folder:
        return "none"
    name = path.rpartition("/")[2]
    kind, most = PREVIEWS.get(name.rpartition(".")[2].lower() if "." in name else "", ("none", 0))
    if name in PLAIN:
        kind, most = "text", 2 * MB
    return kind if size <= most else "none"


def raster(first: bytes) -> str | None:
    """Return the type of an image by its first bytes; None for anything that is no raster image."""
    for kind, (begin, later) in SIGNATURES.items():
        if first.startswith(begin) and first[8:].startswith(later):
            return kind
    return None


def pixels(first: bytes) -> int:
    """Return how many pixels an image says it has, by its first bytes; 0 where they do not tell (JPEG, some WebP)."""
    if first.startswith(b"\x89PNG") and first[12:16] == b"IHDR":
        width, height = first[16:20], first[20:24]
        return int.from_bytes(width, "big") * int.from_bytes(height, "big")
    if first.startswith(b"GIF8"):
        return int.from_bytes(first[6:8], "little") * int.from_bytes(first[8:10], "little")
    if first[8:16] == b"WEBPVP8X":
        return (int.from_bytes(first[24:27], "little") + 1) * (int.from_bytes(first[27:30], "little") + 1)
    return 0
