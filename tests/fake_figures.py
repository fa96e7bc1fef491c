"""Figures of a small book in both languages, and a site that holds their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import imprints
from attnbook.press.base.imprint import Imprint
from attnbook.press.book.figure_in_book import BookFigure
from attnbook.press.figure_data.plotted_series import Plotted
from attnbook.press.figures.figure_record import Record
from attnbook.press.handouts import figure_index
from attnbook.press.handouts.formats import FORMATS

COMMIT = "91f09c9df9a6a7ce32d5b00465ac2d18b5b60ef8"
PUBLISHED = imprints.imprint(
    "0.2.0", COMMIT, date(2026, 11, 24), "https://book.example", ("The makers",)
)
LOCAL = replace(PUBLISHED, address="")

LINE = Record(
    imprint=PUBLISHED,
    language="en",
    slug="straight-line",
    kind="plot",
    title="A line & its slope",
    caption="A line & its slope: <3.",
    alt="A straight line rises.",
    description="It rises from 0 to 3.",
    chapter="Chapter one",
    page="toy",
    script="attnbook/chapters/toy.py",
    seeds=(7, 11),
    digest="ab" * 32,
    width=216.0,
    height=144.5,
)
DIAGRAM = replace(
    LINE, slug="what-looks", kind="diagram", title="What looks", description="", seeds=(), digest=""
)
IN_CHINESE = {
    "language": "zh",
    "title": "一条直线",
    "caption": "一条直线：斜率小于 3。",
    "alt": "一条直线从左下升到右上。",
    "chapter": "第一章",
}
GBT = "The makers. A line[M]. 2026."
CITATIONS = {"apa": "The makers. (2026). A line.", "gbt7714": GBT, "gbt7714-2015": GBT}


def records(imprint: Imprint = PUBLISHED) -> dict[str, list[Record]]:
    """The figures by language."""
    english = [replace(one, imprint=imprint) for one in (LINE, DIAGRAM)]
    return {"zh": [replace(one, **IN_CHINESE) for one in english], "en": english}


def in_book(record: Record) -> BookFigure:
    """The figure of ``record`` as an edition has it: nothing is drawn in it."""
    return BookFigure(record, record.caption, Plotted(record.kind, ()), "", (), Path())


def files(record: Record) -> dict[str, bytes]:
    """The content of the files of a figure; none like that of another figure, or edition.

    The vector file has a drawing, the same in every edition, and says of itself what it is.
    """
    version = record.imprint.version
    contents = {
        f"{record.slug}.{suffix}": f"{suffix} {record.path} {version}".encode()
        for suffix in FORMATS
        if suffix != "csv" or record.digest
    }
    said = {"version": version, "cell": record.cell, "dataDigest": record.digest}
    terms = "".join(f"<attnbook:{name}>{text}</attnbook:{name}>" for name, text in said.items())
    contents[f"{record.slug}.svg"] = (
        f'<svg>\n <metadata>{terms}</metadata><path id="{record.path}"/></svg>'.encode()
    )
    return contents


def entries(imprint: Imprint = PUBLISHED) -> dict[str, list[figure_index.Entry]]:
    """The entries of the index by language."""
    return {
        language: [figure_index.Entry(record, files(record), CITATIONS) for record in of_language]
        for language, of_language in records(imprint).items()
    }


def site(folder: Path, imprint: Imprint = PUBLISHED) -> Path:
    """A site with nothing but figures and the wheel."""
    contents: dict[str, bytes] = {f"dist/{imprint.wheel}": b"wheel"}
    for language, of_language in entries(imprint).items():
        here = f"{language}/figures"
        contents[f"{here}/{figure_index.NAME}"] = figure_index.index(
            of_language, imprint, language
        ).encode()
        contents[f"{here}/{figure_index.SCHEMA}"] = figure_index.schema()
        for entry in of_language:
            contents |= {f"{here}/{name}": content for name, content in entry.files.items()}
    return write(folder, contents)


def write(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write ``contents`` below ``folder`` and return it."""
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
