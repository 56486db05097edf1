"""``sweeper models``: what is registered, aliases, stages, what differs, what happened."""

from __future__ import annotations

import click

from sweeper.cli.lazy import Entry, LazyGroup

TABLE = {
    "ls": Entry("sweeper.cli.models.ls:ls", "List the registered models."),
    "show": Entry("sweeper.cli.models.show:show", "Show one model, or one version with where it comes from."),
    "alias": Entry("sweeper.cli.models.change:alias", "Let an alias name a version, or take it away."),
    "stage": Entry("sweeper.cli.models.change:stage", "Move a version to Staging, Production, Archived or None."),
    "edit": Entry("sweeper.cli.models.change:edit", "Change a name, a description or tags."),
    "diff": Entry("sweeper.cli.models.diff:diff", "Show what differs between two versions."),
    "history": Entry("sweeper.cli.models.history:history", "Show metrics and importance over the versions."),
    "download": Entry("sweeper.cli.models.download:download", "Copy the files of a version, checked."),
    "serve": Entry("sweeper.cli.models.serve:serve", "Answer requests with a model, over HTTP."),
    "predict": Entry("sweeper.cli.models.serve:predict", "Score the rows of a file with a model."),
    "dockerfile": Entry("sweeper.cli.models.dockerfile:dockerfile", "Write the files of an image that serves a model."),
    "delete": Entry("sweeper.cli.models.change:delete", "Delete a version, or a model with all of them."),
}


@click.command("models", cls=LazyGroup, table=TABLE)
def models() -> None:
    """Registered models: versions, aliases and stages.

    VERSION is NAME/3, NAME@ALIAS, NAME/STAGE or NAME/latest, with or without models:/ before it.

    \b
    Example:
      sweeper models ls
      sweeper models show digits@champion
    """
