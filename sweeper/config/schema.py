"""JSON Schema (draft 2020-12) of the sweep file, for editors: completes keys and marks unknown ones."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sweeper.config.models import SweepFile
from sweeper.config.rules import method_names
from sweeper.space.distributions import DISTRIBUTIONS
from sweeper.space.grammar import KEYS, NAME

_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+.\d]"}]}
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_WEIGHTS = {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 1}

_GRAMMAR: dict[str, dict[str, Any]] = {
    "distribution": {"enum": list(DISTRIBUTIONS), "description": "W&B's names; default: what the other keys mean"},
    "value": {"description": "A constant: any YAML value"},
    "values": {"type": "array", "minItems": 1, "description": "Choices: any YAML values, lists and null too"},
    "min": _NUMBER | {"description": "Lower end, included; an exponent of e for log_uniform"},
    "max": _NUMBER | {"description": "Upper end, included; an exponent of e for log_uniform"},
    "step": _NUMBER | {"description": "Only min, min + step, min + 2 step, ..."},
    "q": _NUMBER | {"description": "W&B: rounded to multiples of q"},
    "log": {"type": "boolean", "description": "Even on a logarithmic axis"},
    "mu": _NUMBER | {"description": "Mean of the normal distribution"},
    "sigma": _NUMBER | {"description": "Standard deviation of the normal distribution"},
    "a": _NUMBER | {"description": "First shape of the beta distribution"},
    "b": _NUMBER | {"description": "Second shape of the beta distribution"},
    "probabilities": _WEIGHTS | {"description": "One per value, together 1"},
    "weights": _WEIGHTS | {"description": "One per value, any positive numbers"},
    "when": {
        "type": "object",
        "minProperties": 1,
        "description": "Active only when another parameter has this value, or one of these: {kernel: [rbf, poly]}",
    },
    "parameters": {"$ref": "#/$defs/Parameters", "description": "Nested parameters"},
}


def json_schema(
    *,
    methods: Collection[str] | None = None,
    executors: Collection[str] | None = None,
    pruners: Collection[str] | None = None,
) -> dict[str, Any]:
    """Return the schema; with the names that exist, other names are marked as well."""
    schema = SweepFile.model_json_schema()
    definitions, properties = schema.pop("$defs"), schema["properties"]
    for block in (schema, *definitions.values()):
        for field in block["properties"].values():
            field.pop("title", None)
            if isinstance(field.get("default"), dict) or field.get("default", 0) is None:
                del field["default"]
    properties["parameters"] = {"$ref": "#/$defs/Parameters", "description": properties["parameters"]["description"]}
    definitions |= _parameters()
    _names(properties["method"], None if methods is None else method_names(methods))
    _names(definitions["ExecutorBlock"]["properties"]["kind"], executors)
    _names(definitions["EarlyTerminateBlock"]["properties"]["type"], pruners)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "sweep",
        "allOf": [
            {"anyOf": [{"required": [key]} for key in ("objective", "command", "program", "mlproject")]},
            {"anyOf": [{"required": [key]} for key in ("metric", "metrics")]},
            {"anyOf": [{"required": [key]} for key in ("parameters", "search_space")]},
        ],
        "$defs": definitions,
    }


def _parameters() -> dict[str, Any]:
    return {
        "Parameters": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{NAME.pattern}$"},
            "additionalProperties": {"$ref": "#/$defs/Parameter"},
        },
        "Parameter": {
            "description": "A constant, a list of choices, or a range: {min: 1, max: 10}",
            "anyOf": [
                _SCALAR,
                {"type": "array", "minItems": 1},
                {
                    "type": "object",
                    "properties": {key: _GRAMMAR[key] for key in KEYS},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ],
        },
    }


def _names(field: dict[str, Any], known: Collection[str] | None) -> None:
    if known is not None:
        field["enum"] = list(known)
