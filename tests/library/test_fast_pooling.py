"""Pooling without the table against the table, in float64: results, gradients, memory, work."""

import math

import pytest
import torch
from torch.testing import assert_close
from torch.utils._python_dispatch import TorchDispatchMode

from attnbook import (
    attention_pooling,
    fast_pooling,
    gaussian,
    leave_one_out_pairs,
)
from attnbook.pooling import kernel_weights
from strategies import COMPACT, DTYPES, KERNELS

WS = [0.0, 1e-3, 0.1, 1.0, 2.0, 7.0, -7.0, 50.0, 300.0, 1e4, 1e7]
# Errors relative to the largest |value|.
ERROR = {torch.float32: 1e-6, torch.float64: 1e-12}


def uniform(n, low, high, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return low + (high - low) * torch.rand(n, dtype=torch.float64, generator=generator)


def quarters(n, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 20, (n,), generator=generator).double() / 4


PLAIN = uniform(400, 0, 5)
FAR = torch.tensor([1e6, 5e5, 5e5 + 1, 3e7, -1e5], dtype=torch.float64)
DATA = {  # queries, keys
    "plain": (uniform(300, 0, 5, 1), PLAIN),
    "sorted": (uniform(300, 0, 5, 1), PLAIN.sort().values),
    "queries outside": (uniform(300, -7, 13, 1), PLAIN),
    "a gap": (uniform(300, -1, 11, 1), torch.cat([uniform(300, 0, 2), uniform(100, 8, 10)])),
    "duplicates": (quarters(300, 1), quarters(400, 2)),
    "an outlier": (torch.cat([uniform(99, 0, 5, 1), FAR]), torch.cat([PLAIN, FAR[:1]])),
    "queries far away": (FAR, PLAIN),
    "all far from 0": (uniform(300, 0, 5, 1) + 1e6, PLAIN + 1e6),
    "one place": (torch.full((5,), 3.0).double(), torch.full((400,), 3.0).double()),
    "one key": (uniform(5, 0, 1, 1), uniform(1, 0, 1)),
}


def case(name, dtype=torch.float64):
    """Queries, keys and values: a curve with noise, away from 0."""
    queries, keys = (tensor.to(dtype) for tensor in DATA[name])
    values = torch.sin(3 * keys.double()) + 2 + uniform(len(keys), 0, 1, 3)
    return queries, keys, values.to(dtype)


def table(queries, keys, values, w, kernel):
    """The definition, with the whole table in float64; w is a tensor of the data's dtype.

    What a compact kernel reaches is decided in the dtype of the data.
    """
    if kernel is gaussian:
        difference = queries.double().unsqueeze(1) - keys.double()
        return kernel_weights(difference, w.double(), gaussian) @ values.double()
    weights = kernel((queries.unsqueeze(1) - keys) * w).double()
    return weights / weights.sum(dim=1, keepdim=True) @ values.double()


def random_weights(n):
    return uniform(n, -1, 2, 4)


class Watch(TorchDispatchMode):
    """Note the largest tensor that any operation makes, and how many elements all make."""

    def __init__(self):
        super().__init__()
        self.largest, self.work = 0, 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, (tuple, list)) else [result]:
            if isinstance(tensor, torch.Tensor):
                stored = tensor.untyped_storage().nbytes() // tensor.element_size()
                self.largest = max(self.largest, stored)
                self.work += tensor.numel()
        return result


def watch(function):
    mode = Watch()
    with mode:
        function()
    return mode


