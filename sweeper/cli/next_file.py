"""The next sweep as a file: what the latest one has, the new ranges, and a comment that says why each is as it is."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from sweeper.analysis.numbers import count, duration
from sweeper.analysis.ranges.next_space import Cost, NextSpace
from sweeper.analysis.ranges.survey import ParameterRange
from sweeper.cli.text import inert, tail
from sweeper.config.sweep import RETRY, UNLIMITED
from sweeper.records import SweepRecord
from sweeper.space.yaml import dump

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
    name: str,
    sweeps: Sequence[SweepRecord],
    made: NextSpace,
    found: Sequence[ParameterRange],
    notes: Sequence[str],
    expected: Cost | None,
) -> str:
    """Return the text of the file. ``sweeps`` are those it learns from, the latest first."""
    latest = sweeps[0]
    lines = [*_header(sweeps, made, notes, expected), f"name: {_scalar(name)}"]
    if latest.config.get("description"):
        lines += dump({"description": latest.config["description"]}).splitlines()
    lines += _kept(latest.config)
    lines += ["", "parameters:", *_parameters(made, found)]
    if made.space.constraints:
        lines += dump({"constraints": [str(each) for each in made.space.constraints]}).splitlines()
    return "\n".join(lines) + "\n"


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


def _header(sweeps: Sequence[SweepRecord], made: NextSpace, notes: Sequence[str], expected: Cost | None) -> list[str]:
    trials = sum(sum(sweep.counts.values()) for sweep in sweeps)
    named = ", ".join(f"{inert(sweep.name)} {tail(sweep.id)}" for sweep in sweeps[:8])
    more = f" and {len(sweeps) - 8} more" if len(sweeps) > 8 else ""
    text = [f"The next sweep, from {count(len(sweeps), 'sweep')} and {count(trials, 'trial')}: {named}{more}."]
    changed = len(made.taken)
    if changed:
        text.append(f"{count(changed, 'range')} changed; the space is {_percent(made.share)} of the latest one's.")
    else:
        text.append("No range changed: what past sweeps show is no reason to.")
    text += [f"Expected: {cost_text(expected)}."] if expected else []
    text += [f"Note: {inert(note)}." for note in notes]
    return [line for sentence in text for line in _comment(sentence)]


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


def _parameters(made: NextSpace, found: Sequence[ParameterRange]) -> list[str]:
    """Each parameter below comments that say why it is as it is."""
    by_name = {each.name: each for each in found}
    below: dict[str, list[str]] = {}
    for name in made.space.parameters:
        below.setdefault(made.space.paths[name][0], []).append(name)
    lines = []
    for key, body in made.space.to_dict().items():
        for name in below[key]:
            lines += [f"  {line}" for line in _why(name, made, by_name.get(name))]
        lines += [f"  {line}" for line in dump({key: body}).splitlines()]
    return lines


def _why(name: str, made: NextSpace, found: ParameterRange | None) -> list[str]:
    if found is None:
        return []
    inside = f"{name}: " if len(made.space.paths[name]) > 1 else ""
    advice = found.recommendation
    if name in made.taken:
        text = f"{inside}was {advice.declared.describe()}; {_DONE[advice.action]}, because {advice.reason}"
        return _comment(inert(text))
    reason = advice.reason if not advice.changed else "left as declared"
    flags = "".join(f"; {flag.text}" for flag in found.flags if flag.kind in ("edge", "unimportant", "unexplored"))
    return _comment(inert(f"{inside}{reason}{flags}"))


_DONE = {"shrink": "shrunk", "extend": "extended", "move": "shrunk at one end and extended at the other"}


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _scalar(text: str) -> str:
    return re.sub(r"^value: ", "", dump({"value": text})).strip()


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
