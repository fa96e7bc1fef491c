"""The gallery and the page of every figure, derived from pages, cells and what was drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..base.markdown import front_matter
from ..execution.numbers_in_prose import Values
from ..figure_data.data_tables import as_table
from ..handouts import formats
from ..handouts.figure_on_page import Exhibit, ranges
from ..handouts.formats import FORMATS
from ..metadata import citation, page_head
from ..receipts.published_releases import Release
from ..source.cell_needs import needed
from ..source.figure_messages import Catalogue
from ..words.load import WORDS
from . import citation_box, verify_box
from .page_templates import render

LINK_TARGET = re.compile(r"\]\((?!https?:)(?P<target>[^)]+)\)")


def overview(exhibits: Sequence[Exhibit], language: str) -> str:
    """The gallery: a card for every figure."""
    words = WORDS[language].gallery
    records = [exhibit.record for exhibit in exhibits]
    return render(
        "gallery.md",
        language,
        front_matter=front_matter({"title": words.title, "description": words.description}),
        records=records,
        chapters={record.page: record.chapter for record in records},
        kinds={record.kind: words.kinds[record.kind] for record in records},
    )


def landing(
    exhibit: Exhibit,
    catalogue: Catalogue,
    values: Values,
    files: Mapping[str, bytes],
    releases: Mapping[str, Release],
    twins: Mapping[str, Mapping[str, bytes]],
    former: Sequence[str],
) -> str:
    """The page of one figure.

    ``files`` are its own by name and ``twins`` those of other languages; ``former`` are names that
    the figure had before.
    """
    record, chapter = exhibit.record, exhibit.execution.chapter
    cited = citation.of_figure(record)
    suffixes = formats.listed(record.slug, list(files))
    addresses = {suffix: f"../{name}" for name, suffix in suffixes.items()}
    references = {suffix: href for suffix, href in addresses.items() if FORMATS[suffix].cites}
    meta = {
        "title": record.title,
        "description": record.alt,
        "verify": True,
        "head": page_head.of_figure(record, cited, formats.linked(addresses)),
    }
    return render(
        "figure_page.md",
        record.language,
        front_matter=front_matter(meta),
        record=record,
        caption=_from_below(exhibit),
        table=_table(exhibit, catalogue),
        before=[cell.source for cell in needed(chapter, record.slug)],
        source=chapter[record.slug].source,
        downloads={suffix: href for suffix, href in addresses.items() if suffix not in references},
        verify_box=verify_box.box(record, files, releases, twins=twins, former_slugs=former),
        citation_box=citation_box.box(cited, record.language, files=references),
        seeds=ranges(record.seeds),
        versions=values.book,
    )


def _from_below(exhibit: Exhibit) -> str:
    """The caption, its links as seen from two folders below its chapter."""

    def moved(match: re.Match[str]) -> str:
        target = match["target"]
        page = f"{exhibit.page.name}.md" if target.startswith("#") else ""
        return f"](../../{page}{target})"

    return LINK_TARGET.sub(moved, exhibit.caption)


def _table(exhibit: Exhibit, catalogue: Catalogue) -> dict[str, Any]:
    """A sample of the data with its header, and how many rows there are; empty for a diagram."""
    if not exhibit.plotted.panels:
        return {}
    header, sample, total = as_table(exhibit.plotted, exhibit.record.language, catalogue)
    # What no row of the sample says, such as the name of the only series, needs no column.
    columns = [n for n in range(len(header)) if any(str(row[n]) for row in sample)]
    cells = [[str(row[n]).replace("|", "\\|") for n in columns] for row in (header, *sample)]
    return {"header": cells[0], "sample": cells[1:], "total": total}
