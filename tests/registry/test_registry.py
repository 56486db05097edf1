"""The registry over a store: finding versions, moving aliases and stages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sweeper.errors import AlreadyExists, NotFound, UsageError
from sweeper.records import STAGES, ModelVersion, new_id
from sweeper.registry.registry import Registry
from sweeper.store import open_store
from sweeper.testing.sweeps import add_run


def version(registry: Registry, name: str = "digits", **facts: object) -> ModelVersion:
    return registry.register(ModelVersion(new_id(), name, location=f"/files/{new_id()}", **facts))  # type: ignore[arg-type]  # any field


def test_versions_are_found_by_number_alias_stage_and_latest(registry: Registry) -> None:
    one, two, three = version(registry, aliases=("champion",)), version(registry, stage="Staging"), version(registry)
    for uri, wanted in [
        ("models:/digits/1", one),
        ("models:/digits@champion", one),
        ("models:/digits/staging", two),
        ("models:/digits/latest", three),
        ("models:/digits@latest", three),
        ("models:/digits/None", three),
    ]:
        found = registry.resolve(uri)
        assert (found.version, found.location) == (wanted, wanted.location)
    assert registry.by_alias("digits", "latest") == three
    assert [each.number for each in registry.latest("digits")] == [3, 2]
    assert [each.number for each in registry.latest("digits", ["staging", "Production"])] == [2]


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("models:/digit/1", "did you mean 'digits'"),
        ("models:/digits/9", "choose from: 2, 1"),
        ("models:/digits@champ", "did you mean 'digits@champion'"),
        ("models:/digits/Production", "No version is in Production; None: 2, Staging: 1"),
        ("models:/digits/prod", "choose from: None, Staging, Production, Archived"),
        ("models:/empty/latest", "has no versions yet"),
    ],
)
def test_what_is_not_there_is_refused_with_the_choices(registry: Registry, uri: str, said: str) -> None:
    version(registry, aliases=("champion",), stage="Staging")
    version(registry)
    registry.create("empty")
    with pytest.raises(UsageError, match=said):
        registry.resolve(uri)


def test_a_run_has_its_files_where_its_artifacts_are(registry: Registry) -> None:
    run_id = add_run(registry.store, artifact_uri="/elsewhere/run")
    found = registry.resolve(f"runs:/{run_id}/a/model")
    assert (found.location, found.run_id, found.version) == ("/elsewhere/run/a/model", run_id, None)


def test_everything_can_be_changed_and_taken_away(registry: Registry) -> None:
    registry.create("digits", "about", {"team": "a"})
    version(registry)
    registry.describe("digits", "numbers")
    registry.describe("digits", "first", version=1)
    registry.tag("digits", {"team": None, "data": "iris"})
    registry.tag("digits", {"reviewed": "yes"}, version=1)
    registry.set_alias("digits", "champion", 1)
    registry.transition("digits", 1, "production")
    registry.set_state("digits", 1, "FAILED_REGISTRATION", "lost")
    registry.rename("digits", "numbers")
    model, found = registry.get("numbers"), registry.version("numbers", 1)
    assert (model.description, model.tags, model.aliases) == ("numbers", {"data": "iris"}, {"champion": 1})
    assert (found.description, found.tags, found.stage) == ("first", {"reviewed": "yes"}, "Production")
    assert (found.state, found.message, found.user) == ("FAILED_REGISTRATION", "lost", "me")
    assert registry.delete_alias("numbers", "champion") == 1
    registry.delete_version("numbers", 1)
    assert registry.versions("numbers") == []
    kinds = [change.kind for change in registry.history("numbers")]
    assert kinds == ["created", "registered", "alias", "stage", "renamed", "alias", "deleted"]
    registry.delete("numbers")
    assert registry.search() == []


def test_wrong_changes_are_refused(registry: Registry) -> None:
    version(registry, aliases=("champion",))
    with pytest.raises(AlreadyExists):
        registry.create("digits")
    with pytest.raises(NotFound, match="digits@champion"):
        registry.delete_alias("digits", "champio")
    with pytest.raises(NotFound):
        registry.tag("digits", {"a": "b"}, version=2)
    with pytest.raises(UsageError, match="either archive_existing or demote_existing"):
        registry.transition("digits", 1, "Staging", archive_existing=True, demote_existing="None")
    with pytest.raises(UsageError, match="only those in Staging and Production"):
        registry.transition("digits", 1, "Archived", archive_existing=True)


moves = st.lists(
    st.one_of(
        st.tuples(st.just("register"), st.sampled_from(STAGES)),
        st.tuples(
            st.just("stage"), st.integers(1, 4), st.sampled_from(STAGES), st.sampled_from([None, "Archived", "None"])
        ),
        st.tuples(st.just("alias"), st.sampled_from("ab"), st.integers(1, 4)),
        st.tuples(st.just("delete"), st.integers(1, 4)),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip


@given(moves=moves)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stages_and_aliases_go_as_in_mlflow(tmp_path: Path, moves: list[tuple[object, ...]]) -> None:
    """The model is MLflow 3.17's store, as it was seen to behave: any stage to any other, active ones emptied."""
    registry = Registry(open_store(tmp_path / f"{new_id()}.db"))
    registry.create("m")
    stages: dict[int, str] = {}
    aliases: dict[str, int] = {}
    made = 0
    for move, *what in moves:
        try:
            if move == "register":
                registry.register(ModelVersion(new_id(), "m", stage=str(what[0])))
            elif move == "stage":
                registry.transition("m", *what[:2], demote_existing=what[2])  # type: ignore[arg-type,misc]  # drawn values
            elif move == "alias":
                registry.set_alias("m", *what)  # type: ignore[arg-type]  # drawn values
            else:
                registry.delete_version("m", *what)  # type: ignore[arg-type]  # drawn values
        except UsageError:
            known = what[0] if move != "alias" else what[1]
            empties = move == "stage" and what[2] is not None and what[1] not in ("Staging", "Production")
            assert empties or known not in stages, (move, what)
            continue
        if move == "register":
            made += 1
            stages[made] = str(what[0])
        elif move == "stage":
            if what[2] is not None:
                stages = {n: str(what[2]) if s == what[1] and n != what[0] else s for n, s in stages.items()}
            stages[int(str(what[0]))] = str(what[1])
        elif move == "alias":
            aliases[str(what[0])] = int(str(what[1]))
        else:
            del stages[int(str(what[0]))]
            aliases = {alias: number for alias, number in aliases.items() if number != what[0]}
        assert {each.number: each.stage for each in registry.versions("m")} == stages
        assert registry.get("m").aliases == aliases
    registry.store.close()


def test_a_model_is_edited_at_once_or_not_at_all(registry: Registry) -> None:
    registry.create("digits", "before")
    registry.create("taken")
    with pytest.raises(AlreadyExists):
        registry.edit("digits", new_name="taken", description="after", tags={"a": "b"})
    assert (registry.get("digits").description, registry.get("digits").tags) == ("before", {})
    registry.edit("digits", new_name="numbers", description="after", tags={"a": "b", "c": None})
    assert (registry.get("numbers").description, registry.get("numbers").tags) == ("after", {"a": "b"})


def test_a_link_among_the_artifacts_leads_nowhere(registry: Registry, tmp_path: Path) -> None:
    run = add_run(registry.store)
    (tmp_path / "secret" / "model").mkdir(parents=True)
    files = Path(registry.store.artifacts_of(run))
    files.mkdir(parents=True)
    (files / "link").symlink_to(tmp_path / "secret")
    (files / "model").mkdir()
    for path in ("link", "link/model"):
        with pytest.raises(UsageError, match="a link"):
            registry.resolve(f"runs:/{run}/{path}")
    assert registry.resolve(f"runs:/{run}/model").location == str(files / "model")
