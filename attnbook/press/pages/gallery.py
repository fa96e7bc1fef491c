"""The gallery and the page of every figure, derived from pages, cells and what was drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..base.markdown import front_matter
from ..book.edition import Edition
from ..book.figure_in_book import BookFigure, ranges
from ..figure_data.data_tables import as_table
from ..handouts import formats
from ..handouts.formats import FORMATS
from ..metadata import figure_facts, page_head
from ..receipts.published_releases import Release
from ..words.load import WORDS
from . import citation_box, verify_box
from .known_files import KnownFiles
from .page_templates import render

LINK_TARGET = re.compile(r"\]\((?!https?:)(?P<target>[^)]+)\)")


def overview(edition: Edition) -> str:
    """The gallery: a card for every figure."""
    words = WORDS[edition.language].gallery
    records = [figure.record for figure in edition.figures.values()]
    return render(
        "gallery.md",
        edition.language,
        front_matter=front_matter({"title": words.title, "description": words.description}),
        records=records,
        chapters={record.page: record.chapter for record in records},
        kinds={record.kind: words.kinds[record.kind] for record in records},
    )


def landing(
    figure: BookFigure,
    edition: Edition,
    files: Mapping[str, bytes],
    twins: Mapping[str, Mapping[str, bytes]],
    releases: Mapping[str, Release],
    known_files: KnownFiles,
) -> str:
    """The page of ``figure``: ``files`` are its own by name, ``twins`` those of other languages."""
    record = figure.record
    suffixes = formats.listed(record.slug, list(files))
    addresses = {suffix: f"../{name}" for name, suffix in suffixes.items()}
    references = {suffix: href for suffix, href in addresses.items() if FORMATS[suffix].cites}
    meta = {
        "title": record.title,
        "description": record.alt,
        "verify": True,
        "head": page_head.of_figure(record, figure.citation, formats.linked(addresses)),
    }
    return render(
        "figure_page.md",
        record.language,
        front_matter=front_matter(meta),
        record=record,
        caption=_from_below(figure),
        table=_table(figure),
        before=figure.code_before,
        source=figure.code,
        downloads={suffix: href for suffix, href in addresses.items() if suffix not in references},
        verify_box=verify_box.box(
            record,
            files,
            releases,
            twins=twins,
            former_slugs=edition.ledger.former(record.slug),
            known_files=known_files,
        ),
        citation_box=citation_box.box(figure.citation, record.language, files=references),
        licence_text=WORDS[record.language].gallery.licence_text.format(
            **record.imprint.licence_names,
            address=record.imprint.licence.address,
            summary=figure_facts.summary(record.imprint, record.language),
        ),
        seeds=ranges(record.seeds),
        versions=edition.facts,
    )


def _from_below(figure: BookFigure) -> str:
    """The caption, its links as seen from two folders below its chapter."""

    def moved(match: re.Match[str]) -> str:
        target = match["target"]
        page = f"{figure.record.page}.md" if target.startswith("#") else ""
        return f"](../../{page}{target})"

    return LINK_TARGET.sub(moved, figure.caption)


def _table(figure: BookFigure) -> dict[str, Any]:
    """A sample of the data with its header, and how many rows there are; empty for a diagram."""
    if not figure.plotted.panels:
        return {}
    header, sample, total = as_table(figure.plotted, figure.record.language)
    # What no row of the sample says, such as the name of the only series, needs no column.
    columns = [n for n in range(len(header)) if any(str(row[n]) for row in sample)]
    cells = [[str(row[n]).replace("|", "\\|") for n in columns] for row in (header, *sample)]
    return {"header": cells[0], "sample": cells[1:], "total": total}
