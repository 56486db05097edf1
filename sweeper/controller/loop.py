"""The controller: while the budget is open or something runs, fill free slots, wait, tell what is done."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from signal import SIGKILL
from typing import Any

from sweeper.controller.asker import Asker
from sweeper.controller.audience import Audience
from sweeper.controller.backlog import Backlog
from sweeper.controller.budget import Spending
from sweeper.controller.clerk import Clerk
from sweeper.controller.crew import Crew
from sweeper.controller.deaths import died, output_of, told_of_kill
from sweeper.controller.forecast import Forecast
from sweeper.controller.intake import Active
from sweeper.controller.judge import Judge
from sweeper.controller.ledger import Ledger
from sweeper.controller.outlook import Outlook
from sweeper.controller.plan import Plan
from sweeper.controller.retry import RetryPolicy
from sweeper.controller.reuse import Known
from sweeper.controller.slots import Slots
from sweeper.errors import UsageError
from sweeper.events import AttemptEnded, AttemptStarted, Event, StreamApplied, TagsSet, TrialCreated, TrialEnded
from sweeper.interfaces import Control, Sampler, SlotUnusable, Store, WorkerDied
from sweeper.processes import out_of_memory_kills
from sweeper.records import Failure, Fence, Outcome, Params, RunState, SweepState, TrialRecord
from sweeper.trial.frames import Frame, unpack
from sweeper.trial.worker import Task

TICK = 0.1  #: seconds the loop waits at most before it looks at deadlines
SHORT = 0.05  #: trials shorter than this many seconds queue one behind the running one
SHOW = 0.2  #: seconds between progress reports and between looks at deadlines


class Controller:
    """Runs one sweep to its end, or until it is told to stop. Made for one call of :meth:`run`.

    ``crew`` gives the workers. ``trials`` are those of an earlier controller, ``past`` the seconds that trials took
    before. ``wish``, ``lost``, ``say`` and ``settle`` may be called from any thread and from a signal handler.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        fence: Fence,
        sampler: Sampler,
        crew: Crew,
        audience: Audience,
        retry: RetryPolicy,
        judge: Judge,
        trials: Iterable[TrialRecord] = (),
        past: Sequence[float] = (),
        known: Known | None = None,
    ) -> None:
        self._plan, self._sweep, self._sampler, self._audience = plan, plan.sweep, sampler, audience
        self._crew, self._runtime = crew, crew.runtime
        self._ledger = Ledger(plan.sweep.goals)
        self._clerk = Clerk(store, fence, plan.sweep.goals[0], self._ledger, self.lost, self._on_refused)
        self._retry, self._judge = retry, judge
        self._spending = Spending(plan.config.budget, plan.sweep.goals, seconds=plan.sweep.seconds)
        self._events: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._backlog = Backlog()
        self._serial = 0
        self._exhausted = False
        self._hold = ""  # why nothing is dispatched: "pause", "trouble", "settle" or "over"
        self._end: tuple[SweepState, str] = (SweepState.FINISHED, "")
        self._kill_at = float("inf")
        self._error: BaseException | None = None
        self._gone: set[tuple[int, int]] = set()
        self._said: set[str] = set()
        self._looked = 0.0
        self._oom_kills = out_of_memory_kills()
        self._past, self._known = past, known
        self._ticked = time.monotonic()
        self._restore(trials)

    def run(self) -> tuple[SweepState, str]:
        """Run the sweep; return the state it is in and why. Everything acknowledged is in the store.

        Raises LeaseLost when another controller took over, and what the store raised when it cannot be written.
        """
        with ExitStack() as open_things:
            channel = self._crew.channel(self._on_frame, self._on_ask, self._on_gone, self._on_broken)
            open_things.callback(channel.close)
            self._asker = Asker(
                self._sampler, self._sweep.method, lambda *answer: self._events.put((self._take_answer, *answer))
            )
            open_things.callback(self._asker.close)
            self._slots = Slots(self._crew.executor(channel, self.say))
            open_things.callback(lambda: self._slots.executor.close(cancel=bool(self._slots)))
            self._clerk.acks = channel.acks
            self._forecast = Forecast(len(self._slots), self._past)
            self._outlook = Outlook(self._sweep.name, self._forecast, self._spending, self._ledger, self._judge)
            self._check_budget()
            while self._going():
                self._fill()
                self._wait()
        self._end_waiting()
        if self._error is not None:
            raise self._error
        self._clerk.close(self._audience.notice)
        self._drain()  # what the store refused at last
        self._clerk.close(self._audience.notice)
        self._show(time.monotonic())
        return self._end

    # -- from other threads ------------------------------------------------------------------------------------------

    def settle(self, seconds: float, notice: str = "") -> None:
        """Start no new trials and let the running ones end within ``seconds``; then the sweep can be resumed."""
        self._events.put((self._begin_settling, seconds, notice))

    def wish(self, control: Control) -> None:
        """Take a wish of somebody: pause, resume, stop or cancel."""
        self._events.put((self._take_wish, control))

    def say(self, sentence: str) -> None:
        """Tell a person."""
        self._events.put((self._audience.notice, sentence))

    def lost(self, error: BaseException) -> None:
        """The sweep cannot be written any more: end the workers and raise ``error`` from :meth:`run`."""
        self._events.put((self._take_error, error))

    def _on_frame(self, slot: int, frame: Frame) -> None:
        self._events.put((self._take_frame, frame))

    def _on_ask(self, run_id: str, number: int, step: int, value: float) -> bool:
        return self._judge.stop(number, step, value)

    def _on_gone(self, slot: int, pid: int) -> None:
        self._events.put((self._take_gone, slot, pid))

    def _on_broken(self, error: Exception) -> None:
        """Something that answers workers raised, e.g. a rule of early stopping: say it once, and go on without."""
        self._events.put((self._take_broken, error))

    def _on_refused(self, active: Active, events: tuple[Event, ...], error: UsageError) -> None:
        self._events.put((self._clerk.salvage, active, events, error))

    def _on_done(self, serial: int, future: Future[Any]) -> None:
        self._events.put((self._take_result, serial, future))

    # -- the loop ----------------------------------------------------------------------------------------------------

    def _going(self) -> bool:
        if self._error is not None:
            return False
        if self._slots:
            return True
        if self._hold in ("settle", "over"):
            return False
        if len(self._backlog) or self._hold == "pause":
            return True
        return not self._exhausted and self._spending.open != 0

    def _fill(self) -> None:
        short = self._slots.executor.own_process and (self._forecast.mean or 1.0) < SHORT
        depth = 2 if short else 1
        self._ask(depth)
        while (
            not self._hold
            and self._spending.affordable(self._ledger.counts[RunState.RUNNING.value]) != 0
            and (slot := self._slots.free(depth)) is not None
            and (active := self._backlog.next())
        ):
            self._dispatch(slot, active)
            self._ask(depth)

    def _ask(self, depth: int) -> None:
        """Ask for as many proposals as there is room for; a sampler that does not learn is asked ahead."""
        if self._exhausted or self._hold:
            return
        learns = getattr(self._sampler, "learns", True)
        room = self._slots.room(depth) if learns else 2 * len(self._slots)
        wanted = room - self._backlog.ready()
        if self._spending.open is not None:
            wanted = min(wanted, self._spending.open)
        for _ in range(wanted):
            self._asker.ask(self._spending.created)
            self._spending.created += 1
            self._backlog.asked += 1

    def _dispatch(self, slot: int, trial: Active) -> None:
        now = time.time()
        seed = self._plan.seed(trial.number)
        self._serial += 1
        active = Active(trial.number, trial.run_id, trial.params, trial.attempt + 1, serial=self._serial, slot=slot)
        events: list[Event] = [AttemptStarted(self._sweep.id, active.run_id, active.attempt, f"slot {slot}", now)]
        if active.attempt == 1:
            events.insert(0, TrialCreated(self._sweep.id, active.run_id, active.number, active.params, seed, now))
        self._ledger.move(RunState.QUEUED if active.attempt > 1 else None, RunState.RUNNING)
        self._clerk.write(*events)
        kwargs = self._plan.kwargs(active.params)
        task = Task(
            str(self._runtime), active.run_id, active.number, active.attempt, active.serial, seed, active.params, kwargs
        )
        self._slots.give(active, task, self._on_done)

    def _wait(self) -> None:
        try:
            handler, *arguments = self._events.get(timeout=TICK)
            handler(*arguments)
        except queue.Empty:
            pass
        self._drain(100)
        now = time.monotonic()
        if self._hold not in ("pause", "trouble"):
            self._spending.seconds += now - self._ticked
            self._clerk.seconds = self._spending.seconds
        else:
            self._forecast.rested(now - self._ticked)
        self._ticked = now
        if now - self._looked > SHOW:
            self._looked = now
            self._look(now)
            self._show(now)

    def _drain(self, most: int = 1_000_000) -> None:
        try:
            for _ in range(most):
                handler, *arguments = self._events.get_nowait()
                handler(*arguments)
        except queue.Empty:
            pass

    def _look(self, now: float) -> None:
        """Deadlines, dead workers whose last records are in, and a budget that time uses up."""
        timeout, limit = self._plan.config.executor.timeout, self._plan.config.executor.memory
        for active, since in self._slots.running():
            active.since = since
            if active.killed:
                continue
            if timeout is not None and now - since > timeout:
                self._slots.kill(active, f"timeout: it ran longer than {timeout:g} s and was killed", since)
            elif limit is not None and (used := self._slots.memory(active)) > limit:
                self._slots.kill(
                    active, f"oom: it used {used / 1e6:.0f} MB, more than the {limit / 1e6:.0f} MB allowed", since
                )
            elif now > self._kill_at:
                self._slots.kill(active, "settled" if self._hold == "settle" else "cancelled", since)
        self._bury()
        self._check_budget()
        self._hold = self._clerk.hold(self._hold, self._audience.notice)

    # -- what comes back ---------------------------------------------------------------------------------------------

    def _take_answer(self, number: int, answer: Params | Exception | None) -> None:
        if isinstance(answer, Exception):
            self._take_error(answer)
            return
        self._backlog.asked -= 1
        if answer is None:
            self._exhausted = True
            self._spending.created -= 1
        else:
            self._propose(number, answer)

    def _propose(self, number: int, params: Params) -> None:
        """A proposal waits for a slot, unless an earlier sweep knows its result."""
        again = self._known.again(number, params) if self._known is not None else None
        if again is None:
            self._backlog.propose(number, params)
            return
        active, begun, ended = again
        self._ledger.move(None, RunState.RUNNING)
        self._clerk.write(*begun)
        self._end_trial(active, [], ended, RunState.COMPLETE)

    def _take_frame(self, frame: Frame) -> None:
        active = self._slots.get(frame.serial)
        if active is None:
            return
        if events := active.take(frame):
            applied = StreamApplied(self._sweep.id, active.run_id, active.attempt, active.applied)
            self._clerk.acknowledge(active, *events, applied)
        self._end_if_complete(active)

    def _take_result(self, serial: int, future: Future[Any]) -> None:
        active = self._slots.leave(serial)
        active.died_at = time.monotonic()
        error = future.exception()
        if error is None:
            active.last = unpack(future.result())
            self._end_if_complete(active)
            return
        active.death = error if isinstance(error, WorkerDied) else WorkerDied(reason=f"{type(error).__name__}: {error}")
        if self._slots.bystander(active):
            active.death = WorkerDied(reason="its worker was ended for the trial before it", pid=active.death.pid)
        if isinstance(error, SlotUnusable) and not self._hold:
            self._finish(SweepState.FAILED, str(error))
        self._bury()

    def _take_broken(self, error: Exception) -> None:
        self._say(f"A report could not be judged, its trial goes on: {type(error).__name__}: {error}")

    def _take_gone(self, slot: int, pid: int) -> None:
        self._gone.add((slot, pid))
        self._bury()

    def _end_if_complete(self, active: Active) -> None:
        events = active.final()
        if events is not None and isinstance(events[-1], AttemptEnded):
            self._end_attempt(active, events[:-1], events[-1])

    def _bury(self) -> None:
        """End the attempts of which nothing more can come."""
        for active in self._slots.incomplete():
            active.death = WorkerDied(reason="some of its records were lost on the way")
        for active in self._slots.dead():
            assert active.death is not None
            place = (active.slot, active.death.pid)
            if active.given_up(place in self._gone):
                self._gone.discard(place)
                output = output_of(self._runtime, active.slot, active.death)
                oom = active.death.signal == SIGKILL and out_of_memory_kills() > self._oom_kills
                self._oom_kills = out_of_memory_kills()
                self._end_attempt(active, [], died(self._sweep.id, active, active.death, output, oom))

    def _end_attempt(self, active: Active, events: list[Event], ended: AttemptEnded) -> None:
        """An attempt is over: the trial ends with it, or waits for another attempt."""
        self._slots.forget(active)
        ended = told_of_kill(active, ended)
        delay = self._until_retry(active, ended.failure)
        if delay is not None:
            self._ledger.move(RunState.RUNNING, RunState.QUEUED)
            active.failure = ended.failure
            self._clerk.acknowledge(active, *events, replace(ended, state=None))
            self._backlog.again(time.monotonic() + delay, active)
        else:
            state = ended.state or RunState.FAILED
            self._end_trial(active, events, replace(ended, state=state), state)

    def _end_trial(self, active: Active, events: list[Event], ended: AttemptEnded, state: RunState) -> None:
        self._retry.forget(active.number)
        self._ledger.move(RunState.RUNNING, state)
        improved = state is RunState.COMPLETE and self._ledger.improves(
            active.number, active.run_id, active.params, ended.values
        )
        metrics = ended.metrics or {}
        seconds = ended.time - (ended.started or ended.time)
        cost = self._cost(metrics, seconds) if active.slot >= 0 else 0.0
        message = ended.failure.message if ended.failure else ""
        if active.slot >= 0:
            self._forecast.ended(seconds)
            self._say(self._spending.uncounted(state, metrics))
        self._spending.ended(state, improved, ended.values, cost, message)
        outcome = Outcome(state, ended.values, ended.failure, ended.step, metrics)
        self._asker.tell(active.number, active.params, outcome)
        self._say(self._judge.ended(active.number, state))
        self._clerk.acknowledge(active, *events, ended, *self._clerk.progress(improved))
        if self._audience.wants_trials:
            self._audience.trial_ended(self._sweep, active.record(self._sweep.id, ended, state))
        self._check_budget()

    def _cost(self, metrics: Mapping[str, float], seconds: float) -> float:
        name = self._plan.config.budget.cost_metric
        return seconds if name is None else metrics.get(name, 0.0)

    def _until_retry(self, active: Active, failure: Failure | None) -> float | None:
        if failure is None:
            return None
        if active.killed == "settled":
            return 0.0
        if self._hold == "over":
            return None
        return self._retry.delay(active.number, failure.kind)

    # -- wishes, ends, showing ---------------------------------------------------------------------------------------

    def _check_budget(self) -> None:
        if self._hold not in ("settle", "over") and (end := self._spending.over()) is not None:
            self._finish(*end, kill=self._spending.time_is_up)

    def _finish(self, state: SweepState, reason: str, *, kill: bool = False) -> None:
        self._hold, self._end = "over", (state, reason)
        if kill:
            self._kill_at = 0.0
        self._audience.notice(f"No new trials: {reason}.")

    def _end_waiting(self) -> None:
        """The sweep is over: what waits for another attempt ends with its last failure, or cancelled."""
        if self._hold != "over" or self._error is not None:
            return
        for active in self._backlog.left():
            state = RunState.CANCELLED if active.failure is None else RunState.FAILED
            self._ledger.move(RunState.QUEUED, state)
            self._clerk.write(TrialEnded(self._sweep.id, active.run_id, state, time.time(), active.failure))

    def _begin_settling(self, seconds: float, notice: str) -> None:
        if notice:
            self._audience.notice(notice)
        self._hold, self._end = "settle", (SweepState.INTERRUPTED, "interrupted")
        self._kill_at = min(self._kill_at, time.monotonic() + seconds)

    def _take_wish(self, control: Control) -> None:
        wanted = control.wanted
        if wanted == "cancel":
            self._finish(SweepState.CANCELLED, f"cancelled by {control.by}", kill=True)
        elif self._hold in ("settle", "over"):
            return
        elif wanted == "stop":
            self._finish(SweepState.STOPPED, f"stopped by {control.by}")
        elif wanted in ("pause", "resume"):
            self._hold = "pause" if wanted == "pause" else ""
            self._clerk.change(SweepState.PAUSED if wanted == "pause" else SweepState.RUNNING)

    def _say(self, sentence: str) -> None:
        """Tell a person something once."""
        if sentence and sentence not in self._said:
            self._said.add(sentence)
            self._audience.notice(sentence)

    def _take_error(self, error: BaseException) -> None:
        self._error = self._error or error

    def _show(self, now: float) -> None:
        running = [now - since for _, since in self._slots.running()] if self._slots else []
        self._audience.progress(self._outlook.progress(len(self._backlog), running, self._hold))
        if tags := self._outlook.tags(time.time()):
            self._clerk.write(TagsSet(self._sweep.id, tags))

    def _restore(self, trials: Iterable[TrialRecord]) -> None:
        """Tell the sampler what is known and queue what was in flight: numbers go on without gaps."""
        for trial in trials:
            improved = self._ledger.remember(trial)
            self._spending.created = max(self._spending.created, trial.number + 1)
            if not trial.state.ended:
                active = Active(trial.number, trial.run_id, trial.params, max(trial.attempts, 1), failure=trial.failure)
                self._backlog.again(0.0, active)
                continue
            seconds = (trial.ended or 0.0) - (trial.started or trial.ended or 0.0)
            self._spending.ended(trial.state, improved, trial.values, self._cost(trial.metrics, seconds), "")
            outcome = Outcome(
                trial.state, trial.values, trial.failure, self._judge.last_step(trial.number), trial.metrics
            )
            self._sampler.tell(trial.number, trial.params, outcome)
        self._spending.failures = 0
