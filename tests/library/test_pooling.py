"""Attention pooling against direct sums, statsmodels and the source's own use of it."""

import math
import re

import pytest
import torch
from statsmodels.nonparametric.kernel_regression import KernelReg
from torch import nn
from torch.testing import assert_close

from attnbook import (
    NWKernelRegression,
    attention_pooling,
    attention_weights,
    average_pooling,
    boxcar,
    epanechnikov,
    gaussian,
    leave_one_out_pairs,
    toy_data,
    triangular,
)
from strategies import COMPACT, DTYPES, KERNELS, TOLERANCE

X = torch.linspace(0, 5, 7)  # (queries,)
KEYS = torch.tensor([0.3, 1.1, 1.2, 2.9, 4.0])
VALUES = torch.tensor([1.0, -2.0, 0.5, 3.0, 2.0])


def by_hand(queries, keys, values, w, kernel):
    """Equation (10.2.3) in plain Python floats, that is in float64."""
    density = {
        gaussian: lambda u: math.exp(-u * u / 2) / math.sqrt(2 * math.pi),
        boxcar: lambda u: 0.5 * (abs(u) <= 1),
        triangular: lambda u: max(0.0, 1 - abs(u)),
        epanechnikov: lambda u: max(0.0, 0.75 * (1 - u * u)),
    }[kernel]
    predictions = []
    for x in queries:
        k = [density((x - key) * w) for key in keys]
        total = math.fsum(k)
        numerator = math.fsum(a * y for a, y in zip(k, values, strict=True))
        predictions.append(numerator / total if total else math.nan)
    return torch.tensor(predictions, dtype=torch.float64)


def sample(seed, n=50):
    data = toy_data(n, generator=torch.Generator().manual_seed(seed))
    return data.x_test.double(), data.x_train.double(), data.y_train.double()


class TestAgainstOracles:
    @pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
    @pytest.mark.parametrize("w", [0.0, 0.4, -1.0, 3.7, 25.0])
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_it_is_the_weighted_sum_of_the_definition(self, kernel, w, dtype):
        queries, keys, values = (tensor.to(dtype) for tensor in sample(1))
        expected = by_hand(queries.tolist(), keys.tolist(), values.tolist(), w, kernel)
        actual = attention_pooling(queries, keys, values, w=w, kernel=kernel)
        assert actual.dtype == dtype
        assert_close(actual.double(), expected, **TOLERANCE[dtype], equal_nan=True)

    @pytest.mark.parametrize("w", [0.5, 1.0, 4.0, 13.0])
    @pytest.mark.parametrize("seed", range(3))
    def test_it_is_statsmodels_local_constant_estimator(self, w, seed):
        queries, keys, values = sample(seed)
        model = KernelReg(values.numpy(), keys.numpy(), "c", reg_type="lc", bw=[1 / w], rng=0)
        expected, _ = model.fit(queries.numpy())
        assert_close(
            attention_pooling(queries, keys, values, w=w),
            torch.from_numpy(expected),
            rtol=1e-9,
            atol=1e-9,
        )

    def test_it_is_the_softmax_of_equation_10_2_7(self):
        queries, keys, values = sample(2)
        weights = nn.functional.softmax(-(((queries[:, None] - keys) * 3.0) ** 2) / 2, dim=1)
        assert_close(attention_weights(queries, keys, w=3.0), weights)
        assert_close(attention_pooling(queries, keys, values, w=3.0), weights @ values)

    def test_average_pooling_is_the_mean_everywhere(self):
        assert average_pooling(X, VALUES).tolist() == pytest.approx([VALUES.mean().item()] * 7)
        rows = torch.arange(14.0).reshape(7, 2)
        assert average_pooling(X, rows).tolist() == [0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5]

    def test_average_pooling_gives_memory_of_its_own(self):
        prediction = average_pooling(X, VALUES)
        prediction[0] = 9.0
        assert prediction[1] != 9.0


