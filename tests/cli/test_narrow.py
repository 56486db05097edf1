"""``sweeper narrow``: the next sweep as a file."""

from __future__ import annotations

from pathlib import Path

from sweeper.config import load_config
from sweeper.records import Goal
from tests.cli.conftest import Sweeper
from tests.cli.ranges_past import SPACE, write


def ready(here: Path, count: int = 3) -> list[str]:
    (here / "train.py").write_text("def train(lr, depth, kind):\n    return {'loss': lr + depth}\n")
    sweeps = [write(seed, config={"objective": f"{here}/train.py:train"}) for seed in range(1, count + 1)]
    return [sweep.id[-8:] for sweep in sweeps]


def test_the_file_says_why_and_runs_as_it_is(sweeper: Sweeper, here: Path) -> None:
    refs = ready(here)

    ran = sweeper("narrow", *refs, "-o", "next.yaml")

    assert ran.code == 0, ran.err
    assert ran.lines[0] == "lr"
    assert ran.lines[1] == "  - 1e-05 .. 0.1, log"
    assert ran.lines[2].startswith("  + ")
    assert "as before: depth, kind" in ran.lines
    assert "expected: 40 trials of about 2 s: 1 min 20 s of compute, 40 s with 2 workers" in ran.lines
    assert ran.lines[-1] == "next: sweeper run next.yaml"
    text = (here / "next.yaml").read_text()
    assert "# was 1e-05 .. 0.1, log; shrunk, because values depend on it in 3 of 3 sweeps" in text
    assert "# kept whole: " in text
    config = load_config("next.yaml")
    assert config.name == "digits-2"
    assert config.seed is None
    assert config.budget.trials == 40
    assert config.executor.workers == 2
    assert 1e-5 < config.space.parameters["lr"].low < 1e-3  # type: ignore[attr-defined]  # a Float

    done = sweeper("run", "next.yaml", "--trials", "2", "--executor", "inline", "--quiet")
    assert done.code == 0, done.err


def test_a_file_that_is_there_stays(sweeper: Sweeper, here: Path) -> None:
    refs = ready(here)
    (here / "next.yaml").write_text("mine")

    refused = sweeper("narrow", *refs, "-o", "next.yaml")

    assert refused.code == 2
    assert "exists already, so nothing was written. To overwrite: --force" in refused.err
    assert (here / "next.yaml").read_text() == "mine"
    assert sweeper("narrow", *refs, "-o", "next.yaml", "--force").code == 0
    assert (here / "next.yaml").read_text() != "mine"


def test_one_sweep_shrinks_nothing_and_says_so(sweeper: Sweeper, here: Path) -> None:
    ready(here, 1)

    ran = sweeper("narrow", "last")

    assert ran.lines[0].startswith("no range changes")
    assert "note: only 1 sweep: no range is shrunk on the evidence of fewer than 3" in ran.out
    assert load_config("digits-2.yaml").space == load_config_space()


def load_config_space() -> object:
    from sweeper.space import SearchSpace

    return SearchSpace.from_dict(SPACE)


def test_a_name_that_several_sweeps_have_is_said_to_mean_the_latest(sweeper: Sweeper, here: Path) -> None:
    first, second, _ = ready(here)

    told = f"note: digits is its latest sweep; older ones of that name: {second} {first}"

    assert told in sweeper("narrow", "digits").out
    assert told in sweeper("ranges", "digits").out
    assert "is its latest" not in sweeper("ranges", "digits", first, second[-6:]).out


def test_a_name_with_a_path_in_it_writes_into_the_current_folder(sweeper: Sweeper, here: Path) -> None:
    refs = ready(here)

    ran = sweeper("narrow", *refs, "--name", "../up and away")

    assert ran.lines[-1] == "next: sweeper run up-and-away.yaml"
    assert load_config("up-and-away.yaml").name == "../up and away"
    assert not list(here.parent.glob("*.yaml"))


