"""Cards: the picture of a page that other sites show beside a link to it, 1200 × 630 pixels."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from ..base import safe_files
from ..base.ornament import KEYS, QUERIES, weight

WIDTH, HEIGHT, DPI = 1200, 630, 100
MARGIN = 72
PAPER, INK, SOFT, ACCENT, LINE = "#fffdf9", "#24282d", "#666a70", "#a23b22", "#e6e0d5"
FOLDER = "cards"
Number = float | int
RUNS = re.compile("[\u2e80-\uffef]+|[^\u2e80-\uffef\\s]+\\s*|\\s+")
# Sizes of a title in pixels, the largest that fits is taken, and how many lines it may have.
SIZES = ((76, 2), (60, 3), (50, 4), (42, 5), (36, 6))
# No line begins with these.
CLOSING = "，。；：？！、）”’》」…—,.;:?!)"


def name(page: str) -> str:
    """Where the card of the page at ``page`` lies, such as ``figures/toy-data/index.md``."""
    path = PurePosixPath(page).with_suffix("")
    parts = path.parts[1:] if path.parts[0] == "notebooks" else path.parts
    return f"{FOLDER}/{'-'.join(parts).removesuffix('-index')}.png"


def card(title: str, above: str, beside: str, kept: Path, picture: bytes = b"") -> bytes:
    """A card as PNG: ``title``, words ``above`` it and ``beside`` those, and a ``picture`` (PNG).

    Without a picture it has the ornament of the root page. The same words and picture give the same
    bytes, and are drawn once: ``kept`` is the folder where cards wait for the next build.
    """
    code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    parts = [title, above, beside, hashlib.sha256(picture).hexdigest(), code]
    path = kept / f"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}.png"
    return safe_files.cached(path, lambda: _drawn(title, above, beside, picture))


def _drawn(title: str, above: str, beside: str, picture: bytes) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.set_axis_off()
    width = 520 if picture else WIDTH - 2 * MARGIN
    size, lines = _set(title, width)

    def write(text: str, y: Number, pixels: Number, colour: str, *, right: bool = False) -> None:
        font = _font().copy()
        font.set_size(pixels * 72 / DPI)
        x, side = (WIDTH - MARGIN, "right") if right else (MARGIN, "left")
        axes.text(x, y, text, color=colour, fontproperties=font, ha=side, parse_math=False)

    axes.axhspan(0, 12, color=ACCENT, linewidth=0)
    write(above, 104, 28, ACCENT)
    write(beside, 104, 28, SOFT, right=True)
    for number, line in enumerate(lines):
        write(line, 128 + (number + 1) * 1.3 * size, size, INK)
    if picture:
        _picture(axes, picture)
    else:
        _ornament(axes)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()


def _ornament(axes: Any) -> None:
    from matplotlib.patches import Rectangle

    step, side = 40.6, 34
    for row in range(QUERIES):
        for key in range(KEYS):
            place = (MARGIN + key * step, 388 + row * step)
            opacity = 0.06 + 0.94 * weight(row, key)
            axes.add_patch(
                Rectangle(place, side, side, facecolor=ACCENT, alpha=opacity, linewidth=0)
            )


def _picture(axes: Any, picture: bytes) -> None:
    """The figure on white, as large as fits at the right."""
    from matplotlib.image import imread
    from matplotlib.patches import Rectangle

    left, top, width, height = 640, 148, WIDTH - 640 - MARGIN, HEIGHT - 148 - 60
    axes.add_patch(
        Rectangle((left, top), width, height, facecolor="white", edgecolor=LINE, linewidth=1.5)
    )
    pixels = imread(io.BytesIO(picture), format="png")
    rows, columns = pixels.shape[:2]
    scale = min((width - 32) / columns, (height - 32) / rows)
    x, y = left + (width - scale * columns) / 2, top + (height - scale * rows) / 2
    axes.imshow(
        pixels,
        extent=(x, x + scale * columns, y + scale * rows, y),
        aspect="auto",
        interpolation="antialiased",
        zorder=2,
    )
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))


def _set(title: str, width: Number) -> tuple[Number, list[str]]:
    """The largest size at which ``title`` fits, and its lines."""
    lines: list[str] = []
    for size, most in SIZES:
        lines = list(_lines(title, width / size))
        if len(lines) <= most:
            return size, lines
    return SIZES[-1][0], lines[: SIZES[-1][1]]


def _lines(text: str, width: Number) -> Iterator[str]:
    """``text`` in lines at most ``width`` times as long as it is high."""
    line = ""
    for piece in _pieces(text):
        if line and _length((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Words, with the spaces and punctuation that follow them."""
    import rjieba  # knows Chinese words; slow to start, and most builds draw no card

    pieces: list[str] = []
    for run in RUNS.findall(text):
        words = rjieba.cut(run) if "\u2e80" <= run[0] <= "\uffef" else [run]
        for word in words:
            if pieces and word.strip() and word[0] in CLOSING:
                pieces[-1] += word
            else:
                pieces.append(word)
    yield from pieces


def _length(text: str) -> float:
    from matplotlib.textpath import text_to_path

    font = _font().copy()
    font.set_size(100)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 100


@cache
def _font() -> Any:
    from importlib.util import find_spec

    from matplotlib.font_manager import FontProperties

    spec = find_spec("zhplot")  # which carries the font of the figures
    assert spec is not None and spec.origin is not None
    return FontProperties(fname=str(Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"))
