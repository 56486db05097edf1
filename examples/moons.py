"""Which small neural network tells two half moons apart? A command: it knows nothing of sweeper.

Parameters come as arguments; each epoch prints a line of JSON, which is all it takes to be tracked and stopped early.

    sweeper run wandb_moons
    python moons.py --units=8 --learning_rate=0.1
"""

import argparse
import json
import math
import os
import random

parser = argparse.ArgumentParser()
parser.add_argument("--units", type=int, default=8)
parser.add_argument("--learning_rate", type=float, default=0.1)
parser.add_argument("--momentum", type=float, default=0.0)
parser.add_argument("--epochs", type=int, default=27)
options = parser.parse_args()

chance = random.Random(0)


def moons(count):
    """Points on two half circles, with noise; each with its moon, 0 or 1."""
    for number in range(count):
        moon, angle = number % 2, math.pi * chance.random()
        x = math.cos(angle) if moon == 0 else 1 - math.cos(angle)
        y = math.sin(angle) if moon == 0 else 0.5 - math.sin(angle)
        yield x + chance.gauss(0, 0.2), y + chance.gauss(0, 0.2), moon


train, test = list(moons(200)), list(moons(200))
start = random.Random(int(os.environ.get("SWEEPER_SEED", "1")))  # a seed of its own for each trial
hidden = [[start.gauss(0, 1) for _ in range(3)] for _ in range(options.units)]  # two weights and a bias
output = [start.gauss(0, 1) / options.units**0.5 for _ in range(options.units + 1)]
pace = [[0.0] * 4 for _ in range(options.units + 1)]


def forward(x, y):
    active = [math.tanh(a * x + b * y + c) for a, b, c in hidden]
    level = sum(weight * value for weight, value in zip(output, active, strict=False)) + output[-1]
    return active, 1 / (1 + math.exp(-max(-30.0, min(30.0, level))))


def learn(x, y, moon):
    active, guess = forward(x, y)
    error = guess - moon
    for unit, value in enumerate([*active, 1.0]):
        slopes = [error * value]
        if unit < options.units:
            back = error * output[unit] * (1 - value * value)
            slopes += [back * x, back * y, back]
        for place, slope in enumerate(slopes):
            step = pace[unit][place] = options.momentum * pace[unit][place] - options.learning_rate * slope
            if place == 0:
                output[unit] += step
            else:
                hidden[unit][place - 1] += step


for epoch in range(options.epochs):
    for point in chance.sample(train, len(train)):
        learn(*point)
    guesses = [(forward(x, y)[1], moon) for x, y, moon in test]
    accuracy = sum((guess > 0.5) == moon for guess, moon in guesses) / len(test)
    loss = -sum(math.log(max(1e-9, guess if moon else 1 - guess)) for guess, moon in guesses) / len(test)
    print(json.dumps({"accuracy": accuracy, "loss": loss, "step": epoch}))
