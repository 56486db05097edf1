"""Sessions of browsers and the key that begins one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sweeper.server.security import sessions
from sweeper.server.security.sessions import Sessions, StartKey, cookie, cookie_name
from sweeper.server.security.tokens import Caller, Role

ANNA, BEN = Caller("anna", Role.WRITE), Caller("ben", Role.READ)
HOST = "127.0.0.1:5000"


def headers(*values: str, name: str = "sweeper_5000", host: str = HOST) -> dict[str, str]:
    return {"host": host, "cookie": "; ".join(f"{name}={value}" for value in values)}


def test_a_session_is_its_callers_until_it_ends() -> None:
    known = Sessions()
    anna, ben = known.begin(ANNA), known.begin(BEN)
    assert (known.caller(headers(anna)), known.caller(headers(ben))) == (ANNA, BEN)
    known.end(headers(anna))
    assert (known.caller(headers(anna)), known.caller(headers(ben))) == (None, BEN)


def test_ids_have_256_bits_and_are_not_kept() -> None:
    known = Sessions()
    made = {known.begin(ANNA) for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) >= 43 for each in made)
    assert not [each for each in made if each in repr(vars(known))]


def test_what_is_no_session_is_nobody() -> None:
    known = Sessions()
    made = known.begin(ANNA)
    for value in ("", made[:-1], made + "x", made.swapcase(), "é", "\udcff"):
        assert known.caller(headers(value)) is None
    assert known.caller({}) is None
    assert known.caller({"host": HOST, "cookie": ";;=;" + made}) is None


def test_one_put_there_by_others_is_passed_over() -> None:
    known = Sessions()
    made = known.begin(ANNA)
    assert known.caller(headers("tossed", made)) == ANNA
    assert known.caller(headers(made, "tossed")) == ANNA


def test_a_session_is_over_after_a_long_time() -> None:
    times = iter([0.0, sessions.LONGEST - 1, sessions.LONGEST])
    known = Sessions(lambda: next(times))
    made = known.begin(ANNA)
    assert known.caller(headers(made)) == ANNA
    assert known.caller(headers(made)) is None


def test_there_is_room_for_so_many_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST", 3)
    known = Sessions()
    made = [known.begin(ANNA) for _ in range(5)]
    assert [known.caller(headers(each)) for each in made] == [None, None, ANNA, ANNA, ANNA]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (HOST, "sweeper_5000"),
        ("localhost:8080", "sweeper_8080"),
        ("[::1]:5000", "sweeper_5000"),
        ("runs.company", "sweeper"),
        ("a:b; x=y", "sweeper"),
        ("", "sweeper"),
    ],
)
def test_the_cookie_is_called_by_the_port(host: str, name: str) -> None:
    assert cookie_name({"host": host}) == name


def test_the_cookie_is_for_this_site_and_no_script() -> None:
    assert cookie({"host": HOST}, "abc", secure=False) == "sweeper_5000=abc; Path=/; HttpOnly; SameSite=Strict"
    assert cookie({"host": HOST}, "abc", secure=True).endswith("; Secure")
    assert "Max-Age=0" in cookie({"host": HOST}, "", secure=False)


def test_a_key_is_taken_once_whoever_hurries() -> None:
    for _ in range(20):
        key = StartKey()
        shown = key.renew()
        with ThreadPoolExecutor(8) as threads:
            assert sum(threads.map(key.take, [shown] * 16)) == 1


def test_a_new_key_makes_the_one_before_worthless() -> None:
    key = StartKey()
    first, second = key.renew(), key.renew()
    assert len(first) >= 43
    assert not key.take(first)
    assert not key.take("")
    assert key.take(second)
    assert not key.take(second)
    assert key.take(key.renew())
