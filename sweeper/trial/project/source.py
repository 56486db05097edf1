"""Where a project is: a folder of this host, or a git repository that is checked out at one commit."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from sweeper.config.secrets import mask_urls
from sweeper.errors import ObjectiveError

REMOTE = re.compile(r"\w[\w+.-]*://|[\w.-]+@[\w.-]+:")
COMMIT = re.compile(r"[0-9a-f]{40}")
CACHE = "SWEEPER_CACHE"  #: names the folder for checkouts and environments


@dataclass(frozen=True, slots=True)
class Source:
    """A project's address: ``url`` is a folder or a git URL; ``subfolder`` of it; ``revision`` of a git repository."""

    url: str
    subfolder: str = ""
    revision: str = ""

    @property
    def is_git(self) -> bool:
        return bool(REMOTE.match(self.url))

    @property
    def shown(self) -> str:
        """For people, without passwords."""
        inside = f"#{self.subfolder}" if self.subfolder else ""
        return mask_urls(self.url) + inside + (f"@{self.revision}" if self.revision else "")


def cache(*names: str) -> Path:
    """Return a folder for what later sweeps use again: below SWEEPER_CACHE, else ~/.cache/sweeper."""
    root = os.environ.get(CACHE)
    return (Path(root) if root else Path.home() / ".cache" / "sweeper").joinpath(*names)


def parse_source(uri: str) -> Source:
    """Read ``FOLDER[#subfolder]`` or ``GIT_URL[#subfolder][@revision]``. Raises ObjectiveError."""
    place, _, inside = uri.partition("#")
    if not REMOTE.match(place):
        if "@" in inside:
            way = "write file:///path/of/repository#folder@revision"
            raise ObjectiveError(f"project {uri}: a folder has no revision; {way}")
        return _inside(Source(place, inside), uri)
    if "#" in uri:
        subfolder, _, revision = inside.rpartition("@") if "@" in inside else (inside, "", "")
        return _inside(Source(place, subfolder, revision), uri)
    before, _, revision = place.rpartition("@")
    path = before.partition("://")[2] if "://" in before else before.partition(":")[2]
    if before and ("/" in path or ("://" not in before and path)) and ":" not in revision:
        return Source(before, "", revision)
    return Source(place)


def _inside(source: Source, uri: str) -> Source:
    if source.subfolder.startswith("/") or ".." in Path(source.subfolder).parts:
        raise ObjectiveError(f"project {mask_urls(uri)}: #{source.subfolder} leads out of the project")
    return source


def pinned(source: Source) -> Source:
    """Return the source at one commit: what its revision, or the main branch, is now. A folder stays as it is."""
    if not source.is_git or COMMIT.fullmatch(source.revision):
        return source
    wanted = source.revision or "HEAD"
    named = [f"refs/tags/{wanted}^{{}}", f"refs/tags/{wanted}", f"refs/heads/{wanted}"]
    patterns = ["HEAD"] if wanted == "HEAD" else named
    listed = _git("ls-remote", "--", source.url, *patterns, url=source.url).splitlines()
    commits = {name: commit for commit, _, name in (line.partition("\t") for line in listed)}
    for pattern in patterns:
        if pattern in commits:
            return replace(source, revision=commits[pattern])
    if re.fullmatch(r"[0-9a-f]{4,39}", wanted):
        with tempfile.TemporaryDirectory() as place:
            _git("clone", "--quiet", "--bare", "--", source.url, place, url=source.url)
            commit = _git("-C", place, "rev-parse", "--verify", f"{wanted}^{{commit}}", url=source.url, check=False)
            if COMMIT.fullmatch(commit.strip()):
                return replace(source, revision=commit.strip())
    raise ObjectiveError(f"project {source.shown}: the repository has no branch, tag or commit {wanted!r}")


def folder_of(source: Source) -> Path:
    """Return the project's folder; a repository is checked out once on a host, at the commit of its revision.

    Raises ObjectiveError when it is not there.
    """
    root = _checkout(source) if source.is_git else Path(source.url).resolve()
    folder = root / source.subfolder
    if not folder.is_dir():
        what = f"has no folder {source.subfolder!r}" if source.is_git else f"there is no folder {folder}"
        raise ObjectiveError(f"project {source.shown}: {what}")
    return folder


def _checkout(source: Source) -> Path:
    place = cache("projects", f"{hashlib.sha256(source.url.encode()).hexdigest()[:12]}-{source.revision[:16]}")
    if place.is_dir():
        return place
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))
    try:
        _git("init", "--quiet", str(part), url=source.url)
        fetch = ("-C", str(part), "fetch", "--quiet")
        try:
            _git(*fetch, "--depth=1", "--", source.url, source.revision, url=source.url)
        except ObjectiveError:  # a server that gives out branches and tags only
            _git(*fetch, "--tags", "--", source.url, "+refs/heads/*:refs/remotes/origin/*", url=source.url)
        _git("-C", str(part), "checkout", "--quiet", "--detach", source.revision, url=source.url)
        try:
            part.rename(place)
        except OSError:
            if not place.is_dir():  # else another process was first
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place


def _git(*arguments: str, url: str, check: bool = True) -> str:
    """Run git and return what it printed. Raises ObjectiveError with what it said."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, stdin=subprocess.DEVNULL, env=environment, check=False
        )
    except OSError as error:
        raise ObjectiveError(f"project {mask_urls(url)} needs git, which cannot be run: {error.strerror}") from None
    if done.returncode and check:
        said = mask_urls(done.stderr.decode("utf-8", "replace").strip())
        verb = arguments[2] if arguments[0] == "-C" else arguments[0]
        raise ObjectiveError(f"project {mask_urls(url)}: git {verb} failed: {said}")
    return done.stdout.decode("utf-8", "replace")
