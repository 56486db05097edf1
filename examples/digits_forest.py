"""A random forest on handwritten digits: what a trial can keep besides its score.

sweeper run digits_forest.yaml       # or digits_hyperopt.yaml: Hyperopt proposes, in a bundled search space
python digits_forest.py
"""

import sys

from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split

import sweeper


def split():
    digits = load_digits()
    return train_test_split(digits.data, digits.target, test_size=0.4, stratify=digits.target, random_state=0)


@sweeper.objective(
    metric="accuracy",
    goal="maximize",
    space={
        "n_estimators": sweeper.Int(10, 120),
        "max_depth": sweeper.Int(2, 32, log=True),
        "criterion": sweeper.Categorical(["gini", "entropy", "log_loss"]),
        "max_features": sweeper.Float(0.05, 0.8),
        "bootstrap": sweeper.Categorical([True, False]),
        "max_samples": sweeper.Float(0.3, 1.0, when={"bootstrap": True}),
    },
    constraints=["n_estimators * max_depth <= 1600"],
)
def train(trial, **settings):
    """``settings`` are whatever the search space says: any parameter of the forest will do."""
    images, test_images, labels, test_labels = split()
    forest = RandomForestClassifier(random_state=trial.seed, **settings).fit(images, labels)

    trial.log_importance({f"pixel {row},{column}": forest.feature_importances_[8 * row + column]
                          for row in range(8) for column in range(8)})  # fmt: skip
    figure = Figure(figsize=(3, 3))
    figure.subplots().imshow(forest.feature_importances_.reshape(8, 8))
    trial.log_figure(figure, "pixels.png")
    trial.log_text(classification_report(test_labels, forest.predict(test_images), zero_division=0), "report.txt")
    trial.set_tag("leaves", sum(tree.get_n_leaves() for tree in forest.estimators_))

    return {
        "accuracy": forest.score(test_images, test_labels),
        "training_accuracy": forest.score(images, labels),  # kept too, not optimised
    }


if __name__ == "__main__":
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    result = train.sweep(name="digits-forest", trials=trials, workers=2, seed=7, tags={"dataset": "digits"})
    columns = ["number", "value", "params.n_estimators", "params.max_depth", "params.criterion", "seconds"]
    print(result.frame().nlargest(5, "value")[columns].to_string(index=False))
