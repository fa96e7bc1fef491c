"""Leave-one-out cross-validation: the loss of an inverse bandwidth w, and which w has the least."""

import math
from collections.abc import Callable

import torch

from . import checks, fast_pooling
from .kernels import boxcar, epanechnikov, gaussian, triangular
from .pooling import Kernel, kernel_weights
from .shapes import Float, Tensor
from .training import leave_one_out_pairs

__all__ = ["leave_one_out_loss", "select_w"]

CHUNK = 2**22  # elements of one (n_w, n, n - 1) block: 32 MB in float64
# Values of w per decade of the first grid: the loss is rough for few points, or a kernel that ends.
SMOOTH, ROUGH, LARGE, LARGE_ROUGH = 24, 48, 6, 16
TIE = 1e-10  # of the squared reach: squared distances that differ by less count as the same
COMPACT = (boxcar, triangular, epanechnikov)
TABLE = 256  # with up to so many points, the table of all pairs is the faster way


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
        A loss without dimensions, or (n_w,). Differentiable in every tensor given; for more than
        256 points and without a gradient in the keys once only, and then without the table of all
        pairs (see :mod:`attnbook.fast_pooling`), unless the kernel is one of your own. It is a
        sum; divide by n for a mean. NaN where a compact kernel leaves a point without a neighbour.

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
    if not isinstance(w, Tensor):
        w = keys.new_tensor(w)
    if len(keys) > TABLE and fast_pooling.supports(keys, keys, values, w, kernel):
        return torch.stack(
            [
                ((fast_pooling.leave_one_out(keys, values, one, kernel) - values) ** 2).sum()
                for one in w.reshape(-1)
            ]
            or [w.new_empty(0)]
        ).reshape(w.shape)
    # N_i - y_i K(0) and D_i - K(0) lose all their digits where the others' weights are tiny
    # beside one's own, that is at a large w. So the subtraction is done on the sums' terms.
    difference = keys.unsqueeze(-1) - leave_one_out_pairs(keys)  # (n, n - 1)
    others = leave_one_out_pairs(values)
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
    count alike" to "only the nearest counts", and refines its lowest valleys by parabolas. All in
    float64; no gradient, no randomness. Takes O(n) time for each of some 80 values of w, once the
    keys are sorted; with a kernel of your own, O(n²) for each of some 300. With up to 256 points a
    kernel that ends is tried between all w at which a pair comes into reach, or between some 8
    million / n² of these.

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

    if len(x) > TABLE and fast_pooling.supports(x, x, y, 0.0, kernel):
        sample = fast_pooling.LeaveOneOut(x, y, kernel)

        def losses_of(w: Tensor, *, coarse: bool = False) -> Tensor:
            losses = [sample.loss(one, coarse=coarse) for one in w.tolist()]
            return torch.tensor(losses, dtype=torch.float64)

        per_decade = LARGE if kernel is gaussian else LARGE_ROUGH
    else:

        def losses_of(w: Tensor, *, coarse: bool = False) -> Tensor:
            return leave_one_out_loss(x, y, w, kernel=kernel)

        per_decade = SMOOTH if kernel is gaussian else ROUGH

    def loss_at(w: Tensor, *, coarse: bool = False) -> Tensor:
        return losses_of(w, coarse=coarse).nan_to_num(nan=torch.inf)

    first, last = math.log10(0.1), math.log10(_largest_w(x, kernel))
    grid = torch.logspace(
        first, last, 2 + math.ceil(per_decade * (last - first)), dtype=torch.float64
    )
    if kernel in COMPACT and len(x) <= TABLE:
        grid = torch.cat([grid, _pieces(x, grid[0], grid[-1])]).sort().values
        # One more, where the loss is no number: so that a valley may have its wall at the end.
        grid = torch.cat([grid, 1.01 * grid[-1:]])
    losses = loss_at(grid, coarse=True)
    inner = losses[1:-1]
    valleys = 1 + torch.nonzero((inner <= losses[:-2]) & (inner <= losses[2:])).flatten()
    most = 4 if kernel is gaussian else 32  # where the loss has corners, valleys are many
    around = valleys[losses[valleys].argsort()[:most]] + torch.arange(-1, 2).unsqueeze(1)
    around = around[:, _may_be_lowest(losses[around])]  # (3, n_valleys)
    bracket = grid[around]
    refined = _parabolas(loss_at, bracket.log(), loss_at(bracket.flatten()).reshape(3, -1))
    candidates = torch.cat([grid.new_zeros(1), grid[[0, int(losses.argmin()), -1]], refined])
    return float(candidates[loss_at(candidates).argmin()]) / reach


