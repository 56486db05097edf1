"""A neural network on handwritten digits that reports after each epoch, so that hopeless trials stop early.

sweeper run digits_early_stopping.yaml
python early_stopping.py
"""

import sys

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import sweeper


def split():
    images, labels = load_digits(return_X_y=True)
    return train_test_split(images / 16, labels, test_size=0.4, stratify=labels, random_state=0)


@sweeper.objective(
    metric="accuracy",
    goal="maximize",
    early_terminate={"type": "asha", "min_iter": 3, "eta": 3, "max_iter": 27},
    space={
        "units": sweeper.Int(8, 128, log=True),
        "layers": sweeper.Int(1, 2),
        "activation": sweeper.Categorical(["relu", "tanh"]),
        "batch_size": sweeper.Categorical([16, 32, 64]),
        "learning_rate": sweeper.Float(0.0001, 0.1, log=True),
        "alpha": sweeper.Float(0.000001, 1.0, log=True),
        "epochs": sweeper.Constant(27),
    },
)
def train(units, layers, activation, batch_size, learning_rate, alpha, epochs, trial):
    images, test_images, labels, test_labels = split()
    network = MLPClassifier(
        [units] * layers,
        activation=activation,
        batch_size=batch_size,
        learning_rate_init=learning_rate,
        alpha=alpha,
        random_state=trial.seed,
    )
    accuracy = 0.0
    for epoch in range(epochs):
        network.partial_fit(images, labels, classes=range(10))
        accuracy = network.score(test_images, test_labels)
        trial.report(accuracy, step=epoch)
        if trial.should_prune():
            raise sweeper.Pruned  # its curve is kept and told to the sampler
    return accuracy


if __name__ == "__main__":
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    result = train.sweep(name="digits-early-stopping", trials=trials, workers=2, seed=7)
    stopped = sum(trial.state == "pruned" for trial in result.trials)
    print(f"best accuracy {result.best.value:.4f}; {stopped} of {len(result.trials)} trials stopped early")
