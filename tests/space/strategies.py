"""Random parameters and spaces for the laws."""

import math

from hypothesis import strategies as st

from sweeper.space import Beta, Categorical, Constant, Float, Int, LogNormal, Normal, Quantized, SearchSpace
from sweeper.space.values import index

finite = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-9 else x)
positive = st.floats(1e-9, 1e9)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.text(max_size=8),
                    st.floats(allow_nan=False))  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def distinct(items):
    return [item for place, item in enumerate(items) if index(items[:place], item) is None]


@st.composite
def floats(draw):
    log = draw(st.booleans())
    low, high = sorted(draw(st.tuples(*[positive if log else finite] * 2)))
    step = draw(st.none() | st.floats(0.001, 1)) if high > low else None
    return Float(low, high, log=log, step=None if step is None else max((high - low) * step, 1e-12))


@st.composite
def round_floats(draw):
    """What people write: bounds and steps with few digits."""
    step = draw(st.sampled_from([0.1, 0.25, 0.05, 0.3, 1.5, 2.0, 1e-3]))
    low = draw(st.integers(-20, 20)) / 10
    return Float(low, low + draw(st.integers(0, 30)) / 10, step=step)


@st.composite
def ints(draw):
    log = draw(st.booleans())
    low = draw(st.integers(1, 50) if log else st.integers(-(2**40), 2**40))
    return Int(low, low + draw(st.integers(0, 300)), log=log, step=draw(st.integers(1, 7)))


@st.composite
def choices(draw):
    options = distinct(draw(st.lists(values, min_size=1, max_size=5)))
    weights = st.lists(st.sampled_from([0.0, 0.1, 1.0, 3.0]), min_size=len(options), max_size=len(options))
    return Categorical(options, weights=draw(st.none() | weights.filter(any)))


@st.composite
def quantized(draw):
    low = draw(st.floats(0.01, 50))
    high = low + draw(st.floats(1, 100))
    return Quantized(low, high, draw(st.integers(1, 9) | st.floats(0.05, 20)), log=draw(st.booleans()))


@st.composite
def priors(draw):
    kind = draw(st.sampled_from([Normal, LogNormal, Beta]))
    step = draw(st.none() | st.sampled_from([1, 2, 0.1, 0.25]))
    if kind is Beta:
        return Beta(draw(st.floats(0.5, 5)), draw(st.floats(0.5, 5)), step=step)
    mu, sigma = draw(st.floats(-3, 3)), draw(st.floats(0.1, 2))
    cuts = [mu - sigma, max(mu + 3 * sigma, 1) + 2]
    low, high = (draw(st.none() | st.just(math.exp(cut) if kind is LogNormal else cut)) for cut in cuts)
    return kind(mu, sigma, step=step, low=low, high=high)


constants = values.map(Constant)
finite_parameters = st.one_of(ints(), round_floats(), choices(), quantized(), constants)
parameters = st.one_of(floats(), finite_parameters, priors())
small = st.one_of(
    st.builds(lambda low, size: Int(low, low + size), st.integers(-3, 3), st.integers(0, 3)),
    st.lists(scalars, min_size=1, max_size=3).map(distinct).map(Categorical),
    constants,
)
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,5}", fullmatch=True)


@st.composite
def spaces(draw, kinds=parameters, most=6):
    """Spaces with conditions on earlier choices, nested names, and constraints that some points meet."""
    found, switches = {}, {}
    for name in draw(st.lists(names, min_size=1, max_size=most, unique=True)):
        full = f"block.{name}" if draw(st.booleans()) else name
        if full == "block":
            continue
        parameter = draw(kinds)
        if switches and draw(st.booleans()):
            parent = draw(st.sampled_from(sorted(switches)))
            grid = switches[parent].grid()
            parameter = parameter.with_when({parent: draw(st.lists(st.sampled_from(grid), min_size=1, max_size=2))})
        if isinstance(parameter, Categorical):
            switches[full] = parameter
        found[full] = parameter
    found = found or {"x": draw(kinds)}
    numbers = [name for name, parameter in found.items() if isinstance(parameter, Int)]
    constraints = [f"{name} <= {found[name].low + 1}" for name in numbers[:1] if draw(st.booleans())]
    return SearchSpace(found, constraints)
