r"""Formulas of a page, set: the TeX that the generator left in its HTML becomes KaTeX' markup.

They are set here rather than in Markdown, so that the table of contents sees a formula once and not
in three forms.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml.html import HtmlElement

from ..base.errors import PressError
from ..formulas import render_katex
from ..words.load import WORDS
from .page_tree import Page, is_of_class, new, pieces, replace, set_text_before, text_before

TEX = re.compile(r"\s*\\(?P<open>[(\[])(?P<tex>.*?)\\[)\]]\s*", re.DOTALL)
NUMBER = re.compile(r"\s*\\tag(?P<bare>\*?)\{(?P<number>[^{}]*)\}")
INLINE = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
OPENING, CLOSING = re.compile(r"[（(“‘《「]*$"), re.compile(r"^[，。；：？！、）”’》」,.;:?!)]*")
SHORT = 24  # characters of TeX up to which a formula stays on a line with its punctuation


def set_formulas(page: Page) -> None:
    r"""Set every formula of the text, ``\(…\)`` and ``\[…\]`` in elements of class arithmatex.

    Raises
    ------
    PressError
        For a formula that KaTeX refuses, with the line of the prose it stands in.
    """
    formulas = [
        (element, match["tex"].strip(), match["open"] == "[")
        for element in page.all(f"//*[{is_of_class('arithmatex')}]")
        if (match := TEX.fullmatch(element.text_content()))
    ]
    # KaTeX lays the number over a formula that is too long, and hides it from screen readers.
    wanted = [
        (NUMBER.sub("", tex, count=1) if display else tex, display) for _, tex, display in formulas
    ]
    for (element, tex, display), formula in zip(formulas, _rendered(page, wanted), strict=True):
        if display:
            _display(element, tex, formula, page.language)
        else:
            _within_line(element, tex, formula)


def set_labels(page: Page) -> None:
    r"""Set the formulas of navigation and table of contents, which have headings without markup.

    Raises
    ------
    PressError
        As `set_formulas` does.
    """
    labels = [
        label
        for label in page.all(f"//span[{is_of_class('md-ellipsis')}]")
        if "\\(" in (label.text or "")
    ]
    for label in labels:
        texts = INLINE.split(label.text)
        formulas = _rendered(page, [(tex.strip(), False) for tex in texts[1::2]])
        label.text = texts[0]
        for place, (formula, text) in enumerate(zip(formulas, texts[2::2], strict=True)):
            formula.tail = text
            label.insert(place, formula)


def equation_ids(root: HtmlElement) -> set[str]:
    """The ids that the equations below ``root`` will have when they are set."""
    tags = (
        NUMBER.search(element.text_content())
        for element in root.xpath(f".//*[{is_of_class('arithmatex')}]")
    )
    return {f"eq-{tag['number']}" for tag in tags if tag}


def _rendered(page: Page, wanted: list[tuple[str, bool]]) -> list[HtmlElement]:
    try:
        return [pieces(text)[0] for text in render_katex.render(wanted)]
    except render_katex.MathsError as error:
        prose = page.docs / page.language / f"{Path(page.name).stem}.md"
        raise PressError(
            f"KaTeX does not accept this formula: {error.message}",
            path=prose,
            line=_line(prose, error),
            mend="correct the formula; it has to be what LaTeX accepts, words in \\text{…}",
            detail=_pointed(error),
        ) from None


def _display(element: HtmlElement, tex: str, formula: HtmlElement, language: str) -> None:
    """Set a formula in a row of its own, and its number as a link that names it."""
    for child in list(element):
        child.drop_tree()
    element.text = None
    element.set("class", "equation")
    element.append(new("span", {"class": "equation-formula"}, formula))
    if number := NUMBER.search(tex):
        key = number["number"]
        number_text = key if number["bare"] else f"({key})"
        element.set("id", f"eq-{key}")
        label = WORDS[language].page.equation.format(number=number_text)
        link = {"class": "equation-number", "href": f"#eq-{key}", "aria-label": label}
        element.append(new("a", link, number_text))


def _within_line(element: HtmlElement, tex: str, formula: HtmlElement) -> None:
    """Set a formula within a line, with the punctuation around it if it is short.

    Browsers break the line between a formula and a full stop, unless told not to.
    """
    before, after = text_before(element), element.tail or ""
    opening, closing = OPENING.search(before), CLOSING.search(after)
    assert opening and closing  # of any length
    maths = new("span", {"class": "maths"}, formula)
    if (opening[0] or closing[0]) and len(tex) <= SHORT:
        maths.set("class", "maths keep")
        maths.text, formula.tail = opening[0], closing[0]
        set_text_before(element, before[: opening.start()])
        element.tail = after[closing.end() :]
    replace(element, None, [maths])


def _line(prose: Path, error: render_katex.MathsError) -> int | None:
    """The line of the prose where the formula stands, at the place KaTeX names if it is certain."""
    try:
        text = prose.read_text("utf-8")
    except FileNotFoundError:
        return None
    start = text.find(error.tex)
    if start >= 0:
        return text.count("\n", 0, start + (error.position or 0)) + 1
    # Indented in a list or an admonition, or with numbers filled in: the first line that matches.
    rows = [row.strip() for row in text.splitlines()]
    for part in (part.strip() for part in error.tex.splitlines()):
        for number, row in enumerate(rows):
            if part and part in row:
                return number + 1
    return None


def _pointed(error: render_katex.MathsError) -> str:
    """The formula, with a caret below the place that KaTeX names."""
    if error.position is None:
        return error.tex
    before = error.tex[: error.position]
    row = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    rows = error.tex.splitlines() or [""]
    return "\n".join([*rows[: row + 1], " " * column + "^", *rows[row + 1 :]])
