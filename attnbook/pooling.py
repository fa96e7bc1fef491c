"""Attention pooling: weighted averages of values, by how well their keys match the query.

Positions are numbers, compared by a kernel of their distance, or vectors, compared by a score.
Numbers: keys and values are given once for all queries, (n_keys,), or as a row for each query,
(n_queries, n_keys): in training every query has its own keys, since it must not see itself. With
leading dimensions, queries (..., n_queries) and keys (..., n_keys), they are batches.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import nn

from . import fast_pooling
from .checks import checked, describe, quote, source_of_randomness
from .kernels import gaussian
from .pair_checks import key_value_pairs
from .shapes import Float, InverseBandwidth, Tensor

__all__ = ["NWKernelRegression", "attention_pooling", "attention_weights", "average_pooling"]

Kernel = Callable[[Tensor], Tensor]
Score = Callable[[Tensor, Tensor], Tensor]
Method = Literal["auto", "table", "fast"]

TABLE = 2**18  # so many pairs of query and key take about as long either way


@checked(key_value_pairs)
def average_pooling(
    queries: Float[Tensor, " queries"],
    values: Float[Tensor, " keys"] | Float[Tensor, "queries keys"],
) -> Float[Tensor, " queries"]:
    """Answer every query with the plain mean of the values, equation (10.2.2).

    Parameters
    ----------
    queries
        Where to predict, (n_queries,). Only their number matters: that is the weakness.
    values
        (n_keys,), or (n_queries, n_keys).

    Returns
    -------
    Tensor
        Predictions, (n_queries,).

    Raises
    ------
    TypeError, ValueError
        See :func:`attention_pooling`.

    Examples
    --------
    >>> import torch
    >>> average_pooling(torch.tensor([0.0, 5.0]), torch.tensor([1.0, 2.0, 6.0]))
    tensor([3., 3.])
    """
    return values.mean(dim=-1).expand(len(queries)).clone()


@checked(key_value_pairs)
def attention_weights(
    queries: Float[Tensor, "..."],
    keys: Float[Tensor, "..."],
    *,
    w: InverseBandwidth = 1.0,
    kernel: Kernel = gaussian,
    score: Score | None = None,
    mask: Tensor | None = None,
) -> Float[Tensor, "*batch queries keys"]:
    r"""Weigh every key for every query: the :math:`\alpha(x, x_i)` of equation (10.2.4).

    :math:`\alpha(x, x_i) = K((x - x_i) w) / \sum_j K((x - x_j) w)`. With the Gaussian kernel this
    is :math:`\mathrm{softmax}_i(-((x - x_i) w)^2/2)`, equations (10.2.6) and (10.2.7), and is
    computed so: it stays exact for queries far from all keys, where every K underflows to 0.

    Queries and keys that are vectors want a ``score`` in place of the kernel:
    :math:`\alpha(q, k_i) = \mathrm{softmax}_i(a(q, k_i))`.

    Parameters
    ----------
    queries
        (n_queries,), or a batch, (..., n_queries); with a score (..., n_queries, d).
    keys
        (n_keys,), or a row for each query, (n_queries, n_keys); for a batch (..., n_keys), its
        leading dimensions as many as those of the queries, equal or 1. With a score
        (..., n_keys, d), leading dimensions broadcast.
    w
        The inverse bandwidth, 1/h with h in units of the keys: a number or a tensor with one
        element. Its sign does not matter.
    kernel
        A density such as those in :mod:`attnbook.kernels`.
    score
        A function such as those in :mod:`attnbook.scores`, from queries and keys to
        (..., n_queries, n_keys). It decides alone: w and kernel cannot be given beside it.
    mask
        Which keys a query may attend to, as in torch's ``scaled_dot_product_attention``: booleans,
        True where it may, or numbers that are added to the scores (with a kernel: to its
        logarithm). Broadcasts to the weights.

    Returns
    -------
    Tensor
        (..., n_queries, n_keys). Rows are nonnegative and sum to 1, but for two cases. With a
        kernel of compact support (boxcar, triangular, Epanechnikov) a query may have no key in
        reach. Its row is then 0/0, a row of NaN: there is no estimate, and none is invented. A
        query whose keys are all masked out has a row of zeros, as in torch.

    Raises
    ------
    TypeError, ValueError
        See :func:`attention_pooling`.

    References
    ----------
    Nadaraya (1964), On estimating regression. Watson (1964), Smooth regression analysis.

    Examples
    --------
    >>> import torch
    >>> attention_weights(torch.tensor([0.0]), torch.tensor([0.0, 1.0, 2.0]))
    tensor([[0.5741, 0.3482, 0.0777]])
    >>> causal = torch.ones(3, 3).tril().bool()
    >>> attention_weights(torch.zeros(3), torch.zeros(3), mask=causal)
    tensor([[1.0000, 0.0000, 0.0000],
            [0.5000, 0.5000, 0.0000],
            [0.3333, 0.3333, 0.3333]])
    """
    return _weights(queries, keys, w, kernel, score, mask).to(queries.dtype)


@checked(key_value_pairs)
def attention_pooling(
    queries: Float[Tensor, "..."],
    keys: Float[Tensor, "..."],
    values: Float[Tensor, "..."],
    *,
    w: InverseBandwidth = 1.0,
    kernel: Kernel = gaussian,
    score: Score | None = None,
    mask: Tensor | None = None,
    method: Method = "auto",
) -> Float[Tensor, "..."]:
    r"""Average the values by attention weight: :math:`f(x) = \sum_i \alpha(x, x_i)\, y_i` (10.2.4).

    With a kernel this is Nadaraya–Watson kernel regression; with the score
    :func:`attnbook.scaled_dot_product` it is the attention of Transformers. Differentiable in
    every tensor given.

    Parameters
    ----------
    queries
        Where to predict, (n_queries,), or a batch, (..., n_queries); with a score
        (..., n_queries, d).
    keys
        The x_i, (n_keys,) or (n_queries, n_keys); for a batch (..., n_keys); with a score
        (..., n_keys, d). See :func:`attention_weights`.
    values
        The y_i, a number for each key, in the shape of the keys (without their d), or a vector,
        with one dimension more: (..., n_keys, v).
    w
        The inverse bandwidth, 1/h with h in units of the keys: a number or a tensor with one
        element. 0 is average pooling; the larger, the fewer neighbours count.
    kernel
        A density such as those in :mod:`attnbook.kernels`.
    score, mask
        See :func:`attention_weights`.
    method
        ``"table"`` weighs every key for every query: time and memory grow as n_queries · n_keys,
        every argument is taken, and gradients of any order flow to all tensors. ``"fast"`` sums
        without the table (:mod:`attnbook.fast_pooling`): time about, and memory exactly, linear
        in n_queries + n_keys; the error relative to the largest value is at most about 1e-12 in
        float64 and 1e-6 in float32. It takes queries, keys and values of one dimension on the CPU
        in one of these dtypes, a kernel of :mod:`attnbook.kernels` and no mask; first derivatives
        flow to w and values. ``"auto"`` is fast where it can be and there are more than a quarter
        of a million pairs, else the table.

    Returns
    -------
    Tensor
        Predictions, (..., n_queries), or (..., n_queries, v) where values are vectors; NaN where a
        compact kernel reaches no key, 0 where all keys are masked out. Half precision is computed
        in single and rounded at the end.

    Raises
    ------
    TypeError
        If an argument is not a floating-point tensor, dtypes differ, or w or kernel are given
        beside a score.
    ValueError
        If shapes do not fit, there are no keys, anything is NaN or infinite, or the fast method is
        asked for what it does not take.
    MemoryError
        If there is no room for the table.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need.

    Examples
    --------
    >>> import torch
    >>> from attnbook import scaled_dot_product
    >>> keys, values = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 10.0, 20.0])
    >>> attention_pooling(torch.tensor([0.0, 1.0]), keys, values)
    tensor([ 5.0360, 10.0000])
    >>> attention_pooling(torch.eye(2), torch.eye(2), torch.eye(2), score=scaled_dot_product)
    tensor([[0.6698, 0.3302],
            [0.3302, 0.6698]])
    """
    is_large = queries.numel() * keys.shape[-1] > TABLE
    if (
        (method == "fast" or (method == "auto" and is_large))
        and (score is None and mask is None)
        and fast_pooling.supports(queries, keys, values, w, kernel)
    ):
        return fast_pooling.pool(queries, keys, values, w, kernel)
    if method == "fast":
        came = quote({"queries": queries, "keys": keys, "values": values}, "dtype")
        raise ValueError(
            f"method='fast' takes queries, keys and values of one dimension, float32 or float64 on"
            f" the CPU, a kernel of attnbook.kernels, no score, no mask, no gradient in queries or"
            f" keys, and no tracing; got {came}. Use method='table'."
        )
    weights = _weights(queries, keys, w, kernel, score, mask)
    n_dimensions = keys.dim() if score is None else keys.dim() - 1  # of values that are numbers
    return _averages(weights, _widened(values), values.dim() == n_dimensions).to(values.dtype)


def _optional_generator(generator: object = None, **_: object) -> None:
    if generator is not None:
        source_of_randomness(generator)


class NWKernelRegression(nn.Module):
    r"""Nadaraya–Watson kernel regression with an inverse bandwidth to learn, equation (10.2.7).

    :math:`f(x) = \sum_i \mathrm{softmax}_i(-((x - x_i) w)^2/2)\, y_i`.

    Parameters
    ----------
    generator
        Source of w's starting value, drawn from U(0, 1); torch's global one if not given.

    Attributes
    ----------
    w : nn.Parameter
        The inverse bandwidth w = 1/h, (1,).
    attention_weights : Tensor
        Weights of the latest call, (n_queries, n_pairs), detached; empty before the first.

    Examples
    --------
    >>> import torch
    >>> net = NWKernelRegression(generator=torch.Generator().manual_seed(0))
    >>> keys = torch.tensor([[0.0, 1.0], [1.0, 2.0]])  # (queries, pairs)
    >>> net(torch.tensor([0.5, 1.5]), keys, values=keys)
    tensor([0.5000, 1.5000], grad_fn=<SqueezeBackward1>)
    >>> net.attention_weights
    tensor([[0.5000, 0.5000],
            [0.5000, 0.5000]])
    """

    attention_weights: Tensor

    @checked(_optional_generator)
    def __init__(self, generator: torch.Generator | None = None) -> None:
        super().__init__()
        device = None if generator is None else generator.device
        self.w = nn.Parameter(torch.rand(1, generator=generator, device=device))
        self.attention_weights = torch.empty(0, 0)

    @checked(key_value_pairs)
    def forward(
        self,
        queries: Float[Tensor, " queries"],
        keys: Float[Tensor, " pairs"] | Float[Tensor, "queries pairs"],
        values: Float[Tensor, " pairs"] | Float[Tensor, "queries pairs"],
    ) -> Float[Tensor, " queries"]:
        """Predict at the queries, (n_queries,), and keep the attention weights.

        Keys and values are (n_queries, n_pairs), or (n_pairs,) if all queries share them. Raises
        as :func:`attention_pooling` does.
        """
        weights = attention_weights(queries, keys, w=self.w)
        self.attention_weights = weights.detach()
        return _averages(weights, values, are_numbers=True)


def _weights(
    queries: Tensor,
    keys: Tensor,
    w: float | int | Tensor,
    kernel: Kernel,
    score: Score | None,
    mask: Tensor | None,
) -> Tensor:
    """Weigh every key for every query, in single precision or better."""
    try:
        if score is not None:
            scores, shape = score(queries, keys), (queries.shape[-2], keys.shape[-2])
            _one_number_for_each(scores, "score", shape, "query and key")
            return masked_softmax(_widened(scores), mask)
        x, positions = _widened(queries).unsqueeze(-1), _widened(keys)
        if queries.dim() > 1:
            positions = positions.unsqueeze(-2)  # else (n_keys,) or (n_queries, n_keys)
        return kernel_weights(x - positions, _widened(w), kernel, mask)
    except RuntimeError as error:  # the allocator's
        if "allocate" not in str(error) and "out of memory" not in str(error):
            raise
        raise MemoryError(
            f"there is no room for the table of all weights of"
            f" {quote({'queries': queries, 'keys': keys}, 'dtype')}. Use attention_pooling with"
            f" method='fast' if they are numbers, or a part of the queries at a time."
        ) from error


def kernel_weights(
    difference: Tensor, w: float | int | Tensor, kernel: Kernel, mask: Tensor | None = None
) -> Tensor:
    """Give each of the differences its share of the kernel, over the last dimension."""
    if kernel is gaussian:
        return gaussian_weights(difference, w, mask)
    distance = difference * w
    density = kernel(distance)
    _one_number_for_each(density, "kernel", tuple(distance.shape), "distance")
    if mask is None:
        return density / density.sum(dim=-1, keepdim=True)
    allowed, nobody, added = _split(mask)
    density = density.masked_fill(~allowed, 0)
    if added is not None:
        largest = added.amax(dim=-1, keepdim=True).masked_fill(nobody, 0)
        density = density * (added - largest).exp()
    return (density / density.sum(dim=-1, keepdim=True)).masked_fill(nobody, 0)


def gaussian_weights(
    difference: Tensor, w: float | int | Tensor, mask: Tensor | None = None
) -> Tensor:
    """Softmax of -(difference · w)²/2 over the last dimension."""
    # A softmax ignores a constant added to a row. Taking the nearest key's square off, and as a
    # product, keeps the digits that tell keys apart when all are far away, and keeps the
    # nearest's score at exactly 0 when (difference · w)² would overflow.
    distance = difference.detach().abs()
    if mask is not None:  # of those that are not masked out, or a nearer one could overflow
        allowed, nobody, _ = _split(mask)
        distance = distance.masked_fill(~allowed, torch.inf).masked_fill(nobody, 0)
    nearest = distance.amin(dim=-1, keepdim=True)
    scores = -((difference - nearest) * w) * ((difference + nearest) * w) / 2
    return masked_softmax(scores, mask)


def masked_softmax(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Softmax over the last dimension; a row that is masked out has weights of 0, as in torch."""
    if mask is None:
        return torch.softmax(scores, dim=-1)
    allowed, nobody, added = _split(mask)
    if added is not None:
        scores = scores + added
    # The softmax of a row of -inf would be NaN, and send NaN back, too.
    scores = scores.masked_fill(~allowed, -torch.inf).masked_fill(nobody, 0)
    return torch.softmax(scores, dim=-1).masked_fill(nobody, 0)


