"""``best_params.yaml``: the best trial as a sweep file that runs it again."""

from __future__ import annotations

from typing import Any

from sweeper.analysis import TrialTable
from sweeper.analysis.numbers import count, number
from sweeper.space import Constant
from sweeper.space.values import plain
from sweeper.space.yaml import dump
from sweeper.web.names import file_name

KEPT = (
    "objective", "program", "command", "mlproject", "metric", "metrics", "executor", "retry", "seed", "tags",
    "experiment", "store", "artifacts",
)  # fmt: skip
MASKED = "***"


def parameters_yaml(table: TrialTable, row: int) -> str:
    """Return the parameters of one trial as plain YAML, nested as the objective gets them."""
    return dump(table.space.nest(table.assigned[row]))


def best_params_yaml(table: TrialTable, row: int, path: str, reason: str = "") -> str:
    """Return a sweep file whose one trial has the parameters of ``row``.

    ``path`` is where the file will be, for the command in its comment; ``reason`` says why this trial.
    """
    sweep = table.sweep
    config = {key: sweep.config[key] for key in KEPT if key in sweep.config}
    config = {key: value for key, value in config.items() if MASKED not in repr(value)}
    objective = {key: config.pop(key) for key in KEPT[:4] if key in config}
    document: dict[str, Any] = {
        "name": f"{file_name(sweep.name, 'sweep')}-best",
        **objective,
        "method": "grid",
        **{key: config.pop(key) for key in ("metric", "metrics") if key in config},
        "parameters": _constants(table, row),
        **config,
    }
    return _comment(table, row, path, reason, bool(objective)) + dump(plain(document))


def _constants(table: TrialTable, row: int) -> dict[str, Any]:
    """The parameters in the grammar of a sweep file, nested as they were declared."""
    result: dict[str, Any] = {}
    for name, value in table.assigned[row].items():
        *blocks, last = table.space.paths.get(name) or (name,)
        block = result
        for part in blocks:
            block = block.setdefault(part, {"parameters": {}})["parameters"]
        block[last] = Constant(value).to_dict()
    return result


def _comment(table: TrialTable, row: int, path: str, reason: str, complete: bool) -> str:
    sweep = table.sweep
    values = ", ".join(
        f"{goal.name} = {number(float(value))} ({goal.direction})"
        for goal, value in zip(table.goals, table.values[row], strict=True)
    )
    done = count(int(table.complete.sum()), "complete trial")
    lines = [
        f"Trial {table.number[row]} of sweep {sweep.name} ({sweep.id[-8:]}): {values}",
        f"It is {reason or 'the best one'}, of {done}.",
        f"Run it again:    sweeper run {path}",
        "Use it in code:  the values under `parameters` are what the objective got.",
    ]
    if not complete:
        lines.append(
            "The objective was a function without a file of its own: add `objective: FILE.py:FUNCTION` to run it."
        )
    return "".join(f"# {_one_line(line)}\n" for line in lines)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:500]
