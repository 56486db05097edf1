"""Two steps, each an entry point of this project, each a run below the trial: `sweeper run workflow_project`."""

import json
import sys

import sweeper

degree, ridge, rows = sys.argv[1:]
prepared = sweeper.run_project("prepare", {"degree": degree, "rows": rows})
fitted = sweeper.run_project("fit", {"table": f"{prepared.artifacts}/table.json", "ridge": ridge})
print(json.dumps({"rmse": fitted.metrics["rmse"], "columns": prepared.metrics["columns"]}))