def _largest_w(x: Tensor, kernel: Kernel) -> float:
    """Give a w from which on the loss does not change, or is NaN; keys within [0, 1]."""
    x = x.sort().values
    if kernel in COMPACT:  # beyond, the loneliest key is without a neighbour
        gaps = x.diff()
        ends = gaps.new_full((1,), torch.inf)
        nearest = torch.minimum(torch.cat([ends, gaps]), torch.cat([gaps, ends]))
        # A little less: in another unit or dtype, rounding shall not take its last neighbour away.
        return max(1.0, 1 / float(nearest.max())) * (1 - 1e-6)
    if len(x) > TABLE:
        return 8 / math.sqrt(TIE)
    # The runner-up to the nearest of all others has a weight of exp(-32) there.
    squares = (x.unsqueeze(-1) - leave_one_out_pairs(x)) ** 2
    lead = squares - squares.amin(dim=1, keepdim=True)
    return 8 / math.sqrt(lead[lead > TIE].min())


def _pieces(x: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Give a w in each piece of the loss of a compact kernel, or in every k-th if they are many.

    Where a pair comes into reach, at w = 1/|x_i - x_j|, the loss has a corner, or a step with the
    boxcar; between, it is smooth. A step's floor may be narrow: an even grid misses it.
    """
    ends = 1 / torch.pdist(x.unsqueeze(1)).unique().flip(0)  # infinite where two keys are one
    ends = torch.cat([first.reshape(1), ends[(ends > first) & (ends < last)], last.reshape(1)])
    every = math.ceil(len(ends) * len(x) ** 2 / (2 * CHUNK))
    return (ends[1:] * ends[:-1]).sqrt()[::every]


def _may_be_lowest(losses: Tensor) -> Tensor:
    """Say which valleys, (3, n_valleys), may reach below all that is known.

    From the middle down there is less to go than from the higher of the two ends to the middle.
    """
    middle = losses[1]
    lowest = torch.cat([middle, middle.new_full((1,), torch.inf)]).min()
    return 2 * middle - torch.maximum(losses[0], losses[2]) <= lowest


def _parabolas(loss_at: Callable[[Tensor], Tensor], log_w: Tensor, losses: Tensor) -> Tensor:
    """Find each valley's bottom, from (3, n_valleys) points of which the middle one is lowest.

    Puts a parabola through the three points and goes to its bottom, or where that makes no way, to
    the golden section of the longer side. Gives up a valley that cannot become the lowest.
    """
    (a, m, b), (loss_a, loss_m, loss_b) = log_w.clone(), losses.clone()
    going = torch.ones_like(m, dtype=torch.bool)
    for step in range(40):
        going &= _may_be_lowest(torch.stack([loss_a, loss_m, loss_b])) & (b - a > 2e-7)
        if not going.any():
            break
        left, right = (m - a) * (loss_m - loss_b), (m - b) * (loss_m - loss_a)
        x = m - ((m - a) * left - (m - b) * right) / (2 * (left - right))
        golden = torch.where(b - m > m - a, m + 0.381966 * (b - m), m - 0.381966 * (m - a))
        x = torch.where((x > a) & (x < b) & (step % 4 < 3), x, golden)
        # A step of 0 would teach nothing: take a small one, into the longer side.
        small = torch.where(b - m > m - a, 1e-7, -1e-7)
        close = (x - m).abs() < 1e-7
        x = torch.where(close, m + small, x)
        loss = loss_m.clone()
        loss[going] = loss_at(x[going].exp())
        better = going & (loss <= loss_m)
        is_left = x < m
        new_a = torch.where(better & ~is_left, m, torch.where(going & ~better & is_left, x, a))
        new_b = torch.where(better & is_left, m, torch.where(going & ~better & ~is_left, x, b))
        loss_a, loss_b = (
            torch.where(better & ~is_left, loss_m, torch.where(new_a != a, loss, loss_a)),
            torch.where(better & is_left, loss_m, torch.where(new_b != b, loss, loss_b)),
        )
        going &= ~(close & ~better)
        a, b = new_a, new_b
        m, loss_m = torch.where(better, x, m), torch.where(better, loss, loss_m)
    return m.exp()
