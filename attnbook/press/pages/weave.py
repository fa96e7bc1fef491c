"""Weave a page with its execution: Markdown in, plain Markdown out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..base.errors import PressError
from ..base.markdown import UNSEARCHED, escaped, fence, front_matter
from ..execution.execute import Execution
from ..execution.numbers_in_prose import Values
from ..figures.figure_record import Record
from ..handouts.formats import FORMATS
from ..source.glossary_table import Term, as_markdown
from ..source.page_reader import Page, Placement
from ..words.load import WORDS
from . import further_reading


def weave(
    page: Page,
    execution: Execution | None,
    values: Values,
    terms: Sequence[Term],
    *,
    head: str = "",
    cite: str = "",
    figures: Mapping[str, Record] | None = None,
    about: Page | None = None,
) -> str:
    """The page as the generator gets it, with ``head`` for its head and ``cite`` for its fence.

    Cells become code, output and figures; names become numbers; the glossary fence becomes the
    term table; a section ends with its sources, which ``about`` lists. Nothing but ordinary
    Markdown extensions (attribute lists, Markdown in HTML, fenced code) is left in it.

    Raises
    ------
    PressError
        For a figure of another page that is not among ``figures``.
    """
    meta = {key: value for key, value in page.meta.items() if key not in ("chapter", "textbook")}
    out = front_matter(meta | ({"head": head} if head else {}))
    placements = {placement.line: placement for placement in page.placements}
    glossaries, cites = dict(page.glossary), dict(page.cite)
    borrowed = {placement.line: placement for placement in page.borrowed}
    ends = further_reading.ends(page, about) if page.chapter else {}
    number = page.start
    while number < len(page.lines):
        line = number + 1
        out += ends.get(line, [])
        if line in placements:
            assert execution is not None  # parity.chapters has refused cells without a chapter
            out += _cell(page, placements[line], execution, values)
            number = placements[line].end
            continue
        if line in borrowed:
            out += _borrowed(page, borrowed[line], figures or {}, values)
            number = borrowed[line].end
            continue
        if line in glossaries:
            out += as_markdown(terms, page.language)
            number = glossaries[line]
            continue
        if line in cites:
            out += ["", cite, ""]
            number = cites[line]
            continue
        row = page.lines[number]
        if line not in page.fenced:
            row = values.fill(row, chapter=page.chapter, path=page.path, line=line)
        out.append(row)
        if page.chapter and line == page.headings[0].line:
            out += ["", _notebook_links(page)]
        number += 1
    out += ends.get(number + 1, [])
    return "\n".join(out).rstrip() + "\n"


def _notebook_links(page: Page) -> str:
    words = WORDS[page.language].page
    address = f"notebooks/{page.name}.ipynb"
    return (
        f"{words.notebook}[{words.read_notebook}]({address}) · "
        f'<a href="{address}" download>{words.download}</a>\n{{ .notebook-links {UNSEARCHED} }}'
    )


def _cell(page: Page, placement: Placement, execution: Execution, values: Values) -> list[str]:
    words = WORDS[page.language].page
    result = execution.results[placement.label]
    rows = ["", f'<div class="cell" id="cell-{placement.label}" markdown="1">', ""]
    code = fence("python", execution.chapter[placement.label].source)
    if placement.fold:
        code = [
            '<details class="code" markdown="1">',
            f"<summary>{words.show_code}</summary>",
            "",
            *code,
            "",
            "</details>",
        ]
    rows += [*code, ""]
    if result.text:
        rows += [*fence("{ .text .output }", result.text), ""]
    if result.figure:
        figure = result.figure

        def fill(text: str) -> str:
            return values.fill(text, chapter=page.chapter, path=page.path, line=placement.line)

        files = " ".join(
            f'<a href="figures/{figure.slug}.{kind}">{kind.upper()}</a>'
            for kind, format_ in FORMATS.items()
            if format_.in_caption
        )
        home = f"figures/{figure.slug}/index.html"
        files = f'<a href="{home}">{words.figure_page}</a> {files}'
        files += f' <a href="{home}#cite">{WORDS[page.language].cite.link}</a>'
        rows += [
            f'<figure id="fig-{placement.label}" class="figure" markdown="1">',
            "",
            f"![{escaped(fill(placement.alt))}](figures/{figure.slug}.svg)"
            f'{{ width="{round(figure.width)}" height="{round(figure.height)}" loading="lazy" }}',
            "",
            '<figcaption markdown="span">'
            + fill(placement.caption)
            + f' <span class="figure-files" {UNSEARCHED}>{files}</span></figcaption>',
            "",
            "</figure>",
            "",
        ]
    return [*rows, "</div>", ""]


def _borrowed(
    page: Page, placement: Placement, figures: Mapping[str, Record], values: Values
) -> list[str]:
    """A figure of another page, which its picture leads to; it is part of what one sees first."""
    if placement.label not in figures:
        raise PressError(
            f"there is no figure {placement.label!r}",
            path=page.path,
            line=placement.line,
            mend=f"the figures are {', '.join(figures)}",
        )
    record = figures[placement.label]
    caption = values.fill(
        placement.caption, chapter=page.chapter, path=page.path, line=placement.line
    )
    return [
        "",
        '<figure class="figure" markdown="1">',
        "",
        f"[![{escaped(record.alt)}](figures/{record.slug}.svg)"
        f'{{ width="{round(record.width)}" height="{round(record.height)}" }}]'
        f"({record.page}.md#fig-{record.slug})",
        "",
        f'<figcaption markdown="span">{caption}</figcaption>',
        "",
        "</figure>",
        "",
    ]
