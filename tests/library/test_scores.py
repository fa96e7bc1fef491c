"""Vectors, batches and masks against torch's own attention, direct sums and float64."""

import functools
import math
import re
import subprocess
import sys

import pytest
import torch
from scipy.spatial.distance import cdist
from torch.nn.functional import scaled_dot_product_attention
from torch.testing import assert_close

import attnbook
from attnbook import (
    AdditiveScore,
    attention_pooling,
    attention_weights,
    distance_score,
    effective_neighbours,
    epanechnikov,
    gaussian,
    scaled_dot_product,
)
from strategies import KERNELS

HALF = [torch.float16, torch.bfloat16]


def draw(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def vectors(dtype=torch.float64, batch=(2, 3)):
    """Queries, keys and values of a batch; as many of each size as tell the dimensions apart."""
    queries, keys = draw(*batch, 5, 4, dtype=dtype), draw(*batch, 7, 4, seed=1, dtype=dtype)
    return queries, keys, draw(*batch, 7, 6, seed=2, dtype=dtype)


def masks(dtype=torch.float64):
    """One mask of each kind, and one whose second query may attend to nobody."""
    some = draw(5, 7, seed=3) > -0.5
    nobody = some.clone()
    nobody[1] = False
    added = draw(2, 1, 5, 7, seed=4).to(dtype)
    return {
        "none": None,
        "booleans": some,
        "one for all queries": some[:1],
        "nobody": nobody,
        "numbers": added,
        "numbers and nobody": added.masked_fill(~nobody, -math.inf),
    }


@pytest.mark.parametrize("mask", masks())
class TestAgainstTorch:
    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64, *HALF])
    @pytest.mark.parametrize("scale", [None, 1.0])
    def test_dot_products_give_torchs_attention(self, mask, dtype, scale):
        mask, given = masks(dtype)[mask], vectors(dtype)
        score = functools.partial(scaled_dot_product, scale=scale)
        actual = attention_pooling(*given, score=score, mask=mask)
        # Torch's own in float64: what rounding there is, is ours.
        wide = mask.double() if mask is not None and mask.is_floating_point() else mask
        expected = scaled_dot_product_attention(
            *(tensor.double() for tensor in given), attn_mask=wide, scale=scale
        )
        assert actual.dtype == dtype
        bound = {torch.float64: 1e-14, torch.float32: 1e-5}.get(dtype, 0.03)
        assert_close(actual.double(), expected, rtol=bound, atol=bound)

    def test_a_distance_and_a_prior_make_torchs_attention(self, mask):
        """Expanding the square: q·k is the Gaussian's score plus the prior of the key."""
        mask, (queries, keys, values) = masks()[mask], vectors()
        w = 0.7
        prior = -(keys * w).square().sum(dim=-1).unsqueeze(-2) / 2
        if mask is not None and not mask.is_floating_point():
            prior = prior.masked_fill(~mask, -math.inf)
        elif mask is not None:
            prior = prior + mask
        expected = scaled_dot_product_attention(
            queries * w, keys * w, values, attn_mask=prior.expand(2, 3, 5, 7), scale=1.0
        )
        score = functools.partial(distance_score, w=w)
        actual = attention_pooling(queries, keys, values, score=score, mask=mask)
        assert_close(actual, expected, rtol=1e-12, atol=1e-12)

    def test_one_dimension_is_one_feature(self, mask):
        """Numbers by the kernel agree with vectors of one feature by the score."""
        mask = masks()[mask]
        queries, keys, values = draw(2, 3, 5), draw(2, 1, 7, seed=1), draw(2, 3, 7, seed=2)
        for kernel in KERNELS:
            score = functools.partial(distance_score, w=0.8, kernel=kernel)
            expected = attention_weights(
                queries.unsqueeze(-1), keys.unsqueeze(-1), score=score, mask=mask
            )
            actual = attention_weights(queries, keys, w=0.8, kernel=kernel, mask=mask)
            assert_close(actual.expand(2, 3, 5, 7), expected, equal_nan=True)
            assert_close(
                attention_pooling(queries, keys, values, w=0.8, kernel=kernel, mask=mask),
                (expected @ values.unsqueeze(-1)).squeeze(-1),
                equal_nan=True,
            )

    def test_gradients_pass_and_none_is_nan(self, mask):
        mask = masks()[mask]
        for score in (scaled_dot_product, distance_score):
            given = [tensor.requires_grad_() for tensor in vectors()]
            attention_pooling(*given, score=score, mask=mask).square().sum().backward()
            assert all(tensor.grad.isfinite().all() for tensor in given)
        # A kernel of numbers, too, where some query may attend to nobody.
        numbers = [draw(2, 1, 5), draw(2, 1, 7, seed=1), draw(2, 1, 7, seed=2)]
        for tensor in numbers:
            tensor.requires_grad_()
        attention_pooling(*numbers, w=0.8, mask=mask).square().sum().backward()
        assert all(tensor.grad.isfinite().all() for tensor in numbers)


