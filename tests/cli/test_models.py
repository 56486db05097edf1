"""``sweeper register``, ``models`` and ``rerun``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.records import SweepRecord
from sweeper.store import open_store
from tests.cli.conftest import Sweeper, past
from tests.registry.conftest import model_folder


@pytest.fixture
def trained(here: Path, digits: SweepRecord) -> SweepRecord:
    """The finished sweep; each trial has a model, and two of them feature importance."""
    store = open_store()
    files = open_artifacts(store.artifacts)
    for trial in store.trials(digits.id):
        files.put(model_folder(here / f"made-{trial.number}", f"weights {trial.number}"), f"{trial.run_id}/model")
        if trial.number < 2:
            importance = json.dumps({"area": 0.5 + trial.number / 10, "smooth": 0.25}).encode()
            files.write(f"{trial.run_id}/feature_importance.json", importance)
    store.close()
    return digits


def test_the_best_trial_is_registered_and_said(sweeper: Sweeper, trained: SweepRecord) -> None:
    done = sweeper(
        "register", "digits", "--model", "forest", "--alias", "champion", "--stage", "staging", "--tag", "a=b"
    )
    assert done.code == 0, done.err
    assert "the best of 4 complete trials of digits: trial 1, accuracy 0.95" in done.lines[0]
    assert done.lines[1] == "registered forest/1"
    for part in ("trial 1 of digits", "champion", "Staging", "depth=8 kind=entropy", "sweeper models show forest/1"):
        assert part in done.out
    assert 'sweeper.load_model("models:/forest@champion")' in done.out


def test_the_same_trial_again_and_an_alias_that_moves(sweeper: Sweeper, trained: SweepRecord) -> None:
    sweeper("register", "digits", "--model", "forest", "--alias", "champion")
    assert (
        "already registered as forest/1 (a new version of it: --again)"
        in sweeper("register", "digits", "--model", "forest").out
    )
    assert "registered forest/2" in sweeper("register", "digits", "--model", "forest", "--again").out
    assert "champion (was version 1)" in sweeper("register", "digits:0", "--model", "forest", "--alias", "champion").out
    (shape,) = sweeper("register", "digits:0", "--model", "forest", "--json").json
    assert (shape["version"], shape["known"], shape["aliases"], shape["facts"]["params"]["depth"]) == (
        3,
        True,
        ["champion"],
        4,
    )


def test_models_are_listed_and_shown(sweeper: Sweeper, trained: SweepRecord) -> None:
    assert "no model is registered yet" in sweeper("models", "ls").out
    sweeper("register", "digits", "--model", "forest", "--alias", "champion", "--stage", "Production")
    sweeper("register", "digits:0", "--model", "forest", "--description", "smaller")
    rows = sweeper("models", "ls").lines
    assert rows[0].split() == ["MODEL", "VERSIONS", "LATEST", "ALIASES", "STAGES", "UPDATED"]
    assert rows[1].split()[:6] == ["forest", "2", "2", "champion:", "1", "Production:"]
    (shape,) = sweeper("models", "ls", "--json", "--where", "name LIKE 'for%'").json
    assert shape["latest"] == {"None": 2, "Production": 1}
    assert sweeper("models", "ls", "--json", "--where", "name = 'x'").json == []
    shown = sweeper("models", "show", "forest").out
    assert "accuracy 0.95" in shown
    assert "trial 0 of digits" in shown
    version = sweeper("models", "show", "forest/latest").out
    for part in ("forest/2", "smaller", "trial 0 of digits", "scikit-learn==0.1", "a double", "area", "kind"):
        assert part in version
    assert sweeper("models", "show", "models:/forest@champion", "--json").json[0]["stage"] == "Production"
    assert [each["version"] for each in sweeper("models", "show", "forest", "--json").json[0]["list"]] == [1, 2]


def test_aliases_and_stages_move(sweeper: Sweeper, trained: SweepRecord) -> None:
    for number in (0, 1, 2):
        sweeper("register", f"digits:{number}", "--model", "forest", "--stage", "Staging")
    assert sweeper("models", "alias", "forest", "champion", "2").out == "forest@champion: version 2\n"
    assert sweeper("models", "alias", "forest", "champion", "latest").out == "forest@champion: version 3 (was 2)\n"
    assert sweeper("models", "alias", "forest", "other", "@champion", "--json").json[0]["version"] == 3
    assert sweeper("models", "alias", "forest", "other", "--delete").out == "forest@other: deleted (was 3)\n"
    done = sweeper("models", "stage", "forest", "@champion", "staging", "--archive-existing")
    assert done.lines == [
        "forest/3: Staging (was Staging)",
        "forest/1: Archived (was Staging)",
        "forest/2: Archived (was Staging)",
    ]
    done = sweeper("models", "stage", "forest", "1", "Staging", "--demote-existing", "None")
    assert done.lines == ["forest/1: Staging (was Archived)", "forest/3: None (was Staging)"]
    changes = sweeper("models", "history", "forest", "--changes").out
    assert "alias champion: version 3 (was 2)" in changes
    assert "version 3: None (was Staging)" in changes
    assert sweeper("models", "history", "forest", "--changes", "--json").json[0]["kind"] == "created"


def test_versions_are_compared(sweeper: Sweeper, trained: SweepRecord) -> None:
    sweeper("register", "digits:0", "--model", "forest")
    sweeper("register", "digits:1", "--model", "forest", "--alias", "champion")
    done = sweeper("models", "diff", "forest/1", "@champion")
    assert done.lines[0].split() == ["WHAT", "NAME", "forest/1", "forest/2", "CHANGE"]
    assert "+0.05" in done.out
    found = sweeper("models", "diff", "forest/1", "2", "--json").json
    assert {"group": "params", "name": "depth", "one": 4, "other": 8} in found
    assert "are the same" in sweeper("models", "diff", "forest/1", "forest/1").out


def test_history_is_a_table_and_a_plot(sweeper: Sweeper, trained: SweepRecord, here: Path) -> None:
    for number in (0, 1, 2):
        sweeper("register", f"digits:{number}", "--model", "forest")
    done = sweeper("models", "history", "forest", "--plot", "forest.png")
    assert (here / "forest.png").read_bytes().startswith(b"\x89PNG")
    assert done.lines[1].split()[:2] == ["VERSION", "REGISTERED"]
    assert [line.split()[0] for line in done.lines[2:5]] == ["1", "2", "3"]
    assert any(line.split() == ["area", "-", "0.6", "0.5"] for line in done.lines)
    rows = sweeper("models", "history", "forest", "--metric", "accuracy", "--json").json
    assert [row["metrics"] for row in rows] == [{"accuracy": 0.9}, {"accuracy": 0.95}, {"accuracy": 0.85}]
    assert rows[2]["importance"] == {"area": "NaN", "smooth": "NaN"}
    assert sweeper("models", "history", "forest", "--plot", "no/where.png").code == 2


def test_files_are_downloaded_whole_and_checked(sweeper: Sweeper, trained: SweepRecord, here: Path) -> None:
    sweeper("register", "digits:0", "--model", "forest", "--path", "made-2")
    done = sweeper("models", "download", "forest/1", "out/model")
    assert done.code == 0, done.err
    assert (here / "out" / "model" / "model.skops").read_text() == "weights 2"
    assert sweeper("models", "download", "forest/1", "out/model").code == 2
    (shape,) = sweeper("models", "show", "forest/1", "--json").json
    Path(shape["location"], "model.skops").write_text("poison")
    done = sweeper("models", "download", "forest/1", "again")
    assert (done.code, "changed: model.skops" in done.err, (here / "again").exists()) == (2, True, False)


def test_models_are_edited_and_deleted(sweeper: Sweeper, trained: SweepRecord) -> None:
    sweeper("register", "digits:0", "--model", "forest", "--alias", "champion")
    sweeper("register", "digits:1", "--model", "forest")
    assert sweeper("models", "edit", "forest/1", "--description", "d", "--tag", "a=b").code == 0
    assert sweeper("models", "edit", "forest", "--rename", "trees", "--tag", "t=1", "--untag", "u").code == 0
    (model,) = sweeper("models", "show", "trees", "--json").json
    assert (model["tags"], model["list"][0]["description"], model["list"][0]["tags"]["a"]) == ({"t": "1"}, "d", "b")
    done = sweeper("models", "delete", "trees/1")
    assert (done.code, "in use as @champion" in done.err, "--yes" in done.err) == (2, True, True)
    assert sweeper("models", "delete", "trees@champion", "--yes").out == "deleted trees/1\n"
    assert sweeper("models", "delete", "trees", "--yes").out == "deleted trees and its 1 version\n"
    assert sweeper("models", "ls", "--json").json == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["register", "digits", "--model", "a/b"], "'/' and ':' are not allowed"),
        (["register", "digits", "--model", "x" * 257], "257 characters, at most 256"),
        (["register", "digits", "--model", "m", "--alias", "latest"], "kept for versions"),
        (["register", "digits", "--model", "m", "--stage", "Prod"], "choose from: None, Staging, Production, Archived"),
        (["register", "digits", "--model", "m", "--archive-existing"], "need a stage"),
        (["register", "digits", "--model", "m", "--tag", "x"], "write KEY=VALUE"),
        (["register", "digits", "--model", "m", "--path", "nowhere"], "no file or folder 'nowhere'"),
        (["register", "digits:3", "--model", "m", "--artifact", "mode"], "did you mean 'model'"),
        (["register", "digit", "--model", "m"], "did you mean 'digits'"),
        (["models", "show", "fores"], "did you mean 'forest'"),
        (["models", "show", "forest/7"], "choose from: 1"),
        (["models", "show", "forest@champ"], "did you mean 'forest@champion'"),
        (["models", "show", "forest/Production"], "No version is in Production; None: 1"),
        (["models", "alias", "forest", "champion"], "or --delete"),
        (["models", "alias", "forest", "champio", "--delete"], "did you mean 'forest@champion'"),
        (["models", "stage", "forest", "1", "Archived", "--archive-existing"], "only those in Staging and Production"),
        (["models", "history", "forest", "--metric", "acuracy"], "did you mean 'accuracy'"),
        (["models", "edit", "forest"], "nothing to change"),
        (["models", "edit", "forest/1", "--rename", "x"], "a version has no name of its own"),
        (["models", "delet", "forest"], "did you mean 'delete'"),
        (["models", "edit", "forest", "--description", "x", "--rename", "a/b"], "'/' and ':' are not allowed"),
        (["models", "predict", "./nowhere", "-i", "rows.csv"], "no folder './nowhere'"),
        (["models", "predict", "forest@champion", "-i", "rows.csv", "-o", "no/rows.csv"], "there is no folder no"),
        (["models", "serve", "forest"], "says no version"),
        (["rerun", "digits:77"], "has trials 0 to 5"),
        (["rerun", "digits:1", "--repeat", "0"], "0 is not in the range"),
    ],
)
def test_mistakes_are_one_sentence_and_change_nothing(
    sweeper: Sweeper, trained: SweepRecord, command: list[str], said: str
) -> None:
    sweeper("register", "digits", "--model", "forest", "--alias", "champion")
    before = sweeper("models", "show", "forest", "--json").out
    Path("rows.csv").write_text("a\n1\n")
    done = sweeper(*command)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert sweeper("models", "show", "forest", "--json").out == before
    assert len(sweeper("models", "ls", "--json").json) == 1


def test_a_trial_without_a_model_says_what_to_add(sweeper: Sweeper, digits: SweepRecord) -> None:
    done = sweeper("register", "digits", "--model", "m")
    assert (done.code, "trial.log_model(model)" in done.err, "--path FOLDER" in done.err) == (2, True, True)


OBJECTIVE = "def train(x, trial):\n    return x + trial.seed\n"


def test_a_trial_runs_again(sweeper: Sweeper, here: Path) -> None:
    (here / "again.py").write_text(OBJECTIVE)
    space = {"x": {"min": 0.0, "max": 1.0}}
    made = past("noisy", config={
        "name": "noisy", "objective": f"{here / 'again.py'}:train", "metric": {"name": "accuracy", "goal": "maximize"},
        "parameters": space, "executor": {"kind": "inline"},
    })  # fmt: skip
    made.trial({"x": 0.5}, 1.5)
    made.write()
    done = sweeper("rerun", "noisy:0")
    assert done.code == 0, done.err
    assert "trial 0 of noisy" in done.lines[0]
    assert "accuracy: the same as before" in done.out
    (shape,) = sweeper("rerun", "noisy:0", "--repeat", "3", "--json").json
    assert (shape["of"]["number"], len({trial["seed"] for trial in shape["trials"]})) == (0, 3)
    assert all(trial["params"] == {"x": 0.5} for trial in shape["trials"])
    assert [row["name"] for row in sweeper("ls", "--json").json] == ["noisy-rerun-0", "noisy-rerun-0", "noisy"]


def test_names_with_an_at_and_a_space(sweeper: Sweeper, trained: SweepRecord) -> None:
    sweeper("register", "digits", "--model", "a@b", "--alias", "x")
    assert sweeper("models", "show", "a@b").lines[0].split() == ["model", "a@b"]
    assert sweeper("models", "show", "a@b@x", "--json").json[0]["version"] == 1
    # where both a model a@b and an alias b of a model a are there, nothing is guessed
    sweeper("register", "digits", "--model", "a", "--alias", "b")
    done = sweeper("models", "delete", "a@b", "--yes")
    assert (done.code, "is a model, and an alias of one: write models:/a@b" in done.err) == (2, True)
    assert sweeper("models", "show", "models:/a@b", "--json").json[0]["name"] == "a"
    # and what is to be typed next can be typed
    said = sweeper("register", "digits", "--model", "my model").out
    assert "sweeper models show 'my model/1'" in said
    assert "sweeper models history 'my model'" in sweeper("models", "show", "my model").out


def test_the_files_of_an_image_are_written_whole_or_not_at_all(
    sweeper: Sweeper, trained: SweepRecord, here: Path
) -> None:
    sweeper("register", "digits", "--model", "forest", "--alias", "champion")
    done = sweeper("models", "dockerfile", "forest@champion", "-o", "out/Image", "--json")
    assert done.json[0]["files"] == ["Dockerfile", "model", "requirements.txt", "sweeper"]
    assert (here / "out" / "Image" / "model" / "model.skops").read_text() == "weights 1"
    assert "scikit-learn==0.1\n" in (here / "out" / "Image" / "requirements.txt").read_text()
    # given files that changed, a pickle, something else that is no model, and a folder that is there
    (shape,) = sweeper("models", "show", "forest/1", "--json").json
    Path(shape["location"], "model.skops").write_text("poison")
    Path("pickled").mkdir()
    Path("pickled/model.pkl").write_text("x")
    Path("pickled/MLmodel").write_text("flavors: {python_function: {loader_module: mlflow.sklearn}}")
    Path("plain").mkdir()
    for what, folder, said in (
        ("forest@champion", "new", "changed: model.skops"),
        ("pickled", "new", "model.pkl is a pickle"),
        ("plain", "new", "has no MLmodel file"),
        ("./nowhere", "new", "no folder './nowhere'"),
        ("plain", "out", "out exists already"),
    ):
        done = sweeper("models", "dockerfile", what, "-o", folder)
        assert (done.code, said in done.err, Path("new").exists()) == (2, True, False), (what, done.err)
    assert sweeper("models", "dockerfile", "pickled", "-o", "new", "--unpickle").code == 0
    assert '"--unpickle"]' in Path("new/Dockerfile").read_text()
