"""Names by which a server may be called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.server.security.hosts import HostPolicy, is_loopback, split_host


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:5000", "localhost", "LOCALHOST:80", "[::1]:5000", "127.0.0.2", "localhost."]
)
def test_a_server_of_this_machine_is_called_by_its_names(host: str) -> None:
    assert HostPolicy("127.0.0.1").allows(host)


@pytest.mark.parametrize(
    "host",
    [
        "10.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:5000", "10.0.0.1", "",
        "127.0.0.1@evil.example", "evil.example#127.0.0.1", "0x7f.1", "2130706433", "127.1", "[::1", "a b", "::1",
        "127.0.0.1:5000:1", "127.0.0.1:port", "localhost:99999999",
    ],
)  # fmt: skip
def test_and_by_no_other(host: str) -> None:
    assert not HostPolicy("127.0.0.1").allows(host)


def test_one_bound_to_every_address_is_called_by_any_literal_one() -> None:
    policy = HostPolicy("0.0.0.0", ["mlflow.company", "exact.company:8443"])
    assert policy.allows("10.1.2.3:5000")
    assert policy.allows("mlflow.company")
    assert policy.allows("mlflow.company:443")
    assert policy.allows("exact.company:8443")
    assert not policy.allows("exact.company:5000")
    assert not policy.allows("evil.mlflow.company")
    assert not policy.allows("10.evil.example")


def test_one_bound_to_an_address_is_called_by_it() -> None:
    policy = HostPolicy("10.1.2.3")
    assert policy.allows("10.1.2.3:5000")
    assert not policy.allows("10.1.2.4:5000")


@given(st.text(max_size=30))
def test_a_name_with_a_letter_is_allowed_only_if_named(text: str) -> None:
    # given any text that is not one of the names of this machine
    parts = split_host(text)
    allowed = HostPolicy("127.0.0.1").allows(text)
    # then it is allowed only as localhost or as a literal loopback address
    assert allowed == (parts is not None and is_loopback(parts[0]))
