"""References by name: ``[](#eq-10.2.3)`` says "(10.2.3)", ``[查询](term:query)`` leads to the term.

Both are ordinary links of Markdown. An empty one takes its text from what it names: the number of
an equation, the title of a figure or a section. ``term:`` stands for the glossary, wherever it is.
They are resolved in a page that was read, so that site, notebook and gallery see plain links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePosixPath

from ..base.errors import PressError
from ..source.glossary_table import Term
from ..source.page_reader import CODE_SPAN, EMPTY, TERM, Page
from ..words.load import WORDS

Pages = Mapping[str, Page]
TERM_LINK = re.compile(rf"(?<=\]\(){TERM}(?P<key>[^()\s]*)")
NUMBERED = re.compile(r"(?P<number>\d+(?:\.\d+)*) +(?P<title>\S.*)")


def check(pages: Pages, terms: Sequence[Term]) -> list[PressError]:
    """Terms that the table does not have, and references whose name says nothing or too much.

    `parity.links` sees to references that lead nowhere.
    """
    errors = _terms(pages, {term.key for term in terms})
    for page in pages.values():
        errors += _shared_anchors(page)
        for target, line in _empty(page):
            error = _unnamed(pages, page, target)
            if error:
                what, mend = error
                errors.append(PressError(what, path=page.path, line=line, mend=mend))
    return errors


def _terms(pages: Pages, keys: set[str]) -> list[PressError]:
    errors: list[PressError] = []
    glossary = home(pages)
    for page in pages.values():
        headings = {heading.line for heading in page.headings}

        def wrong(what: str, line: int, mend: str, page: Page = page) -> None:
            errors.append(PressError(what, path=page.path, line=line, mend=mend))

        for mark in page.terms:
            if mark.text not in keys:
                near = get_close_matches(mark.text, keys, n=3)
                wrong(
                    f"the glossary has no term {mark.text!r}",
                    mark.line,
                    f"did you mean {' or '.join(f'{TERM}{key}' for key in near)}?"
                    if near
                    else f"add it to docs/glossary.csv; its keys are {', '.join(sorted(keys))}",
                )
            elif glossary is None:
                wrong(
                    f"the term {mark.text!r} has no glossary to lead to",
                    mark.line,
                    "give a page the fence ``` glossary, or remove the link",
                )
            if mark.line in headings:
                wrong(
                    f"the term {mark.text!r} is marked in a heading",
                    mark.line,
                    "mark it where the text below first uses it",
                )
        for target, line in _empty(page):
            if target.startswith(TERM):
                wrong(
                    f"the link to {target!r} has no text",
                    line,
                    "write the word as the sentence needs it between the brackets",
                )
    return errors


def _shared_anchors(page: Page) -> list[PressError]:
    """Ids that two things on one page answer to: a heading called ``eq-1`` and equation 1."""
    named = Counter(mark.text for mark in page.ids)
    anchors_of_page = [(f"eq-{mark.text}", mark.line) for mark in page.tags]
    anchors_of_page += [
        (f"cell-{placement.label}", placement.line) for placement in page.placements
    ]
    anchors_of_page += [(f"fig-{p.label}", p.line) for p in page.placements if p.caption]
    return [
        PressError(
            f"the id {anchor!r} is ambiguous: an equation, cell or figure and something else on "
            "this page have it",
            path=page.path,
            line=line,
            mend="give the other one another id",
        )
        for anchor, line in anchors_of_page
        if named[anchor]
    ]


def _empty(page: Page) -> Iterator[tuple[str, int]]:
    """Target and line of every link without a text."""
    for mark in page.links:
        if mark.empty:
            yield mark.text, mark.line


def _unnamed(pages: Pages, page: Page, target: str) -> tuple[str, str] | None:
    """What is wrong with the name that ``[](target)`` would get, and the mend."""
    if target.startswith(TERM):
        return None  # it was refused already
    write = f"write it between the brackets: [text]({target})"
    name, _, anchor = target.partition("#")
    stem = PurePosixPath(name).stem if name else page.name
    if "://" in target or (stem in pages and name not in ("", f"{stem}.md")):
        return f"the link to {target!r} has no text", write
    if stem not in pages or (anchor and anchor not in pages[stem].anchors):
        return None  # parity.links says so
    text = name_of(pages[stem], anchor)
    if text is None:
        return f"the link {target!r} has no text, and what it leads to has no name", write
    alike = [
        f"{other.name}.md"
        for other in pages.values()
        if other is not pages[stem] and text in set(_names(other))
    ]
    if alike and (name or anchor.startswith("eq-")):
        return f"the name {text} is ambiguous: it is in {', '.join(alike)}, too", write
    twice = Counter(_names(pages[stem]))[text] > 1
    if twice:
        return f"the name {text} is ambiguous: {stem}.md has it more than once", write
    return None


def home(pages: Pages) -> str | None:
    """The name of the page that has the glossary."""
    return next((page.name for page in pages.values() if page.glossary), None)


def name_of(page: Page, anchor: str) -> str | None:
    """What ``anchor`` of ``page`` is called in its language; without an anchor, the page.

    Examples: ``(10.2.3)``, ``图“玩具数据”``, ``第 10.2.1 节“生成数据集”``.
    """
    words = WORDS[page.language].references
    if anchor in {f"eq-{mark.text}" for mark in page.tags}:
        return f"({anchor.removeprefix('eq-')})"
    for placement in page.placements:
        if anchor == f"fig-{placement.label}" and placement.title:
            return words.figure.format(title=placement.title.strip())
    for heading in page.headings:
        if anchor == heading.id or (not anchor and heading.level == 1):
            numbered = NUMBERED.fullmatch(heading.text)
            if numbered:
                return words.numbered.format(**numbered.groupdict())
            return words.section.format(title=heading.text)
    return None


def _names(page: Page) -> Iterator[str]:
    anchors = [f"eq-{mark.text}" for mark in page.tags]
    anchors += [f"fig-{placement.label}" for placement in page.placements if placement.caption]
    anchors += [heading.id for heading in page.headings]
    for anchor in anchors:
        name = name_of(page, anchor)
        if name:
            yield name


def resolve(pages: Pages) -> None:
    """Make ordinary links of all references in ``pages``, which `check` has found sound."""
    glossary = home(pages)

    def outside_code(text: str, pattern: re.Pattern[str], new: Callable[..., str]) -> str:
        spans = [match.span() for match in CODE_SPAN.finditer(text)]
        return pattern.sub(
            lambda match: match[0] if any(a <= match.start() < b for a, b in spans) else new(match),
            text,
        )

    def resolved(text: str, page: Page) -> str:
        def named(match: re.Match[str]) -> str:
            name, _, anchor = match["target"].partition("#")
            there = pages[PurePosixPath(name).stem if name else page.name]
            return f"[{name_of(there, anchor)}]({match['target']})"

        text = outside_code(text, TERM_LINK, lambda match: f"{glossary}.md#term-{match['key']}")
        return outside_code(text, EMPTY, named)

    for page in pages.values():
        for number, row in enumerate(page.lines):
            if number >= page.start and number + 1 not in page.fenced:
                page.lines[number] = resolved(row, page)
        page.placements[:] = [
            replace(placement, caption=resolved(placement.caption, page))
            for placement in page.placements
        ]