class TestPool:
    @pytest.mark.parametrize("dtype", DTYPES, ids=str)
    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("name", DATA)
    def test_it_is_the_table(self, name, kernel, dtype):
        queries, keys, values = case(name, dtype)
        estimates = 0
        for number in WS:
            w = torch.tensor(number, dtype=dtype)
            expected = table(queries, keys, values, w, kernel)
            result = fast_pooling.pool(queries, keys, values, w, kernel)
            assert (result.dtype, result.shape) == (dtype, queries.shape)
            assert torch.equal(result.isnan(), expected.isnan())
            known = ~expected.isnan()
            estimates += int(known.sum())
            error = (result.double() - expected)[known].abs().max() if known.any() else 0
            assert error <= ERROR[dtype] * values.abs().max(), number
        assert estimates >= len(queries)  # at w = 0, if nowhere else
        if kernel is gaussian:
            assert estimates == len(WS) * len(queries)

    @pytest.mark.parametrize("dtype", DTYPES, ids=str)
    @pytest.mark.parametrize("name", ["plain", "a gap", "an outlier"])
    def test_gaussian_averages_stay_among_the_values(self, name, dtype):
        queries, keys, values = case(name, dtype)
        for w in (1e-3, 1.0, 30.0, 1e4):
            result = fast_pooling.pool(queries, keys, torch.full_like(values, 7.5), w, gaussian)
            assert torch.equal(result, torch.full_like(queries, 7.5))

    def test_w_zero_is_average_pooling_for_every_kernel(self):
        queries, keys, values = case("plain")
        for kernel in KERNELS:
            result = fast_pooling.pool(queries, keys, values, 0.0, kernel)
            assert_close(result, values.mean().expand_as(queries), rtol=1e-14, atol=0)

    @pytest.mark.parametrize("w", [1e-300, 1e-30, 1e30, 1e100])
    def test_w_may_be_tiny_or_huge(self, w):
        for name in ("plain", "duplicates", "an outlier"):
            queries, keys, values = case(name)
            expected = table(queries, keys, values, torch.tensor(w, dtype=torch.float64), gaussian)
            result = fast_pooling.pool(queries, keys, values, w, gaussian)
            assert_close(result, expected, rtol=1e-12, atol=1e-12)

    def test_in_a_gap_wider_than_rounding_can_tell_the_nearest_decides(self):
        keys = torch.tensor([0.0, 1e6], dtype=torch.float64).repeat_interleave(50)
        queries = torch.tensor([4e5, 5e5 - 1e-9, 5e5, 5e5 + 1e-9, 6e5], dtype=torch.float64)
        result = fast_pooling.pool(queries, keys, keys / 1e6, 1e4, gaussian)
        assert result.tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]

    @pytest.mark.parametrize("kernel", COMPACT)
    @pytest.mark.parametrize("dtype", DTYPES, ids=str)
    def test_reach_ends_where_rounding_in_the_table_ends_it(self, kernel, dtype):
        """Keys on the edge of reach, and their neighbours among the floats."""
        queries = uniform(200, -3, 3, 1).to(dtype)
        w = torch.tensor(1 / 0.7, dtype=dtype)
        edges = torch.cat([queries + 1 / w, queries - 1 / w])
        up, down = torch.tensor(math.inf, dtype=dtype), torch.tensor(-math.inf, dtype=dtype)
        nudged = torch.cat([edges, edges.nextafter(up), edges.nextafter(down)])
        seen = set()
        for query in queries[:20].split(1):
            for key in nudged[((nudged - query).abs() - 1 / w).abs() < 1e-5].split(1):
                expected = table(query, key, torch.ones_like(key), w, kernel)
                result = fast_pooling.pool(query, key, torch.ones_like(key), w, kernel)
                assert torch.equal(result.isnan(), expected.isnan())
                seen.add(bool(expected.isnan()))
        assert seen == {True, False}

    def test_a_narrow_cluster_and_many_lonely_keys_fit_together(self):
        """Windows for the lonely, boxes without the gaps for the cluster."""
        keys = torch.cat([uniform(600, 0, 0.01), torch.arange(600).double() + 10])
        values = torch.cos(40 * keys)
        queries = torch.cat([keys + 1e-4, keys + 0.3])
        for w in (1e2, 1e3, 1e4):
            result = fast_pooling.pool(queries, keys, values, w, gaussian)
            expected = table(queries, keys, values, torch.tensor(w, dtype=torch.float64), gaussian)
            assert (result - expected).abs().max() < 1e-12

    def test_no_queries_no_predictions(self):
        _, keys, values = case("plain")
        for kernel in KERNELS:
            assert fast_pooling.pool(keys[:0], keys, values, 2.0, kernel).shape == (0,)


