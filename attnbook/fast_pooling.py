r"""Attention pooling in one dimension without the table of n_queries × n_keys weights.

A prediction is N/D, with the sums :math:`N = \sum_i K((x - x_i) w)\, y_i` and
:math:`D = \sum_i K((x - x_i) w)`. Memory is linear in the number of queries and keys.

- **Gaussian**: keys are gathered in boxes, and p polynomial moments stand for the keys of a box.
  This is a one-dimensional fast Gauss transform (Greengard and Strain, 1991, The fast Gauss
  transform), with Chebyshev interpolation of the kernel in place of a Hermite series.
- **Compact kernels** (boxcar, triangular, Epanechnikov) are polynomials within their reach, so
  differences of prefix sums over the sorted keys give both sums (Seifert, Brockmann, Engel and
  Gasser, 1994, Fast algorithms for nonparametric curve estimation).
- Where D is so small that the sums lose their digits, each key that counts is weighed on its own.

A box is as long as a power of two: then positions within it are exact, however far from 0 the keys
lie and however large w is. All sums are in float64.
"""

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from .kernels import boxcar, epanechnikov, gaussian, triangular
from .shapes import Tensor

__all__ = ["LeaveOneOut", "leave_one_out", "pool", "supports"]

Kernel = Callable[[Tensor], Tensor]

BLOCK = 2**16  # points handled at once: what they need stays in the processor's cache
CHUNK = 2**20  # elements handled at once where each point needs many
FEW = 128  # with no more keys in reach than these, weighing each is faster than boxes
OTHERS = 0.01  # D - K(0) of boxes has too few digits below
PER_BOX = 400  # a box of all keys costs about what so many pairs of neighbours do


class _Accuracy(NamedTuple):
    """How the Gaussian is summed; lengths in units of the bandwidth.

    With boxes a key at distance u is off by about 2 (box/4)^p |He_p(u)| / p!. Sums are trusted
    where D is exp(-far²/2) or more, and a key counts if its u² is less than the nearest's plus
    window².
    """

    box: float  # longest box: one is between half as long and as long
    p: int  # moments of a box
    far: float
    window: float

    @property
    def reach(self) -> float:
        return math.hypot(self.far, self.window)

    @property
    def floor(self) -> float:
        return math.exp(-(self.far**2) / 2)


COARSE = _Accuracy(box=0.5, p=6, far=3.0, window=4.0)
SINGLE = _Accuracy(box=0.25, p=6, far=4.5, window=7.0)
DOUBLE = _Accuracy(box=0.5, p=14, far=6.0, window=9.0)


def supports(
    queries: Tensor, keys: Tensor, values: Tensor, w: float | int | Tensor, kernel: Kernel
) -> bool:
    """Whether :func:`pool` takes these arguments: if not, the table has to do.

    It wants vectors, float32 or float64, on the CPU, one of the four kernels of
    :mod:`attnbook.kernels`, and no gradient in queries or keys. There must be numbers to look at:
    there are none yet while torch.compile, torch.jit.trace or torch.func write a function down.
    """
    tensors = (queries, keys, values)
    given = (*tensors, w) if isinstance(w, Tensor) else tensors
    is_traced = torch.jit.is_tracing()  # pyright: ignore[reportPrivateImportUsage]
    is_wrapped = torch._C._functorch.is_functorch_wrapped_tensor  # pyright: ignore[reportAttributeAccessIssue]
    return (
        not is_traced
        and not torch.compiler.is_compiling()
        and any(kernel is known for known in (gaussian, boxcar, triangular, epanechnikov))
        and all(tensor.dim() == 1 and tensor.device.type == "cpu" for tensor in tensors)
        and not any(is_wrapped(tensor) for tensor in given)
        and keys.dtype in {torch.float32, torch.float64}
        and not (torch.is_grad_enabled() and (queries.requires_grad or keys.requires_grad))
    )


def pool(
    queries: Tensor, keys: Tensor, values: Tensor, w: float | int | Tensor, kernel: Kernel
) -> Tensor:
    """Average the values by attention weight, as :func:`attnbook.attention_pooling` does.

    Parameters
    ----------
    queries
        (n_queries,).
    keys, values
        The pairs, (n_keys,), at least one.
    w
        The inverse bandwidth, a number or a tensor with one element.
    kernel
        One of the four of :mod:`attnbook.kernels`.

    Returns
    -------
    Tensor
        Predictions, (n_queries,), in the dtype of the keys; NaN where a compact kernel reaches no
        key. Differentiable, once, in w and values. Relative to the largest |value| the error is at
        most about 1e-12 in float64 and 1e-6 in float32.

    Raises
    ------
    ValueError
        If :func:`supports` says no. Nothing else is checked.
    """
    return _pool(queries, keys, values, w, kernel, left_out=False)


