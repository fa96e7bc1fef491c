r"""Scores: how well the vector of a query and that of a key match, as a number of any sign.

The softmax over a query's scores is its attention weights. A score is a function of queries
(..., n_queries, d) and keys (..., n_keys, d) to (..., n_queries, n_keys); give it as ``score`` to
:func:`attnbook.attention_weights` and :func:`attnbook.attention_pooling`. What else it takes is
bound beforehand: ``functools.partial(distance_score, w=2.0)``.
"""

import math
from collections.abc import Callable

import torch
from torch import nn

from . import checks
from .kernels import gaussian
from .pair_checks import vectors_of_one_size
from .shapes import Float, InverseBandwidth, Tensor

__all__ = ["AdditiveScore", "distance_score", "scaled_dot_product"]


def _scaled_dot_product(queries: object, keys: object, scale: object = None) -> None:
    vectors_of_one_size(queries, keys)
    if scale is not None and not isinstance(scale, Tensor):
        checks.number("scale", scale, least=-math.inf)


@checks.checked(_scaled_dot_product)
def scaled_dot_product(
    queries: Float[Tensor, "... queries d"],
    keys: Float[Tensor, "... keys d"],
    *,
    scale: float | int | Float[Tensor, ""] | None = None,
) -> Float[Tensor, "... queries keys"]:
    r"""Dot product of each query with each key, times a scale: :math:`q^\top k / \sqrt d`.

    The sum of d products of independent numbers of variance 1 has variance d. Dividing by
    :math:`\sqrt d` brings it back to 1, so that the softmax does not saturate as d grows.

    Parameters
    ----------
    queries, keys
        (..., n_queries, d) and (..., n_keys, d); leading dimensions broadcast.
    scale
        What to multiply by, an inverse temperature; :math:`1/\sqrt d` if not given, 1 for the
        plain dot product.

    Returns
    -------
    Tensor
        Scores, (..., n_queries, n_keys).

    Raises
    ------
    TypeError, ValueError
        If queries and keys are not floating-point vectors of one size d, dtype and device.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, equation (1).

    Examples
    --------
    >>> import torch
    >>> scaled_dot_product(torch.eye(2, 4), torch.ones(3, 4))
    tensor([[0.5000, 0.5000, 0.5000],
            [0.5000, 0.5000, 0.5000]])
    """
    return (queries * (queries.shape[-1] ** -0.5 if scale is None else scale)) @ keys.mT


def _distance_score(
    queries: object, keys: object, w: object = 1.0, kernel: object = gaussian
) -> None:
    tensors = vectors_of_one_size(queries, keys)
    if isinstance(w, Tensor) and w.dim() == 2:
        checks.floating(**tensors, w=w)
        if w.shape[1] != tensors["queries"].shape[-1]:
            raise ValueError(
                f"w must have a column for each of the {tensors['queries'].shape[-1]} features;"
                f" got w {checks.describe(w)}, {checks.quote(tensors)}. Use w.T, or another size."
            )
        checks.finite(w=w)
    else:
        checks.one_w(w, **tensors)
    checks.kernel_function(kernel)


