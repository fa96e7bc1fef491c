"""Pictures to review a changed figure by: the accepted one, the new one, the difference."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

# Levels that each colour is reduced to: the file is half as large, and the eye sees the same.
LEVELS = 32
VISIBLE = 256 // LEVELS
BAR, GAP, SIZE = 26, 12, 14
INK, PAPER, MARK = "#222222", "#ffffff", "#d55e00"


def picture(png: Path) -> bytes:
    """A published figure, which is at double size, as a small picture: PNG at single size."""
    with Image.open(png) as image:
        small = image.convert("RGB").reduce(2)
    out = io.BytesIO()
    step = 255 / (LEVELS - 1)
    levels = [round(round(value / step) * step) for value in range(256)]
    small.point(levels * 3).save(out, "PNG", optimize=True)
    return out.getvalue()


def contrast(accepted: bytes, now: bytes) -> bytes:
    """PNG of two pictures beside each other, and of what differs: marked on the pale new one."""
    old, new = (Image.open(io.BytesIO(png)).convert("RGB") for png in (accepted, now))
    size = max(old.width, new.width), max(old.height, new.height)
    old, new = (_padded(image, size) for image in (old, new))
    apart = ImageChops.difference(old, new)
    # A pixel differs where any of its colours does, even if their mean does not.
    most = ImageChops.lighter(
        ImageChops.lighter(apart.getchannel("R"), apart.getchannel("G")), apart.getchannel("B")
    )
    mask = most.point([0] * VISIBLE + [255] * (256 - VISIBLE))
    pale = Image.blend(new, Image.new("RGB", size, PAPER), 0.8)
    pale.paste(MARK, mask=mask)
    share = mask.histogram()[255] / (size[0] * size[1])
    caption = f"difference: {share:.2%} of the pixels"
    return _beside([("accepted", old), ("now", new), (caption, pale)])


def _padded(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, PAPER)
    canvas.paste(image)
    return canvas


def _beside(panels: list[tuple[str, Image.Image]]) -> bytes:
    width, height = panels[0][1].size
    canvas = Image.new("RGB", (GAP + len(panels) * (width + GAP), BAR + height + GAP), "#dddddd")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(SIZE)
    for index, (label, image) in enumerate(panels):
        left = GAP + index * (width + GAP)
        draw.text((left, BAR / 2), label, fill=INK, font=font, anchor="lm")
        canvas.paste(image, (left, BAR))
    out = io.BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()
