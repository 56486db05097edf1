"""The controller: while the budget is open or something runs, fill free slots, wait, tell what is done."""

from __future__ import annotations

import heapq
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from sweeper.controller.asker import Asker
from sweeper.controller.budget import Spending
from sweeper.controller.deaths import died, output_of
from sweeper.controller.forecast import Forecast
from sweeper.controller.intake import Active
from sweeper.controller.ledger import Ledger
from sweeper.controller.plan import Plan, trial_seed
from sweeper.controller.retry import RetryPolicy
from sweeper.errors import LeaseLost, SweeperError
from sweeper.events import (
    AttemptEnded,
    AttemptStarted,
    Event,
    PointsLogged,
    StreamApplied,
    SweepChanged,
    SweepProgress,
    TrialCreated,
)
from sweeper.interfaces import Control, Executor, Hook, Progress, Sampler, Store, WorkerDied
from sweeper.records import (
    Failure,
    Fence,
    Outcome,
    Params,
    Point,
    RunState,
    SweepState,
    TrialRecord,
    new_id,
)
from sweeper.trial.channel import AckBoard, ChannelServer
from sweeper.trial.frames import Frame, unpack
from sweeper.trial.worker import Task, evaluate

TICK = 0.1  #: seconds between looks at deadlines and wishes
SHORT = 0.05  #: trials shorter than this many seconds queue one behind the running one
SHOW = 0.2  #: seconds between progress reports


