"""Publishing a figure: every language, every format, the same bytes each time.

Runs inside the kernel that drew the figure.
"""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axis import Axis, Tick
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text

from ..base.errors import PressError
from ..source.figure_messages import Catalogue, MissingTranslation
from . import svg_coordinates, svg_letters, svg_pictures
from .figure import FORMATS, Figure

CSS_DPI = 96
PNG_DPI = 2 * CSS_DPI
FONT = "NotoSansSC-Regular.ttf"
NOTHING = {
    "svg": dict.fromkeys(("Date", "Creator", "Format", "Type")),
    "pdf": dict.fromkeys(("CreationDate", "Creator", "Producer")),
    "png": {"Software": None},
}
GLYPH = re.compile(r"Glyph (\d+) .* missing from font")
MATHS_GLYPH = re.compile(r"does not have a glyph for .* \[U\+([0-9a-fA-F]+)\]")
DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>\n")


def use_fonts_of_the_book() -> None:
    """Let Matplotlib know Noto Sans SC and its own fonts, and no others.

    A machine's fonts would give figures that differ from those of another machine.
    """
    spec = find_spec("zhplot")  # only its font file is wanted; importing it restyles Matplotlib
    if spec is None or spec.origin is None:
        raise PressError(
            "zhplot, which carries the Chinese font of the figures, is not installed",
            mend="python -m pip install zhplot",
        )
    manager = font_manager.fontManager
    data_path = Path(mpl.get_data_path()).resolve()
    manager.ttflist = [
        entry for entry in manager.ttflist if Path(entry.fname).resolve().is_relative_to(data_path)
    ]
    manager.addfont(Path(spec.origin).parent / "fonts" / FONT)


def publish(figure: Drawing, slug: str, folder: Path, catalogue: Catalogue) -> Figure:
    """Write ``<slug>.<language>.svg``, ``.pdf`` and ``.png`` into ``folder``.

    The figure itself is left as it was.

    Raises
    ------
    PressError
        For a size that is not finite, a text without translation, a character that no font has,
        a text that sticks out of the figure, or anything that Matplotlib warns of.
    """
    width, height = (CSS_DPI * float(inches) for inches in figure.get_size_inches())
    if not (math.isfinite(width) and math.isfinite(height) and min(width, height) >= 1):
        raise PressError(
            f"the figure {slug!r} is {width:g} by {height:g} CSS pixels",
            mend="give it a size that can be shown: figsize is in inches of 96 pixels",
        )
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context():  # which leaves the style of the chapter in force
        mpl.rcParams["savefig.bbox"] = None  # a figure has one size in all languages
        mpl.rcParams["svg.fonttype"] = "none"  # texts as texts; their letters are embedded below
        mpl.rcParams["pdf.fonttype"] = 42  # TrueType, as publishers want it
        try:
            with _complaints() as early:  # ticks and legends exist only once they are laid out
                figure.draw_without_rendering()
            for language in catalogue.languages:
                name = f"{slug}.{language}"
                mpl.rcParams["svg.hashsalt"] = name
                mpl.rcParams["svg.id"] = name.replace(".", "-")
                with _translated(figure, catalogue, language), _complaints() as complaints:
                    texts = _save(figure, folder / name)
                _check(slug, language, early + complaints, texts)
        except ValueError as error:  # of maths that cannot be read
            raise PressError(
                f"Matplotlib cannot draw the figure {slug!r}: {type(error).__name__}",
                mend="correct what the message below points at",
                detail=str(error),
            ) from None
    return Figure(slug, _short(width), _short(height))


def _save(figure: Drawing, stem: Path) -> list[_Drawn]:
    """Write all formats and return the texts drawn in them."""
    drawn: list[_Drawn] = []
    for kind in FORMATS:
        path = stem.with_name(f"{stem.name}.{kind}")
        # In a drawing it is the resolution of heat maps and images, which the style sets.
        dpi = PNG_DPI if kind == "png" else None
        with _drawn_texts() as texts:
            figure.savefig(path, format=kind, dpi=dpi, metadata=NOTHING[kind])
        drawn += texts
        if kind == "svg":
            drawing = DOCTYPE.sub("", path.read_text(encoding="utf-8"))
            drawing = svg_letters.embed(svg_pictures.packed(svg_coordinates.coarse(drawing)))
            path.write_text(drawing, encoding="utf-8", newline="\n")
    return drawn