class TestGradients:
    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("name", [name for name in DATA if name != "all far from 0"])
    def test_they_are_those_of_the_table(self, name, kernel):
        queries, keys, values = case(name)
        compared = 0
        for number in WS:
            gradients = []
            for way in (fast_pooling.pool, table):
                w = torch.tensor(number, dtype=torch.float64, requires_grad=True)
                y = values.clone().requires_grad_()
                result = way(queries, keys, y, w, kernel)
                if result.isnan().any():
                    break
                (result @ random_weights(len(queries))).backward()
                gradients.append((torch.zeros(()) if w.grad is None else w.grad, y.grad))
            else:
                (in_w, in_values), (expected_in_w, expected_in_values) = gradients
                scale = max(1e-2, float(expected_in_w.abs()))
                assert abs(in_w - expected_in_w) <= 1e-10 * scale, number
                error = (in_values - expected_in_values).abs().max()
                assert error <= 1e-12 * expected_in_values.abs().max(), number
                compared += 1
        assert compared == len(WS) if kernel is gaussian else compared >= 1

    @pytest.mark.parametrize("kernel", KERNELS)
    def test_leave_one_out_has_them_too(self, kernel):
        for name in ("plain", "duplicates", "a gap"):
            _, keys, values = case(name)
            for number in (0.0, 0.5, 2.0, 7.0, 300.0):
                w = torch.tensor([number], dtype=torch.float64, requires_grad=True)
                y = values.clone().requires_grad_()
                others = leave_one_out_pairs(keys), leave_one_out_pairs(y)
                expected = attention_pooling(keys, *others, w=w, kernel=kernel)
                if expected.isnan().any():
                    assert kernel in COMPACT and number == 300.0
                    continue
                weights = random_weights(len(keys))
                (expected @ weights).backward()
                expected_in_w = torch.zeros(1) if w.grad is None else w.grad.clone()
                expected_in_values, y.grad, w.grad = y.grad.clone(), None, None
                result = fast_pooling.leave_one_out(keys, y, w, kernel)
                assert_close(result, expected, rtol=1e-12, atol=1e-12)
                (result @ weights).backward()
                assert w.grad.shape == (1,)
                assert_close(w.grad, expected_in_w.double(), rtol=1e-9, atol=1e-9)
                assert_close(y.grad, expected_in_values, rtol=1e-11, atol=1e-11)

    def test_keys_changed_in_place_are_noticed(self):
        queries, keys, values = case("plain")
        keys = keys.clone()
        w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
        result = fast_pooling.pool(queries, keys, values, w, gaussian).sum()
        keys += 1
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            result.backward()

    def test_a_second_derivative_is_refused_not_wrong(self):
        queries, keys, values = case("plain")
        w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
        result = fast_pooling.pool(queries, keys, values, w, gaussian).sum()
        with pytest.raises(RuntimeError, match="is differentiable once"):
            torch.autograd.grad(result, w, create_graph=True)