class Controller:
    """Runs one sweep to its end, or until it is told to stop. Made for one call of :meth:`run`.

    ``executor(runtime)`` makes the executor once the channel in the folder ``runtime`` is open.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        fence: Fence,
        sampler: Sampler,
        executor: Callable[[], Executor],
        runtime: Path,
        hooks: Sequence[Hook] = (),
        trials: Sequence[TrialRecord] = (),
    ) -> None:
        self._plan, self._store, self._fence, self._hooks = plan, store, fence, hooks
        self._sweep = plan.sweep
        self._executor_maker, self._runtime = executor, runtime
        self._ledger = Ledger(plan.sweep.goals, trials)
        self._retry = RetryPolicy(plan.config.retry)
        self._events: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._ready: deque[tuple[int, Params]] = deque()
        self._again: list[tuple[float, int, Active]] = []
        self._by_serial: dict[int, Active] = {}
        self._serial = 0
        self._asked = 0
        self._exhausted = False
        self._hold = ""  #: why nothing is dispatched: "pause", "settle", "over"
        self._end: tuple[SweepState, str] | None = None
        self._error: BaseException | None = None
        self._shown = 0.0
        self._written = 0.0
        self._kill_at = float("inf")
        self._sampler = sampler
        self._gone: set[tuple[int, int]] = set()
        self._watched = [hook for hook in hooks if type(hook).trial_ended is not Hook.trial_ended]
        self._learns = getattr(sampler, "learns", True)
        self._spending = Spending(plan.config.budget, plan.sweep.goals, seconds=plan.sweep.seconds)
        self._started = time.monotonic()
        self._before = plan.sweep.seconds
        self._restore(trials)

    # -- the sentence ------------------------------------------------------------------------------------------------

    def run(self) -> tuple[SweepState, str]:
        """Run the sweep and return the state it is in and why. Everything acknowledged is in the store.

        Raises LeaseLost when another controller took over, and what the store raised when it cannot be written.
        """
        self._server = ChannelServer(self._runtime, self._on_frame, self._on_ask, self._on_gone)
        self._executor = self._executor_maker()
        self._acks = AckBoard(self._runtime, self._executor.slots)
        self._load = [0] * self._executor.slots
        self._forecast = Forecast(self._executor.slots)
        self._asker = Asker(self._sampler, lambda *answer: self._events.put((self._on_answer, *answer)))
        try:
            while self._going():
                self._fill()
                self._wait()
        finally:
            self._executor.close(cancel=bool(self._by_serial))
            self._asker.close()
            self._server.close()
            self._acks.close()
        if self._error is not None:
            raise self._error
        self._write(self._progress_event())
        self._store.flush()
        self._show(force=True)
        return self._end or (SweepState.FINISHED, "")

    def settle(self, seconds: float) -> None:
        """Start no new trials and let the running ones end within ``seconds``: the sweep can be resumed."""
        self._events.put((self._on_settle, seconds))

    def wish(self, control: Control) -> None:
        """Take a wish of somebody: pause, resume, stop or cancel."""
        self._events.put((self._on_wish, control))

    def lost(self, error: LeaseLost) -> None:
        """Another controller took over: end the workers and write no more."""
        self._events.put((self._on_error, error))

    def _going(self) -> bool:
        if self._error is not None:
            return False
        if self._by_serial:
            return True
        if self._hold in ("settle", "over"):
            return False
        waiting = self._ready or self._again or self._asked
        return bool(waiting or self._hold == "pause" or (not self._exhausted and self._spending.open != 0))

    def _fill(self) -> None:
        self._request()
        if self._hold:
            return
        depth = 2 if self._executor.own_process and (self._forecast.mean or 1.0) < SHORT else 1
        while (slot := self._free(depth)) is not None and (active := self._next()) is not None:
            self._dispatch(slot, active)
            self._request()

    def _wait(self) -> None:
        try:
            handler, *arguments = self._events.get(timeout=TICK)
            handler(*arguments)
            for _ in range(100):
                handler, *arguments = self._events.get_nowait()
                handler(*arguments)
        except queue.Empty:
            pass
        now = time.monotonic()
        self._spending.seconds = self._before + now - self._started
        if now - self._shown > SHOW:
            self._tick(now)

    # -- asking and dispatching --------------------------------------------------------------------------------------

    def _request(self) -> None:
        """Ask for as many proposals as there is room for; a sampler that does not learn may be asked ahead."""
        if self._exhausted or self._hold in ("settle", "over"):
            return
        room = sum(1 for load in self._load if load == 0) if self._learns else 2 * len(self._load)
        if self._learns and self._executor.own_process and (self._forecast.mean or 1.0) < SHORT:
            room = sum(2 - load for load in self._load)
        now = time.monotonic()
        wanted = room - len(self._ready) - sum(due <= now for due, *_ in self._again) - self._asked
        if self._spending.open is not None:
            wanted = min(wanted, self._spending.open)
        for _ in range(wanted):
            self._asker.ask(self._spending.created)
            self._spending.created += 1
            self._asked += 1

    def _on_answer(self, number: int, answer: Params | Exception | None) -> None:
        if number >= 0:
            self._asked -= 1
        if isinstance(answer, Exception):
            self._on_error(answer)
        elif answer is not None:
            self._ready.append((number, answer))
        else:
            self._exhausted = True
            self._spending.created -= 1

    def _free(self, depth: int) -> int | None:
        slot = min(range(len(self._load)), key=self._load.__getitem__)
        return slot if self._load[slot] < depth else None

    def _next(self) -> Active | None:
        if self._again and self._again[0][0] <= time.monotonic():
            return heapq.heappop(self._again)[2]
        if self._ready:
            number, params = self._ready.popleft()
            return Active(number, new_id(), params, 0)
        return None

    def _dispatch(self, slot: int, active: Active) -> None:
        now = time.time()
        seed = trial_seed(self._sweep.seed, active.number)
        self._serial += 1
        fresh = active.attempt == 0
        active = Active(active.number, active.run_id, active.params, active.attempt + 1, serial=self._serial, slot=slot)
        events: list[Event] = []
        if fresh:
            created = TrialCreated(self._sweep.id, active.run_id, active.number, active.params, seed, now)
            events.append(created)
        self._ledger.move(None if fresh else RunState.QUEUED, RunState.RUNNING)
        events.append(AttemptStarted(self._sweep.id, active.run_id, active.attempt, f"slot {slot}", now))
        self._write(*events)
        self._by_serial[active.serial] = active
        self._load[slot] += 1
        kwargs = self._plan.kwargs(active.params)
        task = Task(active.run_id, active.number, active.attempt, active.serial, seed, active.params, kwargs)
        future = self._executor.submit(slot, evaluate, task)
        future.add_done_callback(lambda done: self._events.put((self._on_done, active.serial, done)))

    # -- what comes back ---------------------------------------------------------------------------------------------

    def _on_frame(self, slot: int, frame: Frame) -> None:
        self._events.put((self._take_frame, frame))

    def _on_ask(self, run_id: str, number: int, step: int, value: float) -> bool:
        return False

    def _on_gone(self, slot: int, pid: int) -> None:
        self._events.put((self._note_gone, slot, pid))

    def _note_gone(self, slot: int, pid: int) -> None:
        self._gone.add((slot, pid))
        self._bury()

    def _take_frame(self, frame: Frame) -> None:
        active = self._by_serial.get(frame.serial)
        if active is None:
            return
        events = active.take(frame)
        if events and active.ended(events) is None:
            applied = StreamApplied(self._sweep.id, active.run_id, active.attempt, active.applied)
            self._acknowledge(active, *events, applied)
        self._settle_attempt(active)

    def _on_done(self, serial: int, future: Future[Any]) -> None:
        active = self._by_serial[serial]
        self._load[active.slot] -= 1
        error = future.exception()
        if error is None:
            active.last = unpack(future.result())
            self._settle_attempt(active)
            return
        active.death = error if isinstance(error, WorkerDied) else WorkerDied(reason=f"{type(error).__name__}: {error}")
        active.died_at = time.monotonic()
        self._bury()

    def _settle_attempt(self, active: Active) -> None:
        events = active.ready()
        if events is None:
            return
        ended = active.ended(events)
        if ended is not None:
            self._finish(active, events[:-1], ended)

    def _bury(self) -> None:
        """End the attempts whose worker died and whose last records are in."""
        for active in [a for a in self._by_serial.values() if a.death is not None]:
            assert active.death is not None
            place = (active.slot, active.death.pid)
            if active.given_up(place in self._gone):
                self._gone.discard(place)
                output = output_of(self._runtime, active.slot, active.death.pid)
                self._finish(active, [], died(self._sweep.id, active, active.death, output))

    def _finish(self, active: Active, events: list[Event], ended: AttemptEnded) -> None:
        """An attempt is over: the trial ends with it, or waits for another attempt."""
        del self._by_serial[active.serial]
        state, failure = ended.state or RunState.FAILED, ended.failure
        delay = self._next_attempt(active, failure)
        if delay is not None:
            self._ledger.move(RunState.RUNNING, RunState.QUEUED)
            self._acknowledge(active, *events, replace(ended, state=None))
            heapq.heappush(self._again, (time.monotonic() + delay, active.serial, active))
            return
        if active.killed == "cancelled":
            state = RunState.CANCELLED
            ended = replace(ended, state=state)
        self._retry.forget(active.number)
        self._ledger.move(RunState.RUNNING, state)
        improved = state is RunState.COMPLETE and self._ledger.improves(
            active.number, active.run_id, active.params, ended.values
        )
        seconds = ended.time - (ended.started or ended.time)
        self._forecast.ended(seconds)
        cost = dict(ended.metrics or {}).get(self._plan.config.budget.cost_metric or "", seconds)
        self._spending.ended(state, improved, ended.values, cost, failure.message if failure else "")
        outcome = Outcome(state, ended.values, failure, metrics=ended.metrics or {})
        self._asker.tell(active.number, active.params, outcome)
        self._acknowledge(active, *events, ended, *self._parent_events(active, improved))
        self._announce(active, ended, state)
        if (end := self._spending.over()) is not None and not self._hold:
            self._over(*end)

    def _next_attempt(self, active: Active, failure: Failure | None) -> float | None:
        if active.killed == "settled":
            return 0.0
        if failure is None or active.killed == "cancelled":
            return None
        return self._retry.delay(active.number, failure.kind)

    def _parent_events(self, active: Active, improved: bool) -> list[Event]:
        events: list[Event] = []
        if improved and self._ledger.best is not None:
            name = f"best_{self._sweep.goals[0].name}"
            point = Point(name, self._ledger.best.value, active.number, time.time())
            events.append(PointsLogged(self._sweep.id, (point,)))
        if improved or time.monotonic() - self._written > SHOW:
            events.append(self._progress_event())
        return events

    def _progress_event(self) -> SweepProgress:
        self._written = time.monotonic()
        counts = self._ledger.counted()
        return SweepProgress(self._sweep.id, counts, self._ledger.recorded_best, self._spending.seconds)

    # -- writing -----------------------------------------------------------------------------------------------------

    def _write(self, *events: Event) -> None:
        self._store.write(*events, fence=self._fence).add_done_callback(self._written_or_not)

    def _acknowledge(self, active: Active, *events: Event) -> None:
        slot, serial, applied = active.slot, active.serial, active.applied

        def committed(done: Future[None]) -> None:
            self._written_or_not(done)
            if done.exception() is None:
                self._acks.write(slot, serial, applied)

        self._store.write(*events, fence=self._fence).add_done_callback(committed)

    def _written_or_not(self, done: Future[None]) -> None:
        if (error := done.exception()) is not None:
            self._events.put((self._on_error, error))

    def _on_error(self, error: BaseException) -> None:
        if self._error is None:
            self._error = error

    # -- time, wishes, showing ---------------------------------------------------------------------------------------

    def _tick(self, now: float) -> None:
        timeout = self._plan.config.executor.timeout
        for active in list(self._by_serial.values()):
            since = self._executor.running_since(active.slot)
            if active.killed or since is None or not self._runs(active):
                continue
            if timeout is not None and now - since > timeout:
                self._kill(active, f"timeout: it ran longer than {timeout:g} s and was killed")
            elif now > self._kill_at:
                self._kill(
                    active, "cancelled" if self._end and self._end[0] is not SweepState.INTERRUPTED else "settled"
                )
        self._bury()
        if (end := self._spending.over()) is not None and not self._hold:
            self._over(*end)
        self._show()

    def _runs(self, active: Active) -> bool:
        """Return whether this is the call its slot runs, not one queued behind it."""
        return all(other.serial >= active.serial for other in self._by_serial.values() if other.slot == active.slot)

    def _kill(self, active: Active, why: str) -> None:
        active.killed = why
        self._executor.kill(active.slot)

    def _over(self, state: SweepState, reason: str) -> None:
        self._hold, self._end = "over", (state, reason)
        if reason.startswith("its time") or state is SweepState.CANCELLED:
            self._kill_at = 0.0
        if reason:
            self._notice(f"No new trials: {reason}.")

    def _on_settle(self, seconds: float) -> None:
        self._hold, self._end = "settle", (SweepState.INTERRUPTED, "interrupted")
        self._kill_at = min(self._kill_at, time.monotonic() + seconds)

    def _on_wish(self, control: Control) -> None:
        if self._hold in ("settle", "over") and control.wanted != "cancel":
            return
        if control.wanted == "pause":
            self._hold = "pause"
            self._write(SweepChanged(self._sweep.id, time.time(), SweepState.PAUSED))
        elif control.wanted == "resume":
            self._hold = ""
            self._write(SweepChanged(self._sweep.id, time.time(), SweepState.RUNNING))
        elif control.wanted == "stop":
            self._over(SweepState.STOPPED, f"stopped by {control.by}")
        elif control.wanted == "cancel":
            self._over(SweepState.CANCELLED, f"cancelled by {control.by}")

    def _show(self, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._shown < SHOW:
            return
        self._shown = now
        running = [self._executor.running_since(slot) for slot in range(len(self._load))] if not force else []
        waiting = self._spending.open
        if waiting is not None:
            waiting += len(self._ready) + len(self._again) + self._asked
        progress = Progress(
            name=self._sweep.name,
            state="paused" if self._hold == "pause" else "running",
            total=self._plan.config.budget.trials,
            counts=self._ledger.counted(),
            best=self._ledger.best,
            values=self._ledger.best_values,
            seconds=self._spending.seconds,
            rate=self._forecast.rate,
            eta=self._forecast.eta(waiting, [now - since for since in running if since is not None]),
        )
        self._tell_hooks(lambda hook: hook.progress(progress))

    def _announce(self, active: Active, ended: AttemptEnded, state: RunState) -> None:
        if not self._watched:
            return
        record = TrialRecord(
            active.run_id,
            self._sweep.id,
            active.number,
            state,
            active.params,
            ended.values,
            ended.metrics or {},
            active.attempt,
            ended.failure,
            started=ended.started,
            ended=ended.time,
        )
        self._tell_hooks(lambda hook: hook.trial_ended(self._sweep, record))

    def _notice(self, message: str) -> None:
        self._tell_hooks(lambda hook: hook.notice(message))

    def _tell_hooks(self, call: Callable[[Hook], None]) -> None:
        for hook in self._hooks:
            try:
                call(hook)
            except Exception as error:
                if not isinstance(error, SweeperError):
                    error = RuntimeError(f"{type(hook).__name__} failed: {type(error).__name__}: {error}")
                for other in self._hooks:
                    if other is not hook:
                        other.notice(str(error))

    def _restore(self, trials: Sequence[TrialRecord]) -> None:
        """Tell the sampler what is known and queue what was in flight: numbers go on without gaps."""
        for trial in trials:
            self._spending.created = max(self._spending.created, trial.number + 1)
            if trial.state.ended:
                seconds = (trial.ended or 0.0) - (trial.started or trial.ended or 0.0)
                self._spending.cost += trial.metrics.get(self._plan.config.budget.cost_metric or "", seconds)
                self._sampler.tell(
                    trial.number, trial.params, Outcome(trial.state, trial.values, trial.failure, metrics=trial.metrics)
                )
            else:
                active = Active(trial.number, trial.run_id, trial.params, max(trial.attempts, 1))
                self._again.append((0.0, trial.number, active))
        heapq.heapify(self._again)
