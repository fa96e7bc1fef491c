"""What must agree: the two languages with each other, pages with chapters, links with anchors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from ..base.errors import PressError, short_path
from ..source.chapter_script import Chapter
from ..source.glossary_table import Term
from ..source.page_reader import TERM, Page

Pages = Mapping[str, Page]


def languages(first: Pages, second: Pages) -> list[PressError]:
    """Differences between two languages of the book, the first one leading."""
    errors: list[PressError] = []
    for name in sorted(first.keys() ^ second.keys()):
        there = first.get(name) or second[name]
        other = second if name in first else first
        folder = next((page.path.parent for page in other.values()), there.path.parent.parent)
        errors.append(
            PressError(
                f"the page {name}.md is missing; it exists as {short_path(there.path)}",
                path=folder / f"{name}.md",
                mend="translate it, or remove the other one",
            )
        )
    for name in sorted(first.keys() & second.keys()):
        errors += _twins(first[name], second[name])
    return errors


def _twins(one: Page, two: Page) -> list[PressError]:
    errors: list[PressError] = []
    if one.chapter != two.chapter:
        errors.append(
            PressError(
                f"the page belongs to chapter {two.chapter!r}, its twin to {one.chapter!r}",
                path=two.path,
                line=1,
                mend=f"write the same 'chapter:' here and in {short_path(one.path)}",
            )
        )
    sequences: list[tuple[str, Callable[[Page], list[tuple[str, int]]]]] = [
        ("heading id", lambda page: [(f"{h.level}·{h.id}", h.line) for h in page.headings]),
        ("id", lambda page: [(mark.text, mark.line) for mark in page.ids]),
        ("equation tag", lambda page: [(mark.text, mark.line) for mark in page.tags]),
        ("cell", lambda page: [(p.label, p.line) for p in page.placements]),
        ("figure", lambda page: [(p.label, p.line) for p in page.placements if p.caption]),
        ("folded cell", lambda page: [(p.label, p.line) for p in page.placements if p.fold]),
        ("borrowed figure", lambda page: [(p.label, p.line) for p in page.borrowed]),
        ("glossary fence", lambda page: [("glossary", line) for line, _ in page.glossary]),
        ("cite fence", lambda page: [("cite", line) for line, _ in page.cite]),
        (
            "module of the reference",
            lambda page: [(name, one.line) for one in page.reference for name in one.modules],
        ),
    ]
    for kind, of in sequences:
        error = _first_difference(kind, one, of(one), two, of(two))
        if error:
            errors.append(error)
    return errors + _marked_terms(one, two)


def _marked_terms(one: Page, two: Page) -> list[PressError]:
    """Terms that only one of two twins marks; their order is the language's business."""
    errors: list[PressError] = []
    for here, there in ((one, two), (two, one)):
        marked_there = {mark.text for mark in there.terms}
        errors += [
            PressError(
                f"the term {mark.text!r} is marked here, but not in {short_path(there.path)}",
                path=here.path,
                line=mark.line,
                mend=f"mark it there, too: [word]({TERM}{mark.text})",
            )
            for mark in here.terms
            if mark.text not in marked_there
        ]
    return errors


def _first_difference(
    kind: str, one: Page, left: list[tuple[str, int]], two: Page, right: list[tuple[str, int]]
) -> PressError | None:
    for here, there in zip_longest(left, right):
        if here is None or there is None or here[0] != there[0]:
            wanted = f"{here[0]!r} ({short_path(one.path)}:{here[1]})" if here else "no more"
            came = repr(there[0]) if there else "no more"
            return PressError(
                f"the two languages differ in their {kind}s: {wanted} against {came} here",
                path=two.path,
                line=there[1] if there else len(two.lines),
                mend="make both languages name the same things in the same order",
            )
    return None


def placements(page: Page, chapter: Chapter) -> list[PressError]:
    """Each label of the chapter must stand on the page once, in the order of the script."""
    errors: list[PressError] = []
    seen: dict[str, int] = {}
    labels = chapter.labels
    last = -1
    for placement in page.placements:
        label, line = placement.label, placement.line
        if label not in labels:
            errors.append(
                PressError(
                    f"there is no cell {label!r} in {short_path(chapter.path)}",
                    path=page.path,
                    line=line,
                    mend=f"its cells are {', '.join(labels)}",
                )
            )
            continue
        if label in seen:
            errors.append(
                PressError(
                    f"the cell {label!r} was already placed in line {seen[label]}",
                    path=page.path,
                    line=line,
                    mend="place every cell once",
                )
            )
            continue
        seen[label] = line
        position = labels.index(label)
        if position < last:
            errors.append(
                PressError(
                    f"the cell {label!r} comes after {labels[last]!r}, which follows it in "
                    f"{short_path(chapter.path)}",
                    path=page.path,
                    line=line,
                    mend="place the cells in the order in which they run",
                )
            )
        last = max(last, position)
    errors += [
        PressError(
            f"the cell {cell.label!r} ({short_path(chapter.path)}:{cell.line}) is not on the page",
            path=page.path,
            line=len(page.lines),
            mend="place it with a ``` cell fence, or remove it from the chapter",
        )
        for cell in chapter.cells
        if cell.label not in seen
    ]
    return errors


