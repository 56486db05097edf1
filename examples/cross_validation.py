"""Nearest neighbours on the wine data: each fold of a cross-validation is a run of its own below the trial.

sweeper run wine_grid.yaml           # every combination, once
python cross_validation.py
"""

import sys
from statistics import mean, stdev

from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import sweeper


@sweeper.objective(
    metric="accuracy",
    goal="maximize",
    method="grid",
    space={
        "n_neighbors": sweeper.Categorical([1, 3, 5, 9, 15]),
        "weights": sweeper.Categorical(["uniform", "distance"]),
        "p": sweeper.Int(1, 2),
    },
)
def train(n_neighbors, weights, p, trial):
    chemistry, cultivar = load_wine(return_X_y=True)
    model = make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors, weights=weights, p=p))
    scores = []
    for number, (fit, test) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(chemistry, cultivar)):
        with trial.child(f"fold-{number}") as fold:
            fold.log_params({"rows": len(fit), "held out": len(test)})
            model.fit(chemistry[fit], cultivar[fit])
            scores.append(model.score(chemistry[test], cultivar[test]))
            fold.log_metric("accuracy", scores[-1])
    return {"accuracy": mean(scores), "spread": stdev(scores)}


if __name__ == "__main__":
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else None  # None: a grid runs whole
    result = train.sweep(name="wine-grid", trials=trials, workers=2)
    print(f"best of {len(result.trials)}: {result.best.value:.4f} with {result.best.params}")
    for fold in result.store.children(result.best.run_id):
        print(f"  {fold.name}  {fold.metrics['accuracy']:.4f}")
