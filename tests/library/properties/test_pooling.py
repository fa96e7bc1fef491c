"""Properties of attention pooling, for all kernels and both layouts of keys."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.testing import assert_close

from attnbook import (
    NWKernelRegression,
    attention_pooling,
    attention_weights,
    average_pooling,
    gaussian,
)
from strategies import STEP, TOLERANCE, Problem, inverse_bandwidths, kernels, positions, problems


def close(actual: torch.Tensor, expected: torch.Tensor, scale: float = 1.0) -> None:
    """Compare; ``scale`` is the size of the numbers that were added up."""
    tolerance = TOLERANCE[actual.dtype]
    assert_close(
        actual, expected, rtol=tolerance["rtol"], atol=tolerance["atol"] * scale, equal_nan=True
    )


class TestWeights:
    """Weights are nonnegative and sum to 1; a row that no key reaches is NaN throughout."""

    @given(problem=problems(), w=inverse_bandwidths())
    def test_gaussian_rows_are_distributions(self, problem, w):
        weights = attention_weights(problem.queries, problem.keys, w=w)
        assert weights.shape == (len(problem.queries), problem.keys.shape[-1])
        assert (weights >= 0).all()
        close(weights.sum(dim=1), torch.ones_like(problem.queries))

    @given(problem=problems(), w=inverse_bandwidths(), kernel=kernels())
    def test_a_row_is_a_distribution_or_nan_if_nothing_is_in_reach(self, problem, w, kernel):
        weights = attention_weights(problem.queries, problem.keys, w=w, kernel=kernel)
        if kernel is gaussian:
            empty = torch.zeros(len(problem.queries), dtype=torch.bool)
        else:
            density = kernel((problem.queries.unsqueeze(-1) - problem.keys) * w)
            empty = (density == 0).all(dim=1)
        assert weights[empty].isnan().all()
        assert (weights[~empty] >= 0).all()
        close(weights[~empty].sum(dim=1), torch.ones_like(problem.queries[~empty]))

    @given(problem=problems(), w=inverse_bandwidths())
    def test_the_nearer_key_never_weighs_less(self, problem, w):
        weights = attention_weights(problem.queries, problem.keys, w=w)
        distance = (problem.queries.unsqueeze(-1) - problem.keys).abs()
        ordered = weights.gather(1, distance.argsort(dim=1))
        assert (ordered.diff(dim=1) <= TOLERANCE[weights.dtype]["atol"]).all()


class TestPooling:
    """Predictions are averages of values."""

    @given(problem=problems(), w=inverse_bandwidths(), kernel=kernels(), data=st.data())
    def test_permuting_pairs_changes_nothing(self, problem, w, kernel, data):
        order = data.draw(st.permutations(range(problem.keys.shape[-1])))
        permuted = Problem(problem.queries, problem.keys[..., order], problem.values[..., order])
        close(
            attention_pooling(*permuted, w=w, kernel=kernel),
            attention_pooling(*problem, w=w, kernel=kernel),
            scale=100,
        )

    @given(problem=problems(), w=inverse_bandwidths(), kernel=kernels())
    def test_the_output_lies_in_the_hull_of_the_values(self, problem, w, kernel):
        prediction = attention_pooling(*problem, w=w, kernel=kernel)
        slack = 100 * TOLERANCE[prediction.dtype]["atol"]
        low, high = problem.values.amin(dim=-1) - slack, problem.values.amax(dim=-1) + slack
        assert (prediction.isnan() | ((low <= prediction) & (prediction <= high))).all()

    @given(problem=problems(), kernel=kernels())
    def test_width_zero_is_average_pooling(self, problem, kernel):
        close(
            attention_pooling(*problem, w=0.0, kernel=kernel),
            average_pooling(problem.queries, problem.values),
            scale=100,
        )

    @given(problem=problems(), w=st.floats(-1e-5, 1e-5))
    def test_a_small_w_approaches_average_pooling(self, problem, w):
        assert_close(
            attention_pooling(*problem, w=w),
            average_pooling(problem.queries, problem.values),
            rtol=0,
            atol=1e-3,
        )

    @given(problem=problems(), w=st.floats(1e4, 1e30))
    def test_a_large_w_gives_the_nearest_neighbour(self, problem, w):
        distance = (problem.queries.unsqueeze(-1) - problem.keys).abs()
        nearest = (distance == distance.amin(dim=1, keepdim=True)).to(distance.dtype)
        expected = (nearest * problem.values).sum(dim=1) / nearest.sum(dim=1)  # ties share
        close(attention_pooling(*problem, w=w), expected, scale=100)

    @given(problem=problems(), w=inverse_bandwidths(), kernel=kernels())
    def test_the_sign_of_w_does_not_matter(self, problem, w, kernel):
        assert_close(
            attention_pooling(*problem, w=w, kernel=kernel),
            attention_pooling(*problem, w=-w, kernel=kernel),
            rtol=0,
            atol=0,
            equal_nan=True,
        )

    @given(problem=problems(), w=inverse_bandwidths(), kernel=kernels(), shift=positions())
    def test_shifting_queries_and_keys_together_changes_nothing(self, problem, w, kernel, shift):
        shifted = Problem(problem.queries + shift, problem.keys + shift, problem.values)
        assert_close(
            attention_pooling(*shifted, w=w, kernel=kernel),
            attention_pooling(*problem, w=w, kernel=kernel),
            rtol=0,
            atol=0,
            equal_nan=True,
        )

    @given(problem=problems(), w=inverse_bandwidths(), kernel=kernels(), power=st.integers(-6, 6))
    def test_the_width_is_in_units_of_the_keys(self, problem, w, kernel, power):
        scale = 2.0**power
        scaled = Problem(problem.queries * scale, problem.keys * scale, problem.values)
        close(
            attention_pooling(*scaled, w=w / scale, kernel=kernel),
            attention_pooling(*problem, w=w, kernel=kernel),
            scale=100,
        )

    @given(
        problem=problems(), w=inverse_bandwidths(), factor=st.integers(-4, 4), offset=positions()
    )
    def test_it_is_linear_in_the_values(self, problem, w, factor, offset):
        changed = Problem(problem.queries, problem.keys, factor * problem.values + offset)
        close(
            attention_pooling(*changed, w=w),
            factor * attention_pooling(*problem, w=w) + offset,
            scale=1000,
        )

    @given(problem=problems(rows=False), w=inverse_bandwidths(), kernel=kernels())
    def test_shared_pairs_are_the_same_as_a_row_for_every_query(self, problem, w, kernel):
        queries, keys, values = problem
        n = len(queries)
        close(
            attention_pooling(queries, keys.repeat(n, 1), values.repeat(n, 1), w=w, kernel=kernel),
            attention_pooling(queries, keys, values, w=w, kernel=kernel),
            scale=100,
        )

    @given(problem=problems(rows=False), w=inverse_bandwidths(), extra=st.integers(1, 3))
    def test_repeating_all_pairs_changes_nothing(self, problem, w, extra):
        queries, keys, values = problem
        close(
            attention_pooling(queries, keys.repeat(extra), values.repeat(extra), w=w),
            attention_pooling(queries, keys, values, w=w),
            scale=100,
        )


class TestModel:
    """The model is the function with a learnable w."""

    @given(problem=problems(), seed=st.integers(0, 99))
    def test_it_agrees_with_attention_pooling(self, problem, seed):
        net = NWKernelRegression(generator=torch.Generator().manual_seed(seed))
        net = net.to(problem.queries.dtype)
        prediction = net(*problem)
        close(prediction, attention_pooling(*problem, w=net.w), scale=100)
        close(net.attention_weights, attention_weights(*problem[:2], w=net.w))


def test_positions_are_exact_in_both_dtypes():
    """What the exact comparisons above rest on."""
    grid = torch.arange(-16 * STEP, 16 * STEP + 1, dtype=torch.float64) / STEP
    assert (grid.to(torch.float32).to(torch.float64) == grid).all()
