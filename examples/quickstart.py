"""Which model reads handwritten digits best, and with which settings?

The same sweep twice: from the file beside this one, and from here.

    sweeper run quickstart.yaml
    python quickstart.py             # or: python quickstart.py 10, for 10 trials
"""

import sys

from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

import sweeper


@sweeper.objective(
    metric="accuracy",
    goal="maximize",
    space={
        "model": sweeper.Categorical(["svm", "forest"]),
        "components": sweeper.Int(8, 64),
        "C": sweeper.Float(0.01, 1000.0, log=True, when={"model": "svm"}),
        "gamma": sweeper.Float(0.00001, 0.1, log=True, when={"model": "svm"}),
        "n_estimators": sweeper.Int(10, 100, when={"model": "forest"}),
        "max_depth": sweeper.Int(2, 32, log=True, when={"model": "forest"}),
    },
)
def train(model, components, trial, C=1.0, gamma=0.001, n_estimators=50, max_depth=16):
    """accuracy over five folds. A parameter of the other model is left out: its default holds."""
    if model == "svm":
        classifier = SVC(C=C, gamma=gamma)
    else:
        classifier = RandomForestClassifier(n_estimators, max_depth=max_depth, random_state=trial.seed)
    pipeline = make_pipeline(PCA(components, random_state=trial.seed), classifier)

    images, labels = load_digits(return_X_y=True)
    scores = []
    for fit, test in StratifiedKFold(5, shuffle=True, random_state=0).split(images, labels):
        pipeline.fit(images[fit], labels[fit])
        scores.append(pipeline.score(images[test], labels[test]))
        trial.report(sum(scores) / len(scores))  # the accuracy so far: a curve in the report
    return sum(scores) / len(scores)


if __name__ == "__main__":
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    result = train.sweep(name="quickstart", trials=trials, workers=2, seed=7)
    print(f"best accuracy {result.best.value:.4f} with {result.best.params}")
