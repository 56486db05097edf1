"""The latest runs of a store without reading all of them: what a search with a limit walks along."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("sweeper_runs_created", "sweeper_runs", ["created", "id"])