class TestForms:
    def test_a_batch_is_its_members(self):
        queries, keys, values = draw(3, 5), draw(3, 7, seed=1), draw(3, 7, seed=2)
        pooled = attention_pooling(queries, keys, values, w=2.0)
        for i in range(3):
            expected = attention_pooling(queries[i], keys[i], values[i], w=2.0)
            assert_close(pooled[i], expected)

    def test_leading_dimensions_broadcast(self):
        queries, keys, values = draw(4, 1, 5), draw(1, 3, 7, seed=1), draw(1, 3, 7, seed=2)
        pooled = attention_pooling(queries, keys, values)
        expanded = attention_pooling(
            queries.expand(4, 3, 5), keys.expand(4, 3, 7), values.expand(4, 3, 7)
        )
        assert pooled.shape == (4, 3, 5)
        assert_close(pooled, expanded)

    @pytest.mark.parametrize("rows", [False, True])
    def test_values_may_be_vectors(self, rows):
        shape = (5, 7) if rows else (7,)
        queries, keys, values = draw(5), draw(*shape, seed=1), draw(*shape, 2, seed=2)
        pooled = attention_pooling(queries, keys, values)
        assert pooled.shape == (5, 2)
        for i in range(2):
            assert_close(pooled[:, i], attention_pooling(queries, keys, values[..., i]))

    def test_values_of_vectors_may_be_numbers(self):
        queries, keys, values = vectors()
        pooled = attention_pooling(queries, keys, values[..., 0], score=scaled_dot_product)
        expected = attention_pooling(queries, keys, values, score=scaled_dot_product)
        assert_close(pooled, expected[..., 0])

    def test_a_masked_key_counts_for_nothing(self):
        """The same as a problem without it, even where it is nearest and w enormous."""
        queries, keys, values = draw(5), draw(7, seed=1), draw(7, seed=2)
        keep = torch.tensor([1, 1, 0, 1, 0, 1, 1]).bool()
        for w in (0.5, 4.0, 1e200):
            for mask in (
                keep.expand(5, 7),
                torch.zeros(5, 7).double().masked_fill(~keep, -math.inf),
            ):
                actual = attention_pooling(queries, keys, values, w=w, mask=mask)
                assert_close(actual, attention_pooling(queries, keys[keep], values[keep], w=w))

    def test_out_of_reach_is_nan_and_masked_out_is_zero(self):
        queries, keys = torch.tensor([0.0, 9.0, 0.0]), torch.tensor([0.0, 0.5])
        mask = torch.tensor([[True, True], [True, True], [False, False]])
        weights = attention_weights(queries, keys, kernel=epanechnikov, mask=mask)
        assert weights[0].sum() == 1
        assert weights[1].isnan().all()
        assert weights[2].tolist() == [0, 0]

    def test_effective_neighbours_of_heads(self):
        queries, keys, _ = vectors()
        weights = attention_weights(queries, keys, score=scaled_dot_product)
        neighbours = effective_neighbours(weights)
        assert neighbours.shape == (2, 3, 5)
        assert_close(neighbours[1, 2], effective_neighbours(weights[1, 2]))

    @pytest.mark.parametrize("dtype", HALF)
    @pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
    def test_half_precision_rounds_only_its_result(self, dtype, kernel):
        queries, keys, values = (draw(9, seed=i).to(dtype) for i in range(3))
        actual = attention_pooling(queries, keys, values, w=3.0, kernel=kernel)
        wide = (tensor.double() for tensor in (queries, keys, values))
        expected = attention_pooling(*wide, w=3.0, kernel=kernel)
        assert actual.dtype == dtype
        eps = torch.finfo(dtype).eps
        assert_close(actual.double(), expected, rtol=eps, atol=eps * 1e-2, equal_nan=True)

    def test_half_precision_does_not_overflow(self):
        keys = torch.tensor([-300.0, 300.0], dtype=torch.float16)
        assert attention_pooling(keys, keys, keys, w=100.0).tolist() == keys.tolist()


