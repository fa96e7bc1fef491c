"""Pictures inside a drawing: fewer bytes, the same pixels."""

import io
from base64 import b64decode, b64encode

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays
from PIL import Image, UnidentifiedImageError

from attnbook.press import rasters


def png(pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def pixels(data: bytes):
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGBA"))


def ramp(colours: int, opacity: int = 255):
    """A noisy picture of so many colours, as a colour map would give."""
    rng = np.random.default_rng(colours)
    table = rng.integers(0, 256, size=(colours, 4), dtype=np.uint8)
    table[:, 0], table[:, 1] = np.arange(colours) % 256, np.arange(colours) // 256
    table[:, 3] = np.minimum(table[:, 3] | 1, opacity) if opacity < 255 else 255
    places = np.concatenate([np.arange(colours), rng.integers(0, colours, 6400 - colours)])
    return table[places].reshape(80, 80, 4)


shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=12).map(lambda shape: (*shape, 4))


@given(arrays.arrays(np.uint8, shapes))
def test_every_pixel_stays(picture):
    before = png(picture)
    after = rasters.smaller(before)
    assert np.array_equal(pixels(after), picture)
    assert len(after) <= len(before)


@pytest.mark.parametrize("opacity", [255, 128])
@pytest.mark.parametrize("colours", [1, 2, 200, 256])
def test_a_picture_of_few_colours_gets_a_palette_and_shrinks(colours, opacity):
    before = png(ramp(colours, opacity))
    after = rasters.smaller(before)
    assert len(after) < 0.7 * len(before) or colours == 1
    assert np.array_equal(pixels(after), pixels(before))
    if colours > 1:
        with Image.open(io.BytesIO(after)) as picture:
            assert picture.mode == "P"


def test_a_picture_of_many_colours_stays_as_it_is():
    before = png(ramp(257))
    assert rasters.smaller(before) == before


def test_only_pictures_of_a_drawing_are_written_anew():
    data = b64encode(png(ramp(16))).decode()
    lines = "\n".join(data[start : start + 76] for start in range(0, len(data), 76))
    svg = (
        "<svg><style>src:url(data:font/woff2;base64,AAAA)</style>"
        '<image xlink:href="data:image/png;base64,\n{}" id="a"/><text>base64,BBBB</text></svg>'
    )
    done = rasters.indexed(svg.format(lines))
    start, end = svg.replace("\n", "").split("{}")
    assert done.startswith(start) and done.endswith(end)
    new = b64decode(done.removeprefix(start).removesuffix(end))
    assert np.array_equal(pixels(new), ramp(16))


def test_what_is_no_picture_is_an_error():
    with pytest.raises(UnidentifiedImageError):
        rasters.smaller(b"no picture")