def leave_one_out(keys: Tensor, values: Tensor, w: float | int | Tensor, kernel: Kernel) -> Tensor:
    """Predict every point from all others, (n,), at least two: else as :func:`pool`."""
    return _pool(keys, keys, values, w, kernel, left_out=True)


class LeaveOneOut:
    """Leave-one-out losses of one sample at many w, in turn; what they share is done once.

    Parameters
    ----------
    keys, values
        The pairs, (n,), at least two; no gradient reaches them.
    kernel
        One of the four of :mod:`attnbook.kernels`.
    """

    def __init__(self, keys: Tensor, values: Tensor, kernel: Kernel) -> None:
        keys, order = keys.detach().sort()
        self.values = values.detach()[order].double()
        self.problem = _Problem(keys, keys, self.values, kernel, left_out=True)

    def loss(self, w: float, *, coarse: bool = False) -> float:
        """Sum the squared errors at w; NaN where a compact kernel leaves a point alone.

        A coarse loss, right to about three digits, takes less time with the Gaussian kernel.
        """
        accuracy = COARSE if coarse else DOUBLE
        if accuracy != self.problem.accuracy:
            self.problem.accuracy, self.problem.sums = accuracy, None
        return float((self.problem.averages(w).predictions - self.values).square().sum())


def _pool(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    w: float | int | Tensor,
    kernel: Kernel,
    *,
    left_out: bool,
) -> Tensor:
    if not supports(queries, keys, values, w, kernel):
        raise ValueError("The way without a table does not take these arguments: see supports().")
    w = torch.as_tensor(w, dtype=keys.dtype)
    predictions = _Pooling.apply(w, values, queries, keys, kernel, left_out)
    assert isinstance(predictions, Tensor)
    return predictions


class _Pooling(torch.autograd.Function):
    """Predictions, with their derivatives in w and in the values."""

    @staticmethod
    def forward(ctx, w, values, queries, keys, kernel, left_out):
        ctx.problem = _Problem(queries, keys, values, kernel, left_out=left_out)
        ctx.averages = ctx.problem.averages(float(w), with_slopes=ctx.needs_input_grad[0])
        ctx.w, ctx.shape = float(w), w.shape
        ctx.save_for_backward(queries, keys)
        predictions = ctx.averages.predictions.to(keys.dtype)
        # Held here, the result would hold itself, and its memory be freed late.
        ctx.averages.predictions = predictions.new_empty(0)
        return predictions

    @staticmethod
    def backward(ctx, *gradients):  # pyright: ignore[reportIncompatibleMethodOverride]
        if torch.is_grad_enabled():
            raise RuntimeError(
                "Pooling without the table of weights is differentiable once; create_graph=True"
                " asks for more."
            )
        _ = ctx.saved_tensors  # an error if queries or keys were changed in place meanwhile
        gradient = gradients[0].double()
        in_w = in_values = None
        if ctx.needs_input_grad[0]:
            in_w = (gradient @ ctx.averages.slopes).to(gradients[0].dtype).reshape(ctx.shape)
        if ctx.needs_input_grad[1]:
            in_values = ctx.problem.spread(gradient, ctx.averages, ctx.w).to(gradients[0].dtype)
        return in_w, in_values, None, None, None, None


class _Sums(NamedTuple):
    """Sums over sources for each target, (n_columns, n_targets)."""

    totals: Tensor  # of K · column
    slopes: Tensor  # of dK/dw · column, if asked for
    floor: float | Tensor  # a smaller sum of K, number or (n_targets,), is not trusted


@dataclass
class _Averages:
    """What weighing gives for each query, (n_queries,) each."""

    predictions: Tensor
    slopes: Tensor  # of the predictions in w; zeros if not asked for
    denominator: Tensor  # D
    trusted: Tensor  # whether D was; if not, keys were weighed one by one
    n_neighbours: int = 0  # over how many D was summed, 0 if by boxes or prefix sums


