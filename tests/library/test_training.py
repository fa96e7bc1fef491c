"""Training as the source does it, step by step."""

import math
from itertools import pairwise

import pytest
import torch
from torch import nn

from attnbook import (
    History,
    NWKernelRegression,
    leave_one_out_loss,
    leave_one_out_pairs,
    select_w,
    toy_data,
    train,
)


@pytest.fixture
def start():
    """A model and data from one generator, as the chapter draws them."""
    generator = torch.Generator().manual_seed(0)
    data = toy_data(generator=generator)
    return NWKernelRegression(generator=generator), data.x_train, data.y_train


class OfTheChapter(nn.Module):
    """The model as section 10.2.4.2 writes it."""

    def __init__(self, generator):
        super().__init__()
        self.w = nn.Parameter(torch.rand(1, generator=generator))

    def forward(self, queries, keys, values):
        distances = queries.unsqueeze(1) - keys
        weights = torch.softmax(-((distances * self.w) ** 2) / 2, dim=1)
        return torch.bmm(weights.unsqueeze(1), values.unsqueeze(-1)).reshape(-1)


class TestLeaveOneOutPairs:
    def test_it_is_the_sources_mask(self):
        x = torch.rand(50, generator=torch.Generator().manual_seed(0))
        mask = (1 - torch.eye(50)).type(torch.bool)
        assert torch.equal(leave_one_out_pairs(x), x.repeat((50, 1))[mask].reshape((50, -1)))

    def test_gradients_flow_to_every_element(self):
        x = torch.ones(4, requires_grad=True)
        leave_one_out_pairs(x).sum().backward()
        assert x.grad is not None
        assert x.grad.tolist() == [3.0, 3.0, 3.0, 3.0]

    def test_dtype_and_device_stay(self):
        pairs = leave_one_out_pairs(torch.empty(4, dtype=torch.float64, device="meta"))
        assert (pairs.shape, pairs.dtype, pairs.device.type) == ((4, 3), torch.float64, "meta")

    def test_errors_say_what_is_wanted(self):
        with pytest.raises(ValueError, match=r"x must have 2 or more elements; got x \(1,\)"):
            leave_one_out_pairs(torch.ones(1))
        with pytest.raises(ValueError, match=r"x must have one dimension; got x \(2, 2\)"):
            leave_one_out_pairs(torch.ones(2, 2))
        with pytest.raises(TypeError, match=r"x must be floating point; got x \(3,\) torch\.int64"):
            leave_one_out_pairs(torch.arange(3))
        with pytest.raises(ValueError, match="x must be finite; got 1 NaN"):
            leave_one_out_pairs(torch.tensor([1.0, math.nan]))


