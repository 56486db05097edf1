"""The quick experiments, small: ``make chaos`` runs all of them at full size."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.chaos.arena import Arena, arena
from tests.chaos.experiments import controllers, starts, trials

SEED = int(os.environ.get("CHAOS_SEED", "1"))


@pytest.fixture
def room() -> Iterator[Arena]:
    with arena(SEED) as made:
        yield made


def test_a_controller_killed_again_and_again_loses_and_doubles_nothing(room: Arena) -> None:
    controllers.killed(room, kills=6)


def test_broken_trials_cost_only_themselves(room: Arena) -> None:
    trials.broken(room, trials=40)


def test_workers_of_a_killed_controller_leave_and_their_results_are_kept(room: Arena) -> None:
    controllers.orphaned(room)


def test_a_stale_controller_is_refused(room: Arena) -> None:
    controllers.two(room)


def test_writers_and_readers_of_one_file_do_not_disturb_one_another(room: Arena) -> None:
    starts.crowd(room, writers=4, trials=60)
