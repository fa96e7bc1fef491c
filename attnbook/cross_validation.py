"""Leave-one-out cross-validation: the loss of an inverse bandwidth w, and which w has the least."""

import math
from collections.abc import Callable

import torch

from . import checks
from .kernels import gaussian
from .pooling import Kernel, kernel_weights
from .shapes import Float, Tensor
from .training import leave_one_out_pairs

__all__ = ["leave_one_out_loss", "select_w"]

CHUNK = 2**22  # elements of one (n_w, n, n - 1) block: 32 MB in float64


def _pairs(keys: object, values: object, w: object = 0.0, kernel: object = gaussian) -> None:
    tensors = checks.vectors(least=2, keys=keys, values=values)
    if isinstance(w, Tensor) and w.dim() == 1:
        checks.floating(**tensors, w=w)
        checks.finite(w=w)
    else:
        checks.one_w(w, **tensors)
    checks.kernel_function(kernel)


@checks.checked(_pairs)
def leave_one_out_loss(
    keys: Float[Tensor, " n"],
    values: Float[Tensor, " n"],
    w: float | int | Float[Tensor, ""] | Float[Tensor, " n_w"],
    *,
    kernel: Kernel = gaussian,
) -> Float[Tensor, ""] | Float[Tensor, " n_w"]:
    r"""Sum the squared errors of predicting every point from all others.

    With :math:`K_{ij} = K((x_i - x_j) w)`, :math:`N_i = \sum_j K_{ij} y_j` and
    :math:`D_i = \sum_j K_{ij}`, leaving point i out has the closed form
    :math:`f_{-i} = (N_i - y_i K(0)) / (D_i - K(0))`, and the loss is
    :math:`\sum_i (f_{-i} - y_i)^2`. This is the loss that :func:`attnbook.training.train` descends.

    Parameters
    ----------
    keys, values
        The pairs (x_i, y_i), (n,), at least two.
    w
        The inverse bandwidth, 1/h with h in units of the keys: a number or tensor without
        dimensions, or several at once, (n_w,).
    kernel
        A density such as those in :mod:`attnbook.kernels`.

    Returns
    -------
    Tensor
        A loss without dimensions, or (n_w,). Differentiable in every tensor given. It is a sum;
        divide by n for a mean. NaN where a compact kernel leaves a point without a neighbour.

    Raises
    ------
    TypeError, ValueError
        If keys and values are not finite floating-point vectors of one length, or a w is not
        finite.

    References
    ----------
    Stone (1974), Cross-validatory choice and assessment of statistical predictions.

    Examples
    --------
    >>> import torch
    >>> keys, values = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([0.0, 1.0, 0.0])
    >>> leave_one_out_loss(keys, values, 0.0)
    tensor(1.5000)
    >>> leave_one_out_loss(keys, values, torch.tensor([0.0, 2.0]))
    tensor([1.5000, 2.9901])
    """
    # N_i - y_i K(0) and D_i - K(0) lose all their digits where the others' weights are tiny
    # beside one's own, that is at a large w. So the subtraction is done on the sums' terms.
    difference = keys.unsqueeze(-1) - leave_one_out_pairs(keys)  # (n, n - 1)
    others = leave_one_out_pairs(values)
    if not isinstance(w, Tensor):
        w = keys.new_tensor(w)
    losses = []
    for block in w.reshape(-1).split(max(1, CHUNK // difference.numel())):
        weights = kernel_weights(difference, block.reshape(-1, 1, 1), kernel)  # (n_w, n, n - 1)
        predictions = (weights * others).sum(dim=-1)  # (n_w, n)
        losses.append(((predictions - values) ** 2).sum(dim=-1))
    return torch.cat(losses).reshape(w.shape)


@checks.checked(_pairs)
def select_w(
    keys: Float[Tensor, " n"], values: Float[Tensor, " n"], *, kernel: Kernel = gaussian
) -> float:
    """Find the inverse bandwidth w ≥ 0 with the smallest leave-one-out loss.

    The loss has several valleys, so the search starts from a grid, even in log w, from "all keys
    count alike" to "only the nearest counts", and refines its lowest valleys by golden section.
    All in float64; no gradient, no randomness. Takes O(n²) time for each of some 600 values of w.

    Parameters
    ----------
    keys, values
        The pairs (x_i, y_i), (n,), at least two.
    kernel
        A density such as those in :mod:`attnbook.kernels`. A w at which it leaves a point without
        a neighbour is out of the running.

    Returns
    -------
    float
        The w; 0 if nothing beats average pooling. Where the nearest neighbour alone predicts best
        the loss falls for ever, and this is a w from which on only the nearest counts.

    Raises
    ------
    TypeError, ValueError
        As :func:`leave_one_out_loss`.

    Examples
    --------
    >>> import torch
    >>> keys = torch.linspace(0, 3, 31)
    >>> round(select_w(keys, torch.sin(keys) + 0.1 * torch.cos(40 * keys)), 1)
    5.8
    """
    x = keys.detach().to("cpu", torch.float64)
    y = values.detach().to("cpu", torch.float64)
    reach, spread = float(x.max() - x.min()), float(y.max() - y.min())
    if len(x) == 2 or reach == 0 or spread == 0:  # then every w predicts the same
        return 0.0
    x, y = (x - x.min()) / reach, (y - y.mean()) / spread

    def loss_at(w: Tensor) -> Tensor:
        loss = leave_one_out_loss(x, y, w, kernel=kernel)
        return torch.where(loss.isnan(), torch.inf, loss)

    # At the first w the weights differ by less than 1 %. At the last, the runner-up to the
    # nearest of all others has a weight of exp(-32), and nothing changes any more; where the two
    # squared distances differ by less than 1e-10 of the reach, they count as a tie.
    squares = (x.unsqueeze(-1) - leave_one_out_pairs(x)) ** 2
    lead = squares - squares.amin(dim=1, keepdim=True)
    first, last = math.log10(0.1), math.log10(8 / math.sqrt(lead[lead > 1e-10].min()))
    grid = torch.logspace(first, last, math.ceil(48 * (last - first)), dtype=torch.float64)
    losses = loss_at(grid)
    inner = losses[1:-1]
    valleys = 1 + torch.nonzero((inner <= losses[:-2]) & (inner <= losses[2:])).flatten()
    lowest = valleys[losses[valleys].argsort()[:4]]
    refined = _golden_section(loss_at, grid[lowest - 1], grid[lowest + 1])
    candidates = torch.cat([grid.new_zeros(1), grid[[0, -1]], refined])
    return float(candidates[loss_at(candidates).argmin()]) / reach


def _golden_section(loss_at: Callable[[Tensor], Tensor], low: Tensor, high: Tensor) -> Tensor:
    """Narrow each valley of the loss, from low to high, in log w to seven digits."""
    ratio = (math.sqrt(5) - 1) / 2
    a, b = low.log(), high.log()
    for _ in range(30):  # leaves 0.618^30 of the bracket
        c, d = b - ratio * (b - a), a + ratio * (b - a)
        at_c, at_d = loss_at(torch.cat([c, d]).exp()).chunk(2)
        left = at_c <= at_d
        a, b = torch.where(left, a, c), torch.where(left, d, b)
    return ((a + b) / 2).exp()
