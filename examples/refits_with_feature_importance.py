"""Runs outside sweeps: a model refitted as data comes in, and which features it relies on each time.

python refits_with_feature_importance.py
"""

from sklearn.datasets import load_diabetes
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance

import sweeper

EXPERIMENT = "diabetes refits"


def refit(parent, patients, progression, names, rows):
    """Fit on the first ``rows`` rows, score on the next 60, and keep all of it as a run below ``parent``."""
    with parent.child(f"{rows} rows", tags={"dataset": "diabetes"}) as run:
        model = RandomForestRegressor(60, min_samples_leaf=3, random_state=0)
        model.fit(patients[:rows], progression[:rows])
        new_patients, new_progression = patients[rows : rows + 60], progression[rows : rows + 60]
        shuffled = permutation_importance(model, new_patients, new_progression, n_repeats=5, random_state=0)
        importance = dict(zip(names, shuffled.importances_mean.tolist(), strict=True))
        run.log_params({"rows": rows, "trees": 60, "min_samples_leaf": 3})
        run.log_metric("r2", model.score(new_patients, new_progression))
        run.log_importance(importance)
        for name, value in importance.items():
            run.log_metric(f"importance of {name}", value)
    return importance


def main():
    data = load_diabetes()
    with sweeper.start_run("refits", experiment=EXPERIMENT) as parent:
        for rows in (120, 180, 240, 300, 360):
            importance = refit(parent, data.data, data.target, data.feature_names, rows)
            parent.log_metrics({"bmi": importance["bmi"], "bp": importance["bp"]}, step=rows)

    runs = sweeper.open().runs(where="tags.dataset = 'diabetes'", experiment=EXPERIMENT, order_by="start_time DESC")
    columns = [
        "name",
        "metrics.r2",
        "metrics.importance of bmi",
        "metrics.importance of bp",
        "metrics.importance of s5",
    ]
    print(runs[columns].head(5).iloc[::-1].to_string(index=False, float_format="%.3f"))


if __name__ == "__main__":
    main()
