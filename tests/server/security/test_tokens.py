"""Tokens: kept as hashes, read from files that only their owner reads."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from sweeper.errors import UsageError
from sweeper.server.security import tokens
from sweeper.server.security.tokens import Role, Tokens


def test_a_token_says_who_asks(tmp_path: Path) -> None:
    # given two tokens in a file
    file = tmp_path / "tokens"
    made, kept = tokens.make("anna", "read")
    tokens.add(file, kept)
    other, kept = tokens.make("ben", "admin")
    tokens.add(file, kept)
    # when they are known
    known = Tokens(tokens.read(file, {}))
    # then each is who it is, and nothing else is anybody
    anna, ben = known.caller(made), known.caller(other)
    assert anna is not None
    assert ben is not None
    assert (anna.name, anna.role, ben.name, ben.role) == ("anna", Role.READ, "ben", Role.ADMIN)
    assert known.caller("") is known.caller(made[:-1]) is known.caller(made + "x") is None
    # and the file holds neither, for its owner alone
    assert made not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_token_of_a_name_replaces_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    old, kept = tokens.make("anna", "read")
    tokens.add(file, kept)
    new, kept = tokens.make("anna", "write")
    tokens.add(file, kept)
    known = Tokens(tokens.read(file, {}))
    assert known.caller(old) is None
    assert known.caller(new) is not None


def test_the_environment_gives_one_that_may_do_everything() -> None:
    known = Tokens(tokens.read(None, {"SWEEPER_TOKEN": "a secret of some length"}))
    found = known.caller("a secret of some length")
    assert found is not None
    assert found.role is Role.ADMIN
    with pytest.raises(UsageError, match="at least 16"):
        tokens.read(None, {"SWEEPER_TOKEN": "short"})


def test_tokens_come_as_clients_send_them() -> None:
    basic = base64.b64encode(b"user:secret:x").decode()
    assert tokens.presented({"authorization": "Bearer abc"}) == "abc"
    assert tokens.presented({"authorization": f"Basic {basic}"}) == "secret:x"
    assert tokens.presented({"authorization": "Basic !!"}) == tokens.presented({}) == ""


def test_bad_files_are_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    with pytest.raises(UsageError, match="sweeper token add"):
        tokens.read(file, {})
    file.write_text('{"name": "a", "role": "king", "sha256": ""}\n')
    with pytest.raises(UsageError, match="chmod 600"):
        tokens.read(file, {})
    file.chmod(0o600)
    with pytest.raises(UsageError, match="tokens:1: not a token"):
        tokens.read(file, {})
    with pytest.raises(UsageError, match="role 'king'"):
        tokens.make("a", "king")
