"""What a report shows is computed once, and picked by what matters."""

from __future__ import annotations

import pytest

from sweeper.report.findings import MOST_PARAMETERS, gather
from sweeper.store import open_store
from tests.analysis.sweeps import Made, Plan, write_sweep
from tests.report.conftest import Found


def test_parameters_come_in_the_order_of_importance_and_constants_not_at_all(found: Found) -> None:
    names = found("ordinary").names

    assert names[0] == "learning_rate"
    assert "n_jobs" not in names
    assert len(names) == 7


def test_the_best_trial_of_several_goals_is_on_the_front(found: Found) -> None:
    facts = found("goals")

    assert facts.front is not None
    assert facts.best is not None
    assert facts.table.number[facts.best] in facts.front.number[facts.front.front]
    assert facts.reason.endswith("on the Pareto front that is nearest to the best of every goal")


@pytest.mark.parametrize("kind", ["failed", "empty"])
def test_without_a_complete_trial_there_is_no_best(found: Found, kind: str) -> None:
    assert found(kind).best is None
    assert found(kind).top == ()


def test_of_many_parameters_the_most_important_are_shown(tmp_path_factory: pytest.TempPathFactory) -> None:
    space = {f"p{i}": {"min": 0.0, "max": 1.0} for i in range(20)}
    store = open_store(str(tmp_path_factory.mktemp("many") / "runs.db"))
    sweep = write_sweep(store, Plan(space, lambda params, number: Made((params["p13"],)), 60))

    facts = gather(store, sweep)
    store.close()

    assert len(facts.names) == 20
    assert len(facts.shown) == MOST_PARAMETERS
    assert facts.shown[0] == "p13"
