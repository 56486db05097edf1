"""The same request to two servers, and what of their answers is not the same.

What each server makes itself (ids, times of its clock, random names, the folder of a run) is replaced by its name
before
answers are compared; what the client sent (names, values, its own times) has to come back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

PREFIX = "/api/2.0/mlflow"
CLOCK = {
    "creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "creation_timestamp_ms",
    "last_updated_timestamp_ms",
}  # fmt: skip
FOLDERS = {"artifact_uri", "artifact_location", "root_uri"}
UNORDERED = {"metrics", "params", "tags", "aliases", "latest_versions"}
RANDOM_NAME = re.compile(r"[a-z]+-[a-z]+-\d{1,4}")
EMPTY: tuple[Any, ...] = ("", {}, [], None)  #: an absent field and an empty one are the same message
LONG = 200
NAMED = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Ask:
    """One request. ``$name`` in its fields stands for what an earlier answer gave; ``keeps`` says what this one gives.

    A page token is each server's own, so it is kept under a name and sent back by it.
    """

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    keeps: Mapping[str, str] = field(default_factory=dict)
    words: bool = False  #: the sentence of an error has to be the same, too
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


def post(path: str, body: Mapping[str, Any], *, words: bool = False, **keeps: str) -> Ask:
    return Ask("POST", path, body, keeps, words)


def get(path: str, query: Mapping[str, Any], *, words: bool = False, **keeps: str) -> Ask:
    return Ask("GET", path, query, keeps, words)


class Difference(NamedTuple):
    """One place where two answers differ."""

    route: str
    place: str
    real: Any
    ours: Any

    def __str__(self) -> str:
        return f"{self.route}  {self.place}\n    MLflow  {self.real}\n    here    {self.ours}"


class Side:
    """One server, with what it answered so far by name."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._known: dict[str, str] = {}

    def known(self, **values: str) -> None:
        self._known |= values

    def known_as(self, name: str) -> str:
        return self._known.get(name, "")

    def send(self, ask: Ask) -> tuple[int, Any]:
        """Return the status and the answer in normal form."""
        path = self._filled(ask.path)
        url = path if path.startswith("/") else f"{PREFIX}/{path}"
        headers = dict(ask.headers)
        if ask.content is not None:
            answer = self._http.request(ask.method, url, content=ask.content, headers=headers)
        elif ask.method == "GET":
            answer = self._http.get(url, params=self._filled(ask.body or {}), headers=headers)
        else:
            answer = self._http.request(ask.method, url, json=self._filled(ask.body or {}), headers=headers)
        try:
            said = answer.json()
        except ValueError:
            said = answer.text
        for name, place in ask.keeps.items():
            found = said
            for part in place.split("."):
                found = found.get(part) if isinstance(found, dict) else None
            self._known[name] = "" if found is None else str(found)
        return answer.status_code, normal(said, {value: f"${name}" for name, value in self._known.items() if value})

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            return NAMED.sub(lambda found: self._known.get(found[1], found[0]), value)
        if isinstance(value, Mapping):
            return {name: self._filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        return value


def normal(value: Any, names: Mapping[str, str], field: str = "") -> Any:
    """Return an answer without what its server alone can know."""
    if isinstance(value, dict):
        found = {key: normal(item, names, _field(value, key)) for key, item in value.items()}
        return {key: item for key, item in found.items() if key == "value" or item not in EMPTY}
    if isinstance(value, list):
        items = [normal(item, names) for item in value]
        return sorted(items, key=_key) if field in UNORDERED else items
    if field in CLOCK:
        return "<time>"
    if field in FOLDERS:
        return "<folder>"
    if field == "next_page_token":
        return "<token>"
    if field in ("run_name", "mlflow.runName", "name") and isinstance(value, str) and RANDOM_NAME.fullmatch(value):
        return "<random name>"
    return _renamed(value, names, field) if isinstance(value, str) else value


def _renamed(value: str, names: Mapping[str, str], field: str) -> str:
    for found, name in names.items():
        if len(found) >= 32:
            value = value.replace(found, name)
        elif field == "experiment_id" and value == found:
            value = name
    return value if len(value) <= LONG else f"{value[:20]}...{value[-20:]} ({len(value)} characters)"


def _field(message: Mapping[str, Any], key: str) -> str:
    """Return what a field is called: a tag's value by its key."""
    return str(message.get("key")) if key == "value" else key


def _key(item: Any) -> tuple[str, ...]:
    found = item if isinstance(item, dict) else {}
    return (*(str(found.get(name, "")) for name in ("key", "alias", "version", "step")), str(item))


def differences(ask: Ask, real: tuple[int, Any], ours: tuple[int, Any]) -> Iterator[Difference]:
    """Give each place where two answers to one request differ; of errors the status and the code are compared."""
    if real[0] != ours[0]:
        yield Difference(ask.route, "status", _short(real), _short(ours))
    elif real[0] >= 400:
        for name in ("error_code", "message") if ask.words else ("error_code",):
            said = [answer[1].get(name) if isinstance(answer[1], dict) else "no JSON" for answer in (real, ours)]
            if said[0] != said[1]:
                yield Difference(ask.route, name, said[0], said[1])
    else:
        for place, one, other in _unlike(real[1], ours[1], "answer"):
            yield Difference(ask.route, place, one, other)


def _short(answer: tuple[int, Any]) -> str:
    status, said = answer
    if isinstance(said, dict) and status >= 400:
        said = f"{said.get('error_code')}: {said.get('message')}"
    return f"{status} {str(said)[:300]}"


def _unlike(one: Any, other: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _unlike(one.get(key), other.get(key), f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _unlike(first, second, f"{place}[{at}]")
    elif one != other:
        yield place, one, other


class Pair:
    """Both servers at once."""

    def __init__(self, real: Side, ours: Side) -> None:
        self.real, self.ours = real, ours

    def send(self, ask: Ask) -> list[Difference]:
        return list(differences(ask, self.real.send(ask), self.ours.send(ask)))
