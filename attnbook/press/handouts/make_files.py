"""The makers of a figure's files, one function for each row of `formats.FORMATS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..book.figure_in_book import BookFigure
from ..figure_data.data_tables import as_csv
from ..figures import svg_dark
from ..figures.figure import describe
from ..metadata import embed_in_files
from ..metadata.citation import Citation
from ..words.load import WORDS
from . import slides, teacher_kit


@dataclass(frozen=True)
class Material:
    """What the files of a figure are made from; ``files`` holds those already made, by suffix."""

    figure: BookFigure
    files: dict[str, bytes] = field(default_factory=dict)


def svg(material: Material) -> bytes:
    """The drawing, light or dark as the page that shows it."""
    return _svg(material, svg_dark.adaptive)


def dark_svg(material: Material) -> bytes:
    """The drawing in light lines on a transparent ground."""
    return _svg(material, svg_dark.dark)


def _svg(material: Material, coloured: Callable[[str], str]) -> bytes:
    record = material.figure.record
    drawing = coloured(material.figure.drawn("svg").read_text(encoding="utf-8"))
    described = describe(drawing, record.caption, record.alt)
    return embed_in_files.svg(described, record).encode()


def pdf(material: Material) -> bytes:
    """The drawing for print."""
    return embed_in_files.pdf(material.figure.drawn("pdf").read_bytes(), material.figure.record)


def png(material: Material) -> bytes:
    """The drawing as a bitmap."""
    return embed_in_files.png(material.figure.drawn("png").read_bytes(), material.figure.record)


def csv(material: Material) -> bytes | None:
    """The data that are drawn; a diagram draws none."""
    plotted = material.figure.plotted
    if not plotted.panels:
        return None
    text = as_csv(plotted, material.figure.record.language)
    return b"\xef\xbb\xbf" + text.encode()  # marked as UTF-8: spreadsheets read Chinese


def pptx(material: Material) -> bytes:
    """A slide with the bitmap."""
    record = material.figure.record
    return slides.slide(record, material.files["png"], source(material.figure.citation))


def bib(material: Material) -> bytes:
    """The citation in BibTeX."""
    return material.figure.citation.bibtex().encode()


def ris(material: Material) -> bytes:
    """The citation in RIS."""
    return material.figure.citation.ris().encode()


def json(material: Material) -> bytes:
    """The citation in CSL-JSON."""
    return material.figure.citation.csl().encode()


def zip_of_all(material: Material) -> bytes:
    """The teacher kit: all other files."""
    record = material.figure.record
    named = {f"{record.slug}.{suffix}": content for suffix, content in material.files.items()}
    return teacher_kit.kit(record, named, texts(material.figure.citation))


def source(cited: Citation) -> str:
    """The citation on a slide: as its language cites; neither style wants a day of access."""
    return cited.formatted(next(iter(WORDS[cited.language].cite.styles)))


def texts(cited: Citation) -> dict[str, str]:
    """The citation in every style, by the name that readers know it by."""
    styles = WORDS[cited.language].cite.styles
    return {name: cited.formatted(style) for style, name in styles.items()}
