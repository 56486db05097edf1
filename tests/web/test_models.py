"""The registry as pages show it."""

from __future__ import annotations

import pytest

from sweeper.errors import NotFound, UsageError
from sweeper.records import ModelVersion, new_id
from sweeper.registry.registry import Registry
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_sweep, add_trial
from sweeper.web.models import model_page, models_page, version_page
from sweeper.web.plain import to_json
from sweeper.web.registered import registered_of

FACTS = {
    "sweep": {"id": "s" * 32, "name": "digits", "goals": [["accuracy", "maximize"]]},
    "trial": {"number": 4, "values": [0.9]},
    "params": {"depth": 3},
    "metrics": {"accuracy": 0.9},
    "model": {"flavors": ["sklearn"], "size": 10, "files": {"a": "1"}},
}


@pytest.fixture
def registry(fresh: SqlStore) -> Registry:
    return Registry(fresh, user="me")


def add(registry: Registry, name: str = "digits", **changes: object) -> ModelVersion:
    version = ModelVersion(new_id(), name, source="runs:/x/model", **{"facts": FACTS, **changes})  # type: ignore[arg-type]
    return registry.register(version)


def test_a_store_without_models_has_an_empty_list(registry: Registry) -> None:
    assert models_page(registry) == []


def test_models_are_listed_with_what_names_their_versions(registry: Registry) -> None:
    add(registry, aliases=("champion",), stage="Production")
    add(registry)
    add(registry, "a model with spaces")
    listed = {model["name"]: model for model in models_page(registry)}
    assert list(listed) == ["a model with spaces", "digits"]
    found = listed["digits"]
    assert (found["versions"], found["newest"], found["aliases"]) == (2, 2, {"champion": 1})
    assert found["latest"] == {"None": 2, "Production": 1}


def test_a_model_has_its_versions_its_history_and_its_metrics(registry: Registry) -> None:
    add(registry, aliases=("champion",))
    add(registry, facts={**FACTS, "metrics": {"accuracy": 0.95}})
    registry.set_alias("digits", "champion", 2)
    found = model_page(registry, "digits")
    to_json(found)
    assert [row["version"] for row in found["list"]] == [2, 1]
    row = found["list"][1]
    assert (row["sweep"], row["number"], row["values"]) == ({"id": "s" * 32, "name": "digits"}, 4, [0.9])
    assert row["goals"] == [{"name": "accuracy", "goal": "maximize"}]
    latest = found["history"][0]
    assert (latest["kind"], latest["subject"], latest["old"], latest["new"], latest["user"]) == (
        "alias", "champion", "1", "2", "me",
    )  # fmt: skip
    assert found["progress"] == {"versions": [1, 2], "metrics": {"accuracy": [0.9, 0.95]}, "importance": {}}


@pytest.mark.parametrize("ref", ["2", "latest", "@champion", "Staging"])
def test_a_version_is_named_as_on_the_command_line(registry: Registry, ref: str) -> None:
    add(registry)
    add(registry, aliases=("champion",), stage="Staging", facts={**FACTS, "params": {"depth": 5}})
    found = version_page(registry, "digits", ref, registry.store.artifacts)
    assert (found["version"], found["previous"], found["next"]) == (2, 1, None)
    assert {"group": "params", "name": "depth", "one": 3, "other": 5} in found["differences"]
    assert found["facts"]["params"] == {"depth": 5}
    assert [change["version"] for change in found["history"]] == [2, 2, 2]


def test_the_first_version_differs_from_nothing(registry: Registry) -> None:
    add(registry, location=f"{registry.store.artifacts}/run/model")
    found = version_page(registry, "digits", "1", registry.store.artifacts)
    assert (found["previous"], found["differences"], found["location"]) == (None, [], "run/model")


def test_commands_can_be_typed_whatever_the_name(registry: Registry) -> None:
    add(registry, "it's; rm -rf ~")
    texts = [each["command"] for each in version_page(registry, "it's; rm -rf ~", "1", "/x")["commands"]]
    assert texts[0] == """sweeper models show 'it'"'"'s; rm -rf ~/1'"""
    assert texts[1] == """sweeper.load_model("models:/it's; rm -rf ~/1")"""


@pytest.mark.parametrize("ref", ["9", "@nobody", "Archived"])
def test_what_is_not_there_is_said(registry: Registry, ref: str) -> None:
    add(registry)
    with pytest.raises(NotFound):
        version_page(registry, "digits", ref, "")
    with pytest.raises(NotFound, match="did you mean 'digits'"):
        model_page(registry, "digit")
    with pytest.raises(UsageError, match="stage"):
        version_page(registry, "digits", "nonsense", "")


def test_a_run_knows_what_was_registered_of_it(registry: Registry, fresh: SqlStore) -> None:
    sweep = add_sweep(fresh)
    first, second = add_trial(fresh, sweep, 0, value=0.5), add_trial(fresh, sweep, 1, value=0.6)
    add(registry, run_id=first, aliases=("champion",))
    assert registered_of(fresh, first) == [
        {"model": "digits", "version": 1, "aliases": ["champion"], "stage": "None", "run_id": first}
    ]
    assert registered_of(fresh, second) == []
