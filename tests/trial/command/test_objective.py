"""Whole trials of commands: what they find, what is kept of them, how they end."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sweeper.api.result import Result
from sweeper.api.running import find_objective
from sweeper.config import load_config
from sweeper.errors import ObjectiveError, UsageError
from sweeper.interfaces import Store
from sweeper.records import FailureClass, RunState, TrialRecord
from sweeper.trial.command.objective import failed
from sweeper.trial.command.process import Ended

Only = Callable[..., TrialRecord]
Write = Callable[..., Path]
Sweep = Callable[..., Result]

PATIENCE = 60
WORKERS: dict[str, Any] = {"executor": {"kind": "joblib", "workers": 1}}
FRESH: dict[str, Any] = {"executor": {"kind": "joblib", "workers": 1, "isolation": "fresh"}}


def sh(script: str) -> dict[str, Any]:
    return {"command": ["sh", "-c", script]}


@pytest.mark.parametrize("where", [{}, WORKERS, FRESH], ids=["inline", "joblib", "fresh"])
def test_a_command_in_any_language_is_a_trial_like_any_other(only: Only, store: Store, where: dict[str, Any]) -> None:
    script = """
        awk 'BEGIN {
            for (i = 0; i < 3; i++) printf "{\\"loss\\": %g, \\"step\\": %d, \\"rate\\": 2}\\n", 1 / (i + 1), i
        }'
        cd "$SWEEPER_ARTIFACTS"
        echo note >&2; echo text > a.txt; mkdir d; : > d/b
    """
    trial = only(**sh(script), **where)

    assert (trial.state, trial.values, trial.failure) == (RunState.COMPLETE, (pytest.approx(1 / 3, abs=1e-5),), None)
    assert trial.metrics["rate"] == 2
    points = store.points([trial.run_id])[trial.run_id]
    assert [(p.step, round(p.value, 2)) for p in points if p.key == "loss"] == [(0, 1.0), (1, 0.5), (2, 0.33)]
    assert sorted(trial.output.splitlines())[0] == "note"
    assert len(trial.output.splitlines()) == 4
    folder = Path(store.artifacts_of(trial.run_id))
    assert (folder / "a.txt").read_text() == "text\n"
    assert (folder / "d" / "b").is_file()


def test_a_command_may_take_the_folder_of_its_artifacts_away(only: Only) -> None:
    failed = only(**sh('rm -r "$SWEEPER_ARTIFACTS"; echo gone >&2; exit 7'))

    assert failed.failure is not None
    assert (failed.failure.kind, failed.failure.exit_code) == (FailureClass.EXIT, 7)


def test_what_a_command_finds_in_its_environment(only: Only, write: Write, store: Store) -> None:
    write(
        "look.py",
        """
        import json, os, sys, yaml
        seen = {name: value for name, value in os.environ.items() if name.startswith(("SWEEPER_", "WANDB_", "PYTHONH"))}
        seen["json"] = json.load(open(os.environ["SWEEPER_PARAMS_FILE"]))
        seen["yaml"] = yaml.safe_load(open(os.environ["SWEEPER_PARAMS_YAML"]))
        seen["wandb"] = yaml.safe_load(open(os.environ["WANDB_SWEEP_PARAM_PATH"]))
        seen["stdin"], seen["argv"] = sys.stdin.read(), sys.argv[1:]
        seen["leads"] = os.getpgid(0) == os.getpid()
        seen["dir"] = os.path.isdir(os.environ["SWEEPER_CHECKPOINT_DIR"])
        json.dump(seen, open(os.environ["SWEEPER_ARTIFACTS"] + "/seen.json", "w"))
        json.dump({"loss": 1.0}, open(os.environ["SWEEPER_METRICS_FILE"], "w"))
        """,
    )
    space = {"net": {"parameters": {"units": {"values": [8]}, "act": {"value": "a b"}}}, "l-r": {"value": 0.1}}

    trial = only(program="look.py", parameters=space)

    assert trial.values == (1.0,)
    seen = json.loads((Path(store.artifacts_of(trial.run_id)) / "seen.json").read_text())
    params = {"net": {"units": 8, "act": "a b"}, "l-r": 0.1}
    assert seen["json"] == seen["yaml"] == params
    assert seen["wandb"] == {"wandb_version": 1, "net": {"value": params["net"]}, "l-r": {"value": 0.1}}
    assert seen["argv"] == ['--net={"units":8,"act":"a b"}', "--l-r=0.1"]
    assert (seen["stdin"], seen["leads"], seen["dir"]) == ("", True, True)
    assert (seen["SWEEPER_PARAM_NET_UNITS"], seen["SWEEPER_PARAM_L_R"]) == ("8", "0.1")
    assert seen["SWEEPER_SWEEP_ID"] == seen["WANDB_SWEEP_ID"] == trial.sweep_id
    assert seen["SWEEPER_RUN_ID"] == seen["WANDB_RUN_ID"] == trial.run_id
    assert (seen["SWEEPER_TRIAL_NUMBER"], seen["SWEEPER_ATTEMPT"], seen["WANDB_MODE"]) == ("0", "1", "offline")
    assert seen["SWEEPER_SEED"] == seen["PYTHONHASHSEED"]
    assert not Path(seen["SWEEPER_PARAMS_FILE"]).exists()
    assert not list((Path(store.artifacts) / ".checkpoints").glob("*"))


def test_the_same_seed_gives_a_command_the_same_seed(only: Only) -> None:
    script = """printf '{"loss": %d}\\n' "$SWEEPER_SEED" """

    assert only(**sh(script)).values == only(**sh(script)).values != only(**sh(script), seed=4).values


@pytest.mark.parametrize(
    ("words", "kind", "said", "code", "number"),
    [
        (["sh", "-c", "echo first; exit 3"], "exit", "sh -c echo first; exit 3 exited with code 3: first", 3, None),
        (["sh", "-c", "echo out; echo why >&2; exit 1"], "exit", "exited with code 1: why", 1, None),
        (["sh", "-c", "exit 9"], "exit", "exited with code 9, and wrote nothing", 9, None),
        (["sh", "-c", "kill -SEGV $$"], "signal", "died of SIGSEGV (Segmentation fault)", None, signal.SIGSEGV),
        (["sh", "-c", "kill -KILL $$"], "signal", "died of SIGKILL (Killed)", None, signal.SIGKILL),
        (["/usr/bin/env", "nosuchprogram"], "exit", "exited with code 127", 127, None),
        (["true"], "invalid-value", "the command wrote no 'loss', the metric of this", None, None),
        (["echo", '{"loss": oops}'], "invalid-value", "line 1 of its output is no JSON: '{\"loss\":", None, None),
        (["echo", '{"loss": NaN}'], "invalid-value", "metric 'loss' is nan; the goal of a sweep", None, None),
    ],
)  # fmt: skip
def test_how_a_command_goes_wrong(
    only: Only, words: list[str], kind: str, said: str, code: int | None, number: int | None, monkeypatch: Any
) -> None:
    monkeypatch.setattr("sweeper.trial.command.objective.CommandObjective.check", lambda self: None)
    trial = only(command=words)

    assert trial.state is RunState.FAILED
    assert trial.failure is not None
    assert trial.failure.kind is FailureClass(kind)
    assert said in trial.failure.message
    assert (trial.failure.exit_code, trial.failure.signal) == (code, number)


def test_a_traceback_of_python_is_kept_and_metrics_and_files_before_it(only: Only, write: Write, store: Store) -> None:
    write(
        "broken.py",
        """
        import os
        print('{"loss": 0.5}')
        open(os.environ["SWEEPER_ARTIFACTS"] + "/part.txt", "w").close()
        raise ValueError("no data")
        """,
    )
    trial = only(program="broken.py")

    assert trial.failure is not None
    assert trial.failure.message == "broken.py exited with code 1: ValueError: no data"
    assert trial.failure.traceback.startswith("Traceback (most recent call last):\n")
    assert 'broken.py", line 4' in trial.failure.traceback
    assert trial.metrics == {"loss": 0.5}
    assert (Path(store.artifacts_of(trial.run_id)) / "part.txt").exists()


def test_a_program_that_goes_away_after_the_check_is_named(only: Only, write: Write, monkeypatch: Any) -> None:
    monkeypatch.setattr("sweeper.trial.command.objective.CommandObjective.check", lambda self: None)
    missing = only(command=["nosuchprogram"]).failure
    write("plain.sh", "echo")
    plain = only(command=["./plain.sh"]).failure
    write("odd.sh", "#!/no/such/interpreter\n").chmod(0o755)
    odd = only(command=["./odd.sh"]).failure

    assert missing is not None
    assert (missing.kind, missing.exit_code) == (FailureClass.EXIT, 127)
    assert missing.message == f"there is no command 'nosuchprogram' on PATH ({os.environ['PATH']})"
    assert plain is not None
    assert "./plain.sh may not be executed; run chmod +x ./plain.sh" in plain.message
    assert odd is not None
    assert "names an interpreter in its first line (#!) that is not there" in odd.message

    write("bare.sh", "echo 1\n").chmod(0o755)
    bare = only(command=["./bare.sh"]).failure
    assert bare is not None
    assert "./bare.sh does not say what runs it; begin it with #!/bin/sh" in bare.message


class TestCheck:
    """Before anything is created."""

    REST = "metric: {name: loss}\nparameters: {x: {min: 0.0, max: 1.0}}\n"

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            ("[nosuchprogram, '${args}']", r"there is no command 'nosuchprogram' on PATH \("),
            ("['${env}', nosuchprogram]", "there is no command 'nosuchprogram' on PATH"),
            ("[./nothing]", "there is no file ./nothing"),
            ("[./plain.sh]", "plain.sh may not be executed; run chmod"),
        ],
    )
    def test_a_program_that_is_not_there(self, write: Write, command: str, said: str) -> None:
        write("plain.sh", "echo")
        config = load_config(write("sweep.yaml", f"command: {command}\n{self.REST}"))

        with pytest.raises(ObjectiveError, match=said):
            find_objective(config)

    def test_another_host_may_have_it(self, write: Write) -> None:
        text = f"command: [nosuchprogram]\nexecutor: {{kind: ray}}\n{self.REST}"

        assert find_objective(load_config(write("sweep.yaml", text))).name == "nosuchprogram"

    def test_constants_are_for_functions(self, write: Write) -> None:
        config = load_config(write("sweep.yaml", f"command: [echo]\n{self.REST}"))

        with pytest.raises(UsageError, match=r"'X'.* goes to Python functions only; give a command the path of a file"):
            find_objective(config, data={"X": 1})


PRUNED = """
    trap 'echo stopping; touch {mark}; exit 0' TERM
    i=0
    while [ $i -lt 400 ]; do echo '{{"loss": 9, "step": '$i'}}'; i=$((i+1)); sleep 0.05; done
