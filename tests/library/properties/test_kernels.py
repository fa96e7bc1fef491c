"""Properties of every kernel."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from strategies import COMPACT, DTYPES, KERNELS

DISTANCES = st.floats(-1e3, 1e3)


@pytest.mark.parametrize("kernel", KERNELS)
class TestEveryKernel:
    """A density: nonnegative, symmetric, largest at 0, falling with distance."""

    @given(u=DISTANCES, dtype=st.sampled_from(DTYPES))
    def test_it_is_nonnegative_and_largest_at_zero(self, kernel, u, dtype):
        at_u, at_0 = kernel(torch.tensor([u, 0.0], dtype=dtype))
        assert 0 <= at_u <= at_0

    @given(u=DISTANCES, dtype=st.sampled_from(DTYPES))
    def test_it_is_symmetric(self, kernel, u, dtype):
        left, right = kernel(torch.tensor([-u, u], dtype=dtype))
        assert left == right

    @given(near=DISTANCES, far=DISTANCES)
    def test_it_never_rises_with_distance(self, kernel, near, far):
        near, far = sorted((abs(near), abs(far)))
        at_near, at_far = kernel(torch.tensor([near, far], dtype=torch.float64))
        assert at_near >= at_far

    @given(u=st.lists(DISTANCES, max_size=4), dtype=st.sampled_from(DTYPES))
    def test_it_keeps_shape_and_dtype_and_looks_at_each_number_alone(self, kernel, u, dtype):
        u = torch.tensor(u, dtype=dtype)
        assert kernel(u).dtype == dtype
        assert kernel(u.reshape(1, -1, 1)).shape == (1, len(u), 1)
        assert kernel(u).tolist() == [kernel(one).item() for one in u]


@pytest.mark.parametrize("kernel", COMPACT)
@given(u=st.floats(1, 1e6, exclude_min=True))
def test_a_compact_kernel_is_zero_beyond_one(kernel, u):
    assert kernel(torch.tensor(u, dtype=torch.float64)) == 0
