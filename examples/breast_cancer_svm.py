"""A support vector machine on the breast cancer data: each kernel has its own parameters.

sweeper run breast_cancer_svm.yaml
python breast_cancer_svm.py
"""

import sys

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import sweeper


@sweeper.objective(
    metric="balanced_accuracy",
    goal="maximize",
    space="svm",  # a bundled one: sweeper spaces show svm
    constraints=["C * tol <= 10"],
)
def train(**settings):
    """``degree`` only comes with the poly kernel, ``gamma`` with all but the linear one; SVC has the defaults."""
    cells, benign = load_breast_cancer(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), SVC(**settings))
    return cross_val_score(pipeline, cells, benign, cv=5, scoring="balanced_accuracy").mean()


if __name__ == "__main__":
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    result = train.sweep(name="breast-cancer-svm", trials=trials, workers=2, seed=7)
    print(f"best balanced accuracy {result.best.value:.4f} with {result.best.params}")
    print(result.frame().groupby("params.kernel")["value"].max())
