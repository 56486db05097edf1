"""The executor: slots on the nodes of a cluster, each filled as soon as it has a place."""

from __future__ import annotations

import functools
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

from sweeper.errors import UsageError
from sweeper.executors.ray import cluster
from sweeper.executors.ray.host import Brief, Host
from sweeper.executors.ray.options import Options, resources_text, room
from sweeper.executors.ray.shared import SharedFolder
from sweeper.executors.ray.slot import Slot, SlotState
from sweeper.interfaces import Message, Outpost

TICK = 0.2  #: seconds between looks at the slots
PLACES = 2.0  #: seconds between looks at the nodes while slots wait
SOME_WAIT, ALL_WAIT = 10.0, 30.0  #: seconds after which a person is told that slots wait
CLOSING = 8.0  #: seconds in which a slot that is to end at once does so by itself


class RayExecutor:
    """``slots`` actors of Ray, each with the resources of one trial, and beside it a worker process of its own.

    ``outpost`` stands in for the controller beside each worker and ``receive(slot, message)`` takes what it sends;
    ``data`` is a folder that all workers see; ``notice(sentence)`` tells a person. ``fresh`` and ``preload`` are as for
    the executor of one machine, the other ``options`` are those of :class:`sweeper.executors.ray.options.Options`.
    """

    own_process = True
    remote = True

    def __init__(
        self,
        slots: int,
        start: Callable[..., Any],
        start_args: tuple[Any, ...] = (),
        *,
        outpost: Outpost | None = None,
        receive: Callable[[int, Message], None] = lambda slot, message: None,
        data: str = "",
        notice: Callable[[str], None] = lambda sentence: None,
        fresh: bool = False,
        preload: Callable[[], Any] = lambda: None,
        **options: Any,
    ) -> None:
        self.slots = slots
        self._options = Options.read(options)
        self._cluster = cluster.connect(self._options, slots)
        self._notice = notice
        inner: dict[str, Any] = {"threads": self._options.threads or max(int(self._options.cpu), 1)}
        inner |= {"fresh": True, "preload": preload} if fresh else {}
        self._shared = SharedFolder.of(data) if data else None
        create = self._creator(start, start_args, outpost, inner)
        self._inbox: queue.SimpleQueue[tuple[Slot, int, Future[list[Message]]] | None] = queue.SimpleQueue()
        self._slots = [
            Slot(slot, functools.partial(create, slot), self._inbox, receive, self._others_go_on)
            for slot in range(slots)
        ]
        self.closed = False
        self._began = self._looked = time.monotonic()
        self._misfit: float | None = None  # since when no node is large enough
        self._said: set[str] = set()
        for slot in self._slots:
            slot.open()
        self._thread = threading.Thread(target=self._serve, name="sweeper-ray", daemon=True)
        self._thread.start()

    @classmethod
    def connect(
        cls, workers: int | None, options: Mapping[str, Any], notice: Callable[[str], None] = lambda sentence: None
    ) -> int:
        """Reach the cluster, or start Ray here, which ``notice`` is told; return how many trials to run at once:
        ``workers``, or its room.

        Raises MissingPackage and UsageError, also for a demand that this machine can never meet.
        """
        wanted = Options.read(options)
        made = cluster.connect(wanted, workers or len(os.sched_getaffinity(0)), notice)
        nodes = cluster.nodes()
        if made.folder is not None and not room(wanted.demand, nodes):
            made.close()
            raise UsageError(f"executor: {_misfit(wanted, nodes)}")
        return workers or max(room(wanted.demand, nodes), 1)

    def submit(self, slot: int, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        import cloudpickle

        try:
            payload = cloudpickle.dumps((fn, args))
        except Exception as error:
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed
        return self._slots[slot].submit(payload)

    def post(self, slot: int, message: Message, urgent: bool = True) -> None:
        """Send to the outpost of a slot; what is not urgent travels with what comes next."""
        self._slots[slot].post(message, urgent)

    def usable(self, slot: int) -> bool:
        state = self._slots[slot].state
        return state is SlotState.UP or (state is SlotState.UNUSABLE and self._all_given_up())

    def running_since(self, slot: int) -> float | None:
        return self._slots[slot].running_since

    def pid(self, slot: int) -> int | None:
        return None

    def kill(self, slot: int, grace: float = 2.0) -> None:
        self._slots[slot].kill(grace)

    def close(self, *, cancel: bool = False) -> None:
        if self.closed:
            return
        self.closed = True
        import ray

        last = [reference for slot in self._slots if (reference := slot.ask_to_close(cancel)) is not None]
        if last:
            patience = None if not cancel and not all(slot.idle for slot in self._slots) else CLOSING
            ray.wait(last, num_returns=len(last), timeout=patience)
        deadline = time.monotonic() + TICK
        while not all(slot.idle for slot in self._slots) and time.monotonic() < deadline:
            time.sleep(0.01)
        for slot in self._slots:
            slot.close()
        self._inbox.put(None)
        self._thread.join()
        self._cluster.close()

    def _creator(
        self, start: Callable[..., Any], start_args: tuple[Any, ...], outpost: Outpost | None, inner: Mapping[str, Any]
    ) -> Callable[[int], Any]:
        """Return what makes the actor of a slot."""
        import ray

        options, env = self._options, self._options.runtime_env
        content = []
        if self._shared is not None:
            self._shared.mark()
            content = [] if self._cluster.folder else [ray.put(self._shared.content())]
        given = options.actor()
        if env and not self._cluster.ours:
            given["runtime_env"] = dict(env)
        remote: Any = ray.remote  # its types do not know concurrency_groups
        made = remote(concurrency_groups={"take": 1})(Host).options(**given)

        def create(slot: int) -> Any:
            brief = Brief(
                slot,
                start,
                start_args,
                outpost,
                inner,
                memory=options.memory,
                shared=self._shared,
                path=tuple(entry for entry in sys.path if entry),
                folder="" if "working_dir" in env else os.getcwd(),
                keep_threads="OMP_NUM_THREADS" in os.environ or "OMP_NUM_THREADS" in env.get("env_vars", {}),
            )
            return made.remote(brief, content)

        return create

    # -- the thread that works on news ---------------------------------------------------------------------------------

    def _serve(self) -> None:
        looked = 0.0
        while True:
            try:
                item = self._inbox.get(timeout=TICK)
            except queue.Empty:
                pass
            else:
                if item is None:
                    return
                slot, generation, answer = item
                try:
                    slot.taken(generation, answer)
                except (Exception, CancelledError) as error:
                    slot.lost(error)
            if (now := time.monotonic()) - looked > TICK:
                looked = now
                try:
                    self._look(now)
                except Exception:  # what Ray raises while a cluster is in trouble: the next look tries again
                    continue

    def _look(self, now: float) -> None:
        for slot in self._slots:
            slot.look(now)
        if now - self._looked > PLACES and not self.closed:
            self._looked = now
            waiting = [slot for slot in self._slots if slot.state is SlotState.PENDING]
            if waiting:
                self._wait_for_places(now, waiting)

    def _all_given_up(self) -> bool:
        return all(slot.state is SlotState.UNUSABLE for slot in self._slots)

    def _others_go_on(self, slot: Slot) -> bool:
        """Return whether the sweep can do without a slot that is given up; then a person is told, once."""
        if self._all_given_up():
            return False
        self._say("loss", f"Worker {slot.number} is given up, the others go on: {slot.reason}")
        return True

    def _say(self, what: str, sentence: str) -> None:
        """Tell a person, once."""
        if what not in self._said:
            self._said.add(what)
            self._notice(sentence)

    def _wait_for_places(self, now: float, waiting: list[Slot]) -> None:
        """Say once that slots wait; when none runs and no node is large enough, that ends them after a while."""
        running = sum(slot.state is SlotState.UP for slot in self._slots)
        try:
            nodes = cluster.nodes()
        except Exception:  # the cluster cannot be asked just now
            return
        fits = room(self._options.demand, nodes) > 0
        self._misfit = None if fits else self._misfit or now
        if running and now - self._began > SOME_WAIT:
            self._say("some", f"{running} of {len(self._slots)} workers run: there is no room on Ray for more now.")
        if running:
            return
        if self._misfit is not None and now - self._misfit > self._options.place_timeout:
            self._said.add("loss")
            for slot in waiting:
                slot.give_up(_misfit(self._options, nodes))
        elif fits and now - self._began > ALL_WAIT:
            self._say("all", "No worker runs: the Ray cluster is busy, or cannot start one (its logs say). Waiting.")


def _misfit(options: Options, nodes: list[Mapping[str, float]]) -> str:
    have = "; ".join(sorted({resources_text(node) for node in nodes}, key=len)[:5])
    return (
        f"each trial needs {resources_text(options.demand)}, and no node of the Ray cluster has that; they have: "
        f"{have}. Ask for less, or add a node"
    )
