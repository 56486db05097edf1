"""Which plots a report has, how large each is, and why one is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure

from sweeper.analysis.curves import TOP
from sweeper.analysis.numbers import count
from sweeper.analysis.parallel import MOST_LINES
from sweeper.analysis.slices import MOST_POINTS
from sweeper.report.findings import Findings
from sweeper.report.plots import curves, failures, history, importance, parallel, pareto, slices, timeline
from sweeper.report.plots.style import figure, finish, room
from sweeper.web.names import file_names

WIDE = 7.4  #: inches of a plot over the whole page


@dataclass(frozen=True)
class Drawing:
    """A plot still to be drawn. ``name`` is its file name without suffix; ``title`` says what it shows."""

    name: str
    title: str
    draw: Callable[[Any, Any], None]
    data: Any
    width: float = WIDE
    height: float = 3.4
    margins: dict[str, float] = field(default_factory=dict)

    def figure(self) -> Figure:
        made, ax = figure(self.width, self.height, **self.margins)
        self.draw(self.data, ax)
        return finish(made)


@dataclass(frozen=True)
class Section:
    """Plots under one heading, and sentences about them: what is left out, and why."""

    name: str
    drawings: tuple[Drawing, ...] = ()
    notes: tuple[str, ...] = ()


def sections(found: Findings) -> dict[str, Section]:
    """Return every section by name, in the order of the report; ``pareto`` only with several goals.

    Where no trial has completed, the failures come first.
    """
    made = [_importance(found), _history(found), _pareto(found), _slices(found), _ranges(found),
            _parallel(found), _curves(found), _failures(found), _timeline(found)]  # fmt: skip
    if found.best is None:
        made.sort(key=lambda section: section is None or section.name != "failures")
    return {section.name: section for section in made if section is not None}


def _per_goal(found: Findings, name: str) -> list[str]:
    """One goal: the plain name; several: the name with each goal's."""
    goals = [goal.name for goal in found.table.goals]
    if len(goals) == 1:
        return [name]
    return [f"{name}_{file}" for file in file_names(goals, "goal").values()]


def _history(found: Findings) -> Section:
    if not any(len(data.value) for data in found.histories):
        return Section(
            "history", notes=("No trial has a value yet." if len(found.table) else "There are no trials yet.",)
        )
    drawings, notes = [], []
    for name, data in zip(_per_goal(found, "best_so_far"), found.histories, strict=True):
        drawings.append(Drawing(name, f"Best {data.goal.name} so far by trial", history.draw, data, height=3.5))
        if data.values.outside:
            notes.append(f"Triangles: {count(data.values.outside, 'value')} of {data.goal.name} far beyond the axis.")
    return Section("history", tuple(drawings), tuple(notes))


def _importance(found: Findings) -> Section:
    drawings, notes = [], []
    for name, data in zip(_per_goal(found, "importance"), found.importances, strict=True):
        bars = importance.shown(data)
        prefix = f"{data.goal}: " if len(found.importances) > 1 else ""
        notes += [prefix + note for note in (data.sentence, *data.notes)]
        if bars:
            margins = {"left": room([bar.name for bar in bars])}
            title = f"Importance of parameters for {data.goal}"
            drawings.append(Drawing(name, title, importance.draw, data, WIDE, 1.15 + 0.36 * len(bars), margins))
    if any(
        share and share.uncertain for data in found.importances for p in data.parameters for share in (p.whole, p.good)
    ):
        notes.append("A lighter bar is uncertain: its interval reaches into that of the next smaller one.")
    if any(p.partner for data in found.importances for p in data.parameters):
        notes.append("“Works with” names the parameter whose effect depends on this one's most, and what both explain "
                     "only together.")  # fmt: skip
    if found.table.space.constraints and drawings:
        notes.append("Constraints between parameters are not looked at: the range is the whole box.")
    return Section("importance", tuple(drawings), tuple(notes))


