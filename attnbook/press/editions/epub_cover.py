"""The cover of the book for readers: its title over the picture of its weights."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import imread
from matplotlib.lines import Line2D

from .manuscript import Manuscript
from .pdf_fonts import chinese

WIDTH, HEIGHT, DPI = 8.0, 12.0, 200
PAPER, INK, SOFT, ACCENT = "#fff", "#24282d", "#666a70", "#a23b22"


def png(book: Manuscript, authors: str) -> bytes:
    """The cover of ``book``, the same bytes each time."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    font = FontProperties(fname=str(chinese()))  # by its file: the machine's fonts do not matter

    def write(height: float, text: str, size: float, color: str) -> None:
        figure.text(
            0.5, height, text, ha="center", va="center", color=color, size=size, fontproperties=font
        )

    write(0.86, book.title, 50.0 if len(book.title) < 10 else 42.0, INK)
    picture = book.folder / "figures" / f"{book.imprint.settings.cover}.png"
    if picture.is_file():
        _place(figure, picture)
    write(0.135, authors, 20.0, INK)
    write(0.085, book.imprint.edition, 14.0, SOFT)
    for height in (0.795, 0.04):
        figure.add_artist(_rule(height))
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()


def _rule(height: float) -> Line2D:
    return Line2D([0.44, 0.56], [height, height], color=ACCENT, linewidth=3)


def _place(figure: Figure, picture: Path) -> None:
    pixels = imread(picture)
    tall = pixels.shape[0] / pixels.shape[1] * 0.78 * WIDTH / HEIGHT
    axes = figure.add_axes((0.11, 0.47 - tall / 2, 0.78, tall))
    axes.imshow(pixels)
    axes.set_axis_off()