class TestFarAndNear:
    def test_far_from_all_keys_the_weights_keep_their_digits(self):
        queries, keys = torch.tensor([3000.5, -3000.5]), torch.arange(4.0) / 2048
        difference = queries[:, None] - keys  # exact in float32; its square is not
        expected = torch.softmax(-(difference.double() ** 2) / 2, dim=1)
        naive = torch.softmax(-(difference**2) / 2, dim=1)
        assert_close(attention_weights(queries, keys).double(), expected, rtol=1e-5, atol=0)
        assert (naive - expected).abs().max() > 1e-3
        assert (gaussian(difference) == 0).all()  # a quotient of kernels would be 0/0

    @pytest.mark.parametrize("w", [1e6, 1e19, 1e30])
    def test_a_very_large_w_gives_the_nearest_neighbour_and_no_nan(self, w):
        expected = VALUES[(X[:, None] - KEYS).abs().argmin(dim=1)]
        assert torch.equal(attention_pooling(X, KEYS, VALUES, w=w), expected)

    @pytest.mark.parametrize("kernel", COMPACT, ids=lambda kernel: kernel.__name__)
    def test_a_query_out_of_reach_gives_nan_and_leaves_the_others_alone(self, kernel):
        queries = torch.tensor([1.0, 50.0, 2.5])
        weights = attention_weights(queries, KEYS, kernel=kernel)
        prediction = attention_pooling(queries, KEYS, VALUES, kernel=kernel)
        assert weights[1].isnan().all()
        assert prediction.isnan().tolist() == [False, True, False]
        assert_close(weights[[0, 2]].sum(dim=1), torch.ones(2))

    def test_no_queries_give_no_predictions(self):
        assert attention_pooling(torch.empty(0), KEYS, VALUES).shape == (0,)
        assert attention_weights(torch.empty(0), KEYS).shape == (0, 5)


class TestGradients:
    @pytest.mark.parametrize("layout", ["shared", "rows"])
    def test_of_queries_keys_values_and_width(self, layout):
        generator = torch.Generator().manual_seed(0)
        shape = (4,) if layout == "shared" else (3, 4)

        def draw(*size):
            drawn = torch.rand(size, generator=generator, dtype=torch.float64) * 3
            return drawn.requires_grad_()

        inputs = draw(3), draw(*shape), draw(*shape), draw(1)

        def pool(queries, keys, values, w):
            return attention_pooling(queries, keys, values, w=w)

        assert torch.autograd.gradcheck(pool, inputs)
        assert torch.autograd.gradgradcheck(pool, inputs)

    def test_at_a_key_and_at_width_zero(self):
        queries = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
        keys = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64, requires_grad=True)
        values = torch.tensor([1.0, -1.0, 2.0], dtype=torch.float64)
        for w in (0.0, 1.5):
            w = torch.tensor(w, dtype=torch.float64, requires_grad=True)
            inputs = queries, keys, w
            pool = lambda q, k, w: attention_pooling(q, k, values, w=w)  # noqa: E731
            assert torch.autograd.gradcheck(pool, inputs)
            assert torch.autograd.gradgradcheck(pool, inputs)

    @pytest.mark.parametrize("kernel", [triangular, epanechnikov], ids=["triangular", "epan."])
    def test_through_a_compact_kernel(self, kernel):
        inputs = [tensor.double().requires_grad_() for tensor in (X, KEYS, VALUES)]
        w = torch.tensor([0.61], dtype=torch.float64, requires_grad=True)
        pool = lambda q, k, v, w: attention_pooling(q, k, v, w=w, kernel=kernel)  # noqa: E731
        assert torch.autograd.gradcheck(pool, (*inputs, w))

    def test_w_gets_none_through_a_boxcar(self):
        w = torch.tensor(0.5, requires_grad=True)
        weights = attention_weights(X, KEYS, w=w, kernel=boxcar)
        assert not weights.requires_grad


