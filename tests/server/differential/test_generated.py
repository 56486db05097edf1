"""Requests that nobody wrote down: batches of every kind of value, filters out of the whole grammar, pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .flows import REGISTERED
from .listed import unlisted
from .pair import Ask, Pair, get, post

RUNS = 12
few = settings(
    max_examples=40, derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

words = st.text("abAB/._- :%'\"äß\\`", max_size=6)
keys = st.one_of(st.sampled_from(["a", "b", "a/b", "a b", "a.b", "größe"]), words)
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(-5, 5),
    st.sampled_from(["NaN", "1.5", 1e300]),
)
points = st.fixed_dictionaries(
    {"key": keys, "value": numbers, "timestamp": st.integers(-1, 3), "step": st.integers(-3, 3)}
)
pairs = st.fixed_dictionaries({"key": keys, "value": words})


def same(pair: Pair, *asks: Ask) -> None:
    found = unlisted([difference for ask in asks for difference in pair.send(ask)])
    assert not found, "\n".join([*map(str, asks), *map(str, found)])


@few
@given(st.lists(points, max_size=6), st.lists(pairs, max_size=3), st.lists(pairs, max_size=3))
def test_batches(new_pair: Callable[[], Pair], metrics: list[Any], params: list[Any], tags: list[Any]) -> None:
    """A refused batch is not looked at again: MLflow's may be half written."""
    pair = new_pair()
    ask = post("runs/log-batch", {"run_id": "$run", "metrics": metrics, "params": params, "tags": tags})
    same(pair, ask)
    if pair.ours.send(ask)[0] == 200:
        histories = [
            get("metrics/get-history", {"run_id": "$run", "metric_key": key, "max_results": 100})
            for key in sorted({point["key"] for point in metrics})
        ]
        same(pair, get("runs/get", {"run_id": "$run"}), *histories)


@pytest.fixture(scope="module")
def registered(new_pair: Callable[[], Pair]) -> Pair:
    """A registered model of one version."""
    pair = new_pair()
    same(pair, *REGISTERED[:4])
    return pair