class _Window(NamedTuple):
    """The keys that count for a few queries, (n_rows, n_places); empty places weigh 0."""

    keys: Tensor  # which
    weights: Tensor
    slopes: Tensor  # dK/dw over the sum of K


class _Problem:
    """Queries, key–value pairs in the order of the keys, and the kernel between them, in float64.

    With ``left_out`` the queries are the keys, and none sees itself.
    """

    def __init__(
        self, queries: Tensor, keys: Tensor, values: Tensor, kernel: Kernel, *, left_out: bool
    ) -> None:
        self.dtype, self.kernel, self.left_out = keys.dtype, kernel, left_out
        self.accuracy = SINGLE if keys.dtype == torch.float32 else DOUBLE
        self.keys = keys.double()
        self.order: Tensor | None = None
        if bool((self.keys[1:] < self.keys[:-1]).any()):
            self.keys, self.order = self.keys.sort()
        self.queries = self.keys if left_out else queries.double()
        values = self._in_order(values.double())
        # Deviations are small where the values are nearly alike: no digits are lost.
        self.middle = values.mean()
        self.columns = torch.stack([torch.ones_like(values), values - self.middle])
        self.sums: _Boxes | _Prefixes | None = None  # of the latest w

    def averages(self, w: float, *, with_slopes: bool = False) -> _Averages:
        """Predict at every query, and if asked for tell how predictions change with w."""
        found = self._alike() if _is_zero(w) else self._weighed(abs(w), with_slopes)
        if w < 0:
            found.slopes = -found.slopes
        if self.left_out:
            found.predictions = self._in_given_order(found.predictions)
            found.slopes = self._in_given_order(found.slopes)
        found.predictions += self.middle
        return found

    def spread(self, gradient: Tensor, averages: _Averages, w: float) -> Tensor:
        """Give every value its share of the gradient in the predictions: transposed weights."""
        n = len(self.keys)
        if self.left_out:
            gradient = self._in_order(gradient)
        if not _is_zero(w):
            shares = self._transposed(gradient, averages, abs(w))
        elif self.left_out:
            shares = (gradient.sum() - gradient) / (n - 1)
        else:
            shares = (gradient.sum() / n).repeat(n)
        return self._in_given_order(shares)

    def _in_order(self, tensor: Tensor) -> Tensor:
        return tensor if self.order is None else tensor[self.order]

    def _in_given_order(self, tensor: Tensor) -> Tensor:
        if self.order is None:
            return tensor
        return torch.empty_like(tensor).index_copy_(0, self.order, tensor)

    def _alike(self) -> _Averages:
        """Weigh all keys alike, as w = 0 does."""
        deviations = self.columns[1]
        if self.left_out:
            predictions = (deviations.sum() - deviations) / (len(deviations) - 1)
        else:
            predictions = deviations.mean().repeat(len(self.queries))
        one = torch.ones_like(predictions)
        return _Averages(predictions, torch.zeros_like(predictions), one, one.bool())

    def _weighed(self, w: float, with_slopes: bool) -> _Averages:
        deviations = self.columns[1]
        predictions, slopes, denominator = deviations.new_zeros(3, len(self.queries))
        trusted = torch.zeros(len(self.queries), dtype=torch.bool)
        n_neighbours = self._neighbours(w)
        crowded = trusted if n_neighbours else self._crowded(w)
        if n_neighbours:
            totals, in_w = _sums_of_neighbours(self.keys, deviations, w, n_neighbours, with_slopes)
            denominator = totals[0]
            predictions = totals[1] / denominator
            if with_slopes:
                slopes = (in_w[1] - predictions * in_w[0]) / denominator
            trusted = denominator >= self.accuracy.floor
        elif bool(crowded.any()):
            every = bool(crowded.all())
            rows = slice(None) if every else crowded.nonzero().flatten()
            if not every or self.sums is None or not self.sums.serve(w):
                self.sums = self._sums(self.queries[rows], self.keys, self.columns, w)
            totals, in_w, floor = self.sums.at(w, with_slopes=with_slopes)
            if not every:
                self.sums = None
            if self.left_out:
                totals -= self._own_weight() * self.columns[:, rows]
                floor = floor if isinstance(floor, Tensor) else max(floor, OTHERS)
            denominator[rows] = totals[0]
            predictions[rows] = totals[1] / totals[0]
            if with_slopes:
                slopes[rows] = (in_w[1] - predictions[rows] * in_w[0]) / totals[0]
            trusted[rows] = totals[0] >= floor
        for rows, window in self._windows((~trusted).nonzero().flatten(), w):
            seen = deviations[window.keys]
            average = (window.weights * seen).sum(dim=1)
            predictions[rows] = average
            if with_slopes:
                slopes[rows] = (window.slopes * (seen - average.unsqueeze(1))).sum(dim=1)
        return _Averages(predictions, slopes, denominator, trusted, n_neighbours)

    def _transposed(self, gradient: Tensor, averages: _Averages, w: float) -> Tensor:
        shares, trusted = torch.zeros_like(self.keys), averages.trusted
        if averages.n_neighbours:
            scaled = torch.where(trusted, gradient / averages.denominator, 0.0)
            totals, _ = _sums_of_neighbours(self.keys, scaled, w, averages.n_neighbours, False)
            shares += totals[1]
        elif bool(trusted.any()):
            scaled = (gradient / averages.denominator)[trusted]
            queries, order = self.queries[trusted].sort()
            sums = self._sums(self.keys, queries, scaled[order].unsqueeze(0), w)
            shares += sums.at(w, with_slopes=False)[0][0]
            if self.left_out:
                shares[trusted] -= self._own_weight() * scaled
        for rows, window in self._windows((~trusted).nonzero().flatten(), w):
            share = window.weights * gradient[rows].unsqueeze(1)
            shares.index_add_(0, window.keys.flatten(), share.flatten())
        return shares

    def _own_weight(self) -> float:
        return 1.0 if self.kernel is gaussian else float(self.kernel(self.keys.new_zeros(1)))

    def _sums(
        self, targets: Tensor, sources: Tensor, columns: Tensor, w: float
    ) -> "_Boxes | _Prefixes":
        if self.kernel is gaussian:
            return _Boxes(targets, sources, columns, w, self.accuracy)
        return _Prefixes(targets, sources, columns, w, self.kernel, self.dtype)

    def _crowded(self, w: float) -> Tensor:
        """Say for which queries sums are worth while: all, if there are few boxes."""
        everyone = torch.ones(len(self.queries), dtype=torch.bool)
        if self.kernel is not gaussian:
            return everyone
        n_boxes = (self.keys[-1] - self.keys[0]) * w / self.accuracy.box
        if n_boxes <= _worth_while(len(self.keys) + len(self.queries)):
            return everyone
        low, high = self._edges(self.queries, self.keys.new_full((1,), self.accuracy.window / w))
        return high - low > FEW

    def _neighbours(self, w: float) -> int:
        """Give how many neighbours to either side to go through, 0 if sums by boxes are faster."""
        if self.kernel is not gaussian or not self.left_out:
            return 0
        n, span = len(self.keys), float(self.keys[-1] - self.keys[0])
        radius, worth_while = self.accuracy.reach / w, PER_BOX * span * w / self.accuracy.box / n
        if min(worth_while, FEW) * span < n * radius:  # too many on average
            return 0
        low, high = self._edges(self.keys, self.keys.new_full((1,), radius))
        most = int((high - low).max())
        return most if most <= min(worth_while, 2 * FEW) else 0

    def _edges(self, x: Tensor, radius: Tensor) -> tuple[Tensor, Tensor]:
        """Find the keys from x - radius to x + radius; rounding rather adds one than misses one."""
        slack = 4 * torch.finfo(torch.float64).eps * (x.abs() + radius)
        low = torch.searchsorted(self.keys, x - radius - slack)
        high = torch.searchsorted(self.keys, x + radius + slack, right=True)
        return low, high

    def _windows(self, rows: Tensor, w: float) -> Iterator[tuple[Tensor, _Window]]:
        """Weigh the keys of these queries one by one, a few queries at a time."""
        if len(rows) == 0:
            return
        x = self.queries[rows]
        if self.kernel is gaussian:
            nearest = self._nearest(rows)
            # Beyond, u² exceeds the nearest's by window².
            low, high = self._edges(
                x, torch.hypot(nearest, nearest.new_tensor(self.accuracy.window / w))
            )
        else:
            nearest = torch.zeros_like(x)
            low, high = _in_reach(x, self.keys, w, self.dtype)
        counts, order = (high - low).clamp(min=1).sort(descending=True)
        start = 0
        while start < len(rows):
            width = int(counts[start])
            part = order[start : start + max(1, CHUNK // width)]
            start += len(part)
            keys = low[part].unsqueeze(1) + torch.arange(width)
            missing = keys >= high[part].unsqueeze(1)
            if self.left_out:
                missing |= keys == rows[part].unsqueeze(1)
            keys.clamp_(max=len(self.keys) - 1)
            difference = x[part].unsqueeze(1) - self.keys[keys]
            weigh = self._softmax if self.kernel is gaussian else self._shares
            weights, slopes = weigh(difference, missing, nearest[part].unsqueeze(1), w)
            yield rows[part], _Window(keys, weights, slopes)

    def _nearest(self, rows: Tensor) -> Tensor:
        """Give the distance from these queries to the nearest key (that is not their own)."""
        x = self.queries[rows]
        right = rows + 1 if self.left_out else torch.searchsorted(self.keys, x)
        left = rows - 1 if self.left_out else right - 1
        last = len(self.keys) - 1
        to_left = torch.where(left >= 0, x - self.keys[left.clamp(min=0)], torch.inf)
        to_right = torch.where(right <= last, self.keys[right.clamp(max=last)] - x, torch.inf)
        return torch.minimum(to_left, to_right)

    def _softmax(
        self, difference: Tensor, missing: Tensor, nearest: Tensor, w: float
    ) -> tuple[Tensor, Tensor]:
        distance = difference.abs()
        # As in pooling.gaussian_weights: the nearest's score is 0, whatever overflows.
        squares = ((distance - nearest) * w) * ((distance + nearest) * w)
        weights = torch.softmax(squares.masked_fill(missing, torch.inf) / -2, dim=1)
        # -u²/w in place of the squares' own slope: what all keys share has no effect.
        return weights, torch.where(weights > 0, weights * squares / -w, 0.0)

    def _shares(
        self, difference: Tensor, missing: Tensor, _: Tensor, w: float
    ) -> tuple[Tensor, Tensor]:
        # In the dtype of the keys, so that it is the same keys as in the table that are in reach.
        distance = difference.to(self.dtype) * torch.tensor(w, dtype=self.dtype)
        density = self.kernel(distance).double().masked_fill(missing, 0.0)
        total = density.sum(dim=1, keepdim=True)
        slopes = _slope_of(self.kernel, difference, w).masked_fill(missing, 0.0)
        return density / total, slopes / total


def _is_zero(w: float) -> bool:
    return abs(w) < 1e-280  # then 1/w² and with it the boxes would overflow


def _worth_while(n_points: int) -> float:
    """So many boxes cost about as much as weighing what is near to each of the points."""
    return 256 + n_points / 4


def _power_of_two(most: float) -> float:
    """Give the largest power of two that is not above ``most``."""
    _, exponent = math.frexp(most)
    return math.ldexp(1.0, exponent - 1)


def _sums_of_neighbours(
    keys: Tensor, values: Tensor, w: float, n: int, with_slopes: bool
) -> tuple[Tensor, Tensor]:
    """Sum K and K · value over the n neighbours to either side of each key, and dK/dw likewise."""
    totals, slopes = torch.zeros(2, 2, len(keys), dtype=torch.float64)
    for offset in range(1, min(n, len(keys) - 1) + 1):
        square = ((keys[offset:] - keys[:-offset]) * w).square_()
        weight = torch.exp(square / -2)
        for total, weights in ((totals, weight), (slopes, square.mul_(weight).mul_(-1 / w))):
            total[0, offset:] += weights
            total[0, :-offset] += weights
            total[1, offset:].addcmul_(weights, values[:-offset])
            total[1, :-offset].addcmul_(weights, values[offset:])
            if not with_slopes:
                break
    return totals, slopes


class _Boxes:
    """Sums of Gaussians exp(-((x - x_i) w)²/2), by boxes along the line.

    Parameters
    ----------
    targets, sources
        (n_targets,), (n_sources,), in any order.
    columns
        What to sum, (n_columns, n_sources).
    w
        The inverse bandwidth that decides how long boxes are.
    """

    def __init__(
        self, targets: Tensor, sources: Tensor, columns: Tensor, w: float, accuracy: _Accuracy
    ) -> None:
        self.accuracy = accuracy
        self.side = _power_of_two(accuracy.box / w)
        self.most = math.ceil(2 * accuracy.reach / accuracy.box)  # boxes in reach on either side
        of_targets, self.position = self._place(targets)
        of_sources, position = self._place(sources)
        first, last = of_sources.min(), of_sources.max()
        if last - first > 4 * _worth_while(len(targets) + len(sources)):
            of_targets, of_sources, near = self._without_gaps(of_targets, of_sources)
            position, columns = position[near], columns[:, near]
            first, last = of_sources.min(), of_sources.max()
        # Targets farther away are put in the outermost boxes, which no source reaches.
        margin = self.most + 1
        n_sources = int(last - first) + 1
        self.n_boxes = n_sources + 2 * margin
        self.box = (of_targets - first + margin).clamp(0, self.n_boxes - 1).long()
        self.moments = self._moments((of_sources - first).long(), position, columns)

    def serve(self, w: float) -> bool:
        """Whether these boxes have the right length for another w, too."""
        return _power_of_two(self.accuracy.box / w) == self.side

    def at(self, w: float, *, with_slopes: bool) -> _Sums:
        """Sum for every target."""
        coefficients = self._coefficients(w, with_slopes)  # (1 or 2, n_columns, p, n_boxes)
        sums = coefficients.new_empty(*coefficients.shape[:2], len(self.box))
        for start in range(0, len(self.box), BLOCK):
            box, s = (t[start : start + BLOCK] for t in (self.box, self.position))
            here = sums.flatten(0, 1)[:, start : start + BLOCK]
            for polynomial, total in zip(coefficients.flatten(0, 1), here, strict=True):
                value = polynomial[-1].index_select(0, box)
                for power in reversed(range(len(polynomial) - 1)):  # Horner's scheme
                    value.mul_(s).add_(polynomial[power].index_select(0, box))
                total.copy_(value)
        return _Sums(sums[0], sums[-1], self.accuracy.floor)

    def _place(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Give each point its box, as a float, and its place in there, from -1/2 to 1/2."""
        place = points / self.side
        box = place.floor()
        return box, place - box - 0.5

    def _without_gaps(
        self, of_targets: Tensor, of_sources: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Renumber boxes so that long empty stretches shrink, and say which sources stay."""
        target_boxes, source_boxes = of_targets.unique(), of_sources.unique()
        near_source = source_boxes[_gap(source_boxes, target_boxes) <= self.most]
        if len(near_source) == 0:  # keep one, that no target reaches
            near_source = source_boxes[:1]
        near_target = target_boxes[_gap(target_boxes, source_boxes) <= self.most]
        boxes = torch.cat([near_source, near_target]).unique()
        numbers = torch.cat([boxes[:1] * 0, boxes.diff().clamp(max=self.most + 1).cumsum(0)])

        def number(box: Tensor) -> Tensor:
            return numbers[torch.searchsorted(boxes, box).clamp(max=len(boxes) - 1)]

        stays = torch.isin(of_sources, near_source)
        reached = torch.isin(of_targets, near_target)
        return (
            torch.where(reached, number(of_targets), -math.inf),
            number(of_sources[stays]),
            stays,
        )

    def _moments(self, box: Tensor, position: Tensor, columns: Tensor) -> Tensor:
        """Sum t^k · column over the sources of each box: (n_columns, p, boxes and margins)."""
        before, n = 2 * self.most + 1, self.n_boxes + 2 * self.most
        moments = columns.new_zeros(len(columns), self.accuracy.p, n)
        block = max(BLOCK, n)
        for start in range(0, len(box), block):
            here, t = box[start : start + block] + before, position[start : start + block]
            for term, of_column in zip(columns[:, start : start + block], moments, strict=True):
                for of_power in of_column:
                    of_power += torch.bincount(here, term, n)
                    term = term * t
        return moments

    def _coefficients(self, w: float, with_slopes: bool) -> Tensor:
        """Give the polynomial in a target's place that its box's sums are: (…, p, n_boxes)."""
        h, p = w * self.side, self.accuracy.p
        reach = math.ceil(self.accuracy.reach / h)
        nodes, to_powers = _interpolation(p)
        offset = torch.arange(-reach, reach + 1, dtype=torch.float64)
        u = h * (nodes.unsqueeze(1) - nodes - offset.reshape(-1, 1, 1))  # (2 reach + 1, p, p)
        kernels = [torch.exp(-u.square() / 2)]
        if with_slopes:
            kernels.append(-u.square() / w * kernels[0])
        # From values at the nodes to powers, of s and then of t: (1 or 2, 2 reach + 1, p_t, p_s).
        powers = to_powers(to_powers(torch.stack(kernels)).mT)
        table = powers.permute(2, 1, 0, 3).flatten(0, 1).flatten(1)  # (p_t · offsets, … · p_s)
        n_columns, edge = len(self.moments), self.most - reach
        around = self.moments[..., edge : self.moments.shape[-1] - edge].unfold(
            -1, 2 * reach + 1, 1
        )  # (n_columns, p_t, n_boxes, offsets)
        result = table.new_empty(len(kernels), n_columns, p, self.n_boxes)
        block = max(1, CHUNK // (n_columns * len(table)))
        for start in range(0, self.n_boxes, block):
            here = around[:, :, start : start + block].transpose(1, 2).flatten(2)
            product = (here @ table).unflatten(-1, (len(kernels), p))
            result[..., start : start + block] = product.permute(2, 0, 3, 1)
        return result


def _gap(boxes: Tensor, others: Tensor) -> Tensor:
    """Give the distance from each box to the nearest of the others; both sorted."""
    right = torch.searchsorted(others, boxes)
    after = others[right.clamp(max=len(others) - 1)]
    before = others[(right - 1).clamp(min=0)]
    return torch.minimum((after - boxes).abs(), (boxes - before).abs())


@functools.cache
def _interpolation(p: int) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Give p Chebyshev nodes on [-1/2, 1/2], and how values there become powers' coefficients.

    By way of Chebyshev coefficients, which fall fast: their small ones take the powers' large
    coefficients, and no digits are lost. Values are (…, p, n), and so are the coefficients.
    """
    k = torch.arange(p, dtype=torch.float64)
    angles = (k + 0.5) * (math.pi / p)
    to_chebyshev = torch.cos(k.unsqueeze(1) * angles) * (2 / p)  # (coefficient, node)
    to_chebyshev[0] /= 2
    powers = torch.eye(p, dtype=torch.float64)  # row k: coefficients of T_k(2t)
    powers[1] *= 2
    for row in range(2, p):
        powers[row] = 4 * powers[row - 1].roll(1) - powers[row - 2]

    def to_powers(values: Tensor) -> Tensor:
        return powers.T @ (to_chebyshev @ values)

    return torch.cos(angles) / 2, to_powers


class _Prefixes:
    """Sums of a compact kernel by differences of prefix sums over sorted sources.

    Boxes are longer than the kernel's reach, so that a target sees its own and the two beside it.
    Within a box the kernel is a polynomial of degree 2 or less on either side of the target.
    Parameters as of :class:`_Boxes`, but sources ascend.
    """

    def __init__(
        self,
        targets: Tensor,
        sources: Tensor,
        columns: Tensor,
        w: float,
        kernel: Kernel,
        dtype: torch.dtype,
    ) -> None:
        self.targets, self.sources, self.kernel, self.dtype = targets, sources, kernel, dtype
        self.side = self._side(w)
        self.n_moments = 1 + (boxcar, triangular, epanechnikov).index(kernel)
        t = sources / self.side
        t -= t.floor() + 0.5
        self.prefixes = columns.new_zeros(len(sources) + 1, 2, self.n_moments, len(columns))
        term = columns
        for power in range(self.n_moments):
            for column, terms in enumerate(term):
                self.prefixes[1:, :, power, column] = _prefix_sums(terms)
            term = term * t

    def serve(self, w: float) -> bool:
        """Whether these boxes have the right length for another w, too."""
        return self._side(w) == self.side

    def at(self, w: float, *, with_slopes: bool) -> _Sums:
        """Sum for every target."""
        # In their order, targets beside each other look at the same places of memory.
        targets, order = self.targets, None
        if bool((targets[1:] < targets[:-1]).any()):
            targets, order = targets.sort()
        blocks = [self._block(x, w) for x in targets.split(BLOCK)]
        sums = [torch.cat(parts, dim=-1) for parts in zip(*blocks, strict=True)]
        if order is not None:
            sums = [torch.empty_like(part).index_copy_(-1, order, part) for part in sums]
        return _Sums(*sums)

    def _side(self, w: float) -> float:
        # A little longer than 1/w: by rounding, a key may be in reach that is just beyond.
        return _power_of_two(2.02 / w)

    def _block(self, x: Tensor, w: float) -> tuple[Tensor, Tensor, Tensor]:
        low, high = _in_reach(x, self.sources, w, self.dtype)
        place = x / self.side
        box = place.floor()
        s, h = place - box - 0.5, w * self.side
        middle = torch.searchsorted(self.sources, x)
        start, end = (torch.searchsorted(self.sources, edge * self.side) for edge in (box, box + 1))
        cuts = [low, start.clamp(low, high), middle.clamp(low, high), end.clamp(low, high), high]
        at_cuts = [self.prefixes[cut] for cut in cuts]
        totals = x.new_zeros(self.prefixes.shape[-1], len(x))
        slopes = torch.zeros_like(totals)
        # Stretches: the box to the left, the two parts of the target's own, the box to the right.
        for stretch, (box_offset, sign) in enumerate([(-1, 1), (0, 1), (0, -1), (1, -1)]):
            # First the leading parts, then what rounding had taken from them.
            difference = at_cuts[stretch + 1] - at_cuts[stretch]
            moments = difference[:, 0] + difference[:, 1]
            total, slope = self._polynomial(moments.permute(1, 2, 0), s - box_offset, h, sign)
            totals += total
            slopes += slope / w
        return totals, slopes, 1e-3 * (high - low)

    def _polynomial(
        self, moments: Tensor, s: Tensor, h: float, sign: int
    ) -> tuple[Tensor, Tensor | float]:
        """Sum K and w dK/dw over sources at h (s - t), to one side, from their moments."""
        if self.kernel is boxcar:
            return moments[0] / 2, 0.0
        distance = sign * h * (s * moments[0] - moments[1])
        if self.kernel is triangular:
            return moments[0] - distance, -distance
        square = h * h * (s * (s * moments[0] - 2 * moments[1]) + moments[2])
        return 0.75 * (moments[0] - square), -1.5 * square


def _slope_of(kernel: Kernel, difference: Tensor, w: float) -> Tensor:
    """Give dK(difference · w)/dw of a compact kernel, for w > 0, within its reach."""
    if kernel is boxcar:
        return torch.zeros_like(difference)
    if kernel is triangular:
        return -difference.abs()
    return -1.5 * w * difference.square()


def _prefix_sums(terms: Tensor) -> Tensor:
    """Give the prefix sums and what rounding took from them, (n, 2).

    Differences of the two, added, have an error relative to the difference, not to all before it.
    """
    sums = terms.cumsum(0)
    before = torch.cat([sums.new_zeros(1), sums[:-1]])
    # Knuth's exact sum of two numbers: before + terms = total + rounding.
    total = before + terms
    part = total - before
    rounding = (before - (total - part)) + (terms - part)
    return torch.stack([sums, (rounding + (total - sums)).cumsum(0)], dim=1)


def _in_reach(x: Tensor, keys: Tensor, w: float, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Find the keys with |(x - key) w| <= 1: from low to before high.

    Decided as in the table, with the rounding of the data's dtype. The last of them may have the
    weight 0, but a slope in w: so automatic differentiation of the table has it.
    """
    w_rounded = torch.tensor(w, dtype=dtype)
    radius = min(1 / w, 1e300)
    slack = 8 * torch.finfo(dtype).eps * (x.abs() + radius)
    low = torch.searchsorted(keys, x - (radius - slack))
    high = torch.searchsorted(keys, x + (radius - slack), right=True)
    wide = slack >= radius  # nothing but the keys at x itself is surely in reach
    if bool(wide.any()):
        low = torch.where(wide, torch.searchsorted(keys, x), low)
        high = torch.where(wide, torch.searchsorted(keys, x, right=True), high)
    # Keys from low to before high are in reach. Others may be, within the slack: halve there.
    for edge, sign in ((low, -1), (high, 1)):
        beside = (edge - 1).clamp(min=0) if sign < 0 else edge.clamp(max=len(keys) - 1)
        doubtful = ((keys[beside] - x).abs() <= radius + slack).nonzero().flatten()
        inside = x[doubtful]
        limit = inside + sign * (radius + slack[doubtful])
        beyond = torch.searchsorted(keys, limit, right=sign > 0)
        a, b = (beyond, edge[doubtful]) if sign < 0 else (edge[doubtful], beyond)
        while bool((a < b).any()):
            half = (a + b) // 2
            distance = (inside - keys[half.clamp(max=len(keys) - 1)]).to(dtype) * w_rounded
            left = (distance.abs() <= 1) == (sign < 0)  # the edge is here or to the left
            done = a >= b
            a, b = (
                torch.where(left | done, a, half + 1),
                torch.where(left & ~done, half, b),
            )
        edge[doubtful] = b
    return low, high
