"""Fit a polynomial with a ridge to half of the table, and measure it on the other half."""

import json
import math
import os
import sys

with open(sys.argv[1]) as file:
    table = json.load(file)
ridge = float(sys.argv[2])
train, test = table[::2], table[1::2]

# The normal equations, solved by Gaussian elimination.
size = len(train[0]["powers"])
rows = [
    [sum(row["powers"][i] * row["powers"][j] for row in train) + (ridge if i == j else 0) for j in range(size)]
    + [sum(row["powers"][i] * row["y"] for row in train)]
    for i in range(size)
]
for pivot in range(size):
    best = max(range(pivot, size), key=lambda row: abs(rows[row][pivot]))
    rows[pivot], rows[best] = rows[best], rows[pivot]
    for below in range(pivot + 1, size):
        factor = rows[below][pivot] / rows[pivot][pivot]
        rows[below] = [a - factor * b for a, b in zip(rows[below], rows[pivot], strict=True)]
weights = [0.0] * size
for row in reversed(range(size)):
    known = sum(rows[row][column] * weights[column] for column in range(row + 1, size))
    weights[row] = (rows[row][size] - known) / rows[row][row]

errors = [sum(w * p for w, p in zip(weights, row["powers"], strict=True)) - row["y"] for row in test]
print(json.dumps({"rmse": math.sqrt(sum(error * error for error in errors) / len(errors))}))
with open(os.path.join(os.environ["SWEEPER_ARTIFACTS"], "weights.json"), "w") as file:
    json.dump(weights, file)
