r"""The last pass over a page of the site, on its final HTML.

Formulas are set here rather than in Markdown, so that the search index and the table of contents
see the formula once and not in three forms. Notebook pages lose everything that only JupyterLab
needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

from ..base.errors import PressError
from ..formulas import katex_fonts, katex_styles, render_katex
from ..pages.note import Note
from ..words.load import WORDS
from . import first_picture, link_preview, material_markup, notebook_html, notes_on_page, slim_html

FORMULA = re.compile(
    r"(?P<before>[（(“‘《「]*)"
    r'<(?P<tag>span|div) class="arithmatex">\\(?P<open>[(\[])(?P<tex>.*?)\\[)\]]</(?P=tag)>'
    r"(?P<after>[，。；：？！、）”’》」,.;:?!)]*)",
    re.DOTALL,
)
SHORT = 24
MATHJAX = re.compile(r"<script data-mkdocs-jupyter-mathjax=.*?</script>\s*", re.DOTALL)
LABEL = re.compile(r'(?<=<span class="md-ellipsis">)[^<]*\\\([^<]*(?=</span>)')
INLINE = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
NUMBER = re.compile(r"\s*\\tag(?P<bare>\*?)\{(?P<number>[^{}]*)\}")
EMPHASIS = re.compile(r"<em>(?P<text>[^<]*)</em>")
HAN = re.compile(r"[\u3400-\u9fff]")
ID = re.compile(r'<[a-zA-Z][^<>]*?\sid="([^"]+)"')


def finish(
    html: str,
    *,
    page: str,
    language: str,
    source: Path,
    docs: Path = Path("docs"),
    told: Mapping[str, Note] | None = None,
    address: str = "",
) -> str:
    r"""The page as it is served.

    Parameters
    ----------
    html
        What the generator wrote, a whole page.
    page
        The page's address in the generator's folder, such as ``notebooks/attention-cues.ipynb``.
    language
        The language of the page, ``zh`` or ``en``.
    source
        The staged file it was made from.
    docs
        The folder that holds the prose, one folder per language; errors name files in it.
    told, address
        The notes of the language, and where it is published; see `notes_on_page.attach`.

    Raises
    ------
    PressError
        For a formula that KaTeX refuses, with the line of the prose it stands in.
    """
    if notebook_html.is_notebook(html):
        html = notebook_html.slim(html, language=language, source=source)
    # Newer versions of mkdocs-jupyter bring a loader of MathJax to every page.
    html = MATHJAX.sub("", html)
    # Material leaves it empty on the labels of sections, which are not to be focused.
    html = html.replace(' tabindex=""', "")
    # It labels a toggle in the navigation, which pages of figures are not in.
    if 'id="__toc"' not in html:
        html = html.replace(' for="__toc"', "")
    html = notes_on_page.attach(
        html, told or {}, page=page, language=language, address=address, ids=ids
    )
    try:
        html = notes_on_page.without_ids(_labels(_formulas(html, language)))
    except render_katex.MathsError as error:
        prose = docs / language / f"{Path(page).stem}.md"
        raise PressError(
            f"KaTeX does not accept this formula: {error.message}",
            path=prose,
            line=_line(prose, error),
            mend="correct the formula; it has to be what LaTeX accepts, words in \\text{…}",
            detail=_pointed(error),
        ) from None
    if WORDS[language].script == "Han":
        html = EMPHASIS.sub(_emphasis, html)
    stage = source.parents[page.count("/")]
    html = link_preview.told(html, page=page, language=language, stage=stage)
    html = first_picture.first(material_markup.mended(html))
    return katex_fonts.needed(katex_styles.classes(slim_html.slim(html)))


def ids(content: str) -> set[str]:
    """Every id that ``content`` has, or will have when its equations are set."""
    tags = (NUMBER.search(match["tex"]) for match in FORMULA.finditer(content))
    return set(ID.findall(content)) | {f"eq-{tag['number']}" for tag in tags if tag}


def _formulas(html: str, language: str) -> str:
    found = list(FORMULA.finditer(html))
    texts = [(unescape(match["tex"]).strip(), match["open"] == "[") for match in found]
    # KaTeX lays the number over a formula that is too long, and hides it from screen readers.
    wanted = [(NUMBER.sub("", tex, count=1) if block else tex, block) for tex, block in texts]
    placed = iter(zip(texts, render_katex.render(wanted), strict=True))

    def place(match: re.Match[str]) -> str:
        (tex, display), formula = next(placed)
        return (
            _displayed(match, tex, formula, language) if display else _inline(match, tex, formula)
        )

    return FORMULA.sub(place, html)


def _displayed(match: re.Match[str], tex: str, formula: str, language: str) -> str:
    """The formula, and its number as a link that names it."""
    tag, name, link = match["tag"], "", ""
    if number := NUMBER.search(tex):
        key = escape(number["number"])
        shown = key if number["bare"] else f"({key})"
        name = f' id="eq-{key}"'
        label = WORDS[language].page.equation.format(number=shown)
        link = f'<a class="equation-number" href="#eq-{key}" aria-label="{label}">{shown}</a>'
    return (
        f'{match["before"]}<{tag} class="equation"{name}>'
        f'<span class="equation-formula">{formula}</span>{link}</{tag}>{match["after"]}'
    )


def _emphasis(match: re.Match[str]) -> str:
    """Titles in Latin letters keep their italics among Han characters, which have none."""
    return match[0] if HAN.search(match["text"]) else f'<em class="latin">{match["text"]}</em>'


def _inline(match: re.Match[str], tex: str, formula: str) -> str:
    before, after = match["before"], match["after"]
    if (before or after) and len(tex) <= SHORT:
        # Browsers break the line between a formula and a full stop, unless told not to.
        return f'<span class="maths keep">{before}{formula}{after}</span>'
    return f'{before}<span class="maths">{formula}</span>{after}'


def _labels(html: str) -> str:
    """Formulas in navigation and table of contents, which hold headings without their markup."""

    def label(match: re.Match[str]) -> str:
        formulas = [(unescape(tex).strip(), False) for tex in INLINE.findall(match[0])]
        rendered = iter(render_katex.render(formulas))
        return INLINE.sub(lambda _: next(rendered), match[0])

    return LABEL.sub(label, html)


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
