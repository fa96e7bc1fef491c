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

from lxml.html import HtmlElement

from ..base.addresses import colab
from ..words.load import WORDS
from .page_tree import Page, append_text, is_of_class, new, replace

MATHS = re.compile(
    r"(?<!\\)\$\$(?P<display>.+?)\$\$|(?<![\\$])\$(?!\s)(?P<inline>[^$]+?)(?<![\s\\])\$(?!\d)",
    re.DOTALL,
)
LOADER = "//script[@data-mkdocs-jupyter-mathjax]"


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


def drop_mathjax(page: Page) -> None:
    """Remove the loader of MathJax that newer versions of mkdocs-jupyter bring to every page."""
    for script in page.all(LOADER):
        script.drop_tree()


def rewrite_notebook(page: Page) -> None:
    """Rewrite the article of a notebook; its formulas become arithmatex elements, as on pages.

    The notebook itself has the names of its cells and the alternative texts of its figures.
    """
    if page.first(f"//*[{is_of_class('jupyter-wrapper')}]") is None:
        return
    cells = json.loads(page.source.read_text("utf-8"))["cells"]
    notebook = _Notebook(page.source, {cell["id"]: cell for cell in cells if "id" in cell})
    article = page.the("//article", "an article")
    published = f"{page.address}{page.name.removesuffix('.html')}.ipynb" if page.address else ""
    article[:] = _parts(article, page.language, notebook, colab(published))
    article.text = "\n"


def _parts(article: HtmlElement, language: str, notebook: _Notebook, run: str) -> list[HtmlElement]:
    """What the article shall hold: prose, and a box for every cell of code."""
    parts: list[HtmlElement] = []
    figures: dict[str, HtmlElement] = {}
    for box in article.xpath(f".//*[{is_of_class('jp-Cell')}][@id]"):
        name = box.get("id").removeprefix("cell-id=")
        prose = _first(box, is_of_class("jp-RenderedMarkdown"))
        if prose is None:
            cell, figure = _cell(box, name, language, notebook)
            parts.append(cell)
            if figure is not None:
                figures[name] = figure
            continue
        _headings(prose, language)
        _maths(prose)
        for anchor in prose.xpath(".//a[not(@href)][not(@id)][not(node())]"):
            anchor.drop_tree()
        if name.endswith("-caption") and name.removesuffix("-caption") in figures:
            _caption(figures[name.removesuffix("-caption")], prose)
        else:
            parts += prose
    title = next((part for part in parts if part.tag == "h1"), None)
    if title is not None:
        parts.remove(title)
        parts[:0] = [title, _links(notebook, language, run)]
    return parts


def _first(element: HtmlElement, condition: str) -> HtmlElement | None:
    return next(iter(element.xpath(f".//*[{condition}]")), None)


def _links(notebook: _Notebook, language: str, run: str) -> HtmlElement:
    name, words = notebook.path.stem, WORDS[language].page
    page = new("a", {"href": f"../{name}.html"}, words.web_page)
    download = new("a", {"href": f"{name}.ipynb"}, words.download)
    download.set("download")
    parts = [page, " · ", download]
    if run:
        parts += [" · ", new("a", {"href": run}, words.run)]
    return new("p", {"class": "notebook-links"}, *parts)


def _headings(prose: HtmlElement, language: str) -> None:
    """Give every heading the id of the anchor in it, and the permalink that pages have."""
    for heading in prose.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
        for link in heading.find_class("anchor-link"):
            link.drop_tree()
        heading.attrib.pop("id", None)
        anchor = next(iter(heading.xpath(".//a[@id][not(@href)]")), None)
        if anchor is not None:
            heading.set("id", anchor.get("id"))
            anchor.drop_tree()
        if len(heading):
            heading[-1].tail = (heading[-1].tail or "").rstrip()
        else:
            heading.text = (heading.text or "").rstrip()
        if heading.get("id"):
            link = {"class": "headerlink", "href": f"#{heading.get('id')}"}
            heading.append(new("a", {**link, "title": WORDS[language].page.permalink}, "#"))


