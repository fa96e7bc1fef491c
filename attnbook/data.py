"""The toy data set of section 10.2.1."""

from dataclasses import dataclass

import torch

from . import checks
from .shapes import Float, Tensor

__all__ = ["ToyData", "toy_data", "truth"]


def _nonnegative(x: object) -> None:
    x = checks.floating(x=x)["x"]
    if checks.number_in((x < 0).any()):
        raise ValueError(
            f"x must not be negative, since x^0.8 has no real value there; got a smallest x of"
            f" {float(x.min())} in shape {checks.describe(x)}."
        )


@checks.checked(_nonnegative)
def truth(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""Give the curve behind the data, equation (10.2.1) without its noise.

    :math:`f(x) = 2 \sin x + x^{0.8}` for :math:`x \ge 0`, of any shape.

    Examples
    --------
    >>> import torch
    >>> truth(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 2.6829])
    """
    return 2 * torch.sin(x) + x**0.8


@dataclass(frozen=True)
class ToyData:
    """Noisy training points and the inputs to predict at.

    Attributes
    ----------
    x_train, y_train
        (n_train,), sorted by x; y is the truth plus noise.
    x_test, y_truth
        (50,), the inputs 0, 0.1, …, 4.9 and the truth there, without noise.
    """

    x_train: Float[Tensor, " train"]
    y_train: Float[Tensor, " train"]
    x_test: Float[Tensor, " test"]
    y_truth: Float[Tensor, " test"]


def _toy_data(
    n_train: object = 50, noise: object = 0.5, generator: object = None, **_: object
) -> None:
    checks.count("n_train", n_train, least=1)
    checks.number("noise", noise, least=0)
    checks.source_of_randomness(generator)


@checks.checked(_toy_data)
def toy_data(n_train: int = 50, *, noise: float | int = 0.5, generator: torch.Generator) -> ToyData:
    r"""Draw the data of equation (10.2.1): :math:`y_i = 2 \sin x_i + x_i^{0.8} + \epsilon`.

    Parameters
    ----------
    n_train
        Number of training points; their x is uniform on [0, 5).
    noise
        Standard deviation of the Gaussian noise, in units of y.
    generator
        Where the randomness comes from: first all x, then all noise.

    Returns
    -------
    ToyData
        Tensors of torch's default dtype, on the generator's device.

    Raises
    ------
    TypeError, ValueError
        If there is no generator, no training point, or noise below 0.

    Examples
    --------
    >>> import torch
    >>> data = toy_data(generator=torch.Generator().manual_seed(0))
    >>> data.x_train.shape, data.x_test.shape
    (torch.Size([50]), torch.Size([50]))
    """
    device = generator.device
    x_train = torch.sort(torch.rand(n_train, generator=generator, device=device) * 5).values
    epsilon = torch.normal(0.0, float(noise), (n_train,), generator=generator, device=device)
    x_test = torch.arange(0, 5, 0.1, device=device)
    return ToyData(x_train, truth(x_train) + epsilon, x_test, truth(x_test))