class TestScores:
    @pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
    def test_distances_are_scipys(self, kernel):
        queries, keys, _ = vectors(batch=())
        matrix = draw(3, 4, seed=5) / 3
        for w, project in ((0.4, lambda x: 0.4 * x), (matrix, lambda x: x @ matrix.T)):
            distance = torch.from_numpy(cdist(project(queries), project(keys)))
            density = kernel(distance)
            expected = density / density.sum(dim=-1, keepdim=True)
            score = functools.partial(distance_score, w=w, kernel=kernel)
            actual = attention_weights(queries, keys, score=score)
            assert_close(actual, expected, equal_nan=True)

    def test_a_compact_kernel_gives_finite_gradients(self):
        queries, keys = torch.zeros(1, 2).double(), torch.tensor([[0.5, 0.0], [0.0, 0.2], [3.0, 0]])
        keys = keys.double().requires_grad_()
        score = functools.partial(distance_score, kernel=epanechnikov)
        values = keys.detach().clone()
        pool = lambda k: attention_pooling(queries, k, values, score=score)  # noqa: E731
        assert torch.autograd.gradcheck(pool, keys)

    def test_additive_score_is_its_definition(self):
        score = AdditiveScore(4, 3, 8, generator=torch.Generator().manual_seed(0)).double()
        queries, keys = draw(5, 4), draw(7, 3, seed=1)
        scores = score(queries, keys)
        for i, j in ((0, 0), (4, 6), (2, 3)):
            hidden = torch.tanh(score.W_q @ queries[i] + score.W_k @ keys[j])
            assert_close(scores[i, j], score.v @ hidden)
        assert score(draw(2, 1, 5, 4), draw(3, 7, 3)).shape == (2, 3, 5, 7)

    def test_additive_score_starts_from_its_generator(self):
        one, same, other = (
            AdditiveScore(2, 2, 64, generator=torch.Generator().manual_seed(seed))
            for seed in (0, 0, 1)
        )
        assert torch.equal(one.W_q, same.W_q)
        assert not torch.equal(one.W_q, other.W_q)
        assert one.W_q.abs().max() <= 2**-0.5
        assert one.v.abs().max() <= 1 / 8

    def test_learned_scores_get_gradients(self):
        score = AdditiveScore(4, 4, 8).double()
        attention_pooling(*vectors(), score=score).square().sum().backward()
        assert all(p.grad.abs().sum() > 0 for p in score.parameters())
        w = torch.eye(4).double().requires_grad_()
        distance = functools.partial(distance_score, w=w)
        attention_pooling(*vectors(), score=distance).square().sum().backward()
        assert w.grad.abs().sum() > 0


Q, K, V = vectors(torch.float32, batch=())
NUMBERS = torch.zeros(2, 5), torch.zeros(2, 7), torch.zeros(2, 7)
DOT = {"score": scaled_dot_product}
ERRORS = [  # arguments, options, error, message
    ((Q, K, V), {"score": "dot"}, TypeError, "score must be a function of queries and keys"),
    ((Q, K, V), {**DOT, "w": 2.0}, TypeError, "w cannot be given beside a score"),
    ((Q, K, V), {**DOT, "kernel": gaussian}, TypeError, "distance_score, kernel=...)"),
    ((Q[0], K, V), DOT, ValueError, "queries must be (..., n_queries, d) for a score; got queries"),
    ((Q, K[:, 0], V), DOT, ValueError, "keys must be (..., n_keys, d) for a score; got queries"),
    ((Q, K[:, :3], V), DOT, ValueError, "one size d; got queries (5, 4), keys (7, 3). Project"),
    ((Q, K[:0], V[:0]), DOT, ValueError, "keys must not be empty, there is nothing to attend"),
    ((Q, K, V[1:]), DOT, ValueError, "with a value for each of the 7 keys; got queries (5, 4)"),
    ((Q, K, V[None, None]), DOT, ValueError, "values must be (..., n_keys, v) or (..., n_keys)"),
    ((Q.expand(2, 5, 4), K.expand(3, 7, 4), V), DOT, ValueError, "queries and keys must have lea"),
    (
        (Q, K, V),
        {"score": lambda q, k: q},
        ValueError,
        "for each query and key, (5, 7); got (5, 4)",
    ),
    ((Q, K, V), {"score": lambda q, k: 1.0}, TypeError, "score must return a tensor; got float"),
    (
        (Q, K, V),
        {**DOT, "mask": [True]},
        TypeError,
        "mask must be a tensor of booleans, True where",
    ),
    ((Q, K, V), {**DOT, "mask": torch.ones(5, 7).int()}, TypeError, "keys (7, 4), values (7, 6) t"),
    (
        (Q, K, V),
        {**DOT, "mask": torch.ones(5, 7).double()},
        TypeError,
        "or of torch.float32, added",
    ),
    ((Q, K, V), {**DOT, "mask": torch.ones(7, 5).bool()}, ValueError, "weights' shape (5, 7); got"),
    ((Q, K, V), {**DOT, "mask": torch.ones(2, 5, 7).bool()}, ValueError, "got mask (2, 5, 7), que"),
    ((Q, K, V), {**DOT, "mask": torch.full((5, 7), math.nan)}, ValueError, "must not be NaN or +i"),
    ((Q, K, V), {**DOT, "mask": torch.full((5, 7), math.inf)}, ValueError, "got 35 such elements"),
    ((Q, K * math.nan, V), DOT, ValueError, "keys must be finite; got 28 NaN"),
    (
        NUMBERS,
        {"mask": torch.ones(3, 5, 7).bool()},
        ValueError,
        "weights' shape (2, 5, 7); got mas",
    ),
    ((NUMBERS[0], K.expand(2, 7, 4), V), {}, ValueError, "queries and keys must have the same num"),
    ((NUMBERS[0], NUMBERS[1], V), {}, ValueError, "keys and values must have the same shape, sin"),
    ((torch.zeros(3, 5), *NUMBERS[1:]), {}, ValueError, "queries and keys and values must have le"),
]


