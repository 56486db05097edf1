"""Many processes register at once: numbers without gaps, and an alias that never names two versions or none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sweeper.registry.registry import Registry
from sweeper.store import open_store

WRITER = """
import sys
from sweeper.records import ModelVersion, new_id
from sweeper.registry.registry import Registry
from sweeper.store import open_store
store = open_store(sys.argv[1])
registry = Registry(store, user=sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    version = ModelVersion(new_id(), "digits", aliases=("champion",), stage="Staging")
    made = registry.register(version, others="Archived")
    print(made.number, flush=True)
store.close()
"""


def test_numbers_have_no_gaps_and_aliases_move_whole(tmp_path: Path) -> None:
    # given four processes that wait for one another
    path, each = tmp_path / "runs.db", 8
    open_store(path).close()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"writer {i}", str(each)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )
        for i in range(4)
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    # when all of them register versions of one model that does not exist yet, and somebody looks all the time
    seen = set()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    store = open_store(path, read_only=True)
    registry = Registry(store)
    while any(writer.poll() is None for writer in writers):
        for model in registry.search():
            seen.add(len(model.aliases))
    numbers = [int(line) for writer in writers for line in writer.communicate()[0].split()]
    # then each number was given once, and the alias and the stage belong to the last
    assert sorted(numbers) == list(range(1, 4 * each + 1))
    assert seen == {1}
    versions = registry.versions("digits")
    assert [version.number for version in versions] == sorted(numbers)
    assert registry.get("digits").aliases == {"champion": 4 * each}
    assert [version.stage for version in versions] == ["Archived"] * (4 * each - 1) + ["Staging"]
    moves = [change for change in registry.history("digits") if change.kind == "alias"]
    assert [(move.old, move.new) for move in moves] == [
        (str(number - 1 or ""), str(number)) for number in range(1, 4 * each + 1)
    ]
    store.close()