class TestModel:
    def test_it_works_as_the_source_uses_it(self):
        data = toy_data(generator=torch.Generator().manual_seed(0))
        x_train, y_train, n_train = data.x_train, data.y_train, 50
        x_tile, y_tile = x_train.repeat((n_train, 1)), y_train.repeat((n_train, 1))
        mask = (1 - torch.eye(n_train)).type(torch.bool)
        keys, values = x_tile[mask].reshape(n_train, -1), y_tile[mask].reshape(n_train, -1)

        net = NWKernelRegression()
        loss = nn.MSELoss(reduction="none")
        trainer = torch.optim.SGD(net.parameters(), lr=0.5)
        before = net.w.item()
        for _ in range(5):
            trainer.zero_grad()
            loss(net(x_train, keys, values), y_train).sum().backward()
            trainer.step()
        assert net.w.item() != before
        assert net.attention_weights.shape == (50, 49)

        keys, values = x_train.repeat((50, 1)), y_train.repeat((50, 1))
        prediction = net(data.x_test, keys, values).unsqueeze(1).detach()
        assert prediction.shape == (50, 1)
        assert net.attention_weights.unsqueeze(0).unsqueeze(0).shape == (1, 1, 50, 50)
        expected = attention_pooling(data.x_test, x_train, y_train, w=net.w.item())
        assert_close(prediction.squeeze(1), expected)

    def test_its_one_parameter_starts_in_the_unit_interval(self):
        starts = [NWKernelRegression().w.item() for _ in range(50)]
        assert all(0 <= w < 1 for w in starts)
        assert max(starts) - min(starts) > 0.5
        net = NWKernelRegression()
        assert [(name, p.shape) for name, p in net.named_parameters()] == [("w", (1,))]

    def test_the_generator_decides_the_start(self):
        def start(seed):
            return NWKernelRegression(generator=torch.Generator().manual_seed(seed)).w.item()

        expected = torch.rand(1, generator=torch.Generator().manual_seed(7)).item()
        assert start(7) == start(7) == expected != start(8)
        state = torch.get_rng_state()
        start(7)
        assert torch.equal(torch.get_rng_state(), state)

    def test_weights_are_kept_detached(self):
        net = NWKernelRegression()
        assert net.attention_weights.shape == (0, 0)
        prediction = net(X, KEYS, VALUES)
        assert prediction.requires_grad
        assert not net.attention_weights.requires_grad
        assert_close(net.attention_weights, attention_weights(X, KEYS, w=net.w.item()))

    def test_its_gradient_agrees_with_finite_differences(self):
        net = NWKernelRegression(generator=torch.Generator().manual_seed(1)).double()
        keys, values = leave_one_out_pairs(KEYS.double()), leave_one_out_pairs(VALUES.double())
        run = lambda w: torch.func.functional_call(  # noqa: E731
            net, {"w": w}, (KEYS.double(), keys, values)
        )
        assert torch.autograd.gradcheck(run, net.w)

    def test_its_state_can_be_saved_and_loaded(self):
        net, other = NWKernelRegression(), NWKernelRegression()
        net(X, KEYS, VALUES)
        other.load_state_dict(net.state_dict())
        assert_close(other(X, KEYS, VALUES), net(X, KEYS, VALUES))

    def test_data_of_another_dtype_than_the_parameter_are_refused(self):
        with pytest.raises(
            TypeError,
            match=r"must have one dtype; got .*torch\.float64, w \(1,\) torch\.float32",
        ):
            NWKernelRegression()(X.double(), KEYS.double(), VALUES.double())

    def test_a_generator_must_be_one(self):
        with pytest.raises(TypeError, match=r"generator must be a torch\.Generator; got int"):
            NWKernelRegression(generator=0)


class TestDevices:
    """The meta device has shapes but no numbers: nothing may look at them or leave it."""

    @pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
    def test_everything_stays_on_the_device(self, kernel):
        queries, keys = torch.empty(3, device="meta"), torch.empty(3, 4, device="meta")
        w = torch.empty(1, device="meta")
        for result in (
            average_pooling(queries, keys),
            attention_weights(queries, keys, w=w, kernel=kernel),
            attention_pooling(queries, keys, keys, w=w, kernel=kernel),
            attention_pooling(queries, keys[0], keys[0], w=2, kernel=kernel),
            NWKernelRegression().to("meta")(queries, keys, keys),
        ):
            assert result.device.type == "meta"
            assert result.shape[0] == 3

    def test_two_devices_are_refused(self):
        with pytest.raises(ValueError, match=r"one device; got queries \(7,\) cpu, keys .* meta"):
            attention_weights(X, KEYS.to("meta"))


