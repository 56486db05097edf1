"""From a sweep, a trial or a run to a version, whole or not at all."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, UsageError
from sweeper.events import SweepChanged
from sweeper.interfaces import Store
from sweeper.records import Goal, SweepRecord, SweepState
from sweeper.registry import registering
from sweeper.registry.files import ROOT
from sweeper.registry.registering import Wishes, register
from sweeper.registry.registry import Registry
from sweeper.testing.sweeps import HOLDER, add_run, add_sweep, add_trial
from tests.registry.conftest import Trained, model_folder


def test_the_best_trial_of_a_sweep_becomes_a_version_with_its_lineage(
    registry: Registry, store: Store, sweep: SweepRecord, trained: Trained
) -> None:
    trained(0, 0.7)
    best = trained(1, 0.9)
    open_artifacts(store.artifacts).write(f"{best}/feature_importance.json", json.dumps({"a": 0.75}).encode())
    store.write(SweepChanged(sweep.id, 1.0, SweepState.FINISHED)).result()
    found = register(registry, "digits", "numbers", Wishes.checked("champion", "staging", tags={"k": "v"}))
    version = found.version
    assert (version.name, version.number, version.stage, version.aliases) == ("numbers", 1, "Staging", ("champion",))
    assert (version.run_id, version.source, version.user) == (best, f"runs:/{best}/model", "me")
    assert version.location == f"{store.artifacts}/{best}/model"
    assert version.tags == {"k": "v", "sweeper.sweep": sweep.id, "sweeper.trial": "1"}
    facts = version.facts
    assert (facts["params"], facts["metrics"]) == ({"depth": 1}, {"accuracy": 0.9})
    assert (facts["tags"], facts["importance"]) == ({"dataset": "iris"}, {"a": 0.75})
    assert (facts["trial"]["number"], facts["trial"]["seed"], facts["trial"]["values"]) == (1, 1, [0.9])
    assert (facts["sweep"]["name"], facts["config"]["name"]) == ("digits", "digits")
    assert sorted(facts["model"]["files"]) == ["MLmodel", "model.skops", "requirements.txt"]
    assert (facts["model"]["flavors"], facts["model"]["runs_code"]) == (["sklearn", "python_function"], "")
    assert facts["model"]["requirements"] == ["scikit-learn==0.1", "numpy"]
    assert facts["model"]["signature"] == {"inputs": [{"type": "double", "name": "a"}]}
    assert found.notes == ("the best of 2 complete trials of digits: trial 1, accuracy 0.9",)


def test_during_a_sweep_the_best_acknowledged_trial_is_taken_and_said(
    registry: Registry, store: Store, sweep: SweepRecord, trained: Trained
) -> None:
    trained(0, 0.7)
    store.acquire(sweep.id, HOLDER, 30)
    found = register(registry, sweep.id[-8:], "numbers")
    assert "the sweep is running, a better one may come" in found.notes[0]
    assert found.version.facts["trial"]["number"] == 0


def test_the_same_trial_again_gives_the_version_there_is(registry: Registry, trained: Trained) -> None:
    run_id = trained(0)
    first = register(registry, run_id, "numbers", Wishes.checked("a"))
    again = register(
        registry, "digits:0", "numbers", Wishes.checked("b", "Production", tags={"k": "v"}, description="d")
    )
    assert (first.known, again.known, again.version.number) == (False, True, 1)
    assert (again.version.aliases, again.version.stage, again.version.description) == (("a", "b"), "Production", "d")
    assert again.version.tags["k"] == "v"
    assert register(registry, run_id, "numbers", again=True).version.number == 2
    assert register(registry, run_id, "others").version.number == 1


def test_local_files_are_copied_and_an_artifact_is_referred_to(
    registry: Registry, store: Store, trained: Trained, tmp_path: Path
) -> None:
    run_id = trained(0)
    open_artifacts(store.artifacts).write(f"{run_id}/plots/a.png", b"picture")
    local = model_folder(tmp_path / "exported", "other weights")
    copied = register(registry, run_id, "numbers", path=local).version
    assert copied.location == f"{store.artifacts}/{ROOT}/{copied.id}/exported"
    assert Path(copied.location, "model.skops").read_text() == "other weights"
    single = register(registry, run_id, "numbers", artifact="plots/a.png").version
    assert (single.location, list(single.facts["model"]["files"])) == (
        f"{store.artifacts}/{run_id}/plots/a.png",
        ["a.png"],
    )
    registry.delete("numbers")
    assert not Path(copied.location).exists()
    assert Path(single.location).exists()


def test_a_run_outside_sweeps_has_a_model_too(registry: Registry, store: Store, tmp_path: Path) -> None:
    run_id = add_run(store, name="prepare")
    with pytest.raises(UsageError, match="run prepare is running"):
        register(registry, run_id, "numbers")
    made = register(registry, run_id[-8:], "numbers", path=model_folder(tmp_path / "m")).version
    assert (made.run_id, made.facts["run"]["name"], "sweep" in made.facts) == (run_id, "prepare", False)


def test_a_trial_without_a_model_says_what_to_do(registry: Registry, store: Store, sweep: SweepRecord) -> None:
    run_id = add_trial(store, sweep, 0, value=0.5)
    open_artifacts(store.artifacts).write(f"{run_id}/notes.txt", b"x")
    with pytest.raises(UsageError) as caught:
        register(registry, "digits", "numbers")
    said = str(caught.value)
    for part in ("trial 0 of digits has no model", "trial.log_model(model)", "sweeper rerun", "--path", "notes.txt"):
        assert part in said
    assert registry.search() == []


def test_a_model_that_a_client_logged_needs_no_tag(
    registry: Registry, store: Store, sweep: SweepRecord, tmp_path: Path
) -> None:
    run_id = add_trial(store, sweep, 0, value=0.5)
    open_artifacts(store.artifacts).put(model_folder(tmp_path / "m"), f"{run_id}/logged")
    assert register(registry, "digits", "numbers").version.source == f"runs:/{run_id}/logged"


def test_what_cannot_be_registered_is_refused(
    registry: Registry, store: Store, trained: Trained, tmp_path: Path
) -> None:
    run_id = trained(0)
    open_artifacts(store.artifacts).put(model_folder(tmp_path / "m"), f"{run_id}/second")
    add_sweep(store, "several", goals=(Goal("a"), Goal("b")))
    running = add_trial(store, add_sweep(store, "other"), 0)
    for ref, options, said in [
        ("several", {}, "2 goals, so no single best trial"),
        ("other", {}, "no trial of other is complete yet"),
        (running, {}, "trial 0 of other is running"),
        ("digits:7", {}, "has trials 0 to 0"),
        ("digit", {}, "did you mean 'digits'"),
        (run_id, {"artifact": "mode"}, "did you mean 'model'"),
        (run_id, {"path": tmp_path / "nothing"}, "no file or folder"),
        (run_id, {"path": tmp_path, "artifact": "model"}, "either artifact or path"),
    ]:
        with pytest.raises(UsageError, match=said):
            register(registry, ref, "numbers", **options)  # type: ignore[arg-type]  # each its own
    with pytest.raises(UsageError, match="'latest'"):
        Wishes.checked("latest")
    with pytest.raises(UsageError, match="need a stage"):
        Wishes.checked(archive_existing=True)
    assert registry.search() == []


def test_files_that_changed_since_they_were_logged_are_refused(
    registry: Registry, store: Store, trained: Trained
) -> None:
    run_id = trained(0)
    Path(store.artifacts, run_id, "model", "model.skops").write_text("poison")
    with pytest.raises(UsageError, match="is not what it logged"):
        register(registry, run_id, "numbers")


def test_links_are_not_followed(registry: Registry, trained: Trained, tmp_path: Path) -> None:
    run_id = trained(0)
    folder = model_folder(tmp_path / "m")
    (folder / "link").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match="is a link"):
        register(registry, run_id, "numbers", path=folder)


def test_an_upload_that_fails_leaves_nothing(
    registry: Registry, store: Store, trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = trained(0)

    def broken(*args: object, **options: object) -> None:
        raise NotFound("disk", "gone")

    monkeypatch.setattr(registering, "_version", broken)
    with pytest.raises(NotFound):
        register(registry, run_id, "numbers", path=model_folder(tmp_path / "m"))
    assert registry.search() == []
    assert open_artifacts(store.artifacts).list(ROOT) == []


KILLED = """
import sys, time
from pathlib import Path
from sweeper.artifacts.folder import FolderArtifacts
from sweeper.registry.registering import register
from sweeper.registry.registry import Registry
from sweeper.store import open_store
whole = FolderArtifacts._put_file
def slow(self, local, path):
    whole(self, local, path)
    print("copied", flush=True)
    time.sleep(60)
