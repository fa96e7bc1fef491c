"""attnbook: attention pooling in a few small modules.

The public names, gathered; each is imported when it is first asked for, so that importing the
package costs nothing and a chapter depends only on what it uses. Figures live in
:mod:`attnbook.plotting`, :mod:`attnbook.cues` and :mod:`attnbook.diagrams`.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cross_validation import leave_one_out_loss, select_w
    from .data import ToyData, toy_data, truth
    from .diagnostics import effective_neighbours, mean_squared_error, roughness
    from .kernels import boxcar, epanechnikov, gaussian, triangular
    from .pooling import NWKernelRegression, attention_pooling, attention_weights, average_pooling
    from .scores import AdditiveScore, distance_score, scaled_dot_product
    from .training import History, leave_one_out_pairs, train

__all__ = [
    "AdditiveScore",
    "History",
    "NWKernelRegression",
    "ToyData",
    "attention_pooling",
    "attention_weights",
    "average_pooling",
    "boxcar",
    "distance_score",
    "effective_neighbours",
    "epanechnikov",
    "gaussian",
    "leave_one_out_loss",
    "leave_one_out_pairs",
    "mean_squared_error",
    "roughness",
    "scaled_dot_product",
    "select_w",
    "toy_data",
    "train",
    "triangular",
    "truth",
]

MODULES = (
    "cross_validation",
    "data",
    "diagnostics",
    "kernels",
    "pooling",
    "scores",
    "training",
)


def __getattr__(name: str) -> object:
    if name == "__version__":
        return version(__name__)
    if name in __all__:
        for module in MODULES:
            home = import_module(f".{module}", __name__)
            if name in home.__all__:
                globals()[name] = getattr(home, name)  # found at once from now on
                return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
