"""Every ``distribution`` of the grammar, and what is meant when none is named."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sweeper.errors import SpaceError
from sweeper.space.choices import Categorical, Constant
from sweeper.space.numeric import Float, Int
from sweeper.space.parameter import Parameter
from sweeper.space.priors import Beta, LogNormal, Normal
from sweeper.space.quantized import Quantized
from sweeper.space.values import identity, integer, is_number, ladder, plain, positive, rungs, short


@dataclass(frozen=True)
class Spec:
    """The mapping of one parameter, without ``distribution`` and ``when``; ``notice`` tells a person something."""

    body: Mapping[str, Any]
    place: str
    tell: Callable[[str], None]

    def notice(self, message: str) -> None:
        self.tell(f"{self.place}: {message}")

    def only(self, *keys: str, need: tuple[str, ...] = ()) -> None:
        """Raise SpaceError for a key that means nothing here, or one that is missing."""
        for key in self.body:
            if key not in keys and key not in need:
                known = ", ".join((*need, *keys))
                raise SpaceError(f"means nothing here; this kind of parameter takes {known}", key)
        if missing := [key for key in need if key not in self.body]:
            raise SpaceError(f"needs {' and '.join(missing)}")

    def number(self, key: str, default: float | None = None) -> int | float:
        """Return a number as written, int or float; a string that reads as a number counts."""
        value = plain(self.body.get(key, default))
        if isinstance(value, str):
            try:
                value = int(value) if value.strip().lstrip("+-").isdigit() else float(value)
            except ValueError:
                pass
        if not is_number(value):
            raise SpaceError(f"is {value!r}; it must be a finite number", key)
        return value  # type: ignore[no-any-return]  # is_number has seen to it

    def maybe(self, key: str) -> int | float | None:
        return self.number(key) if self.body.get(key) is not None else None

    def quantum(self) -> int | float:
        """Return ``q``, 1 when it is not given; an int means that the values are ints."""
        q = self.number("q", 1)
        positive(q, "q")
        return q

    def bounds(self) -> tuple[int | float, int | float]:
        return self.number("min"), self.number("max")


def infer(spec: Spec) -> Parameter:
    """Return what is meant without ``distribution``: by the keys that are there, and by whether bounds are ints."""
    if "value" in spec.body:
        return _constant(spec)
    if "values" in spec.body:
        return _categorical(spec)
    if "min" in spec.body or "max" in spec.body:
        return _range(spec)
    raise SpaceError("needs a distribution; or write value, values, or min and max")


def _constant(spec: Spec) -> Parameter:
    spec.only(need=("value",))
    return Constant(spec.body["value"])


def _categorical(spec: Spec) -> Parameter:
    spec.only("probabilities", "weights", need=("values",))
    values = spec.body["values"]
    if not isinstance(values, (list, tuple)):
        raise SpaceError(f"is {values!r}; write a list", "values")
    if "probabilities" in spec.body or "weights" in spec.body:
        return Categorical(values, weights=_weights(spec))
    kept = {identity(value): value for value in reversed(plain(values))}
    if len(kept) < len(values):
        spec.notice(f"{len(values) - len(kept)} repeated values are dropped; give weights to make one more likely")
    return Categorical([*reversed(kept.values())])


def _weights(spec: Spec) -> list[float]:
    key = "probabilities" if "probabilities" in spec.body else "weights"
    weights = spec.body[key]
    if len(spec.body) > 2:
        raise SpaceError("means the same as probabilities; give one of them", "weights")
    if not isinstance(weights, (list, tuple)):
        raise SpaceError(f"is {weights!r}; write a list of numbers", key)
    numbers = [float(Spec({key: weight}, spec.place, spec.tell).number(key)) for weight in weights]
    if key == "probabilities" and abs(math.fsum(numbers) - 1) > 1e-6:
        raise SpaceError(f"add up to {short(math.fsum(numbers))}; they must add up to 1 (or write weights)", key)
    return numbers


def _range(spec: Spec) -> Parameter:
    spec.only("step", "q", "log", need=("min", "max"))
    low, high = spec.bounds()
    log = spec.body.get("log", False)
    if not isinstance(log, bool):
        raise SpaceError(f"is {log!r}; write true or false", "log")
    if "q" in spec.body:
        if "step" in spec.body:
            raise SpaceError("means nearly the same as step; give one of them", "q")
        return _quantized(spec, low, high, log)
    step = spec.maybe("step")
    if all(isinstance(number, int) for number in (low, high, 1 if step is None else step)):
        _uneven(spec, low, high, step)
        return Int(int(low), int(high), log=log, step=1 if step is None else int(step))
    _uneven(spec, low, high, step)
    return Float(low, high, log=log, step=step)


def _uneven(spec: Spec, low: float, high: float, step: float | None) -> None:
    if step and step > 0 and low < high:
        last = ladder(float(low), float(step), rungs(float(low), float(high), float(step)))
        if last != high:
            spec.notice(f"step {short(step)} does not divide {short(low)} .. {short(high)}; "
                        f"the last value is {short(last)}")


def _uniform(spec: Spec) -> Parameter:
    spec.only("step", need=("min", "max"))
    low, high = spec.bounds()
    _uneven(spec, low, high, spec.maybe("step"))
    return Float(low, high, step=spec.maybe("step"))


def _int_uniform(spec: Spec) -> Parameter:
    spec.only("step", need=("min", "max"))
    low, high, step = _whole(spec, "min"), _whole(spec, "max"), _whole(spec, "step", 1)
    _uneven(spec, low, high, step)
    return Int(low, high, step=step)


def _whole(spec: Spec, key: str, default: int | None = None) -> int:
    return integer(spec.number(key, default), key)


def _q_uniform(spec: Spec) -> Parameter:
    spec.only("q", need=("min", "max"))
    return _quantized(spec, *spec.bounds(), log=False)


def _q_log_uniform_values(spec: Spec) -> Parameter:
    spec.only("q", need=("min", "max"))
    return _quantized(spec, *spec.bounds(), log=True)


def _q_log_uniform(spec: Spec) -> Parameter:
    spec.only("q", need=("min", "max"))
    low, high = (_exponential(spec, key) for key in ("min", "max"))
    return _quantized(spec, low, high, log=True)


def _quantized(spec: Spec, low: float, high: float, log: bool) -> Parameter:
    parameter = Quantized(low, high, spec.quantum(), log=log)
    if parameter.clips:
        spec.notice(f"multiples of {short(parameter.q)} that fall outside {short(parameter.low)} .. "
                    f"{short(parameter.high)} are moved to the bounds")
    return parameter


def _log_uniform_values(spec: Spec) -> Parameter:
    spec.only("step", need=("min", "max"))
    low, high = spec.bounds()
    step = spec.maybe("step")
    _uneven(spec, low, high, step)
    if isinstance(low, int) and isinstance(high, int) and (step is None or isinstance(step, int)):
        spec.notice(f"both bounds are whole numbers, so whole numbers are drawn; write {float(low)} for floats")
        return Int(low, high, log=True, step=1 if step is None else step)
    return Float(low, high, log=True, step=step)


def _log_uniform(spec: Spec) -> Parameter:
    spec.only(need=("min", "max"))
    low, high = (_exponential(spec, key) for key in ("min", "max"))
    spec.notice(f"the bounds are exponents of e: {short(low)} .. {short(high)}")
    return Float(low, high, log=True)


def _inv_log_uniform_values(spec: Spec) -> Parameter:
    spec.only(need=("min", "max"))
    low, high = spec.bounds()
    return Float(low, high, log=True)


def _inv_log_uniform(spec: Spec) -> Parameter:
    spec.only(need=("min", "max"))
    low, high = (_exponential(spec, key, -1) for key in ("max", "min"))
    spec.notice(f"the bounds are negated exponents of e: {short(low)} .. {short(high)}")
    return Float(low, high, log=True)


def _exponential(spec: Spec, key: str, sign: int = 1) -> float:
    exponent = spec.number(key)
    if abs(exponent) > 700:
        raise SpaceError(f"is {short(exponent)}, an exponent of e, which overflows a float; for plain values write "
                         "distribution: log_uniform_values", key)
    return math.exp(sign * exponent)


def _prior(kind: type[Normal] | type[LogNormal], quantized: bool) -> Callable[[Spec], Parameter]:
    def read(spec: Spec) -> Parameter:
        spec.only("mu", "sigma", "min", "max", *(("q",) if quantized else ()))
        return kind(spec.number("mu", 0), spec.number("sigma", 1), low=spec.maybe("min"), high=spec.maybe("max"),
                    step=spec.quantum() if quantized else None)

    return read


def _beta(quantized: bool) -> Callable[[Spec], Parameter]:
    def read(spec: Spec) -> Parameter:
        spec.only("a", "b", "min", "max", *(("q",) if quantized else ()))
        return Beta(spec.number("a", 1), spec.number("b", 1), low=spec.maybe("min"), high=spec.maybe("max"),
                    step=spec.quantum() if quantized else None)

    return read


def _weighted(spec: Spec) -> Parameter:
    if not {"probabilities", "weights"} & set(spec.body):
        raise SpaceError("needs probabilities")
    return _categorical(spec)


#: W&B's names; what each means stands in the docstring of the class it gives.
DISTRIBUTIONS: dict[str, Callable[[Spec], Parameter]] = {
    "constant": _constant,
    "categorical": _categorical,
    "categorical_w_probabilities": _weighted,
    "int_uniform": _int_uniform,
    "uniform": _uniform,
    "q_uniform": _q_uniform,
    "log_uniform_values": _log_uniform_values,
    "q_log_uniform_values": _q_log_uniform_values,
    "log_uniform": _log_uniform,
    "q_log_uniform": _q_log_uniform,
    "inv_log_uniform_values": _inv_log_uniform_values,
    "inv_log_uniform": _inv_log_uniform,
    "normal": _prior(Normal, quantized=False),
    "q_normal": _prior(Normal, quantized=True),
    "log_normal": _prior(LogNormal, quantized=False),
    "q_log_normal": _prior(LogNormal, quantized=True),
    "beta": _beta(quantized=False),
    "q_beta": _beta(quantized=True),
}
