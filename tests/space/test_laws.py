"""Laws that hold for every parameter and every space, tried on random ones."""

import json
import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweeper.errors import SpaceError
from sweeper.space import ChoiceDomain, FloatDomain, IntDomain, SearchSpace
from sweeper.space.latent import Latent
from sweeper.space.values import index, same

from .strategies import finite_parameters, floats, ints, parameters, priors, small, spaces

units = st.floats(0, 1)


def inside(domain, raw):
    match domain:
        case ChoiceDomain(n):
            return isinstance(raw, int) and 0 <= raw < n
        case IntDomain(low, high, _, step):
            return isinstance(raw, int) and low <= raw <= high and (raw - low) % step == 0
        case FloatDomain(low, high, _, _):
            return low <= raw <= high
        case None:
            return raw == 0


@given(parameters, units)
def test_every_point_of_the_domain_stands_for_a_value_inside(parameter, u):
    domain = parameter.domain
    raw = 0 if domain is None else domain.at(u)
    assert inside(domain, raw)
    value = parameter.decode(raw)
    assert parameter.contains(value)
    json.dumps(value)


@given(parameters, units)
def test_a_value_is_found_again_in_the_domain(parameter, u):
    value = parameter.decode(0 if parameter.domain is None else parameter.domain.at(u))
    raw = parameter.encode(value)
    assert inside(parameter.domain, raw)
    again = parameter.decode(raw)
    if isinstance(parameter, Latent) and parameter.quantum is None:
        tail = 1e-9 if u < 1 - 1e-6 else 1e-2  # doubles near 1 are too coarse for the upper tail
        assert again == pytest.approx(value, rel=tail, abs=1e-12)
    else:
        assert same(again, value)


@given(parameters, st.floats(allow_nan=False))
def test_a_sampler_that_strays_outside_is_moved_inside(parameter, raw):
    if not isinstance(parameter.domain, ChoiceDomain) and abs(raw) < 1e300:
        assert parameter.contains(parameter.decode(raw))


@given(parameters, units)
def test_places_in_the_unit_interval_go_there_and_back(parameter, u):
    if (domain := parameter.domain) is not None:
        raw = domain.at(u)
        place = domain.position(raw)
        assert 0 <= place <= 1
        assert domain.at(place) == pytest.approx(raw, rel=1e-9, abs=1e-9 * (1 + abs(getattr(domain, "high", 0))))
        assert domain.at(0) == getattr(domain, "low", 0)
        assert inside(domain, domain.at(1))


@given(parameters, units, units)
def test_a_numeric_value_grows_with_its_place(parameter, u, v):
    if parameter.is_numeric:
        low, high = (parameter.decode(parameter.domain.at(x)) for x in sorted((u, v)))
        assert low <= high


@given(finite_parameters)
def test_a_grid_lists_each_value_once_and_as_many_as_the_size(parameter):
    if parameter.size() > 2000:
        return
    grid = parameter.grid()
    assert len(grid) == parameter.size()
    assert all(parameter.contains(value) for value in grid)
    assert all(index(grid[:place], value) is None for place, value in enumerate(grid[:100]))


@given(parameters)
def test_a_parameter_is_written_and_read_exactly(parameter):
    again = SearchSpace.from_dict({"p": parameter.to_dict()}).parameters["p"]
    assert json.dumps(again.to_dict()) == json.dumps(parameter.to_dict())
    assert type(again) is type(parameter)
    assert again == parameter


@given(st.one_of(floats(), ints(), priors()), units, units, units)
def test_narrowing_keeps_within_what_was_asked_and_what_was_there(parameter, a, b, u):
    low, high = sorted(parameter.decode(parameter.domain.at(x)) for x in (a, b))
    try:
        narrow = parameter.narrow(low, high)
    except SpaceError:
        assert isinstance(parameter, Latent)
        return
    value = narrow.decode(narrow.domain.at(u))
    assert low <= value <= high
    assert parameter.contains(value)


@given(ints(), st.integers(-50, 350), st.integers(0, 100))
def test_narrowing_an_integer_leaves_exactly_its_values_in_between(parameter, start, length):
    low, high = parameter.low + start, parameter.low + start + length
    between = [value for value in range(low, high + 1) if (value - parameter.low) % parameter.step == 0]
    if not between or (parameter.log and between[0] < 1):
        with pytest.raises(SpaceError):
            parameter.narrow(low - 0.5, high + 0.5)
    else:
        assert parameter.narrow(low - 0.5, high + 0.5).grid() == between


@given(spaces())
def test_a_space_is_written_and_read_exactly(space):
    again = SearchSpace.from_yaml(space.to_yaml())
    assert again == space
    assert again.fingerprint() == space.fingerprint()
    assert again.paths == space.paths
    assert again.to_yaml() == space.to_yaml()
    assert list(again.parameters) == list(space.parameters)
    assert again.sample(random.Random(1)) == space.sample(random.Random(1))


@given(spaces(), st.integers(0, 2**32))
def test_what_is_sampled_is_contained(space, seed):
    params = space.sample(random.Random(seed))
    assert space.problems(params) == []
    assert space.contains(params)
    assert all(space.active(name, params) == (name in params) for name in space.parameters)
    assert params == space.sample(random.Random(seed))


@given(spaces())
def test_a_space_travels_to_another_process(space):
    again = pickle.loads(pickle.dumps(space))
    assert again == space
    assert again.sample(random.Random(1)) == space.sample(random.Random(1))


@given(spaces(small, most=5))
def test_the_grid_has_each_point_once_and_as_many_as_was_said(space):
    points = list(space.grid())
    assert len(points) == space.grid_size()
    assert all(space.contains(point) for point in points)
    assert len({json.dumps(point, sort_keys=True) for point in points}) == len(points)


@given(spaces(small, most=5), st.integers(0, 2**32))
def test_the_grid_has_whatever_can_be_sampled(space, seed):
    if space.grid_size() <= 500:
        params = space.sample(random.Random(seed))
        assert any(same(params, point) for point in space.grid())


@given(spaces(), st.integers(0, 2**32))
def test_narrowing_a_space_around_a_point_keeps_the_point(space, seed):
    params = space.sample(random.Random(seed))
    to = {}
    for name, value in params.items():
        if space.parameters[name].is_numeric:
            to[name] = {"min": value, "max": value} if not isinstance(space.parameters[name], Latent) else {}
        else:
            to[name] = {"values": [value]}
    narrow = space.narrow(to)
    assert narrow.contains(params)
    inside_narrow = narrow.sample(random.Random(seed + 1))
    assert space.contains(inside_narrow)