def test_the_new_name_is_free(sweeper: Sweeper, here: Path) -> None:
    ready(here, 1)
    write(9, name="digits-2")

    assert sweeper("narrow", "digits", "--json").json[0]["name"] == "digits-3"


def test_json_tells_the_changes(sweeper: Sweeper, here: Path) -> None:
    refs = ready(here)

    (made,) = sweeper("narrow", *refs, "-o", "n.yaml", "--json").json

    assert made["file"] == "n.yaml"
    assert len(made["sweeps"]) == 3
    (change,) = made["changes"]
    assert (change["parameter"], change["action"], change["before"]) == ("lr", "shrink", SPACE["lr"])
    assert made["expected"]["trials"] == 40
    assert made["problem"] is None


def test_what_differs_between_pooled_sweeps_is_noted_in_the_file_too(sweeper: Sweeper, here: Path) -> None:
    one, other = write(1, tags={"dataset": "wine"}), write(2, tags={"dataset": "beer"})

    ran = sweeper("narrow", one.id[-8:], other.id[-8:], "-o", "n.yaml")

    assert "note: data differs: dataset=beer" in ran.out
    assert "# Note: data differs: dataset=beer" in (here / "n.yaml").read_text()


def test_sweeps_of_other_goals_are_refused(sweeper: Sweeper, here: Path) -> None:
    one, other = write(1), write(2, goal=Goal("accuracy", "maximize"))

    ran = sweeper("narrow", one.id[-8:], other.id[-8:], "-o", "n.yaml")

    assert ran.code == 2
    assert "do not have one goal" in ran.err
    assert "maximize accuracy in digits" in ran.err
    assert not (here / "n.yaml").exists()


def test_a_password_does_not_get_into_the_file(sweeper: Sweeper, here: Path) -> None:
    sweep = write(1, config={"store": "postgresql://ada:***@db/runs"})

    sweeper("narrow", sweep.id[-8:], "-o", "n.yaml")

    text = (here / "n.yaml").read_text()
    assert "store: left out, because it holds a password" in text
    assert "postgresql" not in text


def test_constraints_and_conditions_are_kept(sweeper: Sweeper, here: Path) -> None:
    space = SPACE | {"leaf": {"min": 1, "max": 8, "when": {"kind": "gini"}}}
    config = {"constraints": ["depth > 3"], "objective": f"{here}/train.py:train"}
    (here / "train.py").write_text("def train(**params):\n    return 0.0\n")
    refs = [write(seed, space=space, config=config).id[-8:] for seed in (1, 2, 3)]

    assert sweeper("narrow", *refs, "-o", "n.yaml").code == 0

    made = load_config("n.yaml").space
    assert [str(each) for each in made.constraints] == ["depth > 3"]
    assert made.parameters["leaf"].conditions == {"kind": ("gini",)}


def test_without_an_objective_the_file_says_what_is_missing(sweeper: Sweeper, here: Path) -> None:
    sweep = write(1, config={"objective": None})

    ran = sweeper("narrow", sweep.id[-8:], "-o", "n.yaml")

    assert "n.yaml does not run as it is: it names no objective" in ran.out
    assert "# objective: FILE.py:FUNCTION" in (here / "n.yaml").read_text()


def test_a_sweep_that_is_not_there(sweeper: Sweeper) -> None:
    write(1)

    ran = sweeper("narrow", "digts")

    assert ran.code == 2
    assert "did you mean 'digits'?" in ran.err


def test_the_method_of_a_sweep_that_was_run_elsewhere_is_left_to_auto() -> None:
    from sweeper.web.next_file import _kept

    lines = _kept({"method": "imported", "metric": {"name": "loss"}, "experiment": "search"})
    assert not [line for line in lines if line.startswith("method")]
    assert any(line.startswith("method: tpe") for line in _kept({"method": "tpe", "objective": "a.py:f"}))
