"""What every command shares."""

from __future__ import annotations

from sweeper.cli.session import Session


def test_a_command_to_type_next_shows_no_password() -> None:
    url = "postgresql://me:CANARY-9f3@db/runs"
    session = Session(store_url=url, remind=True)

    assert session.complete("sweeper ls") == "sweeper ls --store 'postgresql://me:***@db/runs'"
