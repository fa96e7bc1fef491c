"""Leave-one-out loss and the selection of w against brute force and statsmodels."""

import math

import numpy as np
import pytest
import torch
from statsmodels.nonparametric.kernel_regression import KernelReg
from torch.testing import assert_close

from attnbook import (
    attention_pooling,
    fast_pooling,
    gaussian,
    leave_one_out_loss,
    leave_one_out_pairs,
    select_w,
    toy_data,
)
from strategies import COMPACT, DTYPES, KERNELS, TOLERANCE

KEYS = torch.tensor([0.3, 1.1, 1.2, 2.9, 4.0])
VALUES = torch.tensor([1.0, -2.0, 0.5, 3.0, 2.0])


def sample(seed, n=50, dtype=torch.float64):
    data = toy_data(n, generator=torch.Generator().manual_seed(seed))
    return data.x_train.to(dtype), data.y_train.to(dtype)


def by_hand(keys, values, w):
    """Predict every point from the others in plain Python floats."""
    total = 0.0
    for i, (x, y) in enumerate(zip(keys, values, strict=True)):
        others = [j for j in range(len(keys)) if j != i]
        k = [math.exp(-(((x - keys[j]) * w) ** 2) / 2) for j in others]
        prediction = math.fsum(a * values[j] for a, j in zip(k, others, strict=True)) / sum(k)
        total += (prediction - y) ** 2
    return total


class TestLoss:
    @pytest.mark.parametrize("w", [0.0, 0.5, 1.0, 4.2, 13.8])
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_it_is_the_sum_of_the_definition(self, w, dtype):
        keys, values = sample(0, dtype=dtype)
        loss = leave_one_out_loss(keys, values, w)
        assert (loss.dtype, loss.shape) == (dtype, ())
        expected = by_hand(keys.tolist(), values.tolist(), w)
        assert loss.item() == pytest.approx(expected, rel=TOLERANCE[dtype]["rtol"])

    @pytest.mark.parametrize("w", [0.3, 1.0, 4.2])
    def test_it_is_the_closed_form(self, w):
        keys, values = sample(1)
        kernel = gaussian((keys[:, None] - keys) * w)
        at_zero = gaussian(torch.zeros((), dtype=torch.float64))
        left_out = (kernel @ values - values * at_zero) / (kernel.sum(dim=1) - at_zero)
        assert_close(leave_one_out_loss(keys, values, w), ((left_out - values) ** 2).sum())

    def test_it_stays_sound_where_the_closed_form_breaks(self):
        keys, values = sample(1)
        kernel = gaussian((keys[:, None] - keys) * 1000.0)
        at_zero = gaussian(torch.zeros((), dtype=torch.float64))
        left_out = (kernel @ values - values * at_zero) / (kernel.sum(dim=1) - at_zero)
        assert left_out.isnan().any()

        nearest = (keys[:, None] - keys).abs().fill_diagonal_(math.inf).argmin(dim=1)
        expected = ((values[nearest] - values) ** 2).sum()
        for w in (1e5, 1e9, 1e100):
            assert_close(leave_one_out_loss(keys, values, w), expected)

    @pytest.mark.parametrize("w", [0.7, 2.0, 5.0])
    def test_it_is_n_times_statsmodels_criterion(self, w):
        keys, values = sample(2)
        model = KernelReg(values.numpy(), keys.numpy(), "c", reg_type="lc", bw=[1 / w], rng=0)
        expected = model.cv_loo(np.array([1 / w]), model.est["lc"]) * len(keys)
        assert leave_one_out_loss(keys, values, w).item() == pytest.approx(expected.item())

    def test_gradients_agree_with_finite_differences(self):
        keys = KEYS.double().requires_grad_()
        values = VALUES.double().requires_grad_()
        for numbers in (1.3, [0.0, 0.4, 2.0]):
            w = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
            assert torch.autograd.gradcheck(leave_one_out_loss, (keys, values, w))
            assert torch.autograd.gradgradcheck(leave_one_out_loss, (keys, values, w))

    def test_width_zero_is_a_stationary_point(self):
        """Why training from w = 0 would never leave it."""
        w = torch.zeros((), dtype=torch.float64, requires_grad=True)
        leave_one_out_loss(*sample(0), w).backward()
        assert w.grad == 0

    def test_blocks_of_w_give_what_one_block_gives(self, monkeypatch):
        keys, values = sample(0)
        several = torch.linspace(0, 20, 23, dtype=torch.float64)
        expected = leave_one_out_loss(keys, values, several)
        monkeypatch.setattr("attnbook.cross_validation.CHUNK", 4 * 50 * 49)
        assert torch.equal(leave_one_out_loss(keys, values, several), expected)

    def test_it_stays_on_the_device(self):
        keys = torch.empty(4, device="meta")
        loss = leave_one_out_loss(keys, keys, torch.empty(3, device="meta"))
        assert (loss.device.type, loss.shape) == ("meta", (3,))


