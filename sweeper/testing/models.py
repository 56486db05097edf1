"""What every store must do with registered models. Part of :class:`sweeper.testing.store.StoreConformance`."""

from __future__ import annotations

from typing import Any

import pytest

from sweeper.errors import AlreadyExists, NotFound, Outdated, UsageError
from sweeper.events import (
    AliasMoved,
    Event,
    ModelChanged,
    ModelCreated,
    ModelDeleted,
    ModelTagged,
    StageChanged,
    VersionChanged,
    VersionCreated,
    VersionDeleted,
)
from sweeper.interfaces import Store
from sweeper.records import ModelVersion, new_id
from sweeper.testing.cases import case

NOW = 1_700_000_000.5


def add_version(store: Store, name: str = "digits", **facts: Any) -> ModelVersion:
    """Register one more version of ``name`` and return it as stored."""
    others = facts.pop("others", None)
    made = ModelVersion(new_id(), name, **{"source": "runs:/r/model", "location": "/a/r/model", "user": "me"} | facts)
    store.write(VersionCreated(made, NOW, new_id(), others)).result()
    return store.models.version_by_id(made.id)


REFUSED: dict[str, Any] = {
    "no name": ModelCreated(new_id(), " ", NOW),
    "a slash": ModelCreated(new_id(), "a/b", NOW),
    "a colon": ModelCreated(new_id(), "a:b", NOW),
    "a dot": ModelCreated(new_id(), ".", NOW),
    "257 characters": ModelCreated(new_id(), "x" * 257, NOW),
    "a NUL": ModelCreated(new_id(), "a\0", NOW),
    "a long description": ModelCreated(new_id(), "ok", NOW, "x" * 5001),
    "a tag that is no text": ModelCreated(new_id(), "ok", NOW, tags={"a": 1}),  # type: ignore[dict-item]  # on purpose
    "a tag too long": ModelCreated(new_id(), "ok", NOW, tags={"a": "x" * 100_001}),
    "an unknown state": VersionCreated(ModelVersion(new_id(), "ok", state="DONE"), NOW, new_id()),
    "an unknown stage": VersionCreated(ModelVersion(new_id(), "ok", stage="prod"), NOW, new_id()),
    "a kept alias": VersionCreated(ModelVersion(new_id(), "ok", aliases=("latest",)), NOW, new_id()),
    "a numbered alias": VersionCreated(ModelVersion(new_id(), "ok", aliases=("V12",)), NOW, new_id()),
    "an alias with a space": VersionCreated(ModelVersion(new_id(), "ok", aliases=("a b",)), NOW, new_id()),
    "facts that are no JSON": VersionCreated(ModelVersion(new_id(), "ok", facts={"a": {1}}), NOW, new_id()),
}


