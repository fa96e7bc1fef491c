"""The toy data set: what it is, and that only the generator decides it."""

import math

import pytest
import torch
from scipy import stats
from torch.testing import assert_close

from attnbook import ToyData, toy_data, truth


def draw(seed=0, *args, **options):
    return toy_data(*args, generator=torch.Generator().manual_seed(seed), **options)


class TestTruth:
    def test_it_is_equation_10_2_1(self):
        x = [0.0, 0.5, 2.0, 4.9]
        expected = [2 * math.sin(value) + value**0.8 for value in x]
        actual = truth(torch.tensor(x, dtype=torch.float64))
        assert actual.tolist() == pytest.approx(expected, rel=1e-14)

    def test_it_keeps_shape_dtype_and_device(self):
        assert truth(torch.ones(2, 3)).shape == (2, 3)
        assert truth(torch.ones(2, dtype=torch.float64)).dtype == torch.float64
        assert truth(torch.empty(2, device="meta")).device.type == "meta"

    def test_its_gradient_agrees_with_finite_differences(self):
        x = torch.tensor([0.4, 3.0], dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(truth, x)

    def test_negative_and_integer_x_are_refused(self):
        with pytest.raises(
            ValueError, match=r"x must not be negative.*smallest x of -1\.0 in shape"
        ):
            truth(torch.tensor([0.0, -1.0]))
        with pytest.raises(TypeError, match=r"x must be floating point; got x \(2,\) torch\.int64"):
            truth(torch.tensor([0, 1]))
        with pytest.raises(TypeError, match=r"x must be a torch\.Tensor .* got x float"):
            truth(1.0)


class TestToyData:
    def test_it_is_the_sources_experiment(self):
        data = draw()
        assert isinstance(data, ToyData)
        assert data.x_train.shape == data.y_train.shape == (50,)
        assert data.x_test.shape == data.y_truth.shape == (50,)
        assert {tensor.dtype for tensor in vars(data).values()} == {torch.float32}
        assert_close(data.x_test, torch.arange(50) / 10)
        assert torch.equal(data.y_truth, truth(data.x_test))
        assert (data.x_train.diff() >= 0).all()
        assert ((data.x_train >= 0) & (data.x_train < 5)).all()

    def test_inputs_are_uniform_and_noise_is_normal(self):
        data = draw(3, 20_000)
        noise = (data.y_train - truth(data.x_train)).double().numpy()
        assert stats.kstest(data.x_train.double().numpy() / 5, "uniform").pvalue > 0.01
        assert stats.kstest(noise / 0.5, "norm").pvalue > 0.01
        assert abs(stats.spearmanr(data.x_train.numpy(), noise).statistic) < 0.03

    def test_the_noise_level_scales_the_same_noise(self):
        one, two, none = (draw(1, noise=noise) for noise in (0.5, 1, 0))
        assert torch.equal(none.y_train, truth(none.x_train))
        assert_close(two.y_train - none.y_train, 2 * (one.y_train - none.y_train))

    def test_only_the_generator_decides(self):
        torch.manual_seed(1)
        first = draw(5)
        torch.manual_seed(2)
        state = torch.get_rng_state()
        again, other = draw(5), draw(6)
        assert torch.equal(torch.get_rng_state(), state)
        assert torch.equal(first.x_train, again.x_train)
        assert torch.equal(first.y_train, again.y_train)
        assert not torch.equal(first.x_train, other.x_train)

    def test_all_inputs_are_drawn_before_all_noise(self):
        generator = torch.Generator().manual_seed(9)
        x = torch.sort(torch.rand(7, generator=generator) * 5).values
        epsilon = torch.normal(0.0, 0.5, (7,), generator=generator)
        data = draw(9, 7)
        assert torch.equal(data.x_train, x)
        assert torch.equal(data.y_train, truth(x) + epsilon)

    def test_it_cannot_be_changed(self):
        with pytest.raises(AttributeError):
            draw().x_train = torch.zeros(50)

    def test_errors_say_what_is_wanted(self):
        with pytest.raises(TypeError, match=r"toy_data\(\): missing .*'generator'"):
            toy_data()
        with pytest.raises(TypeError, match=r"generator must be a torch\.Generator; got int.*seed"):
            toy_data(generator=0)
        with pytest.raises(ValueError, match="n_train must be at least 1; got 0"):
            draw(0, 0)
        with pytest.raises(TypeError, match="n_train must be an integer; got float"):
            draw(0, 50.0)
        with pytest.raises(TypeError, match="n_train must be an integer; got bool"):
            draw(0, True)
        with pytest.raises(ValueError, match=r"noise must be finite and at least 0; got -0\.5"):
            draw(noise=-0.5)
        with pytest.raises(ValueError, match="noise must be finite and at least 0; got nan"):
            draw(noise=math.nan)
        with pytest.raises(TypeError, match="noise must be a number; got str"):
            draw(noise="0.5")
