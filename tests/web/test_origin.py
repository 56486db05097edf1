"""With what a run was made, and how that differs from the best trial's."""

from __future__ import annotations

import json

from sweeper.artifacts import open_artifacts
from sweeper.events import TagsSet
from sweeper.store.store import SqlStore
from sweeper.testing.sweeps import add_run
from sweeper.web import origin

DIFF = "--- a/train.py\n+++ b/train.py\n@@ -1 +1,2 @@\n-old\n+new\n+newer\n"


def run_with(store: SqlStore, tags: dict[str, str], files: dict[str, bytes]) -> str:
    run_id = add_run(store)
    store.write(TagsSet(run_id, tags)).result()
    for name, content in files.items():
        open_artifacts(store.artifacts).write(f"{run_id}/{name}", content)
    return run_id


def test_what_was_recorded_is_told(fresh: SqlStore) -> None:
    kept = {"platform": "Linux", "cores": 4, "packages": {"numpy": "2.0"}, "python": "long text"}
    tags = {"sweeper.host": "lab", "sweeper.python": "3.12.1", "mlflow.source.git.commit": "abc", "note": "x"}
    run = fresh.run(run_with(fresh, tags, {"environment.json": json.dumps(kept).encode()}))
    recorded = origin.recorded(fresh, open_artifacts(fresh.artifacts), run)
    rows = [["host", "lab"], ["python", "3.12.1"], ["platform", "Linux"], ["cores", "4"]]
    assert origin.environment(run.tags, recorded) == rows
    assert origin.packages(recorded) == [["numpy", "2.0"]]


def test_a_damaged_record_is_no_record(fresh: SqlStore) -> None:
    files = open_artifacts(fresh.artifacts)
    for content in (b"{", b"[1]", b'{"packages": 3}', b"\xff"):
        run = fresh.run(run_with(fresh, {}, {"environment.json": content}))
        assert origin.packages(origin.recorded(fresh, files, run)) == []
    assert origin.recorded(fresh, files, fresh.run(add_run(fresh))) == {}


def test_changes_that_were_not_committed_are_counted(fresh: SqlStore) -> None:
    tags = {"mlflow.source.git.commit": "abc", "sweeper.git.dirty": "true"}
    run = fresh.run(run_with(fresh, tags, {"code.diff": DIFF.encode()}))
    found = origin.code(fresh, open_artifacts(fresh.artifacts), run, run)
    assert (found["version"], found["dirty"], found["added"], found["removed"]) == ("abc", True, 2, 1)
    assert (found["diff"], found["diff_to_best"]) == (DIFF, None)


def test_what_differs_from_the_best_is_a_diff(fresh: SqlStore) -> None:
    files = open_artifacts(fresh.artifacts)
    best = fresh.run(run_with(fresh, {"mlflow.source.git.commit": "old", "sweeper.python": "3.11"}, {}))
    run = fresh.run(run_with(fresh, {"mlflow.source.git.commit": "new"}, {"code.diff": DIFF.encode()}))
    text = origin.code(fresh, files, run, best)["diff_to_best"]
    lines = text.splitlines()
    assert {"-commit: old", "+commit: new", "-python: 3.11", "+++ this", "++newer"} <= set(lines)
    same = fresh.run(run_with(fresh, dict(best.tags), {}))
    assert origin.code(fresh, files, same, best)["diff_to_best"] is None