@checks.checked(_distance_score)
def distance_score(
    queries: Float[Tensor, "... queries d"],
    keys: Float[Tensor, "... keys d"],
    *,
    w: InverseBandwidth | Float[Tensor, "p d"] = 1.0,
    kernel: Callable[[Tensor], Tensor] = gaussian,
) -> Float[Tensor, "... queries keys"]:
    r"""Logarithm of a kernel of the distance: :math:`\ln K(\lVert w (q - k) \rVert)`.

    Kernel regression in several dimensions: the softmax over these scores is
    :math:`K / \sum K`. With the Gaussian kernel the score is
    :math:`-\lVert w (q - k) \rVert^2 / 2`; the kernel's constant factor is left out.

    Parameters
    ----------
    queries, keys
        (..., n_queries, d) and (..., n_keys, d); leading dimensions broadcast.
    w
        The inverse bandwidth: a number for all features, or a matrix (p, d), the inverse of the
        bandwidth matrix or any projection, which decides how much a difference in each direction
        counts.
    kernel
        A density such as those in :mod:`attnbook.kernels`, of distances.

    Returns
    -------
    Tensor
        Scores, (..., n_queries, n_keys); :math:`-\infty` out of a compact kernel's reach. Takes
        memory for n_queries · n_keys · d differences.

    Raises
    ------
    TypeError, ValueError
        If queries and keys are not floating-point vectors of one size d, or w does not fit them.

    References
    ----------
    Kim, Papamakarios and Mnih (2021), The Lipschitz constant of self-attention, section 4.1.

    Examples
    --------
    >>> import torch
    >>> distance_score(torch.zeros(1, 2), torch.tensor([[0.0, 1.0], [2.0, 0.0]]))
    tensor([[-0.5000, -2.0000]])
    """
    difference = queries.unsqueeze(-2) - keys.unsqueeze(-3)  # (..., queries, keys, d)
    if isinstance(w, Tensor) and w.dim() == 2:
        w = w.T  # (d, p)
        scaled = difference @ w
    else:
        scaled = difference * w
    if kernel is gaussian:
        return -scaled.square().sum(dim=-1) / 2
    density = kernel(torch.linalg.vector_norm(scaled, dim=-1))
    in_reach = density > 0
    # The logarithm of 0 would send NaN back, through a branch that is not taken.
    return torch.where(in_reach, torch.where(in_reach, density, 1).log(), -torch.inf)


def _additive_score(
    query_size: object, key_size: object, hidden_size: object, generator: object = None, **_: object
) -> None:
    checks.count("query_size", query_size, least=1)
    checks.count("key_size", key_size, least=1)
    checks.count("hidden_size", hidden_size, least=1)
    if generator is not None:
        checks.source_of_randomness(generator)


class AdditiveScore(nn.Module):
    r"""Score of a small network: :math:`v^\top \tanh(W_q q + W_k k)`, additive attention.

    Queries and keys may be of different sizes. All parameters are learned.

    Parameters
    ----------
    query_size, key_size
        Numbers of features of a query and of a key.
    hidden_size
        Number of hidden units.
    generator
        Source of the starting values, uniform within ± 1/√(size of the input); torch's global one
        if not given.

    Attributes
    ----------
    W_q, W_k : nn.Parameter
        (hidden_size, query_size) and (hidden_size, key_size).
    v : nn.Parameter
        (hidden_size,).

    References
    ----------
    Bahdanau, Cho and Bengio (2015), Neural machine translation by jointly learning to align and
    translate, section A.1.2.

    Examples
    --------
    >>> import torch
    >>> score = AdditiveScore(2, 3, 8, generator=torch.Generator().manual_seed(0))
    >>> score(torch.ones(4, 2), torch.ones(5, 3)).shape
    torch.Size([4, 5])
    """

    @checks.checked(_additive_score)
    def __init__(
        self,
        query_size: int,
        key_size: int,
        hidden_size: int,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()

        def parameter(*shape: int) -> nn.Parameter:
            device = None if generator is None else generator.device
            drawn = torch.rand(shape, generator=generator, device=device)
            return nn.Parameter((2 * drawn - 1) / math.sqrt(shape[-1]))

        self.W_q = parameter(hidden_size, query_size)
        self.W_k = parameter(hidden_size, key_size)
        self.v = parameter(hidden_size)

    def forward(
        self,
        queries: Float[Tensor, "... queries query_size"],
        keys: Float[Tensor, "... keys key_size"],
    ) -> Float[Tensor, "... queries keys"]:
        """Score queries (..., n_queries, query_size) against keys (..., n_keys, key_size)."""
        for name, tensor, weight in (("queries", queries, self.W_q), ("keys", keys, self.W_k)):
            checks.floating(**{name: tensor, "weights": weight})
            if tensor.dim() < 2 or tensor.shape[-1] != weight.shape[1]:
                raise ValueError(
                    f"{name} must be (..., n_{name}, {weight.shape[1]});"
                    f" got {checks.quote({'queries': queries, 'keys': keys})}."
                )
        hidden = (queries @ self.W_q.T).unsqueeze(-2) + (keys @ self.W_k.T).unsqueeze(-3)
        return torch.tanh(hidden) @ self.v
