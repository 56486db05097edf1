"""The words of a progress view."""

from __future__ import annotations

from sweeper.cli.progress.summary import rate_text, summarise
from sweeper.interfaces import Progress
from sweeper.records import BestTrial, Goal

BEST = BestTrial(17, "a" * 32, 0.976633, {"depth": 4, "kind": "gini"})
ACCURACY = Goal("accuracy", "maximize")


def moment(**changes: object) -> Progress:
    facts: dict[str, object] = {
        "name": "digits",
        "state": "running",
        "total": 60,
        "counts": {"complete": 30, "failed": 2, "pruned": 2, "running": 4, "queued": 3},
        "best": BEST,
        "values": (0.976633,),
        "seconds": 12.0,
        "rate": 3.14,
        "eta": 9.2,
    }
    return Progress(**{**facts, **changes})  # type: ignore[arg-type]  # a test's shorthand


def test_trials_that_ended_in_any_way_are_done() -> None:
    summary = summarise(moment(), [ACCURACY])
    assert (summary.done, summary.count) == (34, "34/60")
    assert summary.share == 34 / 60


def test_everything_fits_on_a_line() -> None:
    assert summarise(moment(), [ACCURACY]).line() == (
        "34/60 · best accuracy 0.9766 (trial 17) · 4 running · 2 failed · 2 pruned · 3.1 trials/s · 0:12 "
        "· about 9 s left"
    )


def test_before_the_first_value() -> None:
    start = moment(counts={"running": 2}, best=None, values=None, rate=0.0, eta=None, seconds=0.3)
    assert summarise(start, [ACCURACY]).line() == "0/60 · no accuracy yet · 2 running · 0:00"


def test_without_a_total_there_is_no_share() -> None:
    summary = summarise(moment(total=None), [ACCURACY])
    assert (summary.count, summary.share) == ("34 trials", None)


def test_several_goals_show_several_values() -> None:
    goals = [ACCURACY, Goal("size")]
    assert summarise(moment(best=None, values=(0.5, 120.0)), goals).best == "best accuracy, size: 0.5, 120"


def test_names_and_notes_are_inert() -> None:
    summary = summarise(moment(note="\x1b[2J"), [Goal("acc\x1b[31m")])
    assert "\x1b" not in summary.line()


def test_rates_are_told_in_the_unit_that_reads_best() -> None:
    assert [rate_text(870.4), rate_text(0.5), rate_text(0.001)] == ["870.4 trials/s", "30 trials/min", "3.6 trials/h"]