class TestSelection:
    @pytest.mark.parametrize("seed", range(4))
    def test_statsmodels_finds_nothing_better(self, seed):
        keys, values = sample(seed)
        model = KernelReg(values.numpy(), keys.numpy(), "c", reg_type="lc", bw="cv_ls", rng=0)
        theirs = leave_one_out_loss(keys, values, float(1 / model.bw[0]))
        w = select_w(keys, values)
        ours = leave_one_out_loss(keys, values, w)
        assert ours <= theirs * (1 + 1e-9)
        # On these seeds their local search ends in the same valley, within its tolerance.
        assert w == pytest.approx(float(1 / model.bw[0]), rel=1e-3)

    def test_it_is_a_stationary_point_of_the_loss(self):
        keys, values = sample(5)
        w = torch.tensor(select_w(keys, values), dtype=torch.float64, requires_grad=True)
        leave_one_out_loss(keys, values, w).backward()
        assert w.grad is not None
        assert abs(w.grad) < 1e-4

    def test_noise_without_a_curve_wants_average_pooling(self):
        keys = torch.linspace(0, 1, 9)
        assert select_w(keys, (-1.0) ** torch.arange(9.0)) == 0.0

    def test_pairs_of_twins_want_the_nearest_neighbour(self):
        keys = torch.tensor([0.0, 0.01, 1.0, 1.01, 2.0, 2.01, 3.0, 3.01])
        values = torch.tensor([1.0, 1.0, -5.0, -5.0, 7.0, 7.0, 0.0, 0.0])
        w = select_w(keys, values)
        assert leave_one_out_loss(keys, values, w) < 1e-9

    def test_a_loss_that_falls_for_ever_gives_a_width_where_only_the_nearest_counts(self):
        keys, values = torch.tensor([0.0, 8.0, 10.0, 12.0]), torch.tensor([0.0, -3.0, 2.0, 4.0])
        w = select_w(keys, values)
        # 0 sees 8; 8 sees 10; 10 sees 8 and 12; 12 sees 10.
        limit = 3**2 + 5**2 + 1.5**2 + 2**2
        assert leave_one_out_loss(keys, values, w).item() == pytest.approx(limit)
        assert leave_one_out_loss(keys, values, w / 4).item() > limit + 1e-3

    def test_of_two_valleys_nearly_level_it_finds_the_lower(self):
        """On the grid the other one, at 0.84, is lower."""
        keys = torch.tensor([9.0, 18.0, 14.0, 8.0, 13.0, 6.0, 7.0], dtype=torch.float64)
        values = torch.tensor([3.25927734375, -3, -2, 1, -1, 5, 5], dtype=torch.float64)
        w = select_w(keys, values)
        assert w == pytest.approx(0.4948, abs=1e-3)
        losses = leave_one_out_loss(keys, values, torch.linspace(0, 3, 3001).double())
        assert leave_one_out_loss(keys, values, w) <= losses.min()

    @pytest.mark.parametrize(
        ("keys", "values"),
        [
            ([1.0, 2.0], [3.0, 4.0]),
            ([1.0, 1.0, 1.0], [3.0, 4.0, 5.0]),
            ([1.0, 2.0, 3.0], [4.0, 4.0, 4.0]),
        ],
        ids=["two pairs", "one key", "one value"],
    )
    def test_where_every_w_is_alike_it_is_zero(self, keys, values):
        assert select_w(torch.tensor(keys), torch.tensor(values)) == 0.0

    def test_it_is_a_plain_number_that_pooling_takes(self):
        keys, values = sample(0, dtype=torch.float32)
        w = select_w(keys.requires_grad_(), values)
        assert isinstance(w, float)
        assert w == pytest.approx(select_w(keys.double(), values.double()), rel=1e-12)

    def test_nearly_equal_keys_do_not_make_it_slow_or_infinite(self, monkeypatch):
        tried = []

        def counting(keys, values, w, **kernel):
            tried.append(len(w))
            return leave_one_out_loss(keys, values, w, **kernel)

        monkeypatch.setattr("attnbook.cross_validation.leave_one_out_loss", counting)
        keys, values = sample(0)
        keys = torch.cat([keys, keys[:3] + 1e-13])
        values = torch.cat([values, values[:3] + 1])
        assert 1 < select_w(keys, values) < 20
        assert sum(tried) < 600


