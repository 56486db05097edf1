"""What a trial keeps for its next attempt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import UsageError
from sweeper.interfaces import ArtifactStore
from sweeper.trial.checkpoints import WHOLE, Checkpoints, kept, open_checkpoints, remove
from sweeper.trial.trial import Trial

from .conftest import ListSink


class Place:
    """Opens the checkpoints of one trial, each attempt on another host: its scratch folder is its own."""

    def __init__(self, files: ArtifactStore, folder: Path) -> None:
        self.files, self._folder = files, folder

    def attempt(self, number: int) -> Checkpoints:
        return open_checkpoints(self.files, "sweep", "run", number, self._folder / f"host-{number}")


@pytest.fixture(params=["folder", "remote"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    url = str(tmp_path / "artifacts") if request.param == "folder" else f"memory://{tmp_path.name}/artifacts"
    return Place(open_artifacts(url), tmp_path / "scratch")


def save(checkpoints: Checkpoints, content: str) -> None:
    with checkpoints.save() as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "state").write_text(content)


def state(checkpoints: Checkpoints) -> str | None:
    latest = checkpoints.latest()
    return None if latest is None else (latest / "deep" / "state").read_text()


def test_at_first_there_is_none(place: Place) -> None:
    first = place.attempt(1)

    assert first.latest() is None
    assert list(first.folder.iterdir()) == []


def test_the_next_attempt_finds_the_last_that_was_saved(place: Place) -> None:
    first = place.attempt(1)
    save(first, "epoch 1")
    save(first, "epoch 2")

    assert state(place.attempt(2)) == "epoch 2"


def test_of_several_attempts_the_latest_counts_and_one_is_kept(place: Place) -> None:
    for number in (1, 2, 10):
        save(place.attempt(number), f"attempt {number}")

    assert state(place.attempt(11)) == "attempt 10"
    saved = place.files.list(".checkpoints/sweep/run/saved")
    assert sum(is_folder for _, is_folder, _ in saved) == 1


def test_an_attempt_whose_number_was_never_written_down_is_followed_by_one_of_the_same_number(place: Place) -> None:
    save(place.attempt(1), "epoch 1")
    again = open_checkpoints(place.files, "sweep", "run", 1, Path(place.attempt(9).folder, "elsewhere"))
    save(again, "epoch 2")

    assert state(place.attempt(2)) == "epoch 2"


def test_an_empty_one_is_one(place: Place) -> None:
    with place.attempt(1).save():
        pass

    latest = place.attempt(2).latest()
    assert latest is not None
    assert list(latest.iterdir()) == []


def test_a_block_that_raises_leaves_the_one_before(place: Place) -> None:
    first = place.attempt(1)
    save(first, "whole")

    def half() -> None:
        with first.save() as folder:
            (folder / "state").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    assert state(first) == state(place.attempt(2)) == "whole"


def test_the_plain_folder_is_handed_on(place: Place) -> None:
    first = place.attempt(1)
    (first.folder / "log").write_text("one")
    first.hand_on()
    second = place.attempt(2)
    (second.folder / "log").write_text("two")
    second.hand_on()

    assert (place.attempt(3).folder / "log").read_text() == "two"


def test_nothing_is_left_of_a_trial_that_is_done(place: Place) -> None:
    first = place.attempt(1)
    save(first, "epoch 1")
    (first.folder / "log").write_text("one")
    first.discard()

    assert kept(place.files, "sweep") == []
    assert place.attempt(2).latest() is None


def test_those_of_some_trials_are_removed(place: Place, tmp_path: Path) -> None:
    for run in ("a", "b"):
        save(open_checkpoints(place.files, "sweep", run, 1, tmp_path / "scratch"), run)

    remove(place.files, "sweep", ["a"])
    assert kept(place.files, "sweep") == ["b"]
    remove(place.files, "sweep", ["b"])
    assert kept(place.files, "sweep") == []


def test_what_never_arrived_in_full_is_not_taken(tmp_path: Path) -> None:
    files = open_artifacts(f"memory://{tmp_path.name}/torn")
    save(open_checkpoints(files, "sweep", "run", 1, tmp_path / "a"), "whole")
    files.write(".checkpoints/sweep/run/saved/000001-00000002/deep/state", b"ha")

    assert state(open_checkpoints(files, "sweep", "run", 2, tmp_path / "b")) == "whole"


class ThroughChannel:
    """A folder of the controller's host as a worker elsewhere has it: by an artifact store that is no folder here."""

    def __init__(self, files: ArtifactStore) -> None:
        self._files = files

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)


def test_attempts_beside_the_artifacts_and_elsewhere_hand_over_to_one_another(tmp_path: Path) -> None:
    folder = open_artifacts(str(tmp_path / "artifacts"))
    stores = [folder, ThroughChannel(folder), ThroughChannel(folder), folder]

    for number, files in enumerate(stores, 1):
        checkpoints = open_checkpoints(files, "sweep", "run", number, tmp_path / f"host-{number}")
        assert state(checkpoints) == (f"attempt {number - 1}" if number > 1 else None)
        save(checkpoints, f"attempt {number}")
        checkpoints.hand_on()


def test_a_kill_in_the_middle_of_saving_leaves_the_one_before(tmp_path: Path) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from sweeper.trial.checkpoints import Checkpoints

        checkpoints = Checkpoints(Path(sys.argv[1]), 1)
        for content in ("whole", "ha"):
            with checkpoints.save() as folder:
                (folder / "deep").mkdir()
                (folder / "deep" / "state").write_text(content)
                if content == "ha":
                    os.kill(os.getpid(), signal.SIGKILL)
    """
    died = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "run")], timeout=60)

    second = Checkpoints(tmp_path / "run", 2)

    assert died.returncode == -signal.SIGKILL
    assert state(second) == "whole"
    assert sorted(os.listdir(tmp_path / "run" / "saved")) == ["000001-00000001", "000001-00000001.whole"]


def test_a_trial_opens_them_at_first_use_and_once(sink: ListSink, tmp_path: Path) -> None:
    opened: list[Checkpoints] = []

    def opening() -> Checkpoints:
        opened.append(Checkpoints(tmp_path / "run", 1))
        return opened[-1]

    trial = Trial("run", sink, checkpoints=opening)
    trial.leave_checkpoints(done=False)
    assert opened == []

    with trial.checkpoint() as folder:
        (folder / "state").write_text("1")

    assert trial.last_checkpoint is not None
    assert (trial.last_checkpoint / "state").read_text() == "1"
    assert trial.checkpoint_dir.is_dir()
    assert len(opened) == 1
    trial.leave_checkpoints(done=True)
    assert not (tmp_path / "run").exists()


def test_a_trial_of_no_sweep_has_no_place_for_them(sink: ListSink) -> None:
    with pytest.raises(UsageError, match="only trials of a sweep"):
        _ = Trial("run", sink).checkpoint_dir


def test_records_leave_before_a_checkpoint_counts(place: Place, tmp_path: Path) -> None:
    """An attempt that goes on behind a checkpoint does not make the records before it again."""
    seen: list[list[str]] = []

    def look() -> None:
        names = [Path(path).name for path, _, _ in place.files.list(".checkpoints/sweep/run/saved")]
        seen.append([name for name in names if name.endswith(WHOLE)])

    checkpoints = open_checkpoints(place.files, "sweep", "run", 1, tmp_path / "host", look)
    save(checkpoints, "epoch 1")
    save(checkpoints, "epoch 2")

    assert seen == [[], [f"000001-00000001{WHOLE}"]]
