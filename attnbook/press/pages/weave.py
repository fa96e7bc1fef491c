"""Weave a page with its execution: Markdown in, plain Markdown out."""

from __future__ import annotations

from collections.abc import Sequence

from ..base.addresses import colab
from ..base.errors import PressError
from ..base.markdown import front_matter
from ..book.edition import Edition
from ..execution.execute import Execution
from ..handouts.formats import FORMATS
from ..source.glossary_table import Term
from ..source.page_reader import Page, Placement
from ..words.load import WORDS, called
from . import further_reading, library_reference
from .page_templates import render

# The cell whose names of the library lead to their reference.
IMPORTS = "imports"


def weave(page: Page, edition: Edition, *, head: str = "", cite: str = "") -> str:
    """The page as the generator gets it, with ``head`` for its head and ``cite`` for its fence.

    Cells become code, output and figures; the glossary fence becomes the term table, the
    reference fence the names of the library; a section ends with its sources, which the page of
    references lists. Nothing but ordinary Markdown extensions
    (attribute lists, Markdown in HTML, fenced code) is left in it.

    Raises
    ------
    PressError
        For a figure of another page that the book does not have.
    """
    references = edition.pages.get(edition.imprint.settings.references)
    execution = edition.executions[page.chapter] if page.chapter else None
    meta = {key: value for key, value in page.meta.items() if key not in ("chapter", "textbook")}
    out = front_matter(meta | ({"head": head} if head else {}))
    placements = {placement.line: placement for placement in page.placements}
    glossaries, cites = dict(page.glossary), dict(page.cite)
    library = {fence.line: fence.end for fence in page.reference}
    borrowed = {placement.line: placement for placement in page.borrowed}
    ends = further_reading.ends(page, references) if page.chapter else {}
    number = page.start
    while number < len(page.lines):
        line = number + 1
        out += ends.get(line, [])
        if line in placements:
            assert execution is not None  # parity.chapters has refused cells without a chapter
            out += ["", _cell(page, placements[line], execution, edition), ""]
            number = placements[line].end
            continue
        if line in borrowed:
            out += ["", _borrowed(page, borrowed[line], edition), ""]
            number = borrowed[line].end
            continue
        if line in glossaries:
            out += ["", _glossary(edition.terms, page.language), ""]
            number = glossaries[line]
            continue
        if line in cites:
            out += ["", cite, ""]
            number = cites[line]
            continue
        if line in library:
            out += ["", library_reference.entries(edition.library, page.language), ""]
            number = library[line]
            continue
        out.append(page.lines[number])
        if page.chapter and line == page.headings[0].line:
            address = f"notebooks/{page.name}.ipynb"
            run = colab(edition.imprint.at(f"{page.language}/{address}"))
            out += ["", render("notebook_links.md", page.language, address=address, colab=run)]
        number += 1
    out += ends.get(number + 1, [])
    return "\n".join(out).rstrip() + "\n"


def _cell(page: Page, placement: Placement, execution: Execution, edition: Edition) -> str:
    """A cell of the chapter: its code, what it printed, and the figure that it drew."""
    result = execution.results[placement.label]
    code = execution.chapter[placement.label].source
    imports = code if placement.label == IMPORTS else ""
    return render(
        "cell.md",
        page.language,
        label=placement.label,
        fold=placement.fold,
        code=code,
        names=library_reference.imported(imports, edition),
        output=result.text,
        figure=result.figure,
        alt=placement.alt,
        caption=placement.caption,
        suffixes=[suffix for suffix, kind in FORMATS.items() if kind.in_caption],
    )


def _borrowed(page: Page, placement: Placement, edition: Edition) -> str:
    """A figure of another page, which its picture leads to; it is part of what one sees first."""
    if placement.label not in edition.figures:
        raise PressError(
            f"there is no figure {placement.label!r}",
            path=page.path,
            line=placement.line,
            mend=f"the figures are {', '.join(edition.figures)}",
        )
    return render(
        "borrowed_figure.md",
        page.language,
        record=edition.figures[placement.label].record,
        caption=placement.caption,
    )


def _glossary(terms: Sequence[Term], language: str) -> str:
    """The table of all terms: each is an anchor and leads to the section that introduces it."""
    words, others = WORDS[language].page, [other for other in WORDS if other != language]
    columns = [words.term, *(called(other, language) for other in others), words.meaning]
    return render("glossary.md", language, terms=terms, others=others, columns=columns)