def without_the_table(monkeypatch, used):
    """Let every sample take the way without the table, and note that it does."""
    monkeypatch.setattr("attnbook.cross_validation.TABLE", 1)
    for name in ("leave_one_out", "LeaveOneOut"):
        original = getattr(fast_pooling, name)

        def noting(*args, original=original):
            used.append(original)
            return original(*args)

        monkeypatch.setattr(fast_pooling, name, noting)


class TestWithoutTheTable:
    """Samples of more than TABLE points."""

    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_losses_and_gradients_are_those_of_the_table(self, monkeypatch, kernel, dtype):
        used, results = [], []
        keys, values = sample(3, n=120, dtype=dtype)
        for patch in (False, True):
            if patch:
                without_the_table(monkeypatch, used)
            w = torch.tensor([0.0, 0.5, 1.0, 2.0, -1.5], dtype=dtype, requires_grad=True)
            y = values.clone().requires_grad_()
            losses = leave_one_out_loss(keys, y, w, kernel=kernel)
            assert (losses.dtype, losses.shape) == (dtype, (5,))
            losses.sum().backward()
            in_w = torch.zeros(5, dtype=dtype) if w.grad is None else w.grad
            results.append((losses.detach(), in_w, y.grad))
        assert len(used) == 5
        for one, other in zip(*results, strict=True):
            assert_close(one, other, **TOLERANCE[dtype])
        assert leave_one_out_loss(keys, values, 2.0, kernel=kernel).shape == ()
        no_w = torch.empty(0, dtype=dtype)
        assert leave_one_out_loss(keys, values, no_w, kernel=kernel).shape == (0,)

    def test_gradients_in_keys_and_kernels_of_your_own_take_the_table(self, monkeypatch):
        used = []
        keys, values = sample(0)
        own = {"kernel": lambda u: torch.exp(-(u**2) / 2)}
        expected = leave_one_out_loss(keys, values, 2.0)
        chosen = select_w(keys, values)
        without_the_table(monkeypatch, used)
        assert_close(leave_one_out_loss(keys.requires_grad_(), values, 2.0), expected)
        assert_close(leave_one_out_loss(keys, values, 2.0, **own).detach(), expected)
        assert not used
        assert select_w(keys, values, **own) == pytest.approx(chosen, rel=1e-4)
        assert not used
        select_w(keys, values)  # which never wants a gradient
        assert used

    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("n", [300, 1000])
    def test_no_w_of_a_fine_grid_has_a_smaller_loss(self, kernel, n):
        for seed in range(2):
            keys, values = sample(seed, n=n)
            w = select_w(keys, values, kernel=kernel)
            grid = torch.logspace(-1, 2.5, 150, dtype=torch.float64)
            losses = leave_one_out_loss(keys, values, grid, kernel=kernel)
            best = losses[~losses.isnan()].min()
            chosen = leave_one_out_loss(keys, values, w, kernel=kernel)
            assert chosen <= best * (1 + 1e-9 if kernel is gaussian else 1.002)

    def test_the_order_of_the_pairs_does_not_matter(self):
        keys, values = sample(1, n=500)
        order = torch.randperm(500, generator=torch.Generator().manual_seed(0))
        assert select_w(keys[order], values[order]) == pytest.approx(select_w(keys, values))

    def test_many_twins_want_the_nearest_neighbour(self):
        keys = torch.arange(300.0).repeat_interleave(2)
        keys[1::2] += 0.01
        values = torch.randn(300, generator=torch.Generator().manual_seed(0)).repeat_interleave(2)
        w = select_w(keys, values)
        assert leave_one_out_loss(keys, values, w) < 1e-6


def test_it_is_within_a_ten_thousandth_of_the_optimum_on_100_data_sets():
    """The optimum by a grid of 600, and three finer ones around its lowest points."""
    for seed in range(100):
        keys, values = sample(seed)
        grid = torch.cat([torch.zeros(1).double(), torch.logspace(-2, 4, 600).double()])
        losses = leave_one_out_loss(keys, values, grid)
        best = losses.min()
        for _ in range(3):
            lowest = int(losses.argmin())
            low, high = grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)]
            grid = torch.linspace(float(low), float(high), 21, dtype=torch.float64)
            losses = leave_one_out_loss(keys, values, grid)
            best = torch.minimum(best, losses.min())
        chosen = leave_one_out_loss(keys, values, select_w(keys, values))
        assert best <= chosen * (1 + 1e-9)  # else the oracle is no oracle
        assert chosen <= best * (1 + 1e-4)


