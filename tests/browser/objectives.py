"""What the trials of the demo stores do: smooth functions with a clear best region, and every way to end."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from sweeper.records import Failure, FailureClass, Params, RunState
from tests.browser.writing import Child, Did

FOREST: Mapping[str, Any] = {
    "learning_rate": {"min": 1e-5, "max": 1e-1, "log": True},
    "n_estimators": {"min": 20, "max": 400},
    "max_depth": {"min": 2, "max": 32, "log": True},
    "criterion": {"values": ["gini", "entropy", "log_loss"]},
    "max_features": {"min": 0.05, "max": 1.0},
    "bootstrap": {"values": [True, False]},
    "batch": {"values": [16, 32, 64, 128]},
    "n_jobs": {"value": 1},
}
RESNET: Mapping[str, Any] = {
    "lr": {"min": 1e-5, "max": 1e-1, "log": True},
    "weight_decay": {"min": 1e-6, "max": 1e-2, "log": True},
    "batch": {"values": [16, 32, 64, 128]},
    "optimizer": {"values": ["sgd", "adam", "lion"]},
    "dropout": {"min": 0.0, "max": 0.5},
    "layers": {"min": 2, "max": 8},
    "warmup": {"min": 0, "max": 1000, "step": 100},
    "momentum": {"min": 0.8, "max": 0.99, "when": {"optimizer": "sgd"}},
    "epochs": {"value": 30},
}
SVM: Mapping[str, Any] = {
    "kernel": {"values": ["linear", "rbf", "poly"]},
    "C": {"min": 1e-3, "max": 1e3, "log": True},
    "gamma": {"min": 1e-4, "max": 1e1, "log": True, "when": {"kernel": ["rbf", "poly"]}},
    "degree": {"min": 2, "max": 5, "when": {"kernel": "poly"}},
    "coef0": {"min": 0.0, "max": 1.0, "when": {"kernel": "poly"}},
    "shrinking": {"values": [True, False]},
    "cache": {"values": [None, 100, 200]},
    "tol": {"value": 1e-4},
}
TRACE = """Traceback (most recent call last):
  File "/home/ada/project/train.py", line 40, in train
    loss = model.step(batch)
  File "/home/ada/project/model.py", line 12, in step
    return self.forward(batch).backward()
{last}
"""
MEMORY = "CUDA out of memory. Tried to allocate {n} MiB"


def noise(number: int) -> float:
    """Return a number from -1 to 1 that depends on the trial alone."""
    return math.sin(number * 12.9898) * math.cos(number * 78.233)


def raised(kind: str, message: str, failure: FailureClass = FailureClass.EXCEPTION) -> Failure:
    sentence = f"{kind}: {message}"
    return Failure(failure, sentence, TRACE.format(last=sentence))


def forest_score(params: Params, number: int) -> float:
    rate, depth = math.log10(params["learning_rate"]), math.log2(params["max_depth"])
    score = 0.95 - 0.06 * (rate + 3) ** 2 - 0.004 * (depth - 4) ** 2 - 0.01 * (params["criterion"] == "log_loss")
    return score + 0.004 * noise(number)


def forest(params: Params, number: int) -> Did:
    """One that completes."""
    score = forest_score(params, number)
    return Did((score,), metrics={"accuracy": score, "fit_seconds": 1.5 + number % 3}, output=f"accuracy {score:.4f}\n")


def resnet_score(params: Params, number: int) -> float:
    rate, decay = math.log10(params["lr"]), math.log10(params["weight_decay"])
    score = 0.947 - 0.035 * (rate + 3.0) ** 2 - 0.006 * (decay + 4.2) ** 2 - 0.08 * (params["dropout"] - 0.15) ** 2
    score -= {"sgd": 0.012, "adam": 0.003, "lion": 0.0}[params["optimizer"]] + 0.001 * abs(params["layers"] - 5)
    return max(0.1, score + 0.004 * noise(number))


def curves(score: float, epochs: int, number: int, until: int | None = None) -> dict[str, list[float]]:
    """Return how accuracy and loss go by epoch, as far as the trial went."""
    speed = 0.8 + 0.06 * noise(number + 7)
    way = [1 - speed ** (epoch + 1) for epoch in range(epochs)][:until]
    wobble = [0.006 * noise(number * 31 + epoch) * 0.9**epoch for epoch in range(epochs)]
    accuracy = [0.1 + (score - 0.1) * at + wobble[epoch] for epoch, at in enumerate(way)]
    loss = [2.3 * (1 - at) + 0.3 * (1 - score) + abs(wobble[epoch]) for epoch, at in enumerate(way)]
    return {"val_accuracy": accuracy, "train_loss": loss}


def resnet(params: Params, number: int) -> Did:
    """A training: curves, some pruned, memory that runs out for large batches of deep networks, losses that break."""
    score = resnet_score(params, number)
    if params["batch"] == 128 and params["layers"] >= 7:
        kind = FailureClass.OOM
        return Did(
            failure=raised("RuntimeError", MEMORY.format(n=512 + number), kind),
            pace=0.1,
            curves=curves(score, 30, number, 1),
        )
    if params["lr"] > 0.04 and number % 2:
        return Did(failure=raised("FloatingPointError", "loss is nan"), pace=0.2, curves=curves(0.1, 30, number, 4))
    if score < 0.87 and number % 3:
        told = curves(score, 30, number, 5 + number % 6)
        last = told["val_accuracy"][-1]
        return Did((last,), RunState.PRUNED, curves=told, metrics={"val_accuracy": last}, pace=0.3)
    told = curves(score, 30, number)
    told["val_accuracy"][-1] = score
    metrics = {"val_accuracy": score, "train_loss": told["train_loss"][-1], "gpu_hours": 0.02 * params["layers"]}
    lines = "".join(f"epoch {n:2d}  val_accuracy {at:.4f}\n" for n, at in enumerate(told["val_accuracy"]))
    retries = (raised("ConnectionError", "worker lost its host", FailureClass.LOST),) if number % 41 == 7 else ()
    return Did(
        (score,), metrics=metrics, curves=told, output=lines, retries=retries, pace=0.8 + 0.1 * params["layers"] / 5
    )


def svm(params: Params, number: int) -> Did:
    loss = 0.2 + 0.02 * abs(math.log10(params["C"])) + {"linear": 0.2, "rbf": 0.0, "poly": 0.1}[params["kernel"]]
    if "gamma" in params:
        loss += 0.08 * abs(math.log10(params["gamma"]) + 2)
    return Did((loss + 0.01 * noise(number),))


def two_goals(params: Params, number: int) -> Did:
    latency = params["n_estimators"] * 0.8 + params["max_depth"]
    score = forest_score(params, number)
    return Did((score, latency), metrics={"accuracy": score, "latency_ms": latency})


def always_fails(params: Params, number: int) -> Did:
    match number % 4:
        case 0:
            return Did(failure=Failure(FailureClass.EXIT, "the process ended with exit code 3", exit_code=3))
        case 1:
            return Did(failure=raised("ValueError", f"batch {number} is empty"), output="reading\nno rows\n")
        case 2:
            return Did(failure=raised("RuntimeError", MEMORY.format(n=number * 100), FailureClass.OOM))
    return Did(failure=Failure(FailureClass.INVALID_VALUE, "the objective returned None; return a number"))


def folds(params: Params, number: int) -> Did:
    """Five folds, each with two stages below it."""
    score = forest_score(params, number)
    parts = [score + 0.01 * noise(number * 5 + fold) for fold in range(5)]
    stages = (Child("prepare", {"rows": 1200.0}), Child("fit", {"seconds": 3.5}, {"device": "cpu"}))
    children = tuple(
        Child(f"fold-{at}", {"accuracy": value}, {"held out": "240"}, stages) for at, value in enumerate(parts)
    )
    mean = sum(parts) / 5
    files = {"confusion.png": picture(64, 48), "folds.csv": table(parts), "notes.md": b"# Notes\n\nnothing odd\n"}
    return Did((mean,), metrics={"accuracy": mean}, children=children, files=files if number < 3 else {})


def table(values: list[float]) -> bytes:
    return "\n".join(["fold,accuracy", *(f"{at},{value:.6f}" for at, value in enumerate(values))]).encode()


def picture(width: int, height: int) -> bytes:
    """Return a PNG: a gradient with a diagonal."""
    rows = b"".join(
        b"\0"
        + bytes(
            channel
            for x in range(width)
            for channel in (
                (235, 90, 60) if x * height // width == y else (40 + 180 * x // width, 90, 200 - 150 * y // height)
            )
        )
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
