"""Kernels against SciPy's densities, and against what makes a density."""

import math

import pytest
import torch
from scipy import integrate, stats
from torch.testing import assert_close

import attnbook
from attnbook import boxcar, epanechnikov, gaussian, triangular
from strategies import COMPACT, DTYPES, KERNELS

DENSITIES = {
    gaussian: stats.norm(),
    boxcar: stats.uniform(-1, 2),
    triangular: stats.triang(0.5, loc=-1, scale=2),
    epanechnikov: stats.beta(2, 2, loc=-1, scale=2),
}


def name(kernel):
    return kernel.__name__


@pytest.mark.parametrize("kernel", KERNELS, ids=name)
@pytest.mark.parametrize("dtype", DTYPES)
def test_it_is_scipys_density(kernel, dtype):
    u = torch.linspace(-1.99, 1.99, 200, dtype=dtype)
    expected = torch.tensor(DENSITIES[kernel].pdf(u.double().numpy()), dtype=dtype)
    assert_close(kernel(u), expected)


@pytest.mark.parametrize("kernel", KERNELS, ids=name)
def test_it_integrates_to_one(kernel):
    area, _ = integrate.quad(
        lambda u: kernel(torch.tensor(u, dtype=torch.float64)).item(), -10, 10, points=[-1, 0, 1]
    )
    assert area == pytest.approx(1, abs=1e-8)


def test_epanechnikov_is_the_most_efficient_kernel():
    """Its defining property: the least roughness times spread, R(K)^(4/5) μ₂(K)^(2/5)."""
    u = torch.linspace(-8, 8, 160_001, dtype=torch.float64)

    def cost(kernel):
        density = kernel(u)
        roughness = torch.trapezoid(density**2, u)
        variance = torch.trapezoid(u**2 * density, u)
        return float(roughness**0.8 * variance**0.4)

    costs = {kernel: cost(kernel) for kernel in KERNELS}
    assert min(costs, key=lambda kernel: costs[kernel]) is epanechnikov
    # Efficiencies as printed in Wand & Jones (1995), Kernel smoothing, table 2.1.
    efficiency = {kernel: (costs[epanechnikov] / costs[kernel]) ** 1.25 for kernel in KERNELS}
    assert efficiency[gaussian] == pytest.approx(0.951, abs=1e-3)
    assert efficiency[triangular] == pytest.approx(0.986, abs=1e-3)
    assert efficiency[boxcar] == pytest.approx(0.930, abs=1e-3)


def test_the_boxcar_reaches_to_one_inclusive():
    u = torch.tensor([-1.0, 1.0, math.nextafter(1.0, 2.0)], dtype=torch.float64)
    assert boxcar(u).tolist() == [0.5, 0.5, 0.0]


@pytest.mark.parametrize("kernel", [gaussian, triangular, epanechnikov], ids=name)
def test_gradients_agree_with_finite_differences(kernel):
    # Away from 0 and ±1, where triangular and epanechnikov have kinks.
    u = torch.tensor([-2.5, -0.7, -0.2, 0.3, 0.9, 1.4], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(kernel, u)


@pytest.mark.parametrize("kernel", KERNELS, ids=name)
def test_it_works_on_any_device(kernel):
    result = kernel(torch.empty(3, 2, device="meta", dtype=torch.float64))
    assert (result.device.type, result.dtype, result.shape) == ("meta", torch.float64, (3, 2))


@pytest.mark.parametrize("kernel", KERNELS, ids=name)
def test_nan_is_no_distance_in_or_out_of_reach(kernel):
    assert kernel(torch.tensor([math.nan, 0.0])).isnan().tolist() == [True, False]


@pytest.mark.parametrize("kernel", COMPACT, ids=name)
def test_infinitely_far_is_out_of_reach(kernel):
    assert kernel(torch.tensor([math.inf, -math.inf])).tolist() == [0, 0]


@pytest.mark.parametrize("kernel", KERNELS, ids=name)
def test_what_is_not_a_floating_tensor_is_refused(kernel):
    with pytest.raises(TypeError, match=r"u must be a torch\.Tensor .* got u float\. Use"):
        kernel(1.0)
    with pytest.raises(TypeError, match=r"u must be floating point; got u \(2,\) torch\.int64"):
        kernel(torch.tensor([0, 1]))
    assert kernel.__module__ == "attnbook.kernels"
    assert getattr(attnbook, kernel.__name__) is kernel
