"""Tokens: 256 random bits, kept as SHA-256, compared in constant time, each with a name and a role."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path

from sweeper.errors import UsageError, suggest

VARIABLE = "SWEEPER_TOKEN"
SHORTEST = 16  #: characters of a token that a person made


class Role(IntEnum):
    """What somebody may do; each may also do what those before it may."""

    NOBODY = 0  #: only what is open to all
    READ = 1  #: look at everything
    WRITE = 2  #: log runs, steer sweeps, register models
    ADMIN = 3  #: delete


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept: its SHA-256 in hexadecimal, never itself."""

    name: str
    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    name: str
    role: Role


class Tokens:
    """The tokens a server knows."""

    def __init__(self, known: Iterable[Token]) -> None:
        self._known = [(bytes.fromhex(token.sha256), Caller(token.name, Role[token.role.upper()])) for token in known]

    def __bool__(self) -> bool:
        return bool(self._known)

    def caller(self, token: str) -> Caller | None:
        """Return whose token it is; every known one is compared, so time tells nothing."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        found = None
        for known, caller in self._known:
            if hmac.compare_digest(known, digest):
                found = caller
        return found


def presented(headers: Mapping[str, str]) -> str:
    """Return the token of a request: ``Bearer TOKEN``, or the password of ``Basic``; MLflow's clients send either."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return ""


def make(name: str, role: str) -> tuple[str, Token]:
    """Return a new token and how it is kept."""
    token = secrets.token_urlsafe(32)
    return token, kept(name, role, token)


def kept(name: str, role: str, token: str) -> Token:
    """Return how a token is kept. Raises UsageError for an unknown role and for one that is too short."""
    roles = [known.name.lower() for known in Role if known]
    if role not in roles:
        raise UsageError(f"role {role!r}: {suggest(role, roles)}")
    if len(token) < SHORTEST:
        raise UsageError(f"the token of {name!r} has {len(token)} characters; at least {SHORTEST} are needed")
    return Token(name, role, hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest())


def read(path: Path | None, environment: Mapping[str, str] = os.environ) -> list[Token]:
    """Return the tokens of a file and of ``SWEEPER_TOKEN``, which may do everything. Raises UsageError."""
    found: list[Token] = []
    if path is not None:
        found += _from_file(path)
    if environment.get(VARIABLE):
        found.append(kept(VARIABLE, "admin", environment[VARIABLE]))
    return found


def add(path: Path, token: Token) -> None:
    """Put a token into a file that only its owner can read; one of the same name is replaced."""
    others = [known for known in (_from_file(path) if path.exists() else []) if known.name != token.name]
    text = "".join(json.dumps(asdict(known)) + "\n" for known in [*others, token])
    part = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)


def _from_file(path: Path) -> list[Token]:
    try:
        mode = path.stat().st_mode
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"token file {path}: {error.strerror}. Make one with: sweeper token add NAME") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(f"token file {path} can be read by others. Run: chmod 600 {path}")
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            token = Token(**json.loads(line))
            bytes.fromhex(token.sha256)
            Role[token.role.upper()]
        except (AttributeError, KeyError, TypeError, ValueError):
            raise UsageError(f"{path}:{number}: not a token. Make one with: sweeper token add NAME") from None
        found.append(token)
    return found