def _slices(found: Findings) -> Section:
    usable = [data for data in found.slices if len(data.at)]
    if not usable:
        return Section("slices", notes=("No trial with a value has a parameter to show.",))
    files = file_names([data.axis.name for data in usable], "parameter")
    drawings = []
    for data in usable:
        tall = 0.55 if len(data.axis.labels) > 9 else 0.2 if len(data.axis.labels) > 5 else 0.0
        name, title = f"slice_{files[data.axis.name]}", f"{data.values.axis.name} by {data.axis.name}"
        margins = {"left": 0.8, "top": 0.2, "bottom": 0.6 + tall}
        drawings.append(Drawing(name, title, slices.draw, data, 3.65, 2.6 + tall, margins))
    notes = []
    if len(found.table.goals) > 1:
        notes.append(f"Shown for the first goal, {found.table.goals[0].name}.")
    if len(found.names) > len(found.shown):
        notes.append(f"The {len(found.shown)} most important of {len(found.names)} parameters are shown.")
    largest = max(usable, key=lambda data: data.total)
    if largest.total > MOST_POINTS:
        notes.append(
            f"At most {MOST_POINTS:,} of {largest.total:,} trials are drawn: the best ones and an even sample."
        )
    if largest.values.outside:
        notes.append(f"Triangles: {count(largest.values.outside, 'value')} far beyond the axis.")
    return Section("slices", tuple(drawings), tuple(notes))


def _ranges(found: Findings) -> Section | None:
    if found.ranges is None:
        return None
    refs = " ".join(sweep.id[-8:] for sweep in found.ranges.sweeps)
    looked = f"This sweep and {count(len(found.ranges.sweeps) - 1, 'earlier one')} of the same data and code."
    changed = sum(each.recommendation.changed for each in found.ranges.parameters)
    advice = f"{count(changed, 'range')} would change" if changed else "No range would change"
    return Section("ranges", notes=(looked, f"{advice} in the next sweep: sweeper narrow {refs} -o next.yaml"))


def _parallel(found: Findings) -> Section:
    data = found.parallel
    if data.total < 2 or not found.shown:
        return Section("parallel", notes=("Parallel coordinates need at least two trials with a value.",))
    notes = []
    if len(data.at) < data.total:
        notes.append(
            f"{MOST_LINES} of {data.total:,} trials are drawn: the best ones and an even sample of the others."
        )
    if len(found.names) > len(found.shown):
        notes.append(f"The {len(found.shown)} most important of {len(found.names)} parameters are shown.")
    width = max(WIDE, 0.95 * len(data.axes))
    drawing = Drawing(
        "parallel_coordinates", "Trials across their parameters", parallel.draw, data, width, 4.2,
        {"left": 0.15, "right": 0.15, "bottom": 0.1},
    )  # fmt: skip
    return Section("parallel", (drawing,), tuple(notes))


def _curves(found: Findings) -> Section:
    data = found.curves
    if not data.curves:
        return Section(
            "curves", notes=(f"None of the best {TOP} trials reported {data.goal.name} at more than one step.",)
        )
    return Section("curves", (Drawing("curves", f"{data.goal.name} of the best trials by step", curves.draw, data),))


def _pareto(found: Findings) -> Section | None:
    if found.front is None:
        return None
    if not len(found.front.front):
        return Section("pareto", notes=("No trial has a value for each goal yet.",))
    notes = []
    if len(found.front.goals) > 2:
        others = ", ".join(goal.name for goal in found.front.goals[2:])
        notes.append(f"The plot shows the first two goals; the front is that of all, {others} too.")
    drawing = Drawing("pareto", "Pareto front", pareto.draw, found.front, 6.0, 4.4)
    return Section("pareto", (drawing,), tuple(notes))


def _timeline(found: Findings) -> Section:
    data = found.timeline
    if not len(data.start):
        return Section("timeline", notes=("No trial has started yet.",))
    height = min(1.35 + 0.28 * data.lanes, 5.0)
    return Section("timeline", (Drawing("timeline", "When each trial ran", timeline.draw, data, WIDE, height),))


def _failures(found: Findings) -> Section:
    data = found.failures
    if not data:
        return Section("failures", notes=("No trial failed.",))
    notes = []
    if len(data) > failures.MOST:
        notes.append(f"The {failures.MOST} most frequent of {len(data)} causes are shown.")
    margins = {"left": room(failures.causes(data), failures.LONGEST), "bottom": 0.15}
    height = 0.75 + 0.34 * min(len(data), failures.MOST)
    drawing = Drawing("failures", "Failed trials by cause", failures.draw, data, WIDE, height, margins)
    return Section("failures", (drawing,), tuple(notes))