@contextmanager
def _translated(figure: Drawing, catalogue: Catalogue, language: str) -> Iterator[None]:
    """Texts and tick labels in ``language`` for as long as the context lasts."""

    def said(text: str) -> str:
        try:
            return catalogue.translate(text, language)
        except MissingTranslation as error:
            raise PressError(
                f"the text {text!r} in the figure has no translation",
                mend=f"add a row for {error.args[0]!r} to {catalogue.path.as_posix()}",
            ) from None

    ticks = {id(label) for tick in figure.findobj(Tick) for label in (tick.label1, tick.label2)} | {
        id(axis.offsetText) for axis in figure.findobj(Axis)
    }
    texts = [text for text in figure.findobj(Text) if id(text) not in ticks]
    before = [(text, text.get_text()) for text in texts]
    formatters: dict[int, Any] = {
        id(level.formatter): level.formatter
        for axis in figure.findobj(Axis)
        for level in (axis.major, axis.minor)
    }

    def speaking(formatter: Any) -> Callable[[Any], list[str]]:
        format_ticks = formatter.format_ticks
        return lambda values: [said(label) for label in format_ticks(values)]

    with ExitStack() as stack:
        for text, original in before:
            stack.callback(text.set_text, original)
            text.set_text(said(original))
        for formatter in formatters.values():
            # Tick labels are made anew at every drawing: only their maker can translate them.
            stack.callback(vars(formatter).pop, "format_ticks", None)
            formatter.format_ticks = speaking(formatter)
        yield


@dataclass
class _Drawn:
    """A text that was drawn, and by how many CSS pixels it leaves the figure."""

    text: str
    excess: float


@contextmanager
def _drawn_texts() -> Iterator[list[_Drawn]]:
    """All texts really drawn, ticks included, hidden ones not."""
    drawn: list[_Drawn] = []
    draw = Text.draw

    def spying(self: Text, renderer: Any) -> None:
        draw(self, renderer)
        figure = self.get_figure(root=True)
        if figure is None or not self.get_visible() or not self.get_text().strip():
            return
        # Not of an Annotation, whose extent includes its arrow.
        box, frame = Text.get_window_extent(self, renderer), figure.bbox
        beyond = (frame.x0 - box.x0, frame.y0 - box.y0, box.x1 - frame.x1, box.y1 - frame.y1)
        clipped = self.get_clip_on() and self.get_clip_box() is not None
        drawn.append(
            _Drawn(self.get_text(), 0.0 if clipped else max(beyond) * CSS_DPI / figure.dpi)
        )

    Text.draw = spying
    try:
        yield drawn
    finally:
        Text.draw = draw


class _Records(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect warnings and log records: a missing glyph in maths is only logged."""
    handler, logger = _Records(), logging.getLogger("matplotlib")
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    said: list[str] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield said
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates
    said += [str(warning.message) for warning in caught] + handler.said


def _check(slug: str, language: str, complaints: list[str], texts: list[_Drawn]) -> None:
    where = f"the figure {slug!r} in {language!r}"
    for complaint in dict.fromkeys(complaints):
        if match := GLYPH.search(complaint):
            character = chr(int(match[1]))
        elif match := MATHS_GLYPH.search(complaint):
            character = chr(int(match[1], 16))
        else:
            raise PressError(f"Matplotlib warns of {where}: {complaint}", mend="remove the cause")
        holders = [drawn.text for drawn in texts if character in drawn.text]
        maths = [drawn.text for drawn in texts if "$" in drawn.text]
        text = (holders or maths or ["?"])[0]
        raise PressError(
            f"no font has the character {character!r} (U+{ord(character):04X}) of {text!r} "
            f"in {where}",
            mend="keep words out of strings with $…$, and write maths with other characters"
            if "$" in text
            else "write it with another character; if it is a common one, let the chapter start "
            "with plt.style.use('attnbook.book')",
        )
    for drawn in texts:
        if drawn.excess > 1:
            raise PressError(
                f"the text {drawn.text!r} sticks out of {where} by {drawn.excess:.0f} CSS pixels",
                mend="use layout='constrained', a larger figure or a shorter text",
            )


def _short(pixels: float) -> float:
    return round(pixels, 2)