class ModelConformance:
    """Models, versions, aliases and stages, with MLflow's meaning."""

    def test_a_version_reads_back_whole(self, store: Store) -> None:
        facts = {"params": {"lr": 0.1, "kind": "größe"}, "metrics": {"odd": float("inf")}, "none": None}
        made = add_version(
            store, "größe \u2603", run_id="r" * 32, run_link="http://x", stage="staging", aliases=("champion", "a-1_b"),
            tags={"team/x": "漢字"}, description="first", facts=facts, source="s", location="/a/b", user="ich",
            state="PENDING_REGISTRATION", message="uploading",
        )  # fmt: skip
        assert made == store.models.version("größe \u2603", 1) == store.models.versions("größe \u2603")[0]
        assert (made.number, made.stage, made.aliases) == (1, "Staging", ("a-1_b", "champion"))
        assert (made.facts, made.tags, made.run_id) == (facts, {"team/x": "漢字"}, "r" * 32)
        assert (made.state, made.message, made.created, made.updated) == ("PENDING_REGISTRATION", "uploading", NOW, NOW)

    def test_versions_are_numbered_and_a_number_is_never_given_again(self, store: Store) -> None:
        versions = [add_version(store) for _ in range(3)]
        add_version(store, "other")
        store.write(VersionDeleted(versions[2].model_id, 3, NOW)).result()
        assert [version.number for version in versions] == [1, 2, 3]
        assert add_version(store).number == 4
        assert [version.number for version in store.models.versions("digits")] == [1, 2, 4]

    def test_the_same_version_again_changes_nothing(self, store: Store) -> None:
        event = VersionCreated(ModelVersion(new_id(), "digits", aliases=("a",)), NOW, new_id())
        for _ in range(3):
            store.write(event, event).result()
        assert [version.number for version in store.models.versions("digits")] == [1]
        assert len(store.models.changes("digits")) == 3

    def test_a_model_is_made_once(self, store: Store) -> None:
        event = ModelCreated(new_id(), "digits", NOW, "about", {"team": "a"})
        store.write(event).result()
        store.write(event).result()
        with pytest.raises(AlreadyExists, match="'digits' already"):
            store.write(ModelCreated(new_id(), "digits", NOW)).result()
        found = store.models.find("digits")
        assert (found.id, found.description, found.tags, found.aliases) == (event.model_id, "about", {"team": "a"}, {})
        assert store.models.versions("digits") == []
        with pytest.raises(NotFound, match="did you mean 'digits'"):
            store.models.find("digit")
        with pytest.raises(NotFound):
            store.write(VersionCreated(ModelVersion(new_id(), "new"), NOW)).result()

    def test_names_compare_bytewise(self, store: Store) -> None:
        assert [add_version(store, name).number for name in ("a", "A", "ä", "a")] == [1, 1, 1, 2]

    def test_an_alias_names_one_version(self, store: Store) -> None:
        first, second = add_version(store, aliases=("champion",)), add_version(store)
        store.write(AliasMoved(first.model_id, "champion", 2, NOW, "you")).result()
        store.write(AliasMoved(first.model_id, "champion", 2, NOW, "you")).result()
        assert store.models.find("digits").aliases == {"champion": 2}
        assert [version.aliases for version in store.models.versions("digits")] == [(), ("champion",)]
        with pytest.raises(NotFound, match="digits/3"):
            store.write(AliasMoved(first.model_id, "champion", 3, NOW)).result()
        store.write(AliasMoved(second.model_id, "champion", None, NOW)).result()
        store.write(AliasMoved(second.model_id, "champion", None, NOW)).result()
        assert store.models.find("digits").aliases == {}
        moves = [(c.subject, c.old, c.new, c.user) for c in store.models.changes("digits") if c.kind == "alias"]
        assert moves == [("champion", "", "1", "me"), ("champion", "1", "2", "you"), ("champion", "2", "", "")]

    def test_an_alias_that_another_one_moved_meanwhile_stays(self, store: Store) -> None:
        made = add_version(store, aliases=("champion",))
        add_version(store)
        store.write(AliasMoved(made.model_id, "champion", 2, NOW, "you", expected=1)).result()
        with pytest.raises(Outdated, match="it is version 2 now, it was version 1"):
            store.write(AliasMoved(made.model_id, "champion", None, NOW, "me", expected=1)).result()
        with pytest.raises(Outdated, match="it was none"):
            store.write(AliasMoved(made.model_id, "champion", 1, NOW, "me", expected=0)).result()
        store.write(AliasMoved(made.model_id, "champion", 2, NOW, "you", expected=1)).result()
        store.write(AliasMoved(made.model_id, "new", 1, NOW, "me", expected=0)).result()
        assert store.models.find("digits").aliases == {"champion": 2, "new": 1}

    def test_a_stage_that_another_one_changed_meanwhile_stays(self, store: Store) -> None:
        made = add_version(store)
        store.write(StageChanged(made.model_id, 1, "Staging", NOW, "you", expected="None")).result()
        with pytest.raises(Outdated, match="it is Staging now, it was None"):
            store.write(StageChanged(made.model_id, 1, "Production", NOW, "me", expected="None")).result()
        assert store.models.version("digits", 1).stage == "Staging"

    def test_a_deleted_version_leaves_nothing_but_its_number(self, store: Store) -> None:
        made = add_version(store, aliases=("a", "b"), run_id="r" * 32, facts={"x": 1})
        for _ in range(2):
            store.write(VersionDeleted(made.model_id, 1, NOW, "me")).result()
        assert store.models.find("digits").aliases == {}
        assert store.models.search_versions("name = 'digits'") == []
        with pytest.raises(NotFound):
            store.models.version("digits", 1)
        with pytest.raises(NotFound):
            store.write(StageChanged(made.model_id, 1, "Staging", NOW)).result()
        assert [change.kind for change in store.models.changes("digits")][-3:] == ["alias", "alias", "deleted"]

    @pytest.mark.parametrize(("others", "left"), [(None, "Staging"), ("archived", "Archived"), ("None", "None")])
    def test_a_stage_may_be_emptied_for_another_version(self, store: Store, others: str | None, left: str) -> None:
        add_version(store, stage="Staging")
        second = add_version(store)
        store.write(StageChanged(second.model_id, 2, "STAGING", NOW, "me", others)).result()
        assert [version.stage for version in store.models.versions("digits")] == [left, "Staging"]

    @pytest.mark.parametrize(
        ("stage", "others"), [("Archived", "None"), ("None", "Archived"), ("Staging", "Production")]
    )
    def test_only_active_stages_are_emptied(self, store: Store, stage: str, others: str) -> None:
        made = add_version(store, stage="Staging")
        with pytest.raises(UsageError, match="can"):
            store.write(StageChanged(made.model_id, 1, stage, NOW, "me", others)).result()
        assert store.models.version("digits", 1).stage == "Staging"

    def test_a_new_version_comes_with_all_or_not_at_all(self, store: Store) -> None:
        add_version(store, aliases=("champion",), stage="Production")
        with pytest.raises(UsageError):
            add_version(store, aliases=("champion", "v1"), stage="Production", others="Archived")
        assert [(v.number, v.stage) for v in store.models.versions("digits")] == [(1, "Production")]
        made = add_version(store, aliases=("champion",), stage="Production", others="Archived")
        assert [(v.stage, v.aliases) for v in store.models.versions("digits")] == [
            ("Archived", ()), ("Production", ("champion",)),
        ]  # fmt: skip
        assert made.number == 2

    def test_a_model_gets_another_name(self, store: Store) -> None:
        made = add_version(store, aliases=("champion",))
        add_version(store, "taken")
        for _ in range(2):
            store.write(ModelChanged(made.model_id, NOW, name="numbers", description="d")).result()
        assert store.models.version("numbers", 1).id == made.id
        assert store.models.find("numbers").aliases == {"champion": 1}
        with pytest.raises(NotFound):
            store.models.find("digits")
        with pytest.raises(AlreadyExists):
            store.write(ModelChanged(made.model_id, NOW, name="taken")).result()
        assert add_version(store, "digits").number == 1

    def test_a_deleted_model_is_gone_whole(self, store: Store) -> None:
        made = add_version(store, aliases=("a",), tags={"b": "c"})
        for _ in range(2):
            store.write(ModelDeleted(made.model_id)).result()
        assert store.models.search() == []
        again = add_version(store)
        assert (again.number, again.aliases, again.tags) == (1, (), {})
        assert again.model_id != made.model_id

    def test_descriptions_states_and_tags_change(self, store: Store) -> None:
        made = add_version(store, tags={"a": "1"})
        store.write(
            VersionChanged(made.model_id, 1, NOW + 1, "new", "FAILED_REGISTRATION", "no room"),
            ModelTagged(made.model_id, 1, {"a": None, "b": "2"}, NOW),
            ModelTagged(made.model_id, 0, {"whole": "model"}, NOW),
        ).result()
        found = store.models.version("digits", 1)
        assert (found.description, found.state, found.message) == ("new", "FAILED_REGISTRATION", "no room")
        assert (found.tags, found.updated) == ({"b": "2"}, NOW + 1)
        assert store.models.find("digits").tags == {"whole": "model"}

    def test_what_breaks_a_limit_of_models_is_refused_whole(self, store: Store) -> None:
        for name, event in REFUSED.items():
            with case(name):
                with pytest.raises(UsageError):
                    store.write(event).result()
                assert store.models.search() == []

    def test_what_happens_to_an_unknown_model_is_refused(self, store: Store) -> None:
        events: tuple[Event, ...] = (
            ModelChanged("x", NOW, description="d"),
            VersionChanged("x", 1, NOW),
            ModelTagged("x", 0, {"a": "b"}, NOW),
            AliasMoved("x", "a", 1, NOW),
            StageChanged("x", 1, "None", NOW),
        )
        for event in events:
            with case(event), pytest.raises(NotFound):
                store.write(event).result()

    def test_versions_are_found_by_filters(self, store: Store) -> None:
        filters = {
            "": [1, 2, 3],
            "name = 'digits'": [1, 2, 3],
            "name LIKE 'DIG%'": [],
            "name ILIKE 'DIG%' and version_number > 1": [2, 3],
            "run_id = 'r1'": [1],
            "run_id IN ('r1', 'r3')": [1, 3],
            "source_path LIKE '%/2'": [2],
            "tags.team = 'a'": [1],
            "tags.team != 'a'": [2],
            "tags.`mlflow.prompt.is_prompt` != 'true'": [1, 2],
            "current_stage = 'Staging' or tags.team = 'a'": [1, 2],
        }
        add_version(store, run_id="r1", tags={"team": "a"}, source="x/1")
        add_version(store, run_id="r2", tags={"team": "b"}, source="x/2", stage="Staging")
        add_version(store, run_id="r3", tags={"mlflow.prompt.is_prompt": "true"}, source="x/3")
        for where, expected in filters.items():
            with case(where):
                found = store.models.search_versions(where, order_by=["version_number ASC"])
                assert [version.number for version in found] == expected
                assert all(version.facts == {} for version in found)

    def test_models_are_found_in_order_and_in_pages(self, store: Store) -> None:
        for number, name in enumerate(("b", "a", "c")):
            store.write(ModelCreated(new_id(), name, NOW + number, tags={"team": name})).result()
        assert [model.name for model in store.models.search()] == ["a", "b", "c"]
        assert [model.name for model in store.models.search(order_by=["timestamp DESC"])] == ["c", "a", "b"]
        assert [model.name for model in store.models.search(limit=1, offset=1)] == ["b"]
        assert [model.name for model in store.models.search("tags.team != 'b' and name = 'c'")] == ["c"]
        for wrong in ("metrics.a > 1", "run_id = 'x'", "name > 'a'", "name ="):
            with pytest.raises(UsageError):
                store.models.search(wrong)
        with pytest.raises(UsageError, match="is ordered by"):
            store.models.search(order_by=["tags.team"])
