"""A model answers requests as MLflow's servers do, and is exchanged while it answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sweeper.errors import NotFound, UsageError
from sweeper.records import ModelVersion
from sweeper.registry.registry import Resolved
from sweeper.serving import batch
from sweeper.serving.app import make_app
from sweeper.serving.current import CurrentModel

mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")
pd: Any = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two models of two columns: one adds them, the other multiplies them."""
    from mlflow.models import infer_signature
    from sklearn.dummy import DummyClassifier

    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [0.5, 1.0]})
    made = []
    for constant in (1, 2):
        model = DummyClassifier(strategy="constant", constant=constant).fit(frame, [1, 2])
        folder = tmp_path_factory.mktemp("models") / f"m{constant}"
        signature = infer_signature(frame, model.predict(frame))
        mlflow.sklearn.save_model(model, folder, signature=signature, pip_requirements=["scikit-learn"])
        made.append(folder)
    return made


@pytest.fixture
def named(folders: list[Path]) -> list[Path]:
    """What is served now: the first of a list that tests may change."""
    return [folders[0]]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def current(named: list[Path], told: list[str]) -> Iterator[CurrentModel]:
    made = CurrentModel(lambda: Resolved("models:/m@champion", str(named[0])), told.append)
    yield made
    made.close()


@pytest.fixture
def http(current: CurrentModel) -> Iterator[TestClient]:
    with TestClient(make_app(current), raise_server_exceptions=False) as client:
        yield client


SPLIT = {"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2.0], [3.0, 4.0]]}}


@pytest.mark.parametrize(
    "body",
    [
        SPLIT,
        {"dataframe_records": [{"a": 1.0, "b": 2.0}, {"a": 3, "b": 4}]},
        {"instances": [{"a": 1.0, "b": 2.0}, {"a": 3.0, "b": 4.0}]},
        {"inputs": {"a": [1.0, 3.0], "b": [2.0, 4.0]}},
    ],
    ids=lambda body: next(iter(body)),
)
def test_rows_come_in_every_form(http: TestClient, body: dict[str, Any]) -> None:
    answer = http.post("/invocations", json=body)
    assert (answer.status_code, answer.json()) == (200, {"predictions": [1, 1]})


def test_rows_come_as_csv(http: TestClient) -> None:
    answer = http.post("/invocations", content=b"a,b\n1,2\n3,4\n", headers={"content-type": "text/csv"})
    assert (answer.status_code, answer.json()) == (200, {"predictions": [1, 1]})


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[[1, 2]]", "application/json", 400),
        (b'{"rows": []}', "application/json", 400),
        (b"nonsense", "application/json", 400),
        (b'{"dataframe_split": {"columns": ["a"], "data": [[1.0]]}}', "application/json", 400),
        (b'{"dataframe_split": {"columns": ["a", "b"], "data": [["x", "y"]]}}', "application/json", 400),
        (b"\xff\xfe", "text/csv", 400),
        (b"a,b\n1,2", "text/plain", 415),
        (b"a,b\n1,2", "", 415),
    ],
)
def test_mistakes_get_a_sentence(http: TestClient, body: bytes, kind: str, status: int) -> None:
    answer = http.post("/invocations", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_probes(http: TestClient) -> None:
    assert http.get("/ping").status_code == http.get("/health").status_code == 200
    assert http.get("/version").text == mlflow.__version__


def test_the_model_is_exchanged_without_losing_a_request(
    http: TestClient, current: CurrentModel, named: list[Path], folders: list[Path], told: list[str]
) -> None:
    # given requests that come all the time
    answers: list[Any] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            answers.append(http.post("/invocations", json=SPLIT))

    thread = threading.Thread(target=ask)
    thread.start()
    # when the alias moves
    named[0] = folders[1]
    current.look()
    deadline = time.monotonic() + 30
    while not (answers and answers[-1].json() == {"predictions": [2, 2]}) and time.monotonic() < deadline:
        time.sleep(0.01)
    over.set()
    thread.join()
    # then each was answered by one of both, and later ones by the new one
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].json() == {"predictions": [2, 2]}
    assert "models:/m@champion is now" in told[-1]


