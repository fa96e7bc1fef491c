"""Training of the parametric model as in section 10.2.4.3: stochastic gradient descent on w."""

from dataclasses import dataclass

import torch
from torch import nn

from . import checks
from .shapes import Float, Tensor

__all__ = ["History", "leave_one_out_pairs", "train"]


def _at_least_two(x: object) -> None:
    checks.vectors(least=2, x=x)


@checks.checked(_at_least_two)
def leave_one_out_pairs(x: Float[Tensor, " n"]) -> Float[Tensor, "n n-1"]:
    """Give every training point all the others: row i is ``x`` without its element i.

    Parameters
    ----------
    x
        Keys or values of the training points, (n,), at least two.

    Returns
    -------
    Tensor
        (n, n - 1), in the order of ``x``.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is not a finite floating-point vector of two or more elements.

    Examples
    --------
    >>> import torch
    >>> leave_one_out_pairs(torch.tensor([1.0, 2.0, 3.0]))
    tensor([[2., 3.],
            [1., 3.],
            [1., 2.]])
    """
    row = torch.arange(len(x), device=x.device).unsqueeze(-1)
    column = torch.arange(len(x) - 1, device=x.device)
    return x[column + (column >= row)]  # (n, n - 1): from the diagonal on, one place further


@dataclass(frozen=True)
class History:
    """What training did; both tuples have one element more than there were epochs.

    Attributes
    ----------
    loss
        Summed squared error. ``loss[k]`` is taken before step k + 1, which is what the source
        prints for epoch k + 1; ``loss[-1]`` is the loss that training reached.
    w
        The w at which each loss was taken.
    """

    loss: tuple[float, ...]
    w: tuple[float, ...]


def _train(
    net: object,
    x_train: object,
    y_train: object,
    epochs: object = 5,
    learning_rate: object = 0.5,
) -> None:
    if not isinstance(net, nn.Module) or not isinstance(getattr(net, "w", None), nn.Parameter):
        raise TypeError(
            f"net must be a torch.nn.Module with a parameter w, called with queries, keys and"
            f" values; got {checks.describe(net)}. Use attnbook.NWKernelRegression()."
        )
    checks.vectors(least=2, x_train=x_train, y_train=y_train)
    checks.floating(**{"net.w": net.w}, x_train=x_train, y_train=y_train)
    checks.count("epochs", epochs, least=0)
    checks.number("learning_rate", learning_rate, least=0)


@checks.checked(_train)
def train(
    net: nn.Module,
    x_train: Float[Tensor, " n"],
    y_train: Float[Tensor, " n"],
    *,
    epochs: int = 5,
    learning_rate: float | int = 0.5,
) -> History:
    """Fit ``net.w`` as the source does: squared loss, summed, plain SGD, everybody but oneself.

    Parameters
    ----------
    net
        The model: an :class:`attnbook.NWKernelRegression`, or any module with a parameter ``w`` of
        one element that predicts from (queries, keys, values), such as the one that section
        10.2.4.2 writes. Its parameters are changed in place.
    x_train, y_train
        (n,), at least two points.
    epochs
        Number of steps; each uses all points.
    learning_rate
        Step length per unit of gradient.

    Returns
    -------
    History
        Loss and w before every step, and after the last.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, or shapes, dtypes or devices differ.

    Examples
    --------
    >>> import torch
    >>> from attnbook import NWKernelRegression, toy_data
    >>> generator = torch.Generator().manual_seed(0)
    >>> data = toy_data(generator=generator)
    >>> net = NWKernelRegression(generator=generator)
    >>> history = train(net, data.x_train, data.y_train)
    >>> len(history.loss), history.w[-1] == net.w.item()
    (6, True)
    """
    keys, values = leave_one_out_pairs(x_train), leave_one_out_pairs(y_train)
    squared_error = nn.MSELoss(reduction="none")
    optimizer, w = torch.optim.SGD(net.parameters(), lr=learning_rate), net.get_parameter("w")
    losses, visited = [], []
    for epoch in range(epochs + 1):
        optimizer.zero_grad()
        loss = squared_error(net(x_train, keys, values), y_train).sum()
        losses.append(loss.item())
        visited.append(w.item())
        if epoch < epochs:
            loss.backward()
            optimizer.step()
    return History(tuple(losses), tuple(visited))
