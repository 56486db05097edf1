"""The next sweep as a file: what the latest one has, the new ranges, and a comment that says why each is as it is."""

from __future__ import annotations

import difflib
import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from sweeper import plugins
from sweeper.analysis.inert import inert
from sweeper.analysis.numbers import count, duration
from sweeper.analysis.ranges.next_space import Cost
from sweeper.config.sweep import RETRY, UNLIMITED
from sweeper.errors import ConfigError
from sweeper.records import SweepRecord
from sweeper.space import SearchSpace
from sweeper.space.yaml import dump, load

WIDTH = 110
LEFT_OUT = ("name", "seed", "parameters", "constraints", "description")  #: written apart, or not at all
MASK = "***"
ELSEWHERE = ("imported", "replay")  #: methods of sweeps that nobody can ask for: the next one is left to ``auto``


def next_name(latest: str, taken: Sequence[str]) -> str:
    """Return a name that no sweep has: ``digits``, then ``digits-2``, ``digits-3``, ..."""
    stem, _, number = latest.rpartition("-")
    stem, start = (stem, int(number) + 1) if stem and number.isdecimal() and len(number) < 6 else (latest, 2)
    while f"{stem}-{start}" in taken:
        start += 1
    return f"{stem}-{start}"


def next_text(
    name: str, latest: SweepRecord, space: SearchSpace, why: Mapping[str, str], head: Sequence[str] = ()
) -> str:
    """Return the text of the file: that of ``latest`` with another space.

    ``why`` are sentences about parameters, by name; ``head`` those that stand first.
    """
    lines = [line for sentence in head for line in _comment(sentence)] + [f"name: {_scalar(name)}"]
    if latest.config.get("description"):
        lines += dump({"description": latest.config["description"]}).splitlines()
    lines += _kept(latest.config)
    lines += ["", "parameters:", *_parameters(space, why)]
    if space.constraints:
        lines += dump({"constraints": [str(each) for each in space.constraints]}).splitlines()
    return "\n".join(lines) + "\n"


def unified(latest: SweepRecord, before: SearchSpace, name: str, after: SearchSpace) -> str:
    """Return the new file beside the latest one as a unified diff of all lines, without comments."""
    old = next_text(latest.name, latest, before, {}).splitlines()
    new = next_text(name, latest, after, {}).splitlines()
    files = inert(f"{latest.name} {latest.id[-8:]}"), inert(name)
    return "\n".join(difflib.unified_diff(old, new, *files, n=len(old) + len(new), lineterm=""))


def problem_of(text: str) -> str:
    """Return what keeps the file from running as it is, or ""."""
    from sweeper.config import parse_config  # it imports pydantic

    mapping = load(text)
    try:
        parse_config(mapping, methods=["auto", *plugins.names("sampler")], executors=plugins.names("executor"))
    except ConfigError as error:
        return "; ".join(": ".join(filter(None, (each.path, each.message))) for each in error.problems)
    if not {"objective", "command", "program", "mlproject"} & set(mapping):
        return "it names no objective, as the latest sweep has none: fill it in"
    return ""


def cost_text(expected: Cost) -> str:
    """``30 trials of about 2.3 s: 1 min 9 s of compute, 35 s with 2 workers``."""
    text = (
        f"{count(expected.trials, 'trial')} of about {duration(expected.each)}: {duration(expected.compute)} of compute"
    )
    if expected.workers > 1:
        text += f", {duration(expected.clock)} with {count(expected.workers, 'worker')}"
    return text


def workers_of(config: Mapping[str, Any]) -> int:
    """Return how many workers the file asks for; without a number one for each core."""
    executor = config.get("executor") or {}
    if executor.get("kind") == "inline":
        return 1
    return int(executor.get("workers") or os.cpu_count() or 1)


def _kept(config: Mapping[str, Any]) -> list[str]:
    """The other keys of the latest sweep; its seed is left out, so that other points are drawn."""
    lines: list[str] = []
    for key, value in config.items():
        if key in LEFT_OUT or value is None or (key == "retry" and _plain_retry(value)):
            continue
        if key == "method" and value in ELSEWHERE:
            continue
        if MASK in str(value):
            lines += _comment(f"{key}: left out, because it holds a password")
            continue
        lines += dump({key: _plain_executor(value) if key == "executor" else value}).splitlines()
    if not any(config.get(key) for key in ("objective", "command", "program", "mlproject")):
        lines += _comment("objective: FILE.py:FUNCTION   (the latest sweep does not say what it ran: fill it in)")
    return lines


def _plain_retry(retry: Any) -> bool:
    return dict(retry) == {kind: "unlimited" if times == UNLIMITED else times for kind, times in RETRY.items()}


def _plain_executor(executor: Any) -> dict[str, Any]:
    usual = {"kind": "joblib", "isolation": "shared"}
    return {key: value for key, value in executor.items() if usual.get(key) != value} or {"kind": "joblib"}


def _parameters(space: SearchSpace, why: Mapping[str, str]) -> list[str]:
    """Each parameter below comments that say why it is as it is."""
    below: dict[str, list[str]] = {}
    for name in space.parameters:
        below.setdefault(space.paths[name][0], []).append(name)
    lines = []
    for key, body in space.to_dict().items():
        for name in below[key]:
            inside = f"{name}: " if len(space.paths[name]) > 1 else ""
            lines += [f"  {line}" for line in _comment(inside + why[name])] if why.get(name) else []
        lines += [f"  {line}" for line in dump({key: body}).splitlines()]
    return lines


def _comment(text: str) -> list[str]:
    return textwrap.wrap(inert(text), WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _scalar(text: str) -> str:
    return re.sub(r"^value: ", "", dump({"value": text})).strip()