def chapters(pages: Pages, scripts: Mapping[str, Chapter]) -> list[PressError]:
    """A chapter has one page, a page with cells has a chapter."""
    errors: list[PressError] = []
    owners: dict[str, Page] = {}
    for page in pages.values():
        if page.chapter is None:
            errors += [
                PressError(
                    f"the page places the cell {placement.label!r} but names no chapter",
                    path=page.path,
                    line=placement.line,
                    mend="add 'chapter: script_name' to its front matter",
                )
                for placement in page.placements[:1]
            ]
            continue
        if page.chapter in owners:
            errors.append(
                PressError(
                    f"the chapter {page.chapter!r} already belongs to "
                    f"{short_path(owners[page.chapter].path)}",
                    path=page.path,
                    line=1,
                    mend="give each page a chapter script of its own",
                )
            )
        owners[page.chapter] = page
        errors += placements(page, scripts[page.chapter])
    return errors


def slugs(scripts: Mapping[str, Chapter], figures: Mapping[str, list[str]]) -> list[PressError]:
    """A figure's label is its permanent address, so it is unique over the whole book."""
    errors: list[PressError] = []
    owners: dict[str, Chapter] = {}
    for name, labels in figures.items():
        for label in labels:
            if label in owners:
                cell = scripts[name][label]
                errors.append(
                    PressError(
                        f"the figure {label!r} already exists in {short_path(owners[label].path)}",
                        path=scripts[name].path,
                        line=cell.line - 1,
                        mend="give this cell another label: it is the figure's address",
                    )
                )
            owners[label] = scripts[name]
    return errors


def links(
    pages: Pages, extra: Mapping[str, set[str]], made_pages: Collection[str] = ()
) -> list[PressError]:
    """Links within the book that lead nowhere.

    ``extra`` holds ids that the press will add to pages, ``made`` the pages that it makes.
    """
    errors: list[PressError] = []

    def anchors(name: str) -> set[str]:
        return pages[name].anchors | extra.get(name, set())

    for page in pages.values():
        for mark in page.links:
            if (
                mark.text.startswith(("https://", "http://", "mailto:", TERM))
                or mark.text in made_pages
            ):
                continue
            target, _, anchor = mark.text.partition("#")
            name = PurePosixPath(target).stem if target else page.name
            if target and target != f"{name}.md":
                errors.append(
                    PressError(
                        f"the link {mark.text!r} is neither a page nor an address",
                        path=page.path,
                        line=mark.line,
                        mend="link to page.md, page.md#id, #id or https://…",
                    )
                )
            elif name not in pages:
                errors.append(
                    PressError(
                        f"the link {mark.text!r} leads to a page that does not exist",
                        path=page.path,
                        line=mark.line,
                        mend=f"the pages are {', '.join(f'{name}.md' for name in sorted(pages))}",
                    )
                )
            elif anchor and anchor not in (ids := anchors(name)):
                elsewhere = [f"{other}.md#{anchor}" for other in pages if anchor in anchors(other)]
                errors.append(
                    PressError(
                        f"the link {mark.text!r} names an id that {name}.md does not have",
                        path=page.path,
                        line=mark.line,
                        mend=f"did you mean {' or '.join(elsewhere)}?"
                        if elsewhere
                        else _nearest(anchor, ids),
                    )
                )
    return errors


def _nearest(anchor: str, candidates: set[str]) -> str:
    near = get_close_matches(anchor, candidates, n=3)
    if near:
        return f"did you mean {' or '.join(f'#{name}' for name in near)}?"
    return f"its ids are {', '.join(sorted(candidates))}"


def captions(page: Page, drawn: set[str]) -> list[PressError]:
    """A cell that draws has a title, a caption and an alternative text; no other cell has."""
    errors: list[PressError] = []
    for placement in page.placements:
        given = {name: getattr(placement, name) for name in ("title", "caption", "alt")}
        if placement.label in drawn:
            errors += [
                PressError(
                    f"the figure {placement.label!r} has no {option}",
                    path=page.path,
                    line=placement.line,
                    mend=f"add '{option}: …' below the label",
                )
                for option, text in given.items()
                if not text.strip()
            ]
            if "{{" in placement.title:
                errors.append(
                    PressError(
                        f"the title of the figure {placement.label!r} has a number in it",
                        path=page.path,
                        line=placement.line,
                        mend="put it into the caption: titles are cited and must not change",
                    )
                )
        else:
            errors += [
                PressError(
                    f"the cell {placement.label!r} has the option {option!r} but draws no figure",
                    path=page.path,
                    line=placement.line,
                    mend="remove the option, or let the cell draw",
                )
                for option, text in given.items()
                if text.strip()
            ]
    return errors


def terms(table: Sequence[Term], pages: Pages, path: Path) -> list[PressError]:
    """Where the term table says a term is introduced, there must be an anchor."""
    errors: list[PressError] = []
    for term in table:
        name, _, anchor = term.where.partition("#")
        name = name.removesuffix(".md")
        if name not in pages or anchor not in pages[name].anchors:
            errors.append(
                PressError(
                    f"the term {term.key!r} is introduced at {term.where!r}, which does not exist",
                    path=path,
                    line=term.line,
                    mend="write page.md#id of the section that introduces it",
                )
            )
    return errors
