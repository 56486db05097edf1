"""Tests of a model, kept as runs: each test is a run below the suite's, with its outcome and how long it took.

python test_results_as_runs.py
"""

# ruff: noqa: N802, PT009  # the names and assertions are unittest's

import time
import unittest

from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import sweeper


class WineModelTest(unittest.TestCase):
    """What a model has to do before anybody relies on it."""

    @classmethod
    def setUpClass(cls):
        data = load_wine()
        cls.fit_x, cls.test_x, cls.fit_y, cls.test_y = train_test_split(
            data.data, data.target, stratify=data.target, random_state=0
        )
        cls.model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(cls.fit_x, cls.fit_y)

    def test_is_accurate(self):
        self.assertGreater(self.model.score(self.test_x, self.test_y), 0.95)

    def test_knows_every_class(self):
        self.assertEqual(set(self.model.predict(self.test_x)), {0, 1, 2})

    def test_does_not_depend_on_the_order_of_rows(self):
        backwards = self.model.predict(self.test_x[::-1])[::-1]
        self.assertTrue((backwards == self.model.predict(self.test_x)).all())

    def test_survives_one_percent_of_noise(self):
        noisy = self.test_x * 1.01
        changed = (self.model.predict(noisy) != self.model.predict(self.test_x)).mean()
        self.assertLess(changed, 0.05)

    def test_is_certain_of_every_answer(self):
        """Fails, so that there is something to see."""
        self.assertGreater(self.model.predict_proba(self.test_x).max(axis=1).min(), 0.9)

    @unittest.skip("needs last year's data")
    def test_is_better_than_last_year(self):
        raise NotImplementedError


class RunPerTest(unittest.TestResult):
    """Opens a run below ``suite`` when a test starts and ends it with what came of it."""

    def __init__(self, suite):
        super().__init__()
        self.suite = suite

    def startTest(self, test):
        super().startTest(test)
        self.run, self.started, self.outcome = self.suite.child(test.id().split(".")[-1]), time.perf_counter(), "passed"

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.outcome = "failed"
        self.run.log_text(self.failures[-1][1], "failure.txt")

    def addError(self, test, error):
        super().addError(test, error)
        self.outcome = "error"
        self.run.log_text(self.errors[-1][1], "failure.txt")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcome = "skipped"
        self.run.set_tag("reason", reason)

    def stopTest(self, test):
        super().stopTest(test)
        self.run.set_tag("outcome", self.outcome)
        self.run.log_metric("seconds", time.perf_counter() - self.started)
        self.run.end({"passed": "complete", "skipped": "cancelled"}.get(self.outcome, "failed"))


def main():
    with sweeper.start_run("wine model tests", experiment="tests", tags={"suite": "wine"}) as suite:
        result = RunPerTest(suite)
        unittest.defaultTestLoader.loadTestsFromTestCase(WineModelTest).run(result)
        failed = len(result.failures) + len(result.errors)
        passed = result.testsRun - failed - len(result.skipped)
        suite.log_metrics({"passed": passed, "failed": failed, "skipped": len(result.skipped)})

    runs = sweeper.open().runs(experiment="tests")
    runs = runs[runs["parent_id"] == suite.id]
    print(runs[["name", "state", "metrics.seconds"]].to_string(index=False, float_format="%.4f"))


if __name__ == "__main__":
    main()
