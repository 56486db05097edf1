"""Every search space that ships: well described, sampled, written back, and taken by the estimator it is for."""

import importlib
import importlib.util
import random
import re

import pytest

from sweeper import content
from sweeper.space import SearchSpace

NAMES = content.names("search_spaces")
ADAMW = {"lr", "betas", "eps", "weight_decay", "amsgrad"}  #: what torch.optim.AdamW takes, for where torch is missing

pytestmark = [
    pytest.mark.filterwarnings("error"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:Got `batch_size` less than 1 or larger than sample size"),
]


def text_of(name):
    return content.find("search_spaces", name).read_text("utf-8")


def space_of(name):
    return SearchSpace.from_yaml(text_of(name), file=f"{name}.yaml")


def estimator_of(name):
    """The class that the comment names, or None where its package is not installed."""
    module, _, attribute = re.search(r"^# estimator: (\S+)$", text_of(name), re.MULTILINE)[1].rpartition(".")
    if importlib.util.find_spec(module.partition(".")[0]) is None:
        return None
    return getattr(importlib.import_module(module), attribute)


def test_the_families_that_people_ask_for_are_there():
    assert {
        "random_forest", "extra_trees", "gradient_boosting", "lightgbm", "xgboost", "svm", "logistic_regression", "knn",
        "mlp", "adamw_training",
    } <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_for_and_where_its_ranges_come_from(name):
    first, *lines = text_of(name).splitlines()
    assert re.fullmatch(r"# [A-Z].{20,110}", first)
    assert sum(line.startswith("# estimator: ") for line in lines) == 1
    assert sum(line.startswith("# source: ") for line in lines) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_samples_lie_inside_and_use_every_parameter(name):
    space, rng = space_of(name), random.Random(name)
    met = set()
    for _ in range(1000):
        params = space.sample(rng)
        assert space.problems(params) == []
        met |= params.keys()
    assert met == set(space.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_written_and_read_back_exactly(name):
    space = space_of(name)
    again = SearchSpace.from_yaml(space.to_yaml())
    assert again == space
    assert again.fingerprint() == space.fingerprint()
    assert again.to_yaml() == space.to_yaml()


@pytest.mark.parametrize("name", NAMES)
def test_the_estimator_takes_what_is_sampled(name):
    space, rng = space_of(name), random.Random(name)
    estimator = estimator_of(name)
    for _ in range(100):
        params = space.nest(space.sample(rng))
        if name == "adamw_training":
            assert params["optimizer"].keys() <= ADAMW
            if estimator is not None:
                torch = importlib.import_module("torch")
                estimator([torch.nn.Parameter(torch.zeros(2))], **params["optimizer"])
        elif estimator is not None:
            assert params.items() <= estimator(**params).get_params().items()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "adamw_training"])
def test_the_estimator_fits_sixty_rows_without_a_warning(name):
    from sklearn.base import is_regressor
    from sklearn.datasets import load_diabetes, load_wine
    from sklearn.preprocessing import scale

    space, rng = space_of(name), random.Random(name)
    estimator, boosts = estimator_of(name), name in ("lightgbm", "xgboost")
    if estimator is None:
        assert boosts
        return
    threads = {"n_jobs": 1} if boosts else {}
    X, y = (load_diabetes if is_regressor(estimator()) else load_wine)(return_X_y=True)
    X, y = scale(X)[::3][:60], y[::3][:60]
    for _ in range(4):
        params = space.sample(rng)
        few = {key: min(params[key], 25) for key in ("n_estimators", "max_iter") if key in params}
        model = estimator(**params | few | threads).fit(X, y)
        assert len(model.predict(X)) == len(y)
