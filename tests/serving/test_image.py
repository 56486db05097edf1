"""The files of an image: what is in them, and that the command of the image answers, without a store."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from sweeper.serving.image import entry, python_of, requirements, write_image
from tests.registry.conftest import model_folder

FORM = {"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2.0]]}}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    mlflow: Any = pytest.importorskip("mlflow", reason="needs mlflow-skinny: pip install mlflow-skinny")
    pd: Any = pytest.importorskip("pandas")
    from sklearn.dummy import DummyClassifier

    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [0.5, 1.0]})
    made = DummyClassifier(strategy="constant", constant=2).fit(frame, [1, 2])
    signature = mlflow.models.infer_signature(frame, made.predict(frame))
    mlflow.sklearn.save_model(made, tmp_path / "made", signature=signature, pip_requirements=["scikit-learn==1.0"])
    return tmp_path / "made"


def instructions(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (folder / "Dockerfile").read_text().splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            found.setdefault(word, []).append(rest)
    return found


def test_the_command_of_the_image_answers_from_its_files_alone(model: Path, tmp_path: Path) -> None:
    # given an image whose folders are all that the process sees
    image = tmp_path / "image"
    write_image(image, model, "digits, version 3", unpickle=True)
    said = instructions(image)
    for source in (line.split()[0] for line in said["COPY"]):
        assert (image / source).exists(), source
    command = json.loads(said["ENTRYPOINT"][0])
    assert command == entry(unpickle=True)
    assert said["USER"] == ["sweeper"]
    # when its command runs there, on a free port of this machine
    local = [{"python": sys.executable, "0.0.0.0": "127.0.0.1", "8080": "0"}.get(part, part) for part in command]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SWEEPER")}
    settings = dict(part.split("=") for part in shlex.split(said["ENV"][0]))
    environment |= {**settings, "PYTHONPATH": str(image)}
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [*local, "--json"], cwd=image, env=environment, stdout=subprocess.PIPE, stderr=file, text=True
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        url = json.loads(line)["url"]
        # then it answers
        request = urllib.request.Request(
            f"{url}/invocations", json.dumps(FORM).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.load(answer) == {"predictions": [2]}
        with urllib.request.urlopen(f"{url}/ping", timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        process.wait(30)
    # and it has left nothing, and read nothing of this checkout
    assert sorted(path.name for path in image.iterdir()) == ["Dockerfile", "model", "requirements.txt", "sweeper"]
    assert not (image / "sweeper" / "testing").exists()


def test_requirements_are_those_of_the_model_and_of_serving() -> None:
    found = requirements(["mlflow==3.1", "scikit-learn==1.0", "Pandas>=2", "mlflow-extra==1", "numpy==1.26"])
    assert found[:5] == ["mlflow-skinny==3.1", "scikit-learn==1.0", "Pandas>=2", "mlflow-extra==1", "numpy==1.26"]
    names = [line.partition("=")[0] for line in found[5:]]
    assert {"click", "starlette", "uvicorn"} <= set(names)
    assert not {"pandas", "numpy", "mlflow-skinny"} & set(names)
    assert all("==" in line for line in found[5:])


@pytest.mark.parametrize(
    ("written", "expected"), [("3.12.4", "3.12.4"), ("3.13", "3.13"), ("", "3.11"), ("3.1\nRUN x", "3.11")]
)
def test_the_python_is_that_of_the_model(written: str, expected: str) -> None:
    assert python_of({"flavors": {"python_function": {"python_version": written}}}) == expected


def test_a_hostile_label_adds_no_instruction(tmp_path: Path) -> None:
    write_image(tmp_path / "image", model_folder(tmp_path / "m"), "x\nRUN curl evil")
    assert next(iter(instructions(tmp_path / "image"))) == "FROM"
    assert not [line for line in instructions(tmp_path / "image")["RUN"] if "evil" in line]