"""


@pytest.mark.parametrize("where", [{}, WORKERS], ids=["inline", "joblib"])
def test_a_hopeless_command_is_stopped_while_it_runs(
    only: Only, store: Store, tmp_path: Path, where: dict[str, Any]
) -> None:
    mark = tmp_path / "mark"

    trial = only(
        **sh(PRUNED.format(mark=mark)), early_terminate={"type": "threshold", "upper": 5, "warmup": 2}, **where
    )

    assert trial.state is RunState.PRUNED
    assert trial.values == (9.0,)
    assert len(store.points([trial.run_id])[trial.run_id]) < 100
    assert mark.exists()
    assert "stopping\n" in trial.output  # some shells add a word


def test_a_command_that_does_not_listen_is_killed_after_its_grace(only: Only, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sweeper.trial.command.process.GRACE", 0.3)
    script = "trap '' TERM; echo '{\"loss\": 9}'; while :; do sleep 0.05; done"

    trial = only(**sh(script), early_terminate={"type": "threshold", "upper": 5, "warmup": 0})

    assert trial.state is RunState.PRUNED


LEAVES = """
    (while :; do date > {place}/child; sleep 0.05; done) &
    echo $! > {place}/pid
    {then}
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_what_a_command_leaves_running_ends_with_it(only: Only, tmp_path: Path) -> None:
    trial = only(**sh(LEAVES.format(place=tmp_path, then="sleep 0.2; echo '{\"loss\": 1}'")))

    assert trial.state is RunState.COMPLETE
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("where", [{}, WORKERS, FRESH], ids=["inline", "joblib", "fresh"])
def test_a_timeout_ends_the_command_and_all_it_started(only: Only, tmp_path: Path, where: dict[str, Any]) -> None:
    executor = where.get("executor", {"kind": "inline"})
    then = f"trap 'touch {tmp_path}/asked; exit 1' TERM; echo before; while :; do sleep 0.05; done"

    trial = only(**sh(LEAVES.format(place=tmp_path, then=then)), executor=executor | {"timeout": 2})

    assert trial.failure is not None
    assert trial.failure.kind is FailureClass.TIMEOUT
    assert trial.output.startswith("before\n")
    assert (tmp_path / "asked").exists()
    assert gone(int((tmp_path / "pid").read_text()))


