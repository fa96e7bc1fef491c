"""The three diagnostics against hand and SciPy."""

import math

import pytest
import torch
from scipy import stats
from torch.testing import assert_close

from attnbook import (
    attention_weights,
    boxcar,
    effective_neighbours,
    mean_squared_error,
    roughness,
)
from strategies import DTYPES, TOLERANCE


class TestEffectiveNeighbours:
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_it_is_the_exponential_of_scipys_entropy(self, dtype):
        queries, keys = torch.linspace(0, 5, 9, dtype=dtype), torch.linspace(0, 5, 30, dtype=dtype)
        weights = attention_weights(queries, keys, w=3.0)
        expected = torch.tensor(stats.entropy(weights.double().numpy(), axis=1)).exp()
        assert effective_neighbours(weights).dtype == dtype
        assert_close(effective_neighbours(weights).double(), expected, **TOLERANCE[dtype])

    def test_it_counts_equal_sharers(self):
        for n in (1, 2, 5, 50):
            assert effective_neighbours(torch.full((1, n), 1 / n)).item() == pytest.approx(n)
        assert effective_neighbours(torch.eye(4)).tolist() == [1, 1, 1, 1]

    def test_a_gaussian_over_dense_keys_counts_the_root_of_2_pi_e_over_the_spacing(self):
        """The entropy of a normal distribution, ½ ln(2πe σ²), gives the count in closed form."""
        keys = torch.linspace(-10, 10, 2001, dtype=torch.float64)
        weights = attention_weights(keys.new_zeros(1), keys, w=2.0)
        expected = math.sqrt(2 * math.pi * math.e) / 2 / 0.01
        assert effective_neighbours(weights).item() == pytest.approx(expected, rel=1e-6)

    def test_a_query_out_of_reach_has_no_count(self):
        weights = attention_weights(torch.tensor([0.0, 99.0]), torch.zeros(3), kernel=boxcar)
        assert effective_neighbours(weights).isnan().tolist() == [False, True]

    def test_its_gradient_agrees_with_finite_differences(self):
        keys = torch.tensor([0.0, 0.5, 2.0], dtype=torch.float64)
        width = torch.tensor(1.2, dtype=torch.float64, requires_grad=True)
        count = lambda w: effective_neighbours(attention_weights(keys, keys, w=w))  # noqa: E731
        assert torch.autograd.gradcheck(count, width)

    @pytest.mark.parametrize(
        ("weights", "error", "message"),
        [
            ([[1.0]], TypeError, r"weights must be a torch\.Tensor .* got weights list"),
            (torch.eye(2).int(), TypeError, r"floating point; got weights \(2, 2\) torch\.int32"),
            (
                torch.ones(1),
                ValueError,
                r"must be \(\.\.\., n_queries, n_keys\); got \(1,\).*unsqueeze",
            ),
            (torch.ones(1, 0), ValueError, r"at least one key; got \(1, 0\)"),
            (torch.ones(1, 2), ValueError, r"sum to 1; got \(1, 2\) with sums from 2 to 2"),
            (torch.tensor([[2.0, -1.0]]), ValueError, "a smallest weight of -1. Pass attention"),
        ],
    )
    def test_what_are_no_weights_is_refused(self, weights, error, message):
        with pytest.raises(error, match=message) as caught:
            effective_neighbours(weights)
        assert type(caught.value) is error


class TestRoughness:
    def test_it_adds_all_changes_of_slope(self):
        assert roughness(torch.tensor([1.0, 3.0, 0.0, 0.5])).item() == 8.5
        assert roughness(torch.tensor([1.0, 2.0])).item() == roughness(torch.ones(1)).item() == 0
        assert roughness(torch.zeros(4, dtype=torch.float64)).dtype == torch.float64

    def test_over_a_sine_it_is_the_change_of_its_slope_times_the_step(self):
        x = torch.linspace(0, 2 * math.pi, 4001, dtype=torch.float64)
        step = (x[1] - x[0]).item()
        assert roughness(3 * torch.sin(x)).item() == pytest.approx(12 * step, rel=1e-3)

    def test_a_steep_line_has_none_and_what_is_no_curve_is_refused(self):
        assert roughness(100 * torch.arange(9.0)) == 0
        with pytest.raises(ValueError, match=r"y must have one dimension; got y \(2, 2\)"):
            roughness(torch.ones(2, 2))
        with pytest.raises(ValueError, match=r"y must have 1 or more elements; got y \(0,\)"):
            roughness(torch.ones(0))
        with pytest.raises(ValueError, match=r"y must be finite; got 1 NaN"):
            roughness(torch.tensor([1.0, math.nan]))


class TestMeanSquaredError:
    def test_it_is_torchs(self):
        generator = torch.Generator().manual_seed(0)
        a, b = torch.randn(2, 4, 5, generator=generator)
        assert_close(mean_squared_error(a, b), torch.nn.functional.mse_loss(a, b))

    def test_shapes_are_not_broadcast(self):
        """Subtracting (50,) from (50, 1) would average 2500 wrong differences in silence."""
        with pytest.raises(
            ValueError, match=r"same shape.*prediction \(50, 1\), truth \(50,\)\. Select"
        ):
            mean_squared_error(torch.zeros(50, 1), torch.zeros(50))

    def test_a_prediction_that_is_missing_is_not_hidden(self):
        assert mean_squared_error(torch.tensor([1.0, math.nan]), torch.ones(2)).isnan()

    def test_wrong_kinds_and_nothing_are_refused(self):
        with pytest.raises(TypeError, match=r"truth must be a torch\.Tensor.*truth float"):
            mean_squared_error(torch.zeros(2), 1.0)
        with pytest.raises(TypeError, match="must have one dtype"):
            mean_squared_error(torch.zeros(2), torch.zeros(2).double())
        with pytest.raises(ValueError, match=r"must not be empty; got prediction \(0,\)"):
            mean_squared_error(torch.zeros(0), torch.zeros(0))