BAD = math.nan
INTEGERS = torch.arange(5)
ERRORS = [  # queries, keys, values, error, message
    (X, KEYS.tolist(), VALUES, TypeError, "keys must be a torch.Tensor of floating-point"),
    (X, KEYS.tolist(), VALUES, TypeError, "got queries (7,), keys list, values (5,). Use"),
    (X.numpy(), KEYS, VALUES, TypeError, "got queries numpy.ndarray, keys (5,), values (5,)"),
    (None, KEYS, VALUES, TypeError, "queries must be a torch.Tensor"),
    (X, None, VALUES, TypeError, "got queries (7,), keys NoneType, values (5,)"),
    (X, INTEGERS, VALUES, TypeError, "keys must be floating point; got queries (7,) torch.fl"),
    (X, INTEGERS, VALUES, TypeError, "keys (5,) torch.int64, values (5,) torch.float32. Use"),
    (X, KEYS, VALUES > 0, TypeError, "values must be floating point"),
    (X, KEYS, VALUES * 1j, TypeError, "values (5,) torch.complex64"),
    (X, KEYS, VALUES.double(), TypeError, "queries and keys and values must have one dtype"),
    (X, KEYS, VALUES.double(), TypeError, "keys (5,) torch.float32, values (5,) torch.float64"),
    (X[:, None], KEYS, VALUES, ValueError, "queries must be (n_queries,); got queries (7, 1)"),
    (X[0], KEYS, VALUES, ValueError, "got queries (), keys (5,), values (5,). Use queries.resh"),
    (X, KEYS[0], VALUES[0], ValueError, "keys must be (n_keys,), shared by all queries, or"),
    (X, KEYS[None, None], VALUES, ValueError, "got queries (7,), keys (1, 1, 5), values (5,)"),
    (X, KEYS, VALUES[1:], ValueError, "keys and values must have the same shape"),
    (X, KEYS, VALUES[1:], ValueError, "got queries (7,), keys (5,), values (4,). Pass one"),
    (X, KEYS, VALUES.expand(7, 5), ValueError, "keys (5,), values (7, 5). Pass one value"),
    (X, KEYS.expand(6, 5), VALUES.expand(6, 5), ValueError, "a row for each of the 7 queries"),
    (X, KEYS.expand(6, 5), VALUES.expand(6, 5), ValueError, "keys (6, 5), values (6, 5). Pass"),
    (X, KEYS[:0], VALUES[:0], ValueError, "keys must not be empty, there is nothing to attend"),
    (X, KEYS[:0], VALUES[:0], ValueError, "got queries (7,), keys (0,), values (0,). Pass at"),
    (X * BAD, KEYS, VALUES, ValueError, "queries must be finite; got 7 NaN or infinite among"),
    (X, KEYS / 0, VALUES, ValueError, "in queries (7,), keys (5,), values (5,). Remove or"),
    (X, KEYS, VALUES * BAD, ValueError, "values must be finite; got 5 NaN or infinite among"),
]
OPTIONS = [  # options, error, message
    ({"w": "1"}, TypeError, "w must be a number or a tensor with one"),
    ({"w": None}, TypeError, "got w NoneType"),
    ({"w": KEYS}, ValueError, "of shape () or (1,); got w (5,), queries"),
    ({"w": KEYS[:1] / 0}, ValueError, "w must be finite; got 1 NaN or"),
    ({"w": torch.tensor(2)}, TypeError, "w must be floating point; got"),
    ({"w": KEYS[0].double()}, TypeError, "w () torch.float64. Use .to(d"),
    ({"kernel": "gaussian"}, TypeError, "kernel must be a function from a tensor"),
    ({"kernel": torch.sum}, ValueError, "for each distance, (7, 5); got (). Use"),
    ({"kernel": lambda u: 1.0}, TypeError, "kernel must return a tensor; got flo"),
    ({"w": BAD}, ValueError, "w must be a finite number; got nan, queries"),
    ({"w": math.inf}, ValueError, "finite number; got inf, queries (7,), keys"),
    ({"w": True}, TypeError, "got w bool, queries (7,), keys (5,), values"),
]


@pytest.mark.parametrize(("queries", "keys", "values", "error", "message"), ERRORS)
class TestErrors:
    """Every error says what was asked, what came, shapes included, and what to do."""

    def test_of_attention_pooling(self, queries, keys, values, error, message):
        with pytest.raises(error, match=re.escape(message)) as caught:
            attention_pooling(queries, keys, values)
        assert type(caught.value) is error  # ours, and not the annotation checker's subclass

    def test_of_the_model(self, queries, keys, values, error, message):
        with pytest.raises(error, match=re.escape(message)) as caught:
            NWKernelRegression()(queries, keys, values)
        assert type(caught.value) is error


@pytest.mark.parametrize(("options", "error", "message"), OPTIONS)
def test_errors_of_width_and_kernel(options, error, message):
    with pytest.raises(error, match=re.escape(message)) as caught:
        attention_pooling(X, KEYS, VALUES, **options)
    assert type(caught.value) is error


def test_average_pooling_and_attention_weights_check_what_they_take():
    with pytest.raises(
        ValueError, match=r"values must not be empty.*queries \(7,\), values \(0,\)"
    ):
        average_pooling(X, VALUES[:0])
    with pytest.raises(TypeError, match=r"one dtype; got queries \(7,\) torch\.float32, values"):
        average_pooling(X, VALUES.double())
    with pytest.raises(ValueError, match=r"queries must be .*queries \(7, 1\), keys \(5,\)"):
        attention_weights(X[:, None], KEYS)


def test_a_forgotten_argument_is_named_with_the_function():
    with pytest.raises(TypeError, match=r"attention_pooling\(\): missing .*'values'"):
        attention_pooling(X, KEYS)
    with pytest.raises(TypeError, match=r"attention_pooling\(\): got an unexpected .*'bandwidth'"):
        attention_pooling(X, KEYS, VALUES, bandwidth=1.0)
