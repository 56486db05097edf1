"""``sweeper models dockerfile``: the files of an image that serves a model."""

from __future__ import annotations

import tempfile
from pathlib import Path
from shlex import quote

import click

from sweeper.cli.models.places import finder
from sweeper.cli.session import Session, command
from sweeper.cli.text import inert
from sweeper.errors import UsageError


@command("dockerfile")
@click.argument("what", metavar="MODEL")
@click.option("-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="A new folder for them.")
@click.option("--unpickle", is_flag=True, help="Also for a model that runs code when it is loaded.")
def dockerfile(session: Session, what: str, folder: Path, unpickle: bool) -> None:
    """Write the files of an image that serves MODEL (as for serve): Dockerfile, requirements, the checked files.

    Nothing is built or loaded. The image needs no store: another version of the model is another image.

    \b
    Example:
      sweeper models dockerfile digits@champion -o image
      docker build -t digits image && docker run -p 1234:8080 digits
    """
    from sweeper.registry.files import checksums
    from sweeper.registry.loading import checked, choose_flavor
    from sweeper.registry.mlmodel import runs_code
    from sweeper.serving.image import write_image

    if folder.exists():
        raise UsageError(f"{folder} exists already, so nothing was written; give another folder")
    with finder(session, what) as find:
        resolved = find()
        with checked(resolved) as (path, read):
            if not read:
                raise UsageError(f"{resolved.uri} is not an MLflow model: {path.name} has no MLmodel file")
            choose_flavor(read, "pyfunc", resolved.uri)
            why = runs_code(read, checksums(path))
            if why and not unpickle:
                raise UsageError(
                    f"{resolved.uri}: {why}, so serving it runs code of whoever made it. If you trust that: --unpickle"
                )
            version = resolved.version
            label = f"{version.name}, version {version.number}" if version else resolved.uri
            parent = folder.absolute().parent
            parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".sweeper-", dir=parent) as scratch:
                made = Path(scratch, "image")
                write_image(made, path, label, unpickle=bool(why))
                made.rename(folder)
    if session.as_json:
        session.emit({"folder": str(folder), "model": label, "files": sorted(each.name for each in folder.iterdir())})
    session.say(f"{inert(str(folder))}: the files of an image that serves {inert(label)}")
    tag = quote(folder.absolute().name.lower())
    session.hint(f"next: docker build -t {tag} {quote(str(folder))} && docker run -p 1234:8080 {tag}")
