"""Pictures inside a drawing: fewer bytes, the same pixels."""

import io
from base64 import b64decode, b64encode

import matplotlib as mpl
import numpy as np
import oxipng
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from attnbook.press.figures import svg_pictures

BEFORE = (
    "<svg><style>src:url(data:font/woff2;base64,AAAA)</style>"
    '<image xlink:href="data:image/png;base64,'
)
AFTER = '" id="a"/><text>base64,BBBB</text></svg>'


def png(pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def packed(data: bytes) -> bytes:
    """``data`` as it is after it was a picture of a drawing that was packed."""
    lines = b64encode(data).decode()
    lines = "\n".join(lines[start : start + 76] for start in range(0, len(lines), 76))
    done = svg_pictures.packed(f"{BEFORE}\n{lines}{AFTER}")
    # What is no picture stays as it is.
    assert done.startswith(BEFORE) and done.endswith(AFTER)
    return b64decode(done.removeprefix(BEFORE).removesuffix(AFTER))


def pixels(data: bytes):
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGBA"))


shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=12).map(lambda shape: (*shape, 4))


@given(arrays.arrays(np.uint8, shapes, elements=st.integers(0, 255)))
def test_every_pixel_stays_even_those_seen_through(picture):
    before = png(picture)
    after = packed(before)
    assert np.array_equal(pixels(after), picture)
    assert len(after) <= len(before)


@pytest.mark.parametrize("name", ["viridis", "Reds"])
def test_a_heat_map_halves(name):
    x, y = np.meshgrid(np.linspace(0, 3, 200), np.linspace(0, 3, 150))
    before = png(mpl.colormaps[name](np.sin(x * y) ** 2, bytes=True))
    after = packed(before)
    assert len(after) < 0.5 * len(before)
    assert np.array_equal(pixels(after), pixels(before))
    assert packed(before) == after


def test_what_is_no_picture_is_an_error():
    with pytest.raises(oxipng.PngError):
        packed(b"no picture")