class TestLeaveOneOut:
    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("name", [name for name in DATA if name != "one key"])
    def test_it_is_pooling_over_the_others(self, name, kernel):
        _, keys, values = case(name)
        for w in WS:
            others = leave_one_out_pairs(keys), leave_one_out_pairs(values)
            expected = attention_pooling(keys, *others, w=w, kernel=kernel)
            result = fast_pooling.leave_one_out(keys, values, w, kernel)
            assert_close(result, expected, rtol=0, atol=4e-12, equal_nan=True)

    @pytest.mark.parametrize("kernel", KERNELS)
    def test_a_lonely_point_beside_a_crowd_keeps_its_digits(self, kernel):
        """D - K(0) is tiny beside K(0), while the crowd is one for boxes."""
        lonely = 5 + torch.arange(1.0, 12.0, dtype=torch.float64).cumsum(0) / 10
        keys = torch.cat([uniform(600, 0, 5), lonely])
        values = torch.sin(3 * keys) + 2
        others = leave_one_out_pairs(keys), leave_one_out_pairs(values)
        for number in (0.9, 5.0, 9.0, 20.0):
            w = torch.tensor(number, dtype=torch.float64)
            expected = attention_pooling(keys, *others, w=w, kernel=kernel)
            result = fast_pooling.leave_one_out(keys, values, w, kernel)
            assert_close(result, expected, rtol=0, atol=1e-12, equal_nan=True)
            known = ~expected.isnan()
            assert known[-len(lonely) :].all() or (kernel in COMPACT and number > 0.9)
            y = values.clone().requires_grad_()
            weights = random_weights(len(keys)) * known
            if known.all():
                pooled = fast_pooling.leave_one_out(keys, y, w, kernel)
                (in_values,) = torch.autograd.grad(pooled @ weights, y)
                rows = leave_one_out_pairs(y)
                (expected_in_values,) = torch.autograd.grad(
                    attention_pooling(keys, others[0], rows, w=w, kernel=kernel) @ weights, y
                )
                assert_close(in_values, expected_in_values, rtol=1e-11, atol=1e-11)

    def test_losses_of_one_sample_do_not_depend_on_those_before(self):
        """Moments are kept from one w to the next."""
        _, keys, values = case("plain")
        for kernel in KERNELS:
            sample = fast_pooling.LeaveOneOut(keys, values, kernel)
            for w in (3.0, 3.1, 3.1, 3.9, 300.0, 3.1, 0.0, 6.2):
                fresh = fast_pooling.LeaveOneOut(keys, values, kernel).loss(w)
                assert sample.loss(w) == pytest.approx(fresh, rel=1e-14, nan_ok=True)

    def test_a_coarse_loss_is_right_to_three_digits(self):
        _, keys, values = case("plain")
        sample = fast_pooling.LeaveOneOut(keys, values, gaussian)
        for w in (0.1, 1.0, 7.0, 50.0, 300.0, 1e4, 1e6):
            coarse = sample.loss(w, coarse=True)
            assert coarse == pytest.approx(sample.loss(w), rel=1e-3)

    def test_neighbours_go_round_boxes_where_keys_are_few(self):
        """At a w between boxes and nearest neighbours, n being large enough for all three."""
        keys = uniform(3000, 0, 5).sort().values
        values = torch.sin(keys) + uniform(3000, 0, 1, 2)
        ways = []
        for w in (2.0, 1000.0):
            others = leave_one_out_pairs(keys), leave_one_out_pairs(values)
            expected = attention_pooling(keys, *others, w=w)
            assert_close(fast_pooling.leave_one_out(keys, values, w, gaussian), expected)
            problem = fast_pooling._Problem(keys, keys, values, gaussian, left_out=True)
            ways.append(problem._neighbours(w) > 0)
        assert ways == [False, True]


class TestSupport:
    def test_it_says_which_arguments_it_takes(self):
        queries, keys, values = case("plain")
        w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
        for kernel in KERNELS:
            assert fast_pooling.supports(queries, keys, values.clone().requires_grad_(), w, kernel)
        for refused in (
            (queries.clone().requires_grad_(), keys, values, w, gaussian),
            (queries, keys.clone().requires_grad_(), values, w, gaussian),
            (queries, keys.expand(300, -1), values.expand(300, -1), w, gaussian),
            (queries, keys, values, w, lambda u: gaussian(u)),
            (queries.half(), keys.half(), values.half(), 2.0, gaussian),
            (queries.to("meta"), keys.to("meta"), values.to("meta"), 2.0, gaussian),
        ):
            assert not fast_pooling.supports(*refused)
            with pytest.raises(ValueError, match=r"see supports\(\)"):
                fast_pooling.pool(*refused)

    def test_inside_transforms_of_functions_it_steps_aside(self):
        queries, keys, values = case("plain")
        answers = []

        def ask(w):
            answers.append(fast_pooling.supports(queries, keys, values, w, gaussian))
            return w * 2

        torch.func.grad(ask)(torch.tensor(2.0))
        torch.func.vmap(ask)(torch.ones(3))
        torch.jit.trace(ask, torch.tensor(2.0), check_trace=False)
        ask(torch.tensor(2.0))
        assert answers[-1]
        assert len(answers) >= 4
        assert not any(answers[:-1])


