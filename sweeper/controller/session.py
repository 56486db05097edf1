"""One controller's time with one sweep: what has to be open while the loop runs, and what is closed however it ends."""

from __future__ import annotations

import json
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Self

from sweeper import plugins
from sweeper.artifacts import open_artifacts
from sweeper.config import SweepConfig
from sweeper.controller import provenance
from sweeper.controller.audience import Audience
from sweeper.controller.crew import Crew
from sweeper.controller.earlier import EarlierTrials
from sweeper.controller.forecast import RECENT
from sweeper.controller.forecast import TAG as FORECAST
from sweeper.controller.guard import LEASE_SECONDS, Guard
from sweeper.controller.judge import Judge
from sweeper.controller.loop import Controller
from sweeper.controller.origin import code_tag
from sweeper.controller.past import durations, past_durations
from sweeper.controller.plan import Plan
from sweeper.controller.recovery import drop_checkpoints, recover
from sweeper.controller.retry import RetryPolicy
from sweeper.controller.reuse import Known, known_results
from sweeper.controller.savings import TAG as SAVINGS
from sweeper.controller.savings import written
from sweeper.errors import LeaseHeld, LeaseLost, SweeperError
from sweeper.events import SweepChanged, SweepCreated, SweepRevised, TagsDeleted, TagsSet
from sweeper.interfaces import Hook, Store
from sweeper.processes import is_gone, runtime_folder, this_process
from sweeper.records import Fence, Point, SweepRecord, SweepState, TrialRecord
from sweeper.trial.data import save_data
from sweeper.trial.objective import Objective
from sweeper.trial.worker import Setup, stop, workers_of

GRACE = 10.0  #: seconds that running trials get after the first Ctrl-C or SIGTERM


