"""Properties of the diagnostics."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from attnbook import effective_neighbours, mean_squared_error, total_variation
from strategies import distributions

CURVES = st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=12).map(
    lambda numbers: torch.tensor(numbers, dtype=torch.float64)
)


@given(weights=distributions())
def test_effective_neighbours_lie_between_one_and_the_keys_with_weight(weights):
    count = effective_neighbours(weights)
    assert (count >= 1 - 1e-5).all()
    assert (count <= (weights > 0).sum(dim=1) * (1 + 1e-5)).all()


@given(weights=distributions(), data=st.data())
def test_effective_neighbours_ignore_the_order_of_keys(weights, data):
    order = data.draw(st.permutations(range(weights.shape[1])))
    assert_close(effective_neighbours(weights[:, order]), effective_neighbours(weights))


@given(weights=distributions())
def test_splitting_every_key_in_two_doubles_the_effective_neighbours(weights):
    split = torch.cat([weights, weights], dim=1) / 2
    assert_close(effective_neighbours(split), 2 * effective_neighbours(weights))


@given(y=CURVES)
def test_total_variation_is_at_least_the_range_and_the_range_if_monotonic(y):
    reach = y.max() - y.min()
    assert total_variation(y) >= reach - 1e-9
    assert_close(total_variation(y.sort().values), reach, rtol=1e-12, atol=1e-9)


@given(y=CURVES, offset=st.integers(-9, 9), factor=st.integers(-9, 9))
def test_total_variation_ignores_offsets_and_scales(y, offset, factor):
    expected = abs(factor) * total_variation(y)
    assert_close(total_variation(factor * y + offset), expected, rtol=1e-9, atol=1e-9)
    assert_close(total_variation(y.flip(0)), total_variation(y))


@given(y=CURVES, offset=st.integers(-9, 9))
def test_mean_squared_error_of_a_constant_offset_is_its_square(y, offset):
    offset = float(offset)
    assert_close(
        mean_squared_error(y + offset, y), torch.tensor(offset**2).double(), rtol=1e-9, atol=1e-9
    )