class TestCost:
    """Elements of tensors, not seconds: these are the same on every machine."""

    @staticmethod
    def run(n, w, kernel, *, left_out=False):
        keys = uniform(n, 0, 5)
        values = torch.sin(keys).requires_grad_()
        w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
        if left_out:
            result = fast_pooling.leave_one_out(keys, values, w, kernel)
        else:
            result = fast_pooling.pool(uniform(n, 0, 5, 1), keys, values, w, kernel)
        result.sum().backward()

    @pytest.mark.parametrize("left_out", [False, True])
    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize("w", [0.01, 7.0])
    def test_memory_and_work_grow_as_n(self, w, kernel, left_out):
        few, many = (
            watch(lambda n=n: self.run(n, w, kernel, left_out=left_out)) for n in (20_000, 80_000)
        )
        assert few.largest >= 20_000  # it does watch
        assert many.largest <= 40 * 80_000
        assert many.largest <= 4.1 * few.largest
        assert 2 * few.work < many.work < 4.5 * few.work

    @pytest.mark.parametrize("w", [1e3, 1e4, 1e6])
    def test_no_window_makes_a_table(self, w):
        """Many boxes, windows and nearest neighbours: a table would have 400 million elements."""
        for left_out in (False, True):
            seen = watch(lambda left_out=left_out: self.run(20_000, w, gaussian, left_out=left_out))
            assert seen.largest <= 100 * 20_000 + 2 * fast_pooling.CHUNK

    def test_an_outlier_makes_no_boxes_over_the_gap(self):
        keys = torch.cat([uniform(5000, 0, 5), FAR])
        for w in (1.0, 1e4):
            seen = watch(lambda w=w: fast_pooling.pool(keys, keys, torch.sin(keys), w, gaussian))
            assert seen.largest <= 100 * 5000 + 2 * fast_pooling.CHUNK


class TestMethod:
    """attention_pooling chooses, or does as it is told."""

    def test_the_methods_agree(self):
        for kernel in KERNELS:
            for name in ("plain", "a gap", "duplicates"):
                arguments, options = case(name), {"w": 2.0, "kernel": kernel}
                by_table = attention_pooling(*arguments, **options, method="table")
                fast = attention_pooling(*arguments, **options, method="fast")
                assert_close(fast, by_table, rtol=1e-11, atol=1e-11, equal_nan=True)

    @pytest.mark.parametrize(("n", "has_table"), [(400, True), (800, False)])
    def test_auto_makes_no_large_table(self, n, has_table):
        keys = uniform(n, 0, 5)
        most = watch(lambda: attention_pooling(keys, keys, keys, w=7.0)).largest
        assert (most >= n * n) == has_table

    def test_auto_takes_the_table_where_it_has_to(self):
        keys, mask = uniform(800, 0, 5), torch.ones(800, 800).tril().bool()
        expected = attention_pooling(keys, keys, keys, w=7.0, method="table")
        moving = keys.clone().requires_grad_()
        pooled = attention_pooling(moving, moving, keys, w=7.0)
        pooled.sum().backward()
        assert moving.grad is not None
        assert_close(pooled.detach(), expected)
        masked = attention_pooling(keys, keys, keys, w=7.0, mask=mask)
        assert_close(masked[-1], expected[-1])
        assert masked[0] == keys[0]

    @pytest.mark.parametrize(
        "options",
        [
            {"mask": torch.ones(5, 5).bool()},
            {"kernel": lambda u: gaussian(u)},
            {"w": torch.ones(1, device="meta")},
        ],
        ids=["mask", "own kernel", "meta"],
    )
    def test_fast_says_what_it_does_not_take(self, options):
        x = uniform(5, 0, 5).float()
        x = x.to("meta") if isinstance(options.get("w"), torch.Tensor) else x
        with pytest.raises(ValueError, match=r"method='fast' takes .*keys \(5,\) torch\.float32"):
            attention_pooling(x, x, x, method="fast", **options)

    def test_an_unknown_method_is_refused(self):
        with pytest.raises(ValueError, match=r"'auto', 'table' or 'fast'; got 'boxes'"):
            attention_pooling(PLAIN, PLAIN, PLAIN, method="boxes")

    def test_a_table_without_room_names_the_other_way(self, monkeypatch):
        def full(*_):
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

        monkeypatch.setattr("attnbook.pooling.kernel_weights", full)
        with pytest.raises(MemoryError, match=r"queries \(400,\).*Use .* method='fast'"):
            attention_pooling(PLAIN, PLAIN, PLAIN, method="table")
