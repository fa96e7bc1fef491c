"""Properties of the leave-one-out pairs."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from attnbook import leave_one_out_pairs


@given(numbers=st.lists(st.floats(-10, 10, width=32), min_size=2, max_size=9))
def test_row_i_is_everything_but_element_i_in_order(numbers):
    pairs = leave_one_out_pairs(torch.tensor(numbers))
    assert pairs.tolist() == [numbers[:i] + numbers[i + 1 :] for i in range(len(numbers))]
