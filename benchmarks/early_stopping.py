"""What early stopping saves and what it costs: a neural network on digits, 27 epochs, 40 random trials.

    python benchmarks/early_stopping.py [--seeds 6] [--trials 40] [--epochs 27] [--write]

Every arm sees the same parameters and the same training, so that a trial that is not stopped ends the same in each.

* ours: whole sweeps of ``examples/early_stopping.py`` with 2 workers, one without a rule and one for each rule
* Optuna's pruners, as they are by default: shown the curves of the sweep without a rule, trial after trial, which is
  what they would see in ``study.optimize`` of this objective, as its curves depend on the parameters and seed alone

Saved is the share of all epochs that was not run; lost is by how much the best accuracy is lower than without a rule.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from inspect import unwrap
from pathlib import Path
from typing import Any, NamedTuple

from results import Headline, machine, record

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "early_stopping.py"
RULES: dict[str, Mapping[str, Any]] = {
    "asha, as it is by default": {"type": "asha"},
    "asha, the run's length given": {"type": "asha", "max_iter": 0},
    "median, as it is by default": {"type": "median"},
}
PEERS = {
    "Optuna MedianPruner (its default)": "MedianPruner",
    "Optuna SuccessiveHalvingPruner": "SuccessiveHalvingPruner",
}
Curves = dict[int, list[float]]


class Arm(NamedTuple):
    epochs: int
    best: float
    stopped: int
    seconds: float = 0.0


def sweep(rule: Mapping[str, Any] | None, trials: int, epochs: int, seed: int) -> tuple[Arm, Curves]:
    """Run the example; the best is that of trials that ran to their end."""
    import sweeper
    from sweeper.trial.objective import from_target

    train: Any = from_target(f"{EXAMPLE}:train")[1]
    space = {**train.config().space.parameters, "epochs": sweeper.Constant(epochs)}
    rules = {} if rule is None else {"early_terminate": {key: value or epochs for key, value in rule.items()}}
    objective: Any = sweeper.objective(metric="accuracy", goal="maximize", space=space, method="random")(unwrap(train))
    began = time.monotonic()
    result = objective.sweep(trials=trials, seed=seed, workers=2, report=False, progress=False, name="digits", **rules)
    took = time.monotonic() - began
    ids = {trial.run_id: trial.number for trial in result.trials}
    points = result.store.points(list(ids), ["accuracy"])
    curves = {ids[run]: [point.value for point in found] for run, found in points.items()}
    stopped = sum(trial.state == "pruned" for trial in result.trials)
    assert all(trial.state in ("complete", "pruned") for trial in result.trials)
    return Arm(sum(map(len, curves.values())), result.best.value, stopped, took), curves


def peer(pruner: str, curves: Curves) -> Arm:
    """Show whole curves to a pruner of Optuna, until it stops each."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize", pruner=getattr(optuna.pruners, pruner)())
    epochs, best, stopped = 0, 0.0, 0
    for number in sorted(curves):
        trial = study.ask()
        for step, value in enumerate(curves[number]):
            epochs += 1
            trial.report(value, step)
            if trial.should_prune():
                stopped += 1
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                break
        else:
            best = max(best, curves[number][-1])
            study.tell(trial, curves[number][-1])
    return Arm(epochs, best, stopped)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--epochs", type=int, default=27)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    print(f"{given.trials} trials of {given.epochs} epochs, {given.seeds} seeds, {machine()}")
    arms: dict[str, list[Arm]] = {"no rule": [], **{name: [] for name in (*RULES, *PEERS)}}
    home = os.getcwd()
    for seed in range(given.seeds):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            whole, curves = sweep(None, given.trials, given.epochs, seed)
            arms["no rule"].append(whole)
            for name, rule in RULES.items():
                arms[name].append(sweep(rule, given.trials, given.epochs, seed)[0])
            os.chdir(home)
        for name, pruner in PEERS.items():
            arms[name].append(peer(pruner, curves))
        print(f"  seed {seed}: " + "; ".join(f"{name} {found[-1].epochs}" for name, found in arms.items()), flush=True)

    rows = ["| rule | trials stopped | epochs saved | best accuracy lost, mean | largest | time |"]
    rows.append("|---|---:|---:|---:|---:|---:|")
    saved: dict[str, float] = {}
    lost: dict[str, list[float]] = {}
    for name, found in arms.items():
        pairs = list(zip(arms["no rule"], found, strict=True))
        saved[name] = 1 - sum(arm.epochs for _, arm in pairs) / sum(whole.epochs for whole, _ in pairs)
        lost[name] = [whole.best - arm.best for whole, arm in pairs]
        stopped = sum(arm.stopped for arm in found) / (given.seeds * given.trials)
        seconds = statistics.mean(arm.seconds for arm in found)
        rows.append(
            f"| {name} | {stopped:.0%} | {saved[name]:.0%} | {statistics.mean(lost[name]):.4f} | "
            f"{max(lost[name]):.4f} | {f'{seconds:.0f} s' if seconds else ''} |"
        )
    print("\n".join(rows))
    if given.write:
        name = next(iter(RULES))
        beside = "; ".join(f"{peer} {saved[peer]:.0%}, {statistics.mean(lost[peer]):.4f}" for peer in PEERS)
        figure = f"{saved[name]:.0%} of the epochs, {statistics.mean(lost[name]):.4f} of accuracy lost"
        told = [Headline("saved by early stopping (asha as it is by default)", figure, beside=beside)]
        note = (
            f"A network on handwritten digits (`examples/early_stopping.py`): {given.trials} random trials of "
            f"{given.epochs} epochs, {given.seeds} seeds, the same trials in every arm. Lost: by how much the best "
            "accuracy (719 test images: one is 0.0014) is lower than without a rule."
        )
        record("early_stopping", "Early stopping", told, "\n".join([note, "", *rows]))


if __name__ == "__main__":
    main()
