"""Optuna's Gaussian process."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import pytest

from sweeper.errors import MissingPackage
from sweeper.records import Goal
from sweeper.samplers.optuna import GpSampler, gp
from sweeper.space import Float, SearchSpace
from sweeper.testing.samplers import LOSS, SamplerConformance, complete, failed, pruned


@pytest.mark.skipif(find_spec("torch") is None, reason="needs torch (the extra gp)")
class TestGpSampler(SamplerConformance):
    trials = 20
    spaces = ("mixed", "conditions")

    def make(self, space: SearchSpace, goals: Sequence[Goal], seed: int) -> GpSampler:
        return GpSampler(space, goals, seed)

    def test_a_failed_trial_counts_as_the_worst_and_a_pruned_one_not_as_better_than_the_median(self) -> None:
        sampler = self.make(SearchSpace({"x": Float(0, 1)}), LOSS, 1)
        outcomes = [complete(1.0), complete(5.0), complete(3.0), failed(), pruned(0.5), pruned(4.0)]
        for number, outcome in enumerate(outcomes):
            sampler.tell(number, {"x": number / 10}, outcome)
        assert [trial.value for trial in sampler._trials()] == [1, 5, 3, 5, 3, 4]


def test_without_torch_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gp, "find_spec", lambda name: None)
    with pytest.raises(MissingPackage, match="pip install torch"):
        GpSampler(SearchSpace({"x": Float(0, 1)}), LOSS, 1)
