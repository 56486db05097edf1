"""A bounded history."""

from __future__ import annotations

from random import Random

from sweeper.samplers.evidence import BAD, Evidence, Kind
from sweeper.samplers.window import BEST, Window


def value(*losses: float) -> Evidence:
    return Evidence(Kind.VALUE, losses)


def fill(window: Window, evidence: list[Evidence]) -> Window:
    for number, one in enumerate(evidence):
        window.add({"x": float(number)}, one)
    return window


def test_a_short_history_is_kept_whole_and_in_order() -> None:
    evidence = [value(Random(n).random()) if n % 6 else BAD for n in range(100)]
    window = fill(Window(1, 7, 100), evidence)
    assert [told.evidence for told in window.rows] == evidence
    assert [told.order for told in window.rows] == list(range(100))
    assert (window.told, window.valued) == (100, 83)


def test_a_long_history_keeps_the_best_exactly_and_stays_small() -> None:
    rng = Random(3)
    losses = [rng.random() for _ in range(5000)]
    window = fill(Window(1, 7, 200), [value(loss) for loss in losses])
    kept = {told.order for told in window.rows}
    best = sorted(range(5000), key=losses.__getitem__)[:BEST]
    assert set(best) <= kept
    assert 200 <= len(kept) <= 200 + BEST
    assert window.valued == 5000


def test_the_rest_is_an_even_sample() -> None:
    window = fill(Window(1, 7, 400), [value(float(n)) for n in range(8000)])
    orders = [told.order for told in window.rows if told.order >= BEST]
    quarters = [sum(2000 * k <= order < 2000 * (k + 1) for order in orders) for k in range(4)]
    assert all(70 <= count <= 130 for count in quarters)


def test_failures_cannot_crowd_out_the_values() -> None:
    window = fill(Window(1, 7, 100), [BAD if n % 50 else value(float(n)) for n in range(5000)])
    kept = [told.evidence.kind for told in window.rows]
    assert kept.count(Kind.VALUE) == 100
    assert kept.count(Kind.BAD) == 25


def test_complete_is_better_than_pruned_and_a_later_step_than_an_earlier_one() -> None:
    evidence = [Evidence(Kind.PRUNED, (float(n % 7),), n % 50) for n in range(2000)]
    evidence += [value(100.0 + n) for n in range(BEST - 5)]
    window = fill(Window(1, 7, 50), evidence)
    best = sorted(window.rows, key=lambda told: told.key())[:BEST]
    assert [told.evidence.kind for told in best] == [Kind.VALUE] * (BEST - 5) + [Kind.PRUNED] * 5
    assert all(told.evidence.step == 49 for told in best[-5:])


def test_with_several_goals_the_front_is_kept() -> None:
    rng = Random(1)
    front = [(n / 10, 1 - n / 10) for n in range(11)]
    rows = front + [(1 + rng.random(), 1 + rng.random()) for _ in range(3000)]
    window = fill(Window(2, 7, 100), [value(*row) for row in rows])
    kept = {told.order for told in window.rows}
    assert set(range(11)) <= kept
    assert len(kept) <= 100 + 3 * BEST


def test_what_is_kept_depends_on_the_seed_and_the_history_alone() -> None:
    evidence = [value(Random(n).random()) for n in range(900)]
    rows = [[told.order for told in fill(Window(1, seed, 100), evidence).rows] for seed in (7, 7, 8)]
    assert rows[0] == rows[1]
    assert rows[0] != rows[2]
