"""What the trainer of the compose file searches: a small tree that reads digits."""

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier


def train(depth, leaf, trial):
    X, y = load_digits(return_X_y=True, as_frame=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=trial.seed)
    tree.fit(X_train, y_train)
    trial.log_model(tree, input_example=X.head(2))
    return {"accuracy": tree.score(X_test, y_test)}