class TestTrain:
    def test_it_is_the_sources_loop(self, start):
        net, x, y = start
        w = net.w.detach().clone().requires_grad_()
        keys, values = leave_one_out_pairs(x), leave_one_out_pairs(y)
        losses, several = [], []
        for _ in range(5):
            weights = nn.functional.softmax(-(((x[:, None] - keys) * w) ** 2) / 2, dim=1)
            prediction = torch.bmm(weights.unsqueeze(1), values.unsqueeze(-1)).reshape(-1)
            loss = nn.MSELoss(reduction="none")(prediction, y).sum()
            losses.append(loss.item())
            several.append(w.item())
            (gradient,) = torch.autograd.grad(loss, w)
            w = (w - 0.5 * gradient).detach().requires_grad_()
        history = train(net, x, y)
        assert history.loss[:5] == pytest.approx(losses, rel=1e-4)
        assert history.w == pytest.approx([*several, w.item()], rel=1e-4)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_the_history_is_the_leave_one_out_loss_at_each_w(self, start, dtype):
        net, x, y = start
        net, x, y = net.to(dtype), x.to(dtype), y.to(dtype)
        history = train(net, x, y, epochs=3, learning_rate=0.1)
        assert isinstance(history, History)
        assert len(history.loss) == len(history.w) == 4
        several = torch.tensor(history.w, dtype=dtype)
        assert history.loss == pytest.approx(leave_one_out_loss(x, y, several).tolist(), rel=1e-5)

    def test_every_step_is_the_gradient_of_the_loss_before_it(self, start):
        net, x, y = start
        history = train(net.double(), x.double(), y.double(), learning_rate=0.02)
        for before, after in pairwise(history.w):
            w = torch.tensor(before, dtype=torch.float64, requires_grad=True)
            leave_one_out_loss(x.double(), y.double(), w).backward()
            assert w.grad is not None
            assert after == pytest.approx(before - 0.02 * w.grad.item(), rel=1e-9)

    def test_the_model_ends_where_the_history_ends(self, start):
        net, x, y = start
        history = train(net, x, y, epochs=2)
        assert net.w.item() == history.w[-1]
        assert net.attention_weights.shape == (50, 49)

    def test_it_continues_where_it_stopped(self, start):
        net, x, y = start
        state = {name: tensor.clone() for name, tensor in net.state_dict().items()}
        whole = train(net, x, y, epochs=5)
        net.load_state_dict(state)
        first, second = train(net, x, y, epochs=2), train(net, x, y, epochs=3)
        assert first.w + second.w[1:] == whole.w
        assert first.loss + second.loss[1:] == whole.loss

    def test_no_epochs_only_measure(self, start):
        net, x, y = start
        before = net.w.item()
        assert train(net, x, y, epochs=0).w == (before,)
        assert net.w.item() == before

    def test_small_steps_descend(self, start):
        net, x, y = start
        losses = train(net, x, y, epochs=20, learning_rate=0.002).loss
        assert all(after < before for before, after in pairwise(losses))

    def test_attending_to_oneself_would_send_w_up_and_the_loss_to_zero(self, start):
        """Why training leaves everybody out of their own keys."""
        net, x, y = start
        optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
        losses, several = [], []
        for _ in range(300):
            optimizer.zero_grad()
            loss = ((net(x, x, y) - y) ** 2).sum()
            loss.backward()
            losses.append(loss.item())
            several.append(net.w.item())
            optimizer.step()
        assert all(after > before for before, after in pairwise(several))
        assert losses[-1] < losses[0] / 10
        net.load_state_dict({"w": torch.tensor([1e6])})
        assert torch.equal(net(x, x, y), y)
        assert leave_one_out_loss(x, y, several[-1]) > leave_one_out_loss(x, y, select_w(x, y))


class TestErrors:
    def test_what_is_not_the_model(self, start):
        _, x, y = start
        with pytest.raises(TypeError, match=r"net must be a torch.* parameter w.*got torch\.nn"):
            train(nn.Linear(1, 1), x, y)

    def test_the_model_of_the_chapter_trains_alike(self):
        histories = []
        for model in (OfTheChapter, NWKernelRegression):
            generator = torch.Generator().manual_seed(3)
            data = toy_data(generator=generator)
            histories.append(train(model(generator), data.x_train, data.y_train))
        assert histories[0].w == pytest.approx(histories[1].w, rel=1e-3)

    def test_lengths_that_differ(self, start):
        net, x, y = start
        with pytest.raises(ValueError, match=r"same shape.*x_train \(50,\), y_train \(49,\)"):
            train(net, x, y[1:])

    def test_dtypes_that_differ(self, start):
        net, x, y = start
        with pytest.raises(TypeError, match=r"one dtype; got .*net\.w \(1,\) torch\.float32"):
            train(net, x.double(), y.double())

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"epochs": -1}, ValueError, "epochs must be at least 0; got -1"),
            ({"epochs": 1.5}, TypeError, "epochs must be an integer; got float"),
            ({"learning_rate": -0.5}, ValueError, "learning_rate must be finite and at least 0"),
            ({"learning_rate": math.inf}, ValueError, "at least 0; got inf"),
            ({"learning_rate": "0.5"}, TypeError, "learning_rate must be a number; got str"),
        ],
    )
    def test_options_that_make_no_sense(self, start, options, error, message):
        with pytest.raises(error, match=message) as caught:
            train(*start, **options)
        assert type(caught.value) is error

    def test_a_w_that_runs_away_stops_training(self, start):
        net, x, y = start
        with pytest.raises(ValueError, match="w must be finite; got 1 NaN or infinite"):
            train(net, x, y, epochs=20, learning_rate=1e38)