class Session:
    """Runs a plan with an objective; ``data`` are constants given to every trial.

    A context manager: entering it writes ``data`` where workers find it, which fails before anything is created.
    """

    def __init__(
        self, plan: Plan, store: Store, carrier: Objective, data: Mapping[str, Any], hooks: Sequence[Hook]
    ) -> None:
        self._plan, self._store, self._audience = plan, store, Audience(hooks)
        self._carrier, self._data, self._artifacts = carrier, data, store.artifacts
        self._spool = spool_folder(store.artifacts, plan.sweep.id)
        self._own_process = bool(plugins.load("executor", plan.config.executor.kind).own_process)
        self._signal = 0

    @property
    def signal(self) -> int:
        """The signal that interrupted the sweep, or 0."""
        return self._signal

    def __enter__(self) -> Self:
        self._runtime = runtime_folder()
        try:
            self._saved = save_data(self._data, self._runtime / "data")
        except BaseException:
            shutil.rmtree(self._runtime, ignore_errors=True)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        stop(str(self._runtime))
        shutil.rmtree(self._runtime, ignore_errors=True)

    def create(self, command_line: Sequence[str]) -> None:
        """Write the sweep and where it comes from."""
        plan, sweep = self._plan, self._plan.sweep
        folder = self._carrier.code or code_folder(plan.config)
        source = plan.config.file or self._carrier.name
        found = {**provenance.tags(source, command_line, folder), **code_tag(plan.config)}
        tags = {**plan.config.tags, **found, **self._carrier.tags}
        params = {"method": sweep.method, "seed": str(sweep.seed), "trials": str(sweep.trials)}
        self._store.write(SweepCreated(sweep, tags, params)).result()
        files = open_artifacts(self._artifacts)
        files.write(f"{sweep.id}/environment.json", json.dumps(provenance.environment(), indent=1).encode())
        files.write(f"{sweep.id}/sweep.yaml", sweep.source.encode("utf-8", "backslashreplace"))
        if changes := provenance.diff(folder):
            files.write(f"{sweep.id}/code.diff", changes.encode("utf-8", "backslashreplace"))

    def run(self, *, resume: bool = False, wait: bool = True, revision: SweepRevised | None = None) -> SweepRecord:
        """Own the sweep until it ends or a signal interrupts it; return its record as stored.

        With ``resume`` what an earlier controller left is brought in order first, and a ``revision`` is written.
        Raises LeaseHeld, LeaseLost and StoreError.
        """
        sweep = self._plan.sweep
        seen = self._store.control(sweep.id) if resume else None
        fence = acquire(self._store, sweep, wait=wait, notice=self._audience.notice)
        guard = Guard(self._store, fence, seen)
        try:
            with self._audience.sidecar(sweep, self._store) as self._tracking:
                self._own(fence, guard, resume, revision)
        except LeaseLost:
            raise
        except BaseException as error:
            self._abandon(fence, error)
            if not (isinstance(error, KeyboardInterrupt) and self._signal):
                raise
        finally:
            guard.close()
        tidy(self._spool)
        drop_checkpoints(self._store, sweep.id, self._audience.notice)
        ended = self._store.find_sweep(sweep.id)
        self._audience.finished(ended, self._store)
        return ended

    def _own(self, fence: Fence, guard: Guard, resume: bool, revision: SweepRevised | None) -> None:
        """Run the controller under the lease, from what is known to the state that is stored at the end."""
        sweep, retry = self._plan.sweep, RetryPolicy(self._plan.config.retry)
        earlier = EarlierTrials(self._store, sweep.id) if resume else None
        if resume:
            recover(self._store, fence, self._spool, retry, self._audience.notice)
        sampler = self._plan.sampler()
        judge = Judge(self._plan.pruner(), sweep.goals[0])
        if earlier and judge.judges:
            for page in earlier.pages():
                ends = {trial.number: trial.state for trial in page}
                judge.remember(_histories(self._store, sweep.goals[0].name, page), ends)
        controller = Controller(
            self._plan,
            self._store,
            fence,
            sampler,
            self._crew(),
            self._audience,
            retry,
            judge,
            earlier or (),
            durations(earlier.latest(RECENT) if earlier else ()) or past_durations(self._store, sweep),
            self._known(),
        )
        running = SweepChanged(sweep.id, time.time(), SweepState.RUNNING, trials=sweep.trials)
        self._store.write(*([revision] if revision else []), running, fence=fence).result()
        self._audience.started(sweep, self._store)
        guard.listen(controller.wish, controller.lost)
        with self._signals(controller):
            state, reason = controller.run()
        if state is SweepState.INTERRUPTED and self._signal:
            reason = f"interrupted by {signal.Signals(self._signal).name}"
        facts = {SAVINGS: written(judge.savings())} if judge.judges else {}
        closing = (TagsDeleted(sweep.id, (FORECAST,)), TagsSet(sweep.id, facts))
        changed = SweepChanged(sweep.id, time.time(), state, reason=reason)
        self._store.write(*closing, changed, fence=fence).result()
        self._store.release(fence)

    def _known(self) -> Known | None:
        if not self._plan.config.reuse:
            return None
        folder = self._carrier.code or code_folder(self._plan.config)
        return known_results(self._store, self._plan, folder, self._audience.notice, given=bool(self._data))

    def _crew(self) -> Crew:
        plan, config = self._plan, self._plan.config
        setup = Setup(
            sweep_id=plan.sweep.id,
            experiment_id=plan.sweep.experiment_id,
            goals=plan.sweep.goals,
            carrier=self._carrier,
            artifacts=self._artifacts,
            runtime=str(self._runtime),
            spool=str(self._spool),
            slots=plan.workers,
            params=tuple({(config.space.paths.get(name) or (name,))[0] for name in config.space.parameters}),
            data=self._saved,
            own_process=self._own_process,
            pruning=bool(config.early_terminate),
            timeout=None if self._own_process else config.executor.timeout,
            tracking=self._tracking,
        )
        return Crew(config.executor, setup)

    def _abandon(self, fence: Fence, error: BaseException) -> None:
        """Something broke: say so in the store if that can still be done; the sweep can be resumed."""
        name = signal.Signals(self._signal).name if self._signal else ""
        reason = f"interrupted by {name}" if name else f"its controller failed: {type(error).__name__}: {error}"[:1000]
        try:
            changed = SweepChanged(fence.sweep_id, time.time(), SweepState.INTERRUPTED, reason=reason)
            self._store.write(changed, fence=fence).result(1 if self._store.trouble else 10)
            self._store.release(fence)
        except (SweeperError, TimeoutError):
            pass

    @contextmanager
    def _signals(self, controller: Controller) -> Iterator[None]:
        """First Ctrl-C or SIGTERM: settle. Second: at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def handle(number: int, frame: FrameType | None) -> None:
            first = not self._signal
            self._signal = self._signal or number
            notice = f"Stopping: running trials get {GRACE:g} s to end. Press Ctrl-C again to stop at once."
            controller.settle(GRACE if first else 0.0, notice if first else "")
            if not first and (self._store.trouble or not self._own_process):
                raise KeyboardInterrupt

        before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _histories(store: Store, metric: str, trials: Sequence[TrialRecord]) -> dict[int, list[Point]]:
    found = store.points([trial.run_id for trial in trials], [metric])
    return {trial.number: found.get(trial.run_id, []) for trial in trials}


def acquire(
    store: Store, sweep: SweepRecord, *, wait: bool = False, notice: Callable[[str], None] = lambda _: None
) -> Fence:
    """Take the lease of a sweep: at once when its holder is known to be dead.

    A holder on another host cannot be seen: with ``wait`` its lease is given the time to run out; otherwise, and when
    it is renewed meanwhile, LeaseHeld is raised.
    """
    while True:
        try:
            return store.acquire(sweep.id, this_process(), LEASE_SECONDS)
        except LeaseHeld:
            lease = store.lease(sweep.id)
            if lease is None:
                continue
            if is_gone(lease[0]):
                return store.acquire(sweep.id, this_process(), LEASE_SECONDS, dead=lease[0])
            holder, left = lease
            if not wait or holder.host == this_process().host:
                raise
            wait = False
        notice(f"Process {holder.pid} on {holder.host} may still run this sweep: waiting {left:.0f} s for its lease.")
        time.sleep(max(left, 0.0) + 0.5)


def code_folder(config: SweepConfig) -> Path | None:
    """Return where the objective's code lies: its file's folder, else the sweep file's; None: not known."""
    target = config.objective.target if config.objective and config.objective.kind == "function" else ""
    for place in (str(target).rpartition(":")[0], config.file):
        if place and Path(place).is_file():
            return Path(place).resolve().parent
    return None


def spool_folder(artifacts: str, sweep_id: str) -> Path:
    """Return where workers keep results that they could not hand over: on this host, this user's alone."""
    root = Path(artifacts) / ".spool" if "://" not in artifacts else Path.home() / ".cache" / "sweeper" / "spool"
    return root / sweep_id


def tidy(spool: Path) -> None:
    """Remove the notes of workers that are gone, and the folder if nothing is left in it to be ingested."""
    for path in workers_of(spool):
        path.unlink(missing_ok=True)
    for folder in (spool, spool.parent):
        try:
            folder.rmdir()
        except OSError:
            return
