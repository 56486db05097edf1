from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from sweeper.config import json_schema
from sweeper.config.models import SweepFile
from sweeper.config.places import Loader

SCHEMA = json_schema(methods=["tpe", "grid"], executors=["joblib", "ray"], pruners=["asha", "hyperband"])


def errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(yaml.load(text, Loader=Loader))]


def test_it_is_a_valid_schema_and_plain_json():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert json_schema()["properties"]["method"].get("enum") is None


def test_every_key_is_there_and_almost_every_one_explained():
    assert set(SCHEMA["properties"]) == set(SweepFile.model_fields)
    bare = [key for key, field in SCHEMA["properties"].items() if "description" not in field]
    assert set(bare) <= {"description", "metric", "mlproject", "budget", "executor", "retry", "early_terminate",
                         "warm_start", "tracking", "controller"}  # fmt: skip


def test_whole_files_pass(everything, wandb_file):
    assert errors(everything) == []
    assert errors(wandb_file) == []


def test_a_resolved_config_passes(load, everything, wandb_file):
    assert errors(json.dumps(load(everything).to_dict())) == []
    assert errors(json.dumps(load(wandb_file).to_dict())) == []


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        ("metrc: {name: x}", "metrc"),
        ("budget: {trails: 3}", "trails"),
        ("budget: {trials: 0}", "not valid"),
        ("executor: {kind: joblb}", "joblb"),
        ("executor: {isolation: no-such}", "no-such"),
        ("method: tpee", "tpee"),
        ("early_terminate: {type: ashaa}", "not valid"),
        ("retry: {oomm: 1}", "oomm"),
        ("seed: x", "not valid"),
        ("job: x", "job"),
    ],
)
def test_mistakes_are_marked(good, extra, word):
    (message,) = errors(good + extra)
    assert word in message


@pytest.mark.parametrize(
    "parameter",
    ["{mini: 3}", "{values: 3}", "{distribution: uniformm, min: 0, max: 1}", "{min: [1], max: 2}", "{log: 1}", "{}",
     "[]", "{parameters: {a: {mini: 3}}}", "{when: 3, min: 0, max: 1}"],
)  # fmt: skip
def test_mistakes_in_parameters_are_marked(good, parameter):
    assert errors(f"{good}  other: {parameter}\n")


@pytest.mark.parametrize("missing", ["objective", "metric", "parameters"])
def test_what_is_missing_is_marked(good, missing):
    data = yaml.safe_load(good)
    del data[missing]
    assert errors(yaml.safe_dump(data))
