"""Pictures inside a drawing, such as heat maps, in as few bytes as they need, pixel for pixel.

Matplotlib writes four bytes a pixel, though a colour map has no more than 256 colours.

Runs inside the kernel that drew the figure.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

import oxipng

EMBEDDED = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=\s]+")
LEVEL = 4  # of 6: two more take longer and save next to nothing


def packed(svg: str) -> str:
    """``svg``, its PNG pictures with the same pixels in fewer bytes.

    Raises
    ------
    oxipng.PngError
        If one of them is no picture.
    """

    def smaller(picture: re.Match[str]) -> str:
        png = oxipng.optimize_from_memory(b64decode(picture[0]), level=LEVEL)
        return b64encode(png).decode()

    return EMBEDDED.sub(smaller, svg)