FolderArtifacts._put_file = slow
register(Registry(open_store(sys.argv[1])), sys.argv[2], "numbers", path=Path(sys.argv[3]))
"""


def test_a_registration_that_is_killed_leaves_no_version(registry: Registry, trained: Trained, tmp_path: Path) -> None:
    run_id, local = trained(0), model_folder(tmp_path / "m")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "runs.db"), run_id, str(local)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "copied\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert registry.search() == []
    assert register(registry, run_id, "numbers", path=local).version.number == 1


def test_what_has_no_files_is_no_version(registry: Registry, trained: Trained, tmp_path: Path) -> None:
    trained(0)
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", Path("/dev/null")):
        with pytest.raises(UsageError, match="no files"):
            register(registry, "digits", "m", path=path)
    assert registry.search() == []


def test_a_folder_that_holds_the_artifacts_is_not_copied_into_them(registry: Registry, trained: Trained) -> None:
    trained(0)
    artifacts = Path(registry.store.artifacts)
    before = sorted(artifacts.rglob("*"))
    for path in (artifacts, artifacts.parent):
        with pytest.raises(UsageError, match="it holds the artifacts"):
            register(registry, "digits", "m", path=path)
    assert sorted(artifacts.rglob("*")) == before
    assert registry.search() == []
