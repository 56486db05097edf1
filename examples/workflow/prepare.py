"""Measure a noisy curve, and write its powers up to a degree as a table."""

import json
import math
import os
import random
import sys

degree, rows = int(float(sys.argv[1])), int(float(sys.argv[2]))
chance = random.Random(0)
table = []
for _ in range(rows):
    x = chance.uniform(-1, 1)
    table.append({"powers": [x**power for power in range(degree + 1)], "y": math.sin(4 * x) + chance.gauss(0, 0.2)})

with open(os.path.join(os.environ["SWEEPER_ARTIFACTS"], "table.json"), "w") as file:
    json.dump(table, file)
print(json.dumps({"columns": degree + 1, "rows": rows}))
