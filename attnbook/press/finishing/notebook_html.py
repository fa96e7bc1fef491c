"""The page that mkdocs-jupyter makes of a notebook, reduced to the markup of the other pages.

The plugin writes what JupyterLab shows: its style sheet, scripts from a content network, a second
copy of all code for a copy button, seven nested boxes around every cell. What remains here are
headings, prose, code, output and figures, with the names, ids and classes that pages use, so that
one style sheet serves both.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.element import NavigableString
from bs4.formatter import HTMLFormatter

from ..words.load import WORDS

MARK = 'class="jupyter-wrapper"'
ARTICLE = re.compile(r"(<article\b[^>]*>)(.*?)(</article>)", re.DOTALL)
MATHS = re.compile(
    r"(?<!\\)\$\$(?P<display>.+?)\$\$|(?<![\\$])\$(?!\s)(?P<inline>[^$]+?)(?<![\s\\])\$(?!\d)",
    re.DOTALL,
)
HTML5 = HTMLFormatter(
    entity_substitution=EntitySubstitution.substitute_xml,
    void_element_close_prefix="",
    empty_attributes_are_booleans=True,
)


@dataclass(frozen=True)
class _Notebook:
    """What the rendered page no longer tells about the notebook at ``path``."""

    path: Path
    cells: dict[str, dict[str, Any]]

    def hidden(self, name: str) -> bool:
        metadata = self.cells.get(name, {}).get("metadata", {})
        return bool(metadata.get("jupyter", {}).get("source_hidden"))

    def alt(self, name: str) -> str:
        for output in self.cells.get(name, {}).get("outputs", []):
            for metadata in output.get("metadata", {}).values():
                if isinstance(metadata, dict) and metadata.get("alt"):
                    return metadata["alt"]
        return ""

    def figure(self, name: str) -> str | None:
        """Address of the published figure of a cell, as seen from the notebook's page."""
        published = self.path.parent.parent / "figures" / f"{name}.svg"
        return f"../figures/{name}.svg" if published.exists() else None


def is_notebook(html: str) -> bool:
    """Whether mkdocs-jupyter wrote this page."""
    return MARK in html


def slim(html: str, *, language: str, source: Path) -> str:
    """``html`` with its article rewritten; formulas become arithmatex elements, as on pages.

    Parameters
    ----------
    source
        The notebook, for the names of its cells and the alternative texts of its figures.
    """
    cells = json.loads(source.read_text("utf-8"))["cells"]
    notebook = _Notebook(source, {cell["id"]: cell for cell in cells if "id" in cell})
    return ARTICLE.sub(
        lambda match: match[1] + _article(match[2], language, notebook) + match[3], html
    )


def _article(html: str, language: str, notebook: _Notebook) -> str:
    soup = BeautifulSoup(html, "html.parser")
    out = BeautifulSoup("", "html.parser")
    captions: dict[str, Tag] = {}
    for box in soup.select(".jp-Cell[id]"):
        name = str(box["id"]).removeprefix("cell-id=")
        if prose := box.select_one(".jp-RenderedMarkdown"):
            _headings(prose, language)
            _maths(prose)
            if name.endswith("-caption") and name.removesuffix("-caption") in captions:
                _caption(captions[name.removesuffix("-caption")], prose)
                continue
            for child in list(prose.contents):
                out.append(child.extract())
            continue
        cell, figure = _cell(box, name, language, notebook)
        out.append(cell)
        if figure:
            captions[name] = figure
    title = out.find("h1")
    if title:
        links = _links(notebook, language)
        out.insert(0, title.extract())
        title.insert_after(links)
    for anchor in out.select("a:not([href]):not([id]):empty"):
        anchor.decompose()
    return "\n" + out.decode(formatter=HTML5) + "\n"


def _new(markup: str) -> Tag:
    tag = BeautifulSoup(markup, "html.parser").find()
    assert isinstance(tag, Tag)
    return tag


def _links(notebook: _Notebook, language: str) -> Tag:
    name = notebook.path.stem
    return _new(
        f'<p class="notebook-links"><a href="../{name}.html">{WORDS[language].page.web_page}</a> · '
        f'<a href="{name}.ipynb" download>{WORDS[language].page.download}</a></p>'
    )


