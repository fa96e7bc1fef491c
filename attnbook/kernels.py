r"""Kernels: how much a key at distance u from the query counts.

Each is a probability density, symmetric about 0 and largest there: it is nonnegative and its
integral is 1. Attention weights divide by the sum over the keys, so the constant factor does not
matter to them; it does matter where kernels are drawn side by side.
"""

import math

import torch

from .checks import checked, floating
from .shapes import Float, Tensor

__all__ = ["boxcar", "epanechnikov", "gaussian", "triangular"]


def _distance(u: object) -> None:
    floating(u=u)


@checked(_distance)
def gaussian(u: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""Gaussian kernel, equation (10.2.5).

    :math:`K(u) = \exp(-u^2/2) / \sqrt{2\pi}`, positive for every u: no key is ever out of reach.

    Parameters
    ----------
    u
        Distances in units of the bandwidth, any shape.

    Returns
    -------
    Tensor
        Densities, in the shape of ``u``.

    Examples
    --------
    >>> import torch
    >>> gaussian(torch.tensor([0.0, 1.0, 2.0]))
    tensor([0.3989, 0.2420, 0.0540])
    """
    return torch.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)


@checked(_distance)
def boxcar(u: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""Boxcar (uniform) kernel: all keys within reach count alike.

    :math:`K(u) = 1/2` for :math:`|u| \le 1`, 0 elsewhere. Its derivative is 0 wherever it exists,
    so no gradient reaches the positions or the w.

    Parameters
    ----------
    u
        Distances in units of the bandwidth, any shape.

    Returns
    -------
    Tensor
        Densities, in the shape of ``u``.

    Examples
    --------
    >>> import torch
    >>> boxcar(torch.tensor([0.0, 1.0, 1.1]))
    tensor([0.5000, 0.5000, 0.0000])
    """
    inside = (u.abs() <= 1).to(u.dtype) / 2
    # No comparison holds for NaN, which would count as out of reach.
    return torch.where(u.isnan(), u.detach(), inside)


@checked(_distance)
def triangular(u: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""Triangular kernel: the weight falls linearly to the end of the reach.

    :math:`K(u) = 1 - |u|` for :math:`|u| \le 1`, 0 elsewhere.

    Parameters
    ----------
    u
        Distances in units of the bandwidth, any shape.

    Returns
    -------
    Tensor
        Densities, in the shape of ``u``.

    Examples
    --------
    >>> import torch
    >>> triangular(torch.tensor([0.0, 0.5, 2.0]))
    tensor([1.0000, 0.5000, 0.0000])
    """
    return (1 - u.abs()).clamp(min=0)


@checked(_distance)
def epanechnikov(u: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""Epanechnikov kernel: a parabola, zero at the end of the reach.

    :math:`K(u) = \tfrac34 (1 - u^2)` for :math:`|u| \le 1`, 0 elsewhere. It has the smallest
    asymptotic mean squared error of all kernels (Epanechnikov, 1969).

    Parameters
    ----------
    u
        Distances in units of the bandwidth, any shape.

    Returns
    -------
    Tensor
        Densities, in the shape of ``u``.

    Examples
    --------
    >>> import torch
    >>> epanechnikov(torch.tensor([0.0, 0.5, 2.0]))
    tensor([0.7500, 0.5625, 0.0000])
    """
    return 0.75 * (1 - u**2).clamp(min=0)
