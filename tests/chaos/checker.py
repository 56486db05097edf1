"""Compares a history with the store: what was lost, doubled, came from nowhere, rose again, or passed a fence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.chaos.history import FAIL, INVOKE, OK, Record

ENDED = ("complete", "pruned", "failed", "cancelled")


@dataclass(frozen=True)
class Row:
    """A trial as the store has it. ``ended`` are the attempts it has the end of, ``token`` that of its result."""

    number: int
    key: str
    state: str
    attempts: int
    token: float | None = None
    ended: tuple[int, ...] = ()


@dataclass
class Findings:
    """What is wrong, one sentence each, by kind; and what is allowed but worth counting."""

    lost: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    resurrected: list[str] = field(default_factory=list)
    fenced: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    recovered: int = 0  #: results in the store that nobody was told of
    again: int = 0  #: executions beyond the first of a trial

    @property
    def bad(self) -> dict[str, list[str]]:
        kinds = ("lost", "phantom", "duplicated", "resurrected", "fenced", "unfinished")
        return {kind: found for kind in kinds if (found := getattr(self, kind))}

    def __str__(self) -> str:
        return (
            f"lost {len(self.lost)}, phantom {len(self.phantom)}, duplicated {len(self.duplicated)}, resurrected "
            f"{len(self.resurrected)}, fenced-but-written {len(self.fenced)}; unacknowledged but kept "
            f"{self.recovered}, executed again {self.again}"
        )


def check(history: Sequence[Record], rows: Iterable[Row], total: int | None = None) -> Findings:
    """Return what is wrong with ``rows``, the store at the end. ``total``: the sweep was to end with so many trials.

    None: it may go on, trials that have not ended are no fault.
    """
    rows = list(rows)
    findings = Findings()
    by_key = {row.key: row for row in rows}
    _lost(findings, history, by_key)
    _phantom(findings, history, rows)
    _duplicated(findings, history, rows)
    _resurrected(findings, history, by_key)
    _fenced(findings, history, by_key)
    if total is not None:
        _unfinished(findings, rows, total)
    told = {record.key for record in history if record.op == "end" and record.phase == OK}
    findings.recovered = sum(row.state in ENDED and row.key not in told for row in rows)
    executed = Counter(record.key for record in history if record.op == "execute" and record.phase == INVOKE)
    findings.again = sum(count - 1 for count in executed.values())
    return findings


def _lost(findings: Findings, history: Sequence[Record], rows: dict[str, Row]) -> None:
    """What was acknowledged is there, as it was acknowledged."""
    for record in history:
        if record.phase != OK or record.op not in ("create", "start", "retry", "end"):
            continue
        row = rows.get(record.key)
        if row is None:
            findings.lost.append(f"{record.op} of trial {record.number} ({record.key}) was acknowledged: no such row")
        elif record.op == "end" and (row.state, row.token) != (record.state, record.token):
            findings.lost.append(
                f"trial {row.number} was acknowledged as {record.state} ({record.token}): "
                f"it is {row.state} ({row.token})"
            )
        elif record.op == "start" and row.attempts < record.attempt:
            findings.lost.append(f"attempt {record.attempt} of trial {row.number} was acknowledged: not there")
        elif record.op in ("retry", "end") and record.attempt and record.attempt not in row.ended:
            findings.lost.append(f"attempt {record.attempt} of trial {row.number} has no end, which was acknowledged")


def _phantom(findings: Findings, history: Sequence[Record], rows: Sequence[Row]) -> None:
    """Nothing is there that nobody wrote, and no result that no objective returned."""
    created = {record.key for record in history if record.op == "create"}
    started = {(record.key, record.attempt) for record in history if record.op == "start"}
    returned = {(record.key, record.token) for record in history if record.op == "execute" and record.phase == OK}
    for row in rows:
        if row.key not in created:
            findings.phantom.append(f"trial {row.number} ({row.key}): nobody created it")
        elif row.attempts and (row.key, row.attempts) not in started:
            findings.phantom.append(f"trial {row.number}: nobody started its attempt {row.attempts}")
        if row.token is not None and (row.key, row.token) not in returned:
            findings.phantom.append(f"trial {row.number}: no execution of it returned {row.token}")


def _duplicated(findings: Findings, history: Sequence[Record], rows: Sequence[Row]) -> None:
    """A number, a result and an end exist once."""
    for number, count in Counter(row.number for row in rows).items():
        if count > 1:
            findings.duplicated.append(f"trial {number} is there {count} times")
    for token, count in Counter(row.token for row in rows if row.token is not None).items():
        if count > 1:
            findings.duplicated.append(f"the result {token} belongs to {count} trials")
    for row in rows:
        if len(set(row.ended)) < len(row.ended):
            findings.duplicated.append(f"trial {row.number}: an attempt ended twice: {row.ended}")
    ends = Counter(record.key for record in history if record.op == "end" and record.phase == OK)
    for key, count in ends.items():
        if count > 1:
            findings.duplicated.append(f"the end of the trial {key} was acknowledged {count} times")


def _resurrected(findings: Findings, history: Sequence[Record], rows: dict[str, Row]) -> None:
    """What was once seen, or acknowledged, as ended stays so."""
    ended: dict[str, tuple[str, float | None]] = {}
    for record in history:
        if record.op == "end" and record.phase == OK:
            ended[record.key] = (record.state, record.token)
        for key, state, token in record.facts if record.op == "read" else ():
            _compare(findings, ended, key, state, token)
    for row in rows.values():
        _compare(findings, ended, row.key, row.state, row.token)


def _compare(
    findings: Findings, ended: dict[str, tuple[str, float | None]], key: str, state: str, token: float | None
) -> None:
    before = ended.get(key)
    if before is not None and before != (state, token):
        findings.resurrected.append(f"the trial {key} was {before}, then {(state, token)}")
    if state in ENDED:
        ended[key] = (state, token)


def _fenced(findings: Findings, history: Sequence[Record], rows: dict[str, Row]) -> None:
    """Nothing begun under an old fence is written after a newer one was given out."""
    newest = 0
    invoked: dict[tuple[str, str, str, int], int] = {}
    for record in history:
        if record.op == "acquire" and record.phase == OK:
            newest = max(newest, record.fence)
        if not record.fence or record.op == "acquire":
            continue
        at = (record.actor, record.op, record.key, record.attempt)
        if record.phase == INVOKE:
            invoked[at] = newest
        elif record.phase == OK and invoked.get(at, 0) > record.fence:
            findings.fenced.append(
                f"{record.op} of trial {record.number} was written under fence {record.fence} after {invoked[at]}"
            )
    claims: dict[tuple[str, float], set[str]] = defaultdict(set)
    for record in history:
        if record.op == "end" and record.token is not None:
            claims[record.key, record.token].add(record.phase)
    for (key, token), phases in claims.items():
        if FAIL in phases and OK not in phases and key in rows and rows[key].token == token:
            findings.fenced.append(f"trial {rows[key].number}: the result {token} was refused and is there")


def _unfinished(findings: Findings, rows: Sequence[Row], total: int) -> None:
    """All trials that were to be are there, without gaps, and have ended."""
    numbers = sorted(row.number for row in rows)
    if numbers != list(range(total)):
        missing = sorted(set(range(total)) - set(numbers))
        findings.unfinished.append(f"{len(numbers)} trials instead of {total}; missing: {missing[:10]}")
    findings.unfinished += [f"trial {row.number} is {row.state}" for row in rows if row.state not in ENDED]
