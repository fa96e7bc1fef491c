"""Properties of the diagnostics."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from attnbook import effective_neighbours, mean_squared_error, roughness
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
def test_roughness_is_what_numpys_second_differences_add_up_to(y):
    expected = np.abs(np.diff(y.numpy(), n=2)).sum()
    assert_close(roughness(y), torch.tensor(expected), rtol=1e-12, atol=1e-9)


@given(y=CURVES, offset=st.integers(-9, 9), slope=st.integers(-9, 9), factor=st.integers(-9, 9))
def test_roughness_ignores_straight_lines_and_scales(y, offset, slope, factor):
    line = offset + slope * torch.arange(float(len(y)), dtype=y.dtype)
    expected = abs(factor) * roughness(y)
    assert_close(roughness(factor * y + line), expected, rtol=1e-9, atol=1e-7)
    assert_close(roughness(y.flip(0)), roughness(y), rtol=1e-9, atol=1e-9)
    assert roughness(line) < 1e-9


@given(y=CURVES, offset=st.integers(-9, 9))
def test_mean_squared_error_of_a_constant_offset_is_its_square(y, offset):
    offset = float(offset)
    assert_close(
        mean_squared_error(y + offset, y), torch.tensor(offset**2).double(), rtol=1e-9, atol=1e-9
    )
