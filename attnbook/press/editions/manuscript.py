"""The manuscript: the pages of the built site as chapters of one book, without what a screen needs.

The editions on paper and for readers are made of it, so that they say what the site says. Links
between chapters are taken apart here (`LINK_PART`, `LINK_ID`) and put together by each edition.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from mkdocs.utils.yaml import yaml_load

from ..base.book_paths import Layout
from ..base.errors import PressError
from ..base.imprint import Imprint
from ..handouts.figure_index import NAME as INDEX
from ..words.load import WORDS

# A page of the site that is no chapter: it leads to the others, lists what changed, or is looked
# up beside a computer.
LEFT_OUT = ("index", "changelog", "reference")
# What works on a screen only.
SCREEN_ONLY = (
    "script, style, template, button, input, output, form, [hidden], .headerlink, .notebook-links, "
    ".figure-files, .cite-files, .footnote-backref, .screen-only"
)
LINK_PART, LINK_ID = "data-part", "data-id"


@dataclass(frozen=True)
class Heading:
    """A heading of a chapter: its level (1 is the chapter's own), plain text and id."""

    level: int
    text: str
    id: str


@dataclass(frozen=True)
class Figure:
    """A figure of the book, numbered from 1 through all chapters."""

    number: int
    slug: str
    title: str
    part: str
    id: str


@dataclass
class Part:
    """A chapter: ``name`` is that of its page, ``body`` an ``<article>`` with its content."""

    name: str
    body: Tag
    headings: list[Heading] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.headings[0].text


@dataclass
class Manuscript:
    """The book in one language. ``folder`` is that of the site which the images are in."""

    language: str
    description: str
    folder: Path
    imprint: Imprint
    parts: list[Part]
    figures: list[Figure]

    @property
    def title(self) -> str:
        return self.imprint.title(self.language)


def read(layout: Layout, site: Path, language: str, imprint: Imprint) -> Manuscript:
    """The manuscript in ``language`` of the book at ``layout``, from its built ``site``.

    Raises
    ------
    PressError
        If the site lacks a page of the navigation, or a link in it leads nowhere.
    """
    settings = _configuration(layout.edition(language))
    folder = site / language
    parts = [_part(folder / f"{name}.html") for name in _chapters(settings["nav"])]
    titles = _titles(folder / "figures" / INDEX)
    figures = list(_numbered(parts, titles, language))
    manuscript = Manuscript(
        language, " ".join(settings["site_description"].split()), folder, imprint, parts, figures
    )
    for part in parts:
        _links(part, manuscript)
    return manuscript


def plain(element: Tag) -> str:
    """The text of ``element`` on one line; a formula as its letters, once."""
    copy = BeautifulSoup(str(element), "lxml")
    for formula in copy.select(".katex"):
        maths = formula.find("math")
        for source in formula.find_all("annotation"):
            source.decompose()
        formula.replace_with(maths.get_text() if isinstance(maths, Tag) else "")
    return " ".join(copy.get_text().split())


def _configuration(path: Path) -> dict:
    """What the generator is told of an edition, its inheritance resolved."""
    with path.open("rb") as file:
        return yaml_load(file)


def _chapters(nav: list) -> Iterator[str]:
    """The names of the pages that are chapters, in the order of the navigation."""
    for entry in nav:
        target = next(iter(entry.values())) if isinstance(entry, dict) else entry
        if isinstance(target, list):
            yield from _chapters(target)
        elif re.fullmatch(r"[\w-]+\.md", target) and target[:-3] not in LEFT_OUT:
            yield target[:-3]


def _part(path: Path) -> Part:
    try:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
    except FileNotFoundError:
        raise PressError(
            "the site has no such page, which the navigation names",
            path=path,
            mend="build the site: nox -s build",
        ) from None
    article = soup.select_one("article")
    if article is None or article.find("h1") is None:
        raise PressError("the page has no article with a heading", path=path)
    for element in article.select(SCREEN_ONLY):
        element.decompose()
    for fold in article.find_all("details"):
        _unfold(soup, fold)
    for link in article.select("pre a"):  # else a number of a page would stand in the code
        link.unwrap()
    for image in article.find_all("img"):
        del image["loading"]
        image["src"] = unquote(str(image["src"]))
    for number in article.select("a.equation-number"):  # which leads to where it stands
        number.name = "span"
        number.attrs = {"class": "equation-number"}
    for element in article.find_all(True):
        for name in [name for name in element.attrs if name.startswith("data-")]:
            del element[name]
    article.attrs = {}
    part = Part(path.stem, article)
    for heading in article.find_all(re.compile("^h[1-6]$")):
        part.headings.append(Heading(int(heading.name[1]), plain(heading), str(heading["id"])))
    return part


def _unfold(soup: BeautifulSoup, fold: Tag) -> None:
    """Show what a fold hides: code as it is, anything else below its title."""
    title = fold.find("summary", recursive=False)
    if "code" in fold.get_attribute_list("class"):
        if isinstance(title, Tag):
            title.decompose()
        fold.unwrap()
        return
    fold.name = "section"
    fold.attrs.pop("open", None)
    if isinstance(title, Tag):
        title.name = "p"
        title["class"] = "fold-title"
        fold["aria-label"] = title.get_text().strip()


def _titles(path: Path) -> dict[str, str]:
    index = json.loads(path.read_text(encoding="utf-8"))
    return {figure["slug"]: figure["title"] for figure in index["figures"]}


def _numbered(parts: list[Part], titles: dict[str, str], language: str) -> Iterator[Figure]:
    """Number the figures, in their captions, too."""
    words, number = WORDS[language].paper, 0
    for part in parts:
        for figure in part.body.select("figure[id]"):
            caption = figure.find("figcaption")
            if not isinstance(caption, Tag):
                continue
            number += 1
            label = BeautifulSoup("", "lxml").new_tag("span", attrs={"class": "figure-number"})
            label.string = words.figure.format(number=number)
            caption.insert(0, label)
            label.insert_after(words.end)
            slug = str(figure["id"]).removeprefix("fig-")
            yield Figure(number, slug, titles.get(slug, slug), part.name, str(figure["id"]))


def _links(part: Part, manuscript: Manuscript) -> None:
    """Take links into the book apart; let others name the published site, or be plain text."""
    ids = {other.name: _ids(other.body) for other in manuscript.parts}
    figures = {figure.slug: figure for figure in manuscript.figures}
    for link in part.body.find_all("a"):
        for name in ("download", "title", "target", "rel"):
            link.attrs.pop(name, None)
        href = str(link.attrs.pop("href", ""))
        split = urlsplit(href)
        if split.scheme or split.netloc:
            link["href"] = href
            continue
        path, anchor = PurePosixPath(split.path or f"{part.name}.html"), unquote(split.fragment)
        if path.name.removesuffix(".html") in ids and len(path.parts) == 1:
            name = path.name.removesuffix(".html")
        elif path.parts[:1] == ("figures",) and len(path.parts) == 3 and path.parts[1] in figures:
            figure = figures[path.parts[1]]
            name, anchor = figure.part, figure.id
        elif href and manuscript.imprint.address:
            link["href"] = urljoin(manuscript.imprint.at(f"{manuscript.language}/"), href)
            continue
        else:
            link.unwrap()
            continue
        if anchor and anchor not in ids[name]:
            raise PressError(
                f"the link {href!r} leads to no place in the book",
                path=manuscript.folder / f"{part.name}.html",
                mend="correct the link, or build the site anew: nox -s build",
            )
        link[LINK_PART] = name
        link[LINK_ID] = anchor


def _ids(body: Tag) -> set[str]:
    return {str(element["id"]) for element in body.select("[id]")}
