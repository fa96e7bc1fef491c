"""Properties of leave-one-out loss and w selection."""

import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.testing import assert_close

from attnbook import attention_pooling, leave_one_out_loss, leave_one_out_pairs, select_w
from strategies import TOLERANCE, inverse_bandwidths, positions, problems

VALUES = st.floats(-100, 100, width=32)


@st.composite
def samples(draw: st.DrawFn, min_size: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw keys and values, (n,) each, in float64."""
    n = draw(st.integers(min_size, 10))
    keys = draw(st.lists(positions(), min_size=n, max_size=n))
    values = draw(st.lists(VALUES, min_size=n, max_size=n))
    return torch.tensor(keys, dtype=torch.float64), torch.tensor(values, dtype=torch.float64)


class TestLeaveOneOutLoss:
    """The summed squared error of predicting each point from the others."""

    @given(problem=problems(rows=False), w=inverse_bandwidths())
    def test_it_is_the_loss_of_pooling_over_the_others(self, problem, w):
        _, keys, values = problem
        assume(len(keys) > 1)
        others = leave_one_out_pairs(keys), leave_one_out_pairs(values)
        residual = attention_pooling(keys, *others, w=w) - values
        tolerance = TOLERANCE[keys.dtype]
        loss = leave_one_out_loss(keys, values, w)
        assert loss.dtype == keys.dtype
        assert_close(loss, (residual**2).sum(), rtol=tolerance["rtol"], atol=tolerance["atol"])

    @given(sample=samples(), w=inverse_bandwidths(), data=st.data())
    def test_permuting_pairs_changes_nothing(self, sample, w, data):
        keys, values = sample
        order = data.draw(st.permutations(range(len(keys))))
        assert_close(
            leave_one_out_loss(keys[order], values[order], w),
            leave_one_out_loss(keys, values, w),
            rtol=1e-9,
            atol=1e-9,
        )

    @given(sample=samples(), w=inverse_bandwidths())
    def test_the_sign_of_w_does_not_matter(self, sample, w):
        assert leave_one_out_loss(*sample, w) == leave_one_out_loss(*sample, -w)

    @given(sample=samples(), several=st.lists(inverse_bandwidths(), max_size=5))
    def test_several_w_at_once_give_the_same_as_one_by_one(self, sample, several):
        at_once = leave_one_out_loss(*sample, torch.tensor(several, dtype=torch.float64))
        assert at_once.shape == (len(several),)
        for loss, w in zip(at_once, several, strict=True):
            assert_close(loss, leave_one_out_loss(*sample, w), rtol=1e-12, atol=1e-12)

    @given(sample=samples(), w=st.floats(-1e30, 1e30))
    def test_it_is_finite_at_any_w(self, sample, w):
        assert leave_one_out_loss(*sample, w).isfinite()
        keys, values = (tensor.to(torch.float32) for tensor in sample)
        assert leave_one_out_loss(keys, values, w).isfinite()


class TestSelectWidth:
    """No other w predicts the points left out better."""

    @settings(max_examples=60)
    @given(sample=samples())
    def test_no_width_of_a_dense_grid_is_better(self, sample):
        w = select_w(*sample)
        assert 0 <= w < float("inf")
        rivals = torch.logspace(-4, 4, 2000, dtype=torch.float64)
        best = leave_one_out_loss(*sample, rivals).min()
        assert leave_one_out_loss(*sample, w) <= best * (1 + 1e-6) + 1e-9

    @settings(max_examples=40)
    @given(sample=samples(min_size=3), power=st.integers(-8, 8), factor=st.sampled_from([-2, 4]))
    def test_it_scales_with_the_keys_and_ignores_the_scale_of_values(self, sample, power, factor):
        keys, values = sample
        scale = 2.0**power
        expected = leave_one_out_loss(keys, values, select_w(keys, values))
        rescaled = select_w(keys * scale, values * factor) * scale
        assert_close(leave_one_out_loss(keys, values, rescaled), expected, rtol=1e-6, atol=1e-9)