def _headings(prose: Tag, language: str) -> None:
    """A heading takes the id of the anchor in it, and the permalink that pages have."""
    for heading in prose.find_all(re.compile("^h[1-6]$")):
        for link in heading.select("a.anchor-link"):
            link.decompose()
        anchor = heading.select_one("a[id]:not([href])")
        if anchor:
            heading["id"] = anchor["id"]
            anchor.decompose()
        last = heading.contents[-1] if heading.contents else None
        if isinstance(last, NavigableString):
            last.replace_with(NavigableString(last.rstrip()))
        if heading.get("id"):
            heading.append(
                _new(
                    f'<a class="headerlink" href="#{heading["id"]}" '
                    f'title="{WORDS[language].page.permalink}">#</a>'
                )
            )
        else:
            del heading["id"]


def _maths(prose: Tag) -> None:
    """``$…$`` and ``$$…$$``, which nbconvert leaves to MathJax, as arithmatex elements."""
    for text in list(prose.find_all(string=MATHS)):
        if text.find_parent(["code", "pre"]):
            continue
        pieces: list[Tag | NavigableString] = []
        start = 0
        for match in MATHS.finditer(text):
            display = match["display"] is not None
            element = _new(f'<{"div" if display else "span"} class="arithmatex">')
            tex = match["display"] if display else match["inline"]
            element.string = f"\\[{tex}\\]" if display else f"\\({tex}\\)"
            pieces += [NavigableString(text[start : match.start()]), element]
            start = match.end()
        pieces.append(NavigableString(text[start:]))
        text.replace_with(*pieces)
    for paragraph in prose.find_all("p"):
        if paragraph.find("div", class_="arithmatex", recursive=False):
            _split(paragraph)


def _split(paragraph: Tag) -> None:
    """A paragraph cannot hold a block: it ends before a display formula and goes on after it."""
    part: Tag | None = None
    for child in list(paragraph.contents):
        block = isinstance(child, Tag) and child.name == "div"
        child.extract()
        if block:
            paragraph.insert_before(child)
            part = None
        elif part is not None or not isinstance(child, NavigableString) or child.strip():
            if part is None:
                part = _new("<p></p>")
                paragraph.insert_before(part)
            part.append(child)
    paragraph.decompose()


def _cell(box: Tag, name: str, language: str, notebook: _Notebook) -> tuple[Tag, Tag | None]:
    cell = _new(f'<div class="cell" id="cell-{name}"></div>')
    figure = None
    code = box.select_one(".jp-Cell-inputWrapper .highlight-ipynb pre")
    if code:
        block = _code(code, "language-python highlight")
        if notebook.hidden(name):
            show = WORDS[language].page.show_code
            fold = _new(f'<details class="code"><summary>{show}</summary></details>')
            fold.append(block)
            block = fold
        cell.append(block)
    for output in box.select(".jp-OutputArea-output"):
        if image := output.find("img"):
            figure = _figure(image, name, notebook)
            cell.append(figure)
        elif text := output.find("pre"):
            cell.append(_code(text, "language-text output highlight"))
    return cell, figure


def _code(pre: Tag, classes: str) -> Tag:
    block = _new(f'<div class="{classes}"><pre><span></span><code></code></pre></div>')
    code = block.find("code")
    assert isinstance(code, Tag)
    for child in list(pre.contents):
        if isinstance(child, Tag) and child.name == "span" and not child.contents:
            continue
        code.append(child.extract())
    return block


def _figure(image: Tag, name: str, notebook: _Notebook) -> Tag:
    address = notebook.figure(name)
    figure = _new(f'<figure class="figure" id="fig-{name}"><p></p></figure>')
    if not address:
        del figure["id"]
    picture = _new("<img>")
    picture["alt"] = notebook.alt(name)
    picture["src"] = address or str(image["src"])
    for size in ("width", "height"):
        if size in image.attrs:
            picture[size] = image[size]
    picture["loading"] = "lazy"
    paragraph = figure.find("p")
    assert isinstance(paragraph, Tag)
    paragraph.append(picture)
    return figure


def _caption(figure: Tag, prose: Tag) -> None:
    """The quoted line below a figure is its caption."""
    caption = _new("<figcaption></figcaption>")
    paragraphs = prose.select("blockquote > p") or prose.find_all("p")
    for paragraph in paragraphs:
        for child in list(paragraph.contents):
            caption.append(child.extract())
    figure.append(caption)
