"""What differs between sweeps, as rows of texts: one for each sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sweeper.analysis.columns import TrialTable
from sweeper.analysis.importance import Importance
from sweeper.analysis.numbers import value_text
from sweeper.records import Params, SweepRecord

ELSEWHERE = ("name", "parameters", "constraints", "metric", "metrics", "store", "artifacts", "description")
TAGS = {
    "mlflow.source.git.commit": "code version",
    "sweeper.git.dirty": "uncommitted changes",
    "sweeper.python": "python",
    "sweeper.version": "sweeper",
    "sweeper.host": "host",
}
NONE = "-"


class Row(NamedTuple):
    name: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


def config_rows(sweeps: Sequence[SweepRecord]) -> tuple[Row, ...]:
    """Return the settings, and the facts about code and machine, in which the sweeps differ."""
    flat = [{**_flat(_shown(sweep)), **_facts(sweep)} for sweep in sweeps]
    return _differing(flat)


def space_rows(tables: Sequence[TrialTable]) -> tuple[Row, ...]:
    """Return the parameters and constraints in which the spaces differ."""
    flat = [{name: parameter.describe() for name, parameter in each.parameters.items()} for each in tables]
    for each, texts in zip(tables, flat, strict=True):
        texts |= {f"constraint {constraint}": "yes" for constraint in each.space.constraints}
    return _differing(flat)


def best_rows(params: Sequence[Params]) -> tuple[Row, ...]:
    """Return the parameters of the best trial of each, all of them."""
    return _rows([{name: value_text(value) for name, value in each.items()} for each in params])


def importance_rows(found: Sequence[Importance | None]) -> tuple[Row, ...]:
    """Return the share of each parameter over its whole range, the largest of any sweep first."""
    shares = [{p.name: p.whole for p in each.parameters if p.whole} if each else {} for each in found]
    names = dict.fromkeys(name for each in shares for name in each)
    order = sorted(names, key=lambda name: -max(each[name].value for each in shares if name in each))
    texts = [
        {name: f"{share.value:.0%}" + (" ?" if share.uncertain else "") for name, share in each.items()}
        for each in shares
    ]
    return _rows(texts, order)


def _shown(sweep: SweepRecord) -> dict[str, Any]:
    kept = {key: value for key, value in sweep.config.items() if key not in ELSEWHERE}
    return kept | {"method": sweep.method, "seed": sweep.seed}


def _facts(sweep: SweepRecord) -> dict[str, str]:
    return {name: sweep.tags[key][:12] for key, name in TAGS.items() if key in sweep.tags}


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, item in value.items():
        found |= _flat(item, f"{prefix}{key}.") if isinstance(item, Mapping) else {prefix + key: value_text(item)}
    return found


def _differing(flat: Sequence[Mapping[str, str]]) -> tuple[Row, ...]:
    return tuple(row for row in _rows(flat) if row.differs)


def _rows(flat: Sequence[Mapping[str, str]], names: Sequence[str] | None = None) -> tuple[Row, ...]:
    wanted = names if names is not None else list(dict.fromkeys(name for each in flat for name in each))
    return tuple(Row(name, tuple(each.get(name, NONE) for each in flat)) for name in wanted)