def _maths(prose: HtmlElement) -> None:
    """Make ``$…$`` and ``$$…$$``, which nbconvert leaves to MathJax, arithmatex elements."""
    for text in prose.xpath(".//text()[not(ancestor::code or ancestor::pre)]"):
        pieces = MATHS.split(text)
        if len(pieces) == 1:
            continue
        formulas: list[HtmlElement] = []
        for display, inline, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            if display is None:
                formula = new("span", {"class": "arithmatex"}, f"\\({inline}\\)")
            else:
                formula = new("div", {"class": "arithmatex"}, f"\\[{display}\\]")
            formula.tail = after
            formulas.append(formula)
        _put(formulas, pieces[0], text)
    for paragraph in prose.xpath(f".//p[div[{is_of_class('arithmatex')}]]"):
        _split(paragraph)


def _put(formulas: list[HtmlElement], before: str, text: Any) -> None:
    """Put ``before`` and ``formulas`` in the place of ``text``, a text node found by XPath."""
    owner = text.getparent()
    if text.is_text:
        owner.text = before
        owner[:0] = formulas
    else:
        owner.tail = before
        parent = owner.getparent()
        place = parent.index(owner) + 1
        parent[place:place] = formulas


def _split(paragraph: HtmlElement) -> None:
    """A paragraph cannot hold a block: it ends before a display formula and goes on after it."""
    parts: list[HtmlElement] = []

    def begin(text: str | None) -> None:
        parts.append(new("p", {}, text or ""))

    if (paragraph.text or "").strip():
        begin(paragraph.text)
    for child in list(paragraph):
        after, child.tail = child.tail, None
        if child.tag == "div":
            parts.append(child)
            if (after or "").strip():
                begin(after)
        else:
            if not parts or parts[-1].tag == "div":
                begin(None)
            parts[-1].append(child)
            child.tail = after
    replace(paragraph, None, parts)


def _cell(
    box: HtmlElement, name: str, language: str, notebook: _Notebook
) -> tuple[HtmlElement, HtmlElement | None]:
    """The box of a cell's code and outputs, and the figure among them."""
    cell = new("div", {"class": "cell", "id": f"cell-{name}"})
    figure = None
    code = box.xpath(
        f".//*[{is_of_class('jp-Cell-inputWrapper')}]//*[{is_of_class('highlight-ipynb')}]//pre"
    )
    if code:
        block = _code(code[0], "language-python highlight")
        if notebook.hidden(name):
            show = new("summary", {}, WORDS[language].page.show_code)
            block = new("details", {"class": "code"}, show, block)
        cell.append(block)
    for output in box.xpath(f".//*[{is_of_class('jp-OutputArea-output')}]"):
        image, text = output.find(".//img"), output.find(".//pre")
        if image is not None:
            figure = _figure(image, name, notebook)
            cell.append(figure)
        elif text is not None:
            cell.append(_code(text, "language-text output highlight"))
    return cell, figure


def _code(pre: HtmlElement, classes: str) -> HtmlElement:
    code = new("code", {}, pre.text or "", *pre)
    return new("div", {"class": classes}, new("pre", {}, new("span", {}), code))


def _figure(image: HtmlElement, name: str, notebook: _Notebook) -> HtmlElement:
    address = notebook.figure(name)
    picture = new("img", {"alt": notebook.alt(name), "src": address or image.get("src")})
    for size in ("width", "height"):
        if size in image.attrib:
            picture.set(size, image.get(size))
    picture.set("loading", "lazy")
    figure = new("figure", {"class": "figure"}, new("p", {}, picture))
    if address:
        figure.set("id", f"fig-{name}")
    return figure


def _caption(figure: HtmlElement, prose: HtmlElement) -> None:
    """Put the quoted line below a figure into it, as its caption."""
    caption = new("figcaption", {})
    for paragraph in prose.xpath(".//blockquote/p") or prose.xpath(".//p"):
        append_text(caption, paragraph.text)
        caption.extend(list(paragraph))
    figure.append(caption)
