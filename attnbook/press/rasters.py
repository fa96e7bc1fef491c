"""Pictures inside a drawing, such as heat maps, in as few bytes as they need, pixel for pixel.

Matplotlib writes four bytes a pixel, though a colour map has no more than 256 colours.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode

import numpy as np
from PIL import Image

EMBEDDED = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=\s]+")
PALETTE = 256  # colours that one byte tells apart


def indexed(svg: str) -> str:
    """``svg``, its PNG pictures of few colours with a palette where that makes them smaller."""
    return EMBEDDED.sub(lambda picture: b64encode(smaller(b64decode(picture[0]))).decode(), svg)


def smaller(png: bytes) -> bytes:
    """The same pixels as ``png``; ``png`` itself where they have too many colours or gain nothing.

    Raises
    ------
    PIL.UnidentifiedImageError
        If ``png`` is no picture.
    """
    with Image.open(io.BytesIO(png)) as picture:
        pixels = np.asarray(picture.convert("RGBA"))
    colours, places = np.unique(pixels.reshape(-1, 4), axis=0, return_inverse=True)
    if len(colours) > PALETTE:
        return png
    new = Image.fromarray(places.reshape(pixels.shape[:2]).astype(np.uint8))
    new.putpalette(colours[:, :3].tobytes())  # which makes it a picture with a palette
    opacity = colours[:, 3]
    seen_through = {} if (opacity == 255).all() else {"transparency": opacity.tobytes()}
    out = io.BytesIO()
    new.save(out, "PNG", optimize=True, **seen_through)
    return min(png, out.getvalue(), key=len)
