"""The command ``sweeper`` and the table of its commands."""

from __future__ import annotations

import click

from sweeper.cli.lazy import Entry, LazyGroup
from sweeper.version import __version__

RUN, LOOK, WRITE, KEEP = "Run sweeps", "Look at sweeps", "Write sweep files", "Look after the store"
SERVE = "Serve the store"
MODELS = "Keep models"

COMMANDS = {
    "run": Entry("sweeper.cli.run:run", "Run the sweep of a file.", RUN),
    "resume": Entry("sweeper.cli.run:resume", "Go on with a sweep that did not finish, or add trials.", RUN),
    "step": Entry("sweeper.cli.step:step", "Run an entry point of a project below the trial.", RUN),
    "rerun": Entry("sweeper.cli.rerun:rerun", "Run a trial again, with its seed or new ones.", RUN),
    "pause": Entry("sweeper.cli.control:pause", "Let a running sweep start no new trials for a while.", RUN),
    "stop": Entry("sweeper.cli.control:stop", "End a sweep: running trials end, no new ones start.", RUN),
    "cancel": Entry("sweeper.cli.control:cancel", "End a sweep now: running trials are killed.", RUN),
    "ls": Entry("sweeper.cli.sweeps:ls", "List the sweeps, the latest first.", LOOK),
    "show": Entry("sweeper.cli.sweeps:show", "Show one sweep or one trial.", LOOK),
    "trials": Entry("sweeper.cli.trials:trials", "List the trials of a sweep; filter, sort, save.", LOOK),
    "best": Entry("sweeper.cli.best:best", "Choose the best trial: robust, repeated, or of a Pareto front.", LOOK),
    "importance": Entry("sweeper.cli.importance:importance", "Show which parameters matter.", LOOK),
    "compare": Entry("sweeper.cli.compare:compare", "Put sweeps side by side.", LOOK),
    "duplicates": Entry("sweeper.cli.duplicates:duplicates", "Find trials that did the same work.", LOOK),
    "failures": Entry("sweeper.cli.failures:failures", "Show why trials failed, by cause.", LOOK),
    "report": Entry("sweeper.cli.report:report", "Write the report of a sweep.", LOOK),
    "ranges": Entry("sweeper.cli.ranges:ranges", "Show ranges over past sweeps, and what to search next.", LOOK),
    "export": Entry("sweeper.cli.trials:export", "Save all trials as CSV, JSON or Parquet.", LOOK),
    "register": Entry("sweeper.cli.register:register", "Make a trial's model a version of a model.", MODELS),
    "models": Entry("sweeper.cli.models:models", "Registered models: aliases, stages, history.", MODELS),
    "init": Entry("sweeper.cli.init:init", "Copy a ready sweep and its example here.", WRITE),
    "narrow": Entry("sweeper.cli.narrow:narrow", "Write the next sweep, its ranges from past sweeps.", WRITE),
    "validate": Entry("sweeper.cli.validate:validate", "Check a sweep file without running it.", WRITE),
    "spaces": Entry("sweeper.cli.spaces:spaces", "List, show and copy ready search spaces.", WRITE),
    "schema": Entry("sweeper.cli.validate:schema", "Print the JSON Schema of sweep files.", WRITE),
    "ui": Entry("sweeper.cli.ui:ui", "Open pages that show the store, in a browser.", LOOK),
    "server": Entry("sweeper.cli.server:server", "Serve the store to MLflow's clients and to browsers.", SERVE),
    "token": Entry("sweeper.cli.server:token", "Make a token for the server.", SERVE),
    "import": Entry("sweeper.cli.imports:imports", "Bring runs of MLflow into the store.", KEEP),
    "mirror": Entry("sweeper.cli.mirror:mirror", "Copy sweeps to an existing MLflow server.", SERVE),
    "doctor": Entry("sweeper.cli.doctor:doctor", "Examine the store, and what crashes left behind.", KEEP),
    "db": Entry("sweeper.cli.db:db", "Back up, move and upgrade the store.", KEEP),
}


@click.command(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="First steps: sweeper init quickstart, then sweeper run quickstart.yaml",
)
@click.version_option(__version__, "-V", "--version", prog_name="sweeper", message="%(prog)s %(version)s")
def app() -> None:
    """Hyperparameter sweeps with nested-run tracking.

    SWEEP is a name (the latest sweep of that name), an id or the end of one, or "last".
    """