def test_memory_counts_all_that_a_command_started(only: Only, write: Write) -> None:
    write("eat.py", "import time\nkept = b'x' * 400_000_000\ntime.sleep(60)\n")
    trial = only(command=["sh", "-c", f"{sys.executable} eat.py"], executor=WORKERS["executor"] | {"memory": "350MB"},
                 retry={"oom": 0})  # fmt: skip

    assert trial.failure is not None
    assert trial.failure.kind is FailureClass.OOM
    assert "more than the 350 MB allowed" in trial.failure.message


def test_the_peak_of_memory_is_the_commands(only: Only, store: Store, write: Write) -> None:
    write("eat.py", "kept = b'x' * 300_000_000\nprint('{\"loss\": 1}')\n")
    trial = only(program="eat.py")

    assert store.attempts(trial.run_id)[0]["peak_memory"] > 290_000_000


def test_a_failed_command_is_tried_again_and_finds_its_checkpoint(only: Only, store: Store) -> None:
    script = """
        if [ -f "$SWEEPER_CHECKPOINT_DIR/done" ]; then echo '{"loss": '$SWEEPER_ATTEMPT'}'; exit 0; fi
        touch "$SWEEPER_CHECKPOINT_DIR/done"; exit 5
    """
    trial = only(**sh(script), retry={"exit": 1})

    assert (trial.state, trial.values, trial.attempts) == (RunState.COMPLETE, (2.0,), 2)
    assert store.attempts(trial.run_id)[0]["exit_code"] == 5


def test_several_goals(only: Only) -> None:
    trial = only(
        **sh("""echo '{"loss": 1}'; echo '{"seconds": 3, "loss": 2}'"""),
        metric=None,
        metrics=[{"name": "loss"}, {"name": "seconds", "goal": "maximize"}],
    )

    assert trial.values == (2.0, 3.0)


def test_text_that_is_no_text_is_kept_readable(only: Only) -> None:
    trial = only(**sh(r"""printf 'a\377b\000c\n{"loss": 1}\n'"""))

    assert trial.state is RunState.COMPLETE
    assert trial.output.startswith("a\ufffdb")


def test_a_password_in_an_address_is_masked() -> None:
    said = "no answer from mysql://ada:c4n4ry@db.example/runs"

    failure = failed("train.py", Ended(1, None, 0, False), said, f"Traceback\n{said}")

    assert failure is not None
    assert failure.message == "train.py exited with code 1: no answer from mysql://ada:***@db.example/runs"
    assert "c4n4ry" not in failure.traceback
