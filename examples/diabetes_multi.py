"""Two goals at once: a boosted model of the diabetes data that errs little and stays small.

sweeper run diabetes_multi.yaml
python diabetes_multi.py
"""

import sys

from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.model_selection import cross_val_predict

import sweeper


@sweeper.objective(
    metrics=[{"name": "rmse", "goal": "minimize"}, {"name": "leaves", "goal": "minimize"}],
    method="nsga2",
    space={
        "n_estimators": sweeper.Int(5, 100, log=True),
        "max_depth": sweeper.Int(1, 5),
        "learning_rate": sweeper.Float(0.01, 1.0, log=True),
        "subsample": sweeper.Float(0.4, 1.0),
    },
)
def train(n_estimators, max_depth, learning_rate, subsample, trial):
    patients, progression = load_diabetes(return_X_y=True)
    model = GradientBoostingRegressor(
        n_estimators=n_estimators,
        max_depth=max_depth,
        learning_rate=learning_rate,
        subsample=subsample,
        random_state=trial.seed,
    )
    predicted = cross_val_predict(model, patients, progression, cv=5)
    model.fit(patients, progression)
    return {
        "rmse": root_mean_squared_error(progression, predicted),
        "leaves": sum(tree.get_n_leaves() for tree in model.estimators_[:, 0]),
        "r2": r2_score(progression, predicted),  # recorded as well
    }


if __name__ == "__main__":
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    result = train.sweep(name="diabetes-multi", trials=trials, workers=2, seed=7)
    smallest_error = float("inf")
    for trial in sorted(result.trials, key=lambda trial: trial.values[::-1]):  # the smallest first
        error, leaves = trial.values
        if error < smallest_error:  # nothing smaller is as good
            smallest_error = error
            print(f"{leaves:6.0f} leaves   rmse {error:.2f}   {trial.params['n_estimators']} trees")
