"""Attention pooling: weighted averages of values, by how near their keys are to the query.

Keys and values are given once for all queries, (n_keys,), or as a row for each query,
(n_queries, n_keys): in training every query has its own keys, since it must not see itself.
"""

from collections.abc import Callable

import torch
from torch import nn

from .checks import checked, describe, key_value_pairs, source_of_randomness
from .kernels import gaussian
from .shapes import Float, InverseBandwidth, Tensor

__all__ = ["NWKernelRegression", "attention_pooling", "attention_weights", "average_pooling"]

Kernel = Callable[[Tensor], Tensor]


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
    queries: Float[Tensor, " queries"],
    keys: Float[Tensor, " keys"] | Float[Tensor, "queries keys"],
    *,
    w: InverseBandwidth = 1.0,
    kernel: Kernel = gaussian,
) -> Float[Tensor, "queries keys"]:
    r"""Weigh every key for every query: the :math:`\alpha(x, x_i)` of equation (10.2.4).

    :math:`\alpha(x, x_i) = K((x - x_i) w) / \sum_j K((x - x_j) w)`. With the Gaussian kernel this
    is :math:`\mathrm{softmax}_i(-((x - x_i) w)^2/2)`, equations (10.2.6) and (10.2.7), and is
    computed so: it stays exact for queries far from all keys, where every K underflows to 0.

    Parameters
    ----------
    queries
        (n_queries,).
    keys
        (n_keys,), or (n_queries, n_keys).
    w
        The inverse bandwidth, 1/h with h in units of the keys: a number or a tensor with one
        element. Its sign does not matter.
    kernel
        A density such as those in :mod:`attnbook.kernels`.

    Returns
    -------
    Tensor
        (n_queries, n_keys). Rows are nonnegative and sum to 1, but for one case: with a kernel of
        compact support (boxcar, triangular, Epanechnikov) a query may have no key in reach. Its
        row is then 0/0, a row of NaN: there is no estimate, and none is invented.

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
    """
    return kernel_weights(queries.unsqueeze(-1) - keys, w, kernel)


@checked(key_value_pairs)
def attention_pooling(
    queries: Float[Tensor, " queries"],
    keys: Float[Tensor, " keys"] | Float[Tensor, "queries keys"],
    values: Float[Tensor, " keys"] | Float[Tensor, "queries keys"],
    *,
    w: InverseBandwidth = 1.0,
    kernel: Kernel = gaussian,
) -> Float[Tensor, " queries"]:
    r"""Average the values by attention weight: :math:`f(x) = \sum_i \alpha(x, x_i)\, y_i` (10.2.4).

    Nadaraya–Watson kernel regression. Differentiable in every tensor given.

    Parameters
    ----------
    queries
        Where to predict, (n_queries,).
    keys, values
        The pairs (x_i, y_i), both (n_keys,) or both (n_queries, n_keys).
    w
        The inverse bandwidth, 1/h with h in units of the keys: a number or a tensor with one
        element. 0 is average pooling; the larger, the fewer neighbours count.
    kernel
        A density such as those in :mod:`attnbook.kernels`.

    Returns
    -------
    Tensor
        Predictions, (n_queries,); NaN where a compact kernel reaches no key.

    Raises
    ------
    TypeError
        If an argument is not a floating-point tensor, or dtypes differ.
    ValueError
        If shapes do not fit, there are no keys, or anything is NaN or infinite.

    Examples
    --------
    >>> import torch
    >>> keys, values = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 10.0, 20.0])
    >>> attention_pooling(torch.tensor([0.0, 1.0]), keys, values)
    tensor([ 5.0360, 10.0000])
    """
    weights = attention_weights(queries, keys, w=w, kernel=kernel)
    return weighted_average(weights, values)


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
    tensor([0.5000, 1.5000], grad_fn=<ViewBackward0>)
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
        return weighted_average(weights, values)


def kernel_weights(difference: Tensor, w: float | int | Tensor, kernel: Kernel) -> Tensor:
    """Give each of the differences its share of the kernel, over the last dimension."""
    if kernel is gaussian:
        return gaussian_weights(difference, w)
    distance = difference * w
    density = kernel(distance)
    if not isinstance(density, Tensor):
        raise TypeError(f"kernel must return a tensor; got {describe(density)}.")
    if density.shape != distance.shape:
        raise ValueError(
            f"kernel must return one number for each distance, {describe(distance)};"
            f" got {describe(density)}. Use elementwise operations only."
        )
    return density / density.sum(dim=-1, keepdim=True)


def gaussian_weights(difference: Tensor, w: float | int | Tensor) -> Tensor:
    """Softmax of -(difference · w)²/2 over the last dimension."""
    # A softmax ignores a constant added to a row. Taking the nearest key's square off, and as a
    # product, keeps the digits that tell keys apart when all are far away, and keeps the
    # nearest's score at exactly 0 when (difference · w)² would overflow.
    nearest = difference.detach().abs().amin(dim=-1, keepdim=True)
    scores = -((difference - nearest) * w) * ((difference + nearest) * w) / 2
    return torch.softmax(scores, dim=-1)


def weighted_average(weights: Tensor, values: Tensor) -> Tensor:
    """Sum of weights (queries, keys) times values, (keys,) or (queries, keys), over the keys."""
    if values.dim() == 1:
        return weights @ values
    return torch.bmm(weights.unsqueeze(1), values.unsqueeze(-1)).flatten()  # (queries,)
