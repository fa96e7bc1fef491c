"""Shapes in signatures: ``Float[Tensor, "queries keys"]``.

jaxtyping turns such an annotation into a check, which the tests switch on. Readers need neither
jaxtyping nor beartype: without them the annotation means plain ``Tensor`` and says the shape to
the human eye only.
"""

from typing import TYPE_CHECKING

from torch import Tensor

__all__ = ["Float", "InverseBandwidth", "Tensor"]

if TYPE_CHECKING:
    from jaxtyping import Float
else:
    try:
        from jaxtyping import Float
    except ImportError:

        class Float:
            """Stand-in for jaxtyping's ``Float``: ``Float[Tensor, "keys"]`` is ``Tensor``."""

            def __class_getitem__(cls, item):
                return item[0]


InverseBandwidth = float | int | Float[Tensor, ""] | Float[Tensor, "1"]
"""w = 1/h: a number, or a tensor with one element through which gradients flow."""
