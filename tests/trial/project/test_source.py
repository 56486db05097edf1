"""Where projects are: folders, and real git repositories."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sweeper.errors import ObjectiveError
from sweeper.trial.project.source import Source, folder_of, parse_source, pinned

Git = Callable[..., str]


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("/a/b", Source("/a/b")),
        ("/a/b#c/d", Source("/a/b", "c/d")),
        ("https://host/a.git", Source("https://host/a.git")),
        ("https://host/a.git@v1", Source("https://host/a.git", "", "v1")),
        ("https://host/a.git@feature/x", Source("https://host/a.git", "", "feature/x")),
        ("https://host/a.git#sub", Source("https://host/a.git", "sub")),
        ("https://host/a#sub/deep@v1", Source("https://host/a", "sub/deep", "v1")),
        ("https://user:pw@host/a.git", Source("https://user:pw@host/a.git")),
        ("https://user@host/a.git@v1", Source("https://user@host/a.git", "", "v1")),
        ("git@host:a/b.git", Source("git@host:a/b.git")),
        ("git@host:a/b.git@v1", Source("git@host:a/b.git", "", "v1")),
        ("git@host:b.git#sub@v1", Source("git@host:b.git", "sub", "v1")),
        ("file:///a/b@v1", Source("file:///a/b", "", "v1")),
        ("ssh://git@host:22/a", Source("ssh://git@host:22/a")),
    ],
)
def test_an_address_is_read(uri: str, source: Source) -> None:
    assert parse_source(uri) == source


def test_passwords_are_not_shown() -> None:
    assert parse_source("https://user:secret@host/a.git#x@v1").shown == "https://user:***@host/a.git#x@v1"


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("/a#b@v1", "a folder has no revision; write file:///path/of/repository#folder@revision"),
        ("/a#../b", "#../b leads out of the project"),
        ("https://host/a#/etc", "#/etc leads out of the project"),
    ],
)
def test_an_address_that_cannot_be(uri: str, said: str) -> None:
    with pytest.raises(ObjectiveError, match=said):
        parse_source(uri)


@pytest.fixture
def commits(git: Git, tmp_path: Path) -> list[str]:
    """A repository with a tag, an annotated tag, a branch, and a later commit on main."""
    git("init", "--quiet")
    made = []
    for number, names in enumerate((["tag", "one"], ["tag", "-a", "-m", "x", "two"], ["branch", "side/x"], None)):
        (tmp_path / "repository" / "sub").mkdir(exist_ok=True)
        (tmp_path / "repository" / "sub" / "file").write_text(str(number))
        git("add", ".")
        git("commit", "--quiet", "-m", str(number))
        if names:
            git(*names)
        made.append(git("rev-parse", "HEAD"))
    return made


def test_a_revision_becomes_one_commit_and_is_checked_out_once(commits: list[str], tmp_path: Path, cache: Path) -> None:
    url = f"file://{tmp_path}/repository"
    names = {"": 3, "main": 3, "one": 0, "two": 1, "side/x": 2, commits[1]: 1, commits[2][:9]: 2}

    for revision, number in names.items():
        source = pinned(Source(url, "sub", revision))
        assert source.revision == commits[number], revision
        assert (folder_of(source) / "file").read_text() == str(number)

    assert len(list((cache / "projects").iterdir())) == 4


def test_a_commit_stays_when_the_branch_goes_on(commits: list[str], git: Git, tmp_path: Path) -> None:
    source = pinned(Source(f"file://{tmp_path}/repository"))
    git("commit", "--quiet", "--allow-empty", "-m", "later")

    assert source.revision == commits[3]
    assert (folder_of(source) / "sub" / "file").read_text() == "3"


def test_several_check_out_at_once(commits: list[str], tmp_path: Path, cache: Path) -> None:
    source = pinned(Source(f"file://{tmp_path}/repository"))
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(folder_of(source))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert [path.name for path in (cache / "projects").iterdir()] == [found[0].name]


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("file://{}/repository@nope", "the repository has no branch, tag or commit 'nope'"),
        ("file://{}/repository@abcdef1", "the repository has no branch, tag or commit 'abcdef1'"),
        ("file://{}/repository#nope", "has no folder 'nope'"),
        ("file://{}/elsewhere", "git ls-remote failed: .*does not appear to be a git repository"),
        ("{}/elsewhere", "there is no folder"),
    ],
)
def test_what_is_not_there_is_told(commits: list[str], tmp_path: Path, uri: str, said: str) -> None:
    with pytest.raises(ObjectiveError, match=said):
        folder_of(pinned(parse_source(uri.format(tmp_path))))


def test_a_machine_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ObjectiveError, match="needs git, which cannot be run"):
        pinned(Source("file:///nowhere"))
