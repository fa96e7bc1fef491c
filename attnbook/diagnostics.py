"""Three numbers that say what a fit is like: how many neighbours, how rough, how wrong."""

import torch

from . import checks
from .shapes import Float, Tensor

__all__ = ["effective_neighbours", "mean_squared_error", "roughness"]


def _distributions(weights: object) -> None:
    weights = checks.floating(weights=weights)["weights"]
    came = checks.describe(weights)
    if weights.dim() < 2:
        raise ValueError(
            f"weights must be (..., n_queries, n_keys); got {came}. Use weights.unsqueeze(0) for"
            f" one row."
        )
    if weights.shape[-1] == 0:
        raise ValueError(f"weights must have at least one key; got {came}.")
    # A row of NaN is a query out of reach (see attention_weights): it passes, and gives NaN.
    detached = weights.detach()
    sums = detached.sum(dim=-1, dtype=torch.promote_types(detached.dtype, torch.float32))
    off = (sums - 1).abs() > max(1e-3, 2 * torch.finfo(detached.dtype).eps)
    if checks.number_in((off | (detached < 0).any(dim=-1)).any()):
        raise ValueError(
            f"every row of weights must be nonnegative and sum to 1; got {came} with sums from"
            f" {float(sums.min()):.4g} to {float(sums.max()):.4g}"
            f" and a smallest weight of {float(detached.min()):.4g}. Pass attention weights."
        )


@checks.checked(_distributions)
def effective_neighbours(
    weights: Float[Tensor, "*batch queries keys"],
) -> Float[Tensor, "*batch queries"]:
    r"""Count the keys that a query effectively attends to: the exponential of the entropy.

    :math:`\exp(-\sum_i \alpha_i \ln \alpha_i)` is n where n keys share the weight equally, and 1
    where one key has it all.

    Parameters
    ----------
    weights
        Attention weights, (n_queries, n_keys), with leading dimensions if they are many: heads,
        sentences.

    Returns
    -------
    Tensor
        (..., n_queries), from 1 to n_keys; NaN for a row of NaN.

    Raises
    ------
    TypeError, ValueError
        If ``weights`` is not a floating-point tensor whose rows are distributions.

    Examples
    --------
    >>> import torch
    >>> effective_neighbours(torch.tensor([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]))
    tensor([2., 1.])
    """
    return torch.special.entr(weights).sum(dim=-1).exp()


def _curve(y: object) -> None:
    checks.vectors(least=1, y=y)


@checks.checked(_curve)
def roughness(y: Float[Tensor, " n"]) -> Float[Tensor, ""]:
    r"""Add up how much a curve bends: :math:`\sum_i |y_{i+1} - 2 y_i + y_{i-1}|`.

    A straight line has none, however steep it is. These second differences are what l1 trend
    filtering penalises (Kim et al., 2009). They grow with the distance between the points: compare
    curves at the same ones only.

    Parameters
    ----------
    y
        The curve's values in order of x, at points of equal distance, (n,).

    Returns
    -------
    Tensor
        Without dimensions, in units of y.

    Raises
    ------
    TypeError, ValueError
        If ``y`` is not a finite floating-point vector of at least one element.

    Examples
    --------
    >>> import torch
    >>> roughness(torch.tensor([0.0, 2.0, 1.0]))
    tensor(3.)
    >>> roughness(torch.tensor([0.0, 2.0, 4.0]))
    tensor(0.)
    """
    return y.diff(n=2).abs().sum()


def _same_shape(prediction: object, truth: object) -> None:
    came = checks.same_shape(prediction=prediction, truth=truth)
    if came["prediction"].numel() == 0:
        raise ValueError(f"prediction must not be empty; got {checks.quote(came)}.")


@checks.checked(_same_shape)
def mean_squared_error(
    prediction: Float[Tensor, "*shape"], truth: Float[Tensor, "*shape"]
) -> Float[Tensor, ""]:
    """Average the squared differences.

    Parameters
    ----------
    prediction, truth
        Tensors of one shape.

    Returns
    -------
    Tensor
        Without dimensions, in squared units of y; NaN if a prediction is.

    Raises
    ------
    TypeError, ValueError
        If the shapes or dtypes differ, or there is nothing to average.

    Examples
    --------
    >>> import torch
    >>> mean_squared_error(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]))
    tensor(2.)
    """
    return ((prediction - truth) ** 2).mean()