@pytest.mark.parametrize(("arguments", "options", "error", "message"), ERRORS)
def test_errors_say_what_was_asked_and_what_came(arguments, options, error, message):
    with pytest.raises(error, match=re.escape(message)) as caught:
        attention_pooling(*arguments, **options)
    assert type(caught.value) is error


def test_errors_of_the_scores_themselves():
    with pytest.raises(ValueError, match=r"a column for each of the 4 features; got w \(2, 3\)"):
        distance_score(Q, K, w=torch.zeros(2, 3))
    with pytest.raises(ValueError, match=r"scale must be finite; got nan"):
        scaled_dot_product(Q, K, scale=math.nan)
    with pytest.raises(ValueError, match=r"keys must be \(\.\.\., n_keys, 3\);.*keys \(7, 4\)"):
        AdditiveScore(4, 3, 8)(Q, K)
    with pytest.raises(ValueError, match=r"hidden_size must be .*0"):
        AdditiveScore(4, 3, 0)
    with pytest.raises(TypeError, match=r"generator must be a torch\.Generator; got int"):
        AdditiveScore(4, 3, 8, generator=0)


class TestTransforms:
    def test_vmap_is_a_batch(self):
        given = vectors(batch=(3,))
        pool = functools.partial(attention_pooling, score=scaled_dot_product)
        assert_close(torch.func.vmap(pool)(*given), pool(*given))
        numbers = draw(3, 5), draw(3, 7, seed=1), draw(3, 7, seed=2)
        assert_close(torch.func.vmap(attention_pooling)(*numbers), attention_pooling(*numbers))

    def test_gradients_by_func(self):
        def loss(w):
            score = functools.partial(distance_score, w=w)
            return attention_pooling(*vectors(), score=score).square().sum()

        w = torch.tensor(0.7, dtype=torch.float64)
        slope = (loss(w + 1e-6) - loss(w - 1e-6)) / 2e-6
        assert_close(torch.func.grad(loss)(w), slope, rtol=1e-7, atol=0)

    def test_everything_stays_on_the_device(self):
        given = [tensor.to("meta") for tensor in vectors()]
        mask = torch.ones(5, 7, device="meta").bool()
        additive = AdditiveScore(4, 4, 8).double().to("meta")
        for score in (scaled_dot_product, distance_score, additive):
            pooled = attention_pooling(*given, score=score, mask=mask)
            assert (pooled.device.type, pooled.shape) == ("meta", (2, 3, 5, 6))


COMPILED = """
import functools
import torch
import attnbook

q, k, v = torch.ones(2, 5, 4), torch.eye(7, 4).expand(2, 7, 4), torch.eye(7, 6).expand(2, 7, 6)
mask = torch.ones(5, 7).tril().bool()
additive = attnbook.AdditiveScore(4, 4, 8)
for score in (attnbook.scaled_dot_product, attnbook.distance_score, additive):

    class Pooling(torch.nn.Module):
        def forward(self, q, k, v, mask):
            return attnbook.attention_pooling(q, k, v, score=score, mask=mask)

    expected = Pooling()(q, k, v, mask)
    compiled = torch.compile(Pooling(), backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(q, k, v, mask), expected)
    if not isinstance(score, torch.nn.Module):
        program = torch.export.export(Pooling(), (q, k, v, mask)).module()
        torch.testing.assert_close(program(q, k, v, mask), expected)
print("all agree")
"""


@pytest.mark.slow
def test_vectors_compile_to_one_graph_and_export():
    """In a process of its own: the import hook of the tests is no part of what readers compile."""
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True)
    assert done.stdout == "all agree\n", done.stderr


def test_all_scores_are_the_packages():
    assert {"AdditiveScore", "distance_score", "scaled_dot_product"} <= set(attnbook.__all__)