@few
@given(st.one_of(keys, st.text("aV1_-/:. ", max_size=4), st.sampled_from(["latest", "v1", "V12", "a" * 256])))
def test_names(registered: Pair, name: str) -> None:
    known = {"name": "$name", "version": "1"}
    same(
        registered,
        post("experiments/create", {"name": name}),
        post("experiments/set-experiment-tag", {"experiment_id": "$exp", "key": name, "value": name}),
        post("runs/set-tag", {"run_id": "$run", "key": name, "value": name}),
        post("registered-models/create", {"name": name}),
        post("registered-models/set-tag", {"name": "$name", "key": name, "value": name}),
        post("registered-models/alias", {**known, "alias": name}),
        get("registered-models/alias", {"name": "$name", "alias": name}),
        post("model-versions/set-tag", {**known, "key": name, "value": name}),
        post("model-versions/transition-stage", {**known, "stage": name, "archive_existing_versions": False}),
        post("logged-models", {"experiment_id": "$exp", "name": name or "-", "tags": [{"key": name, "value": "v"}]},
             another="model.info.model_id"),
        get("model-versions/get", known),
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled(new_pair: Callable[[], Pair]) -> Pair:
    """An experiment with runs that have something in common, and much that only some of them have."""
    pair = new_pair()
    for at in range(RUNS):
        tags = [{"key": "group", "value": "ab"[at % 2]}, {"key": "o d-d", "value": f"x_{at % 3}%"}]
        begun = {"experiment_id": "$exp", "start_time": 1000 + at * 10, "run_name": f"Run {at % 5}", "tags": tags,
                 "user_id": "anna" if at % 3 else "Bea"}  # fmt: skip
        loss = ["NaN", 1e300, -0.5, 0][at % 4] if at % 3 == 0 else at / 4
        values = [{"key": "loss", "value": loss, "timestamp": 1, "step": 0}]
        values += [{"key": "a b/c", "value": -at, "timestamp": 1, "step": at}] * (at % 2)
        params = [{"key": "kind", "value": "aAbB"[at % 4]}, {"key": "n", "value": str(at)}][: 1 + at % 2]
        ended = {"run_id": f"$run{at}", "status": ["FINISHED", "FAILED", "KILLED", "RUNNING"][at % 4]}
        ended |= {} if at % 4 == 3 else {"end_time": 2000 + at % 3}
        context = [{"key": "mlflow.data.context", "value": ["train", "Test"][at % 2]}] if at % 5 else []
        digest = {"digest": str(at % 3), "source_type": "local", "source": "x"}
        used = {"dataset": {"name": f"d{at % 2}", **digest}, "tags": context}
        same(
            pair,
            post("runs/create", begun, **{f"run{at}": "run.info.run_id"}),
            post("runs/log-batch", {"run_id": f"$run{at}", "metrics": values, "params": params}),
            post("runs/log-inputs", {"run_id": f"$run{at}", "datasets": [used]}),
            post("runs/update", ended),
        )
    same(pair, post("runs/delete", {"run_id": "$run3"}))
    return pair


texts = st.sampled_from(["a", "b", "A", "Run 1", "run%", "x_1%", "x%", "%", "", "FINISHED", "KILLED", "anna", "d0",
                         "train", "t%", "1", "it''s"])  # fmt: skip
quoted = texts.map(lambda text: f"'{text}'")
limits = st.sampled_from(["0", "-0.5", "1", "2.5", "1e3", "1050"])
compared = st.sampled_from(["=", "!=", ">", ">=", "<", "<="])
of_numbers = st.builds(
    "{} {} {}".format,
    st.sampled_from(["metrics.loss", "metric.`a b/c`", "metrics.none", "attributes.start_time", "end_time",
                     "run.start_time"]),
    compared, limits,
)  # fmt: skip
of_texts = st.builds(
    "{} {} {}".format,
    st.sampled_from(["params.kind", "param.n", "tags.group", 'tags."o d-d"', "tags.none", "attributes.run_name",
                     "status", "attr.user_id", "dataset.name", "datasets.digest", "dataset.context", "run_name"]),
    st.sampled_from(["=", "!=", "LIKE", "ILIKE", "like"]), quoted,
)  # fmt: skip
of_lists = st.builds(
    "{} {} ({})".format,
    st.sampled_from(["attributes.run_id", "dataset.name", "datasets.context"]),
    st.sampled_from(["IN", "NOT IN", "in"]),
    st.lists(st.one_of(quoted, st.just("'$run1'")), min_size=1, max_size=3).map(", ".join),
)
of_nothing = st.builds(
    "{} {}".format, st.sampled_from(["tags.group", "params.n", "tags.none", "params.kind"]),
    st.sampled_from(["IS NULL", "IS NOT NULL", "is null"]),
)  # fmt: skip
clauses = st.one_of(of_numbers, of_texts, of_lists, of_nothing)
filters = st.lists(clauses, max_size=3).map(" AND ".join)
orders = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(["metrics.loss", "metrics.`a b/c`", "params.kind", "tags.group", "attributes.start_time",
                         "end_time", "run_name", "status", "metrics.none", "attributes.user_id"]),
        st.sampled_from(["", " ASC", " DESC"]),
    ),
    max_size=2,
)  # fmt: skip
views = st.sampled_from(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"])


@settings(few, max_examples=100)
@given(filters, orders, views, st.integers(1, 8))
def test_searches_in_pages(filled: Pair, where: str, order_by: list[str], view: str, size: int) -> None:
    ask = {"experiment_ids": ["$exp"], "filter": where, "order_by": order_by, "run_view_type": view}
    same(
        filled,
        post("runs/search", {**ask, "max_results": size}, token="next_page_token"),
        post("runs/search", {**ask, "max_results": 50}),
    )
    if filled.ours.known_as("token") and filled.real.known_as("token"):
        same(filled, post("runs/search", {**ask, "max_results": size, "page_token": "$token"}))


broken = st.text("()'\"`.=<>!%, abINLIKEORNULmetrics1", max_size=25)


@settings(few, max_examples=80)
@given(st.one_of(broken, st.builds("{}{}".format, clauses, broken), st.builds("{} {}".format, broken, clauses)))
def test_filters_that_are_none_are_refused_with_400(filled: Pair, where: str) -> None:
    """Ours reads more than MLflow's, so one that is taken here may be refused there; never the other way round."""
    ask = post("runs/search", {"experiment_ids": ["$exp"], "filter": where})
    real, ours = filled.real.send(ask), filled.ours.send(ask)
    assert ours[0] in (200, 400)
    if real[0] == 200:
        assert ours == real, where
