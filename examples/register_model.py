"""From a sweep to a registered model: search, register the best trial, load it by its alias, predict.

python register_model.py

It needs mlflow-skinny, which writes models in MLflow's format: pip install mlflow-skinny skops
"""

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score, train_test_split

import sweeper

MODEL = "breast-cancer"


def data():
    measured, malignant = load_breast_cancer(return_X_y=True, as_frame=True)
    return train_test_split(measured, malignant, test_size=100, random_state=0)


@sweeper.objective(
    metric="accuracy",
    goal="maximize",
    space={"trees": sweeper.Int(10, 60), "depth": sweeper.Int(2, 12), "features": sweeper.Float(0.1, 1.0)},
)
def train(trees, depth, features, trial):
    measured, _, malignant, _ = data()
    forest = RandomForestClassifier(trees, max_depth=depth, max_features=features, random_state=trial.seed)
    accuracy = cross_val_score(forest, measured, malignant, cv=3).mean()
    forest.fit(measured, malignant)
    trial.log_model(forest, input_example=measured.head(2))
    trial.log_importance(dict(zip(measured.columns, forest.feature_importances_.tolist(), strict=True)))
    return accuracy


def main():
    result = train.sweep(trials=6, workers=2, seed=1, tags={"dataset": "breast cancer"})

    version = result.register(MODEL, alias="champion", stage="Staging")
    print(f"{version.name}/{version.number}: trial {version.tags['sweeper.trial']}, {version.facts['metrics']}")

    forest = sweeper.load_model(f"models:/{MODEL}@champion")
    _, unseen, _, malignant = data()
    print(f"right on {(forest.predict(unseen) == malignant).mean():.0%} of {len(unseen)} patients it has not seen")

    models = sweeper.open().models
    models.transition(MODEL, version.number, "Production", archive_existing=True)
    print("in production:", [each.number for each in models.latest(MODEL, ["Production"])])


if __name__ == "__main__":
    main()
