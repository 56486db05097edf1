"""Where relative paths of a sweep file are looked for, and what to say when nothing is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sweeper import content
from sweeper.config.wording import nearest


@dataclass(frozen=True)
class Lookup:
    """Folders in the order in which they are searched.

    Beside the file, then the current directory; a bundled sweep finds its example in between. Without folders
    (a sweep made in code, or read back from the store) paths stay as they are.
    """

    folders: tuple[Path, ...] = ()

    @classmethod
    def beside(cls, file: Path) -> Lookup:
        here = file.resolve().parent
        bundled = (content.folder("examples"),) if here == content.folder("configs").resolve() else ()
        return cls(tuple(dict.fromkeys((here, *bundled, Path.cwd()))))

    @property
    def base(self) -> str:
        return str(self.folders[0]) if self.folders else ""

    def find(self, path: str) -> str | None:
        """Return the absolute path of an existing file or folder; without folders ``path`` as it is.

        A link stays a link: the Python of a virtual environment is one, and is another Python by its own name.
        """
        if not self.folders:
            return path
        for folder in self.folders:
            if (found := folder / Path(path).expanduser()).exists():
                return str(found.resolve() if found.name == ".." else found.parent.resolve() / found.name)
        return None

    def missing(self, path: str, suffix: str = "") -> str:
        """Return the sentence for a path that is nowhere: the folders searched and the nearest names there."""
        wanted = Path(path).expanduser()
        searched = dict.fromkeys((folder / wanted).parent for folder in self.folders)
        around = sorted({item.name for place in searched for item in place.glob(f"*{suffix or wanted.suffix}")})
        hint = f"; {nearest(wanted.name, around)}" if around else ""
        return f"there is no {wanted.name!r} in {' or in '.join(map(str, searched))}{hint}"
