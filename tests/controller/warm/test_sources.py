"""Which past sweeps a warm start means, and whether each may be learned from."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.controller.warm.sources import Sources, differences, find_sources, parameter_names
from sweeper.errors import UsageError
from sweeper.interfaces import Store
from sweeper.records import Goal
from tests.controller.warm.conftest import Past, config


def found(store: Store, *wanted: Any, **more: Any) -> Sources:
    return find_sources(store, config(**more), wanted)


def names(sources: Sources) -> list[str]:
    return [source.sweep.name for source in sources.found]


def test_by_name_by_id_and_the_last(store: Store, past: Past) -> None:
    first, second = past("first"), past("second")

    assert names(found(store, "first", "last", first.id[-8:])) == ["first", "second"]
    assert found(store, second.id).found[0].sweep.id == second.id


def test_a_name_is_its_latest_sweep_and_the_older_ones_are_pointed_out(store: Store, past: Past) -> None:
    past("old")
    latest = past("old")

    sources = found(store, "old")

    assert [source.sweep.id for source in sources.found] == [latest.id]
    assert sources.older == ("old is its latest sweep; write 'old*' to learn from 1 older too",)


def test_by_pattern_and_by_tag_without_those_that_do_not_fit(store: Store, past: Past) -> None:
    past("digits-1", tags={"dataset": "digits"})
    past("digits-2", values=())
    past("wine-1", tags={"dataset": "wine"})

    by_pattern, by_tag = found(store, "digits-*"), found(store, {"tag": {"dataset": "digits"}})

    assert names(by_pattern) == names(by_tag) == ["digits-1"]
    (sentence,) = by_pattern.skipped
    assert sentence.startswith("digits-2 ")
    assert sentence.endswith(" is skipped: none of its 0 trials is complete")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"goals": (Goal("loss"),)}, "it has another metric, loss; this sweep maximizes accuracy"),
        ({"goals": (Goal("accuracy"),)}, "its goal is the opposite, it minimizes accuracy; this sweep maximizes accur"),
        ({"space": {"depth": {"min": 1, "max": 9}}}, "it shares no parameter with this sweep; it has depth"),
        ({"values": ()}, "none of its 0 trials is complete"),
        ({"values": (None,)}, "none of its 1 trials is complete"),
    ],
)
def test_a_named_sweep_that_cannot_teach_is_refused_with_the_reason(
    store: Store, past: Past, changes: dict[str, Any], reason: str
) -> None:
    sweep = past("old", **changes)

    with pytest.raises(UsageError) as refused:
        found(store, "old")

    assert f"warm_start.from: cannot learn from old {sweep.id[-8:]}: {reason}" in str(refused.value)


def test_an_unknown_name_tells_the_nearest(store: Store, past: Past) -> None:
    past("digits-forest")

    with pytest.raises(UsageError, match=r"warm_start\.from: no sweep 'digit-forest'; did you mean 'digits-forest'"):
        found(store, "digit-forest")


def test_a_pattern_or_tag_that_matches_nothing_says_so(store: Store, past: Past) -> None:
    past("old", goals=(Goal("loss"),))

    with pytest.raises(UsageError, match=r"nothing to learn from in 'wine\*': no sweep matches"):
        found(store, "wine*")
    with pytest.raises(UsageError, match=r"in 'o\*', tag a=b: old \w+ is skipped: it has another metric"):
        found(store, "o*", {"tag": {"a": "b"}})


def test_one_of_several_goals_can_be_learned_from(store: Store, past: Past) -> None:
    past("old", goals=(Goal("seconds"), Goal("accuracy", "maximize")))

    assert [source.columns for source in found(store, "old").found] == [(1,)]


def test_nested_parameters_have_dotted_names(past: Past) -> None:
    nested = {"optimizer": {"parameters": {"lr": {"min": 0.1, "max": 1.0}}}, "x": {"value": 1}}

    assert parameter_names(past("old", space=nested)) == {"optimizer.lr", "x"}


class TestDifferences:
    def test_what_nobody_knows_is_the_same(self, past: Past) -> None:
        assert differences(past(), config(tags={"dataset": "digits"}), "abc") == ()

    def test_other_data_by_a_tag_that_both_have(self, past: Past) -> None:
        sweep = past(tags={"dataset": "digits", "owner": "me"})
        assert differences(sweep, config(tags={"dataset": "wine"})) == ("other data (dataset=digits)",)
        assert differences(sweep, config(tags={"dataset": "digits"})) == ()

    def test_other_code_by_its_commit(self, past: Past) -> None:
        sweep = past(tags={"mlflow.source.git.commit": "a" * 40})
        assert differences(sweep, config(), "b" * 40) == (f"other code (commit {'a' * 10})",)
        assert differences(sweep, config(), "a" * 40) == ()

    def test_other_code_by_the_objectives_file(self, past: Past, tmp_path: Any) -> None:
        (tmp_path / "train.py").write_text("def train(x, kind): return x\n")
        now = config(objective=f"{tmp_path}/train.py:train")
        sweep = past(tags={"sweeper.code.sha256": "0" * 64, "mlflow.source.git.commit": "a" * 40})
        assert differences(sweep, now, "a" * 40) == ("other code (the objective's file has changed since)",)

    def test_another_objective(self, past: Past) -> None:
        sweep = past(config={"objective": "/else/where.py:train"})
        assert differences(sweep, config(objective="here:train")) == ("another objective (where.py:train)",)


def test_reruns_are_no_searches_and_only_meant_by_name(store: Store, past: Past) -> None:
    past("digits", tags={"dataset": "d"})
    again = past("digits-rerun-3", tags={"dataset": "d", "sweeper.kind": "rerun"})

    assert names(found(store, "digits*")) == names(found(store, {"tag": {"dataset": "d"}})) == ["digits"]
    assert found(store, again.id).found[0].sweep.id == again.id
