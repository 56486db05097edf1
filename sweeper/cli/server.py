"""``sweeper server`` and ``sweeper token``."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import click

from sweeper.cli.session import Session, Whole, command
from sweeper.errors import UsageError

TOKENS = "sweeper-tokens.jsonl"
QUERY_SECONDS = 30.0  #: for one request's queries: MLflow's clients wait 120 s, and then ask again


@command("server")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=5000, show_default=True, type=Whole(0, 65535), help="Port; 0 takes a free one.")
@click.option("--artifacts", metavar="URL", help="Where files of runs go; default: as the store remembers.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A name by which clients may call it; repeatable.")
@click.option("--token-file", type=click.Path(path_type=Path), help="Tokens that are let in (see: sweeper token).")
@click.option("--no-auth", is_flag=True, help="Let everybody in who reaches it, also from other machines.")
@click.option("--read-only", is_flag=True, help="Nobody changes anything, whatever their token.")
@click.option("--audit-log", type=click.Path(path_type=Path), help="Append a line of JSON for each change.")
@click.option("--ssl-certfile", type=click.Path(exists=True, path_type=Path), help="Certificate, for https.")
@click.option("--ssl-keyfile", type=click.Path(exists=True, path_type=Path), help="Its key.")
def server(
    session: Session,
    host: str,
    port: int,
    artifacts: str | None,
    allow_host: tuple[str, ...],
    token_file: Path | None,
    no_auth: bool,
    read_only: bool,
    audit_log: Path | None,
    ssl_certfile: Path | None,
    ssl_keyfile: Path | None,
) -> None:
    """Serve the store to MLflow's clients and to browsers, on this machine or (with a token) to others.

    \b
    Example:
      sweeper server
      sweeper token add team && sweeper server --host 0.0.0.0 --token-file sweeper-tokens.jsonl
    """
    from sweeper.artifacts import open_artifacts
    from sweeper.server.app import make_app
    from sweeper.server.listen import Certificate, address, listen, serve
    from sweeper.server.security.access import Access
    from sweeper.server.security.hosts import HostPolicy, is_loopback
    from sweeper.server.security.tokens import Tokens, read
    from sweeper.server.shell import Shell
    from sweeper.store import open_database

    tokens = Tokens(read(token_file))
    if not (tokens or no_auth or is_loopback(host)):
        raise UsageError(
            f"--host {host} can be reached from other machines, so a token is needed: "
            f"run sweeper token add NAME, then give --token-file {TOKENS} (or set SWEEPER_TOKEN). "
            "To let everybody in who reaches it: --no-auth"
        )
    if (ssl_certfile is None) != (ssl_keyfile is None):
        raise UsageError("--ssl-certfile and --ssl-keyfile belong together: give both")
    tls = Certificate(ssl_certfile, ssl_keyfile) if ssl_certfile and ssl_keyfile else None
    _log_to(audit_log)
    store = open_database(session.store_url, artifacts=artifacts, read_only=read_only)
    store.limit_reads(QUERY_SECONDS)
    try:
        listening = listen(host, port)
        url = address(listening, secure=tls is not None)
        access = Access(tokens, HostPolicy(host, allow_host), read_only=read_only)
        app = make_app(store, open_artifacts(store.artifacts), access, shell=Shell(access, store=store.url))
        if no_auth and not is_loopback(host):
            session.say("warning: no token is asked for: whoever reaches this address can change and delete runs")
        serve(app, listening, lambda: _tell(session, url, store.url, bool(tokens)), tls)
    finally:
        store.close()


@command("token")
@click.argument("action", type=click.Choice(["add"]))
@click.argument("name")
@click.option("--role", default="write", show_default=True, type=click.Choice(["read", "write", "admin"]))
@click.option("--token-file", type=click.Path(path_type=Path), default=Path(TOKENS), show_default=True)
def token(session: Session, action: str, name: str, role: str, token_file: Path) -> None:
    """Make a token for `sweeper server`; it is shown once, and kept as a hash.

    \b
    Example:
      sweeper token add anna --role read
    """
    from sweeper.server.security import tokens

    made, kept = tokens.make(name, role)
    tokens.add(token_file, kept)
    if session.as_json:
        session.emit({"name": name, "role": role, "token": made, "file": str(token_file)})
        return
    session.show(made)
    session.hint(f"Keep it: only its hash is in {token_file}. Clients take it from MLFLOW_TRACKING_TOKEN.")
    session.next(f"sweeper server --token-file {token_file}")


def _tell(session: Session, url: str, store: str, asks: bool) -> None:
    if session.as_json:
        session.emit({"url": url, "store": store, "token": asks})
        return
    session.show(f"Serving {store} at {url}" + (" to whoever has a token" if asks else ""))
    session.hint(f"Pages for a browser are there, too. In Python: mlflow.set_tracking_uri({url!r}). Ctrl-C ends it.")


def _log_to(file: Path | None) -> None:
    """Errors go to stderr; what changes goes to its own file, if one is wanted."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    audit = logging.getLogger("sweeper.server.audit")
    audit.propagate = False
    if file is not None:
        os.close(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = logging.FileHandler(file, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        audit.addHandler(handler)
        audit.setLevel(logging.INFO)