def _split(mask: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
    """Split a mask into who may attend to whom, which queries to nobody, and what is added."""
    if mask.dtype == torch.bool:
        allowed, added = mask, None
    else:
        allowed, added = mask > -torch.inf, _widened(mask)
    return allowed, ~allowed.any(dim=-1, keepdim=True), added


def _averages(weights: Tensor, values: Tensor, are_numbers: bool) -> Tensor:
    """Sum weights (..., queries, keys) times values, (..., keys) or (..., keys, v), over keys.

    Values that are a row for each query have (queries, keys) or (queries, keys, v).
    """
    if are_numbers:
        if values.dim() == 1:
            return weights @ values
        values = values.unsqueeze(-1)
    if values.dim() == weights.dim() + 1:  # a row for each query
        pooled = (weights.unsqueeze(-2) @ values).squeeze(-2)
    else:
        pooled = weights @ values
    return pooled.squeeze(-1) if are_numbers else pooled


def _one_number_for_each(came: object, function: str, shape: tuple[int, ...], of_what: str) -> None:
    if not isinstance(came, Tensor):
        raise TypeError(f"{function} must return a tensor; got {describe(came)}.")
    if tuple(came.shape[-len(shape) :]) != shape:
        raise ValueError(
            f"{function} must return one number for each {of_what}, {shape}; got"
            f" {describe(came)}. Use elementwise operations only."
        )


def _widened(given):
    """Give a tensor of half precision back in single precision, anything else as it is."""
    is_half = isinstance(given, Tensor) and given.dtype in {torch.float16, torch.bfloat16}
    return given.float() if is_half else given
