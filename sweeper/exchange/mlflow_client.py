"""The few calls of MLflow's REST protocol that copying runs needs, over HTTP."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from sweeper.errors import SweeperError, UsageError

API = "/api/2.0/mlflow"
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
AWAY = (408, 429, 500, 502, 503, 504)
PAGE = 1000
METRICS, OTHERS = 1000, 100  #: items of one batch: metrics; params and tags


class ServerAway(SweeperError):
    """The server does not answer now; the same may succeed later."""


class MlflowClient:
    """An MLflow server. Credentials come from MLflow's own variables, never from the URL."""

    def __init__(self, url: str, environment: Mapping[str, str] = os.environ) -> None:
        self.url = url.rstrip("/")
        token = environment.get("MLFLOW_TRACKING_TOKEN", "")
        user = environment.get("MLFLOW_TRACKING_USERNAME", "")
        self._client = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {token}"} if token else {},
            auth=(user, environment.get("MLFLOW_TRACKING_PASSWORD", "")) if user and not token else None,
            timeout=TIMEOUT,
        )

    def close(self) -> None:
        self._client.close()

    def experiment(self, name: str) -> str:
        """Return the id of an experiment, which is made if there is none of that name."""
        found = self._call("GET", "experiments/get-by-name", {"experiment_name": name}, missing=True)
        if found is None:
            return str(self._call("POST", "experiments/create", {"name": name})["experiment_id"])
        experiment = found["experiment"]
        if experiment.get("lifecycle_stage") == "deleted":
            raise UsageError(f"{self.url}: the experiment {name!r} is deleted there; restore it, or use another one")
        return str(experiment["experiment_id"])

    def experiments(self) -> Iterator[Mapping[str, Any]]:
        yield from self._pages("experiments/search", "experiments", {"max_results": PAGE})

    def search(self, experiment_id: str, where: str = "") -> Iterator[Mapping[str, Any]]:
        """Yield runs, deleted ones left out."""
        asked = {"experiment_ids": [experiment_id], "filter": where, "max_results": PAGE}
        yield from self._pages("runs/search", "runs", asked)

    def history(self, run_id: str, key: str) -> Iterator[Mapping[str, Any]]:
        asked: dict[str, Any] = {"run_id": run_id, "metric_key": key, "max_results": 25_000}
        while True:
            found = self._call("GET", "metrics/get-history", asked)
            yield from found.get("metrics", [])
            if not found.get("next_page_token"):
                return
            asked["page_token"] = found["next_page_token"]

    def create(self, experiment_id: str, name: str, started: float, tags: Mapping[str, str], user: str) -> str:
        body = {
            "experiment_id": experiment_id,
            "run_name": name,
            "start_time": round(started * 1000),
            "user_id": user,
            "tags": _pairs(tags),
        }
        return str(self._call("POST", "runs/create", body)["run"]["info"]["run_id"])

    def log(
        self,
        run_id: str,
        params: Mapping[str, str],
        tags: Mapping[str, str],
        metrics: Sequence[tuple[str, float, int, float]],
    ) -> None:
        """Log (key, value, step, time), params and tags, in batches as small as the protocol wants them."""
        rest = [*(("params", pair) for pair in _pairs(params)), *(("tags", pair) for pair in _pairs(tags))]
        for start in range(0, len(rest), OTHERS):
            body: dict[str, Any] = {"run_id": run_id}
            for kind, pair in rest[start : start + OTHERS]:
                body.setdefault(kind, []).append(pair)
            self._call("POST", "runs/log-batch", body)
        for start in range(0, len(metrics), METRICS):
            points = [
                {"key": key, "value": _number(value), "step": step, "timestamp": round(at * 1000)}
                for key, value, step, at in metrics[start : start + METRICS]
            ]
            self._call("POST", "runs/log-batch", {"run_id": run_id, "metrics": points})

    def end(self, run_id: str, status: str, ended: float | None) -> None:
        body = {"run_id": run_id, "status": status}
        if ended is not None:
            body["end_time"] = str(round(ended * 1000))
        self._call("POST", "runs/update", body)

    def _pages(self, path: str, name: str, asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        token = ""
        while True:
            found = self._call("POST", path, {**asked, **({"page_token": token} if token else {})})
            yield from found.get(name, [])
            token = found.get("next_page_token", "")
            if not token:
                return

    def _call(self, method: str, path: str, values: Mapping[str, Any], *, missing: bool = False) -> Any:
        try:
            answer = self._client.request(
                method,
                f"{API}/{path}",
                params=values if method == "GET" else None,
                json=values if method != "GET" else None,
            )
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerAway(f"{self.url} does not answer ({type(error).__name__})") from None
        if answer.status_code in AWAY:
            raise ServerAway(f"{self.url} answered {answer.status_code}")
        try:
            said = answer.json()
        except ValueError:
            said = {}
        if answer.status_code == 200:
            return said
        code = said.get("error_code", "") if isinstance(said, dict) else ""
        if missing and code == "RESOURCE_DOES_NOT_EXIST":
            return None
        if answer.status_code in (401, 403):
            raise UsageError(
                f"{self.url} does not let this in ({answer.status_code}): set MLFLOW_TRACKING_TOKEN, or "
                "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
            )
        if not code:
            raise UsageError(f"{self.url} is not an MLflow server (it answered {answer.status_code} to {path})")
        raise UsageError(f"{self.url}, {path}: {said.get('message', code)}")


def wait(tries: int) -> float:
    """Return the seconds to wait after a number of tries in a row that found nobody."""
    return float(min(60.0, 0.5 * 2 ** min(tries, 7)))




def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