class TestKernels:
    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("w", [0.5, 2.0, 30.0])
    def test_the_loss_is_that_of_pooling_over_the_others(self, kernel, w):
        keys, values = sample(3)
        others = leave_one_out_pairs(keys), leave_one_out_pairs(values)
        expected = ((attention_pooling(keys, *others, w=w, kernel=kernel) - values) ** 2).sum()
        loss = leave_one_out_loss(keys, values, w, kernel=kernel)
        assert_close(loss, expected, equal_nan=True)
        assert loss.isnan() == (w == 30.0 and kernel in COMPACT)

    @pytest.mark.parametrize("kernel", KERNELS)
    def test_no_w_of_a_fine_grid_has_a_smaller_loss(self, kernel):
        for seed in range(5):
            keys, values = sample(seed)
            w = select_w(keys, values, kernel=kernel)
            grid = torch.logspace(-1, 2, 2000, dtype=torch.float64)
            losses = leave_one_out_loss(keys, values, grid, kernel=kernel)
            best = losses[~losses.isnan()].min()
            assert leave_one_out_loss(keys, values, w, kernel=kernel) <= best * 1.02

    def test_a_kernel_is_a_function_of_tensors(self):
        for function in (
            lambda **k: leave_one_out_loss(KEYS, VALUES, 1.0, **k),
            lambda **k: select_w(KEYS, VALUES, **k),
        ):
            with pytest.raises(TypeError, match=r"kernel must be a function .* got str"):
                function(kernel="gaussian")
            with pytest.raises(TypeError, match="kernel must return a tensor; got float"):
                function(kernel=lambda u: 1.0)
            with pytest.raises(ValueError, match="one number for each distance"):
                function(kernel=lambda u: u.sum())


@pytest.mark.parametrize("function", [lambda k, v: leave_one_out_loss(k, v, 1.0), select_w])
class TestErrors:
    def test_lengths_must_agree(self, function):
        with pytest.raises(
            ValueError, match=r"must have the same shape.*keys \(5,\), values \(4,\)"
        ):
            function(KEYS, VALUES[1:])

    def test_two_pairs_are_needed(self, function):
        with pytest.raises(ValueError, match=r"2 or more elements; got keys \(1,\), values \(1,\)"):
            function(KEYS[:1], VALUES[:1])

    def test_rows_are_refused(self, function):
        with pytest.raises(ValueError, match=r"one dimension; got keys \(1, 5\), values \(1, 5\)"):
            function(KEYS[None], VALUES[None])

    def test_kinds_must_be_right(self, function):
        with pytest.raises(TypeError, match=r"must be a torch\.Tensor.*keys list, values \(5,\)"):
            function(KEYS.tolist(), VALUES)
        with pytest.raises(TypeError, match=r"one dtype; got keys \(5,\) torch\.float64, values"):
            function(KEYS.double(), VALUES)
        with pytest.raises(TypeError, match=r"values must be floating point; got .*torch\.int64"):
            function(KEYS, torch.arange(5))

    def test_numbers_must_be_finite(self, function):
        with pytest.raises(ValueError, match=r"values must be finite; got 5 NaN or infinite among"):
            function(KEYS, VALUES * math.nan)


def test_w_must_be_finite_numbers():
    with pytest.raises(ValueError, match=r"w must be a finite number; got inf, keys \(5,\)"):
        leave_one_out_loss(KEYS, VALUES, math.inf)
    with pytest.raises(ValueError, match=r"w must be finite; got 1 NaN or infinite among its 2"):
        leave_one_out_loss(KEYS, VALUES, torch.tensor([1.0, math.nan]))
    with pytest.raises(TypeError, match=r"w must be a number .* got w list, keys \(5,\)"):
        leave_one_out_loss(KEYS, VALUES, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"got w \(1, 2\), keys \(5,\), values \(5,\)"):
        leave_one_out_loss(KEYS, VALUES, torch.ones(1, 2))
    with pytest.raises(TypeError, match=r"one dtype; got .*w \(2,\) torch\.float64"):
        leave_one_out_loss(KEYS, VALUES, torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("kernel", COMPACT, ids=lambda kernel: kernel.__name__)
def test_no_w_between_the_corners_of_the_loss_is_better(kernel):
    """The loss of a kernel that ends has a corner or a step where a pair comes into reach."""
    for seed in range(20):
        x, y = sample(seed, n=30)
        corners = np.unique(1 / np.abs(np.subtract.outer(x, x))[np.triu_indices(30, 1)])
        between = np.exp(np.linspace(np.log(corners[:-1]), np.log(corners[1:]), 7)[1:-1]).ravel()
        losses = leave_one_out_loss(x, y, torch.from_numpy(between), kernel=kernel)
        lowest = np.nanmin(losses.numpy())
        chosen = leave_one_out_loss(x, y, select_w(x, y, kernel=kernel), kernel=kernel)
        assert chosen.item() <= lowest * 1.0001
