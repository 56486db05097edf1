"""``python -m sweeper.web.judging_process``: reads one question from stdin, writes its answer to stdout.

It gives way to whatever else runs, and ends when its stdin does: whoever asked is gone.
"""

from __future__ import annotations

import json
import os
import sys
import threading


def main() -> None:
    """Judge one sweep."""
    os.nice(5)
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_watch, daemon=True).start()

    from sweeper.store import open_store
    from sweeper.web.importance import importance_of
    from sweeper.web.plain import to_json

    store = open_store(asked["url"], read_only=True)
    try:
        found = importance_of(store, store.find_sweep(asked["sweep"]), asked["goal"])
    finally:
        store.close()
    sys.stdout.write(to_json(found))
    sys.stdout.flush()


def _watch() -> None:
    while os.read(0, 1024):  # not through sys.stdin, which the interpreter has to lock when it ends
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