def test_one_that_cannot_be_loaded_changes_nothing(
    http: TestClient, current: CurrentModel, named: list[Path], told: list[str], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    named[0] = tmp_path / "empty"
    current.look()
    current.look()
    assert http.post("/invocations", json=SPLIT).json() == {"predictions": [1, 1]}
    assert len([text for text in told if "is served on" in text]) == 1


def test_what_is_no_other_model_is_not_loaded_again(folders: list[Path], told: list[str]) -> None:
    # given a version whose alias and description change while it is served
    version = ModelVersion("v1", "m", 1, location=str(folders[0]))
    found = [version]

    def find() -> Resolved:
        if not found:
            raise NotFound("alias", "m@champion")
        return Resolved("models:/m@champion", found[0].location, found[0])

    current = CurrentModel(find, told.append)
    try:
        served = current.get()
        found[0] = replace(version, aliases=("champion", "other"), description="better")
        current.look()
        assert current.get() is served
        assert told == []
        # when the alias goes: told once, served on
        found.clear()
        for _ in range(3):
            current.look()
        assert len([text for text in told if "is served on" in text]) == 1
        # when it comes back and goes again: told again
        found.append(version)
        current.look()
        found.clear()
        current.look()
        assert len([text for text in told if "is served on" in text]) == 2
        assert current.get() is served
    finally:
        current.close()


def test_a_look_that_breaks_is_not_the_last_one(
    folders: list[Path], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Resolved | Exception] = [
        Resolved("m", str(folders[0])),
        OSError("disk"),
        Resolved("m", str(folders[1])),
    ]

    def find() -> Resolved:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("sweeper.serving.current.LOOK", 600)
    current = CurrentModel(find, told.append)
    try:
        current.look()
        assert told == [f"{current.get().label} is served on: OSError: disk"]
        current.look()
        assert current.get().resolved.location == str(folders[1])
    finally:
        current.close()


@pytest.mark.parametrize(
    "text",
    [
        '{"columns": ["a", "b"], "data": [[1.0, 2.0]]}',
        '{"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2.0]]}}',
        '{"dataframe_records": [{"a": 1.0, "b": 2.0}]}',
        '{"inputs": {"a": [1.0], "b": [2.0]}}',
        '[{"a": 1.0, "b": 2.0}]',
        '{"a": [1.0], "b": [2.0]}',
    ],
)
def test_rows_of_json_come_in_every_form(tmp_path: Path, text: str) -> None:
    (tmp_path / "in.json").write_text(text)
    pd.testing.assert_frame_equal(batch.read_table(tmp_path / "in.json"), pd.DataFrame({"a": [1.0], "b": [2.0]}))


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".json", ".jsonl"])
def test_a_file_is_scored(folders: list[Path], tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame({"a": [1.25, 2.0, 3.0], "b": [1.5, 2.5, 3.5]})
    batch.write_table(tmp_path / f"in{ending}", table)
    read = batch.read_table(tmp_path / f"in{ending}")
    pd.testing.assert_frame_equal(read, table)
    found = batch.predict(mlflow.pyfunc.load_model(str(folders[0])), read)
    assert list(found["prediction"]) == [1, 1, 1]


def test_files_that_are_none(folders: list[Path], tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        batch.read_table(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="ends in"):
        batch.read_table(tmp_path / "a.xlsx")
    (tmp_path / "a.parquet").write_bytes(b"x")
    with pytest.raises(UsageError, match="cannot be read"):
        batch.read_table(tmp_path / "a.parquet")
    for text in ("", "[]", "3", '{"a": 1, "b": 2}', "{", '{"columns": ["a"], "data": [[1, 2]]}'):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(UsageError, match="cannot be read"):
            batch.read_table(tmp_path / "a.json")
    with pytest.raises(UsageError, match="there is no folder"):
        batch.write_table(tmp_path / "none" / "a.csv", pd.DataFrame({"a": [1.0]}))
    with pytest.raises(UsageError, match="do not fit"):
        batch.predict(mlflow.pyfunc.load_model(str(folders[0])), pd.DataFrame({"a": [1.0]}))
