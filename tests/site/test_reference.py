"""The reference of the library on its page: every public name, as its docstring has it."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

import attnbook
from attnbook import plotting
from attnbook.press.base.book_paths import CHECKOUT
from attnbook.press.source import chapter_script

PLOTS = ("show_heatmaps", "plot_regression", "plot_loss", "plot_steps")
OBJECTS = {f"attnbook.{name}": getattr(attnbook, name) for name in attnbook.__all__}
OBJECTS |= {f"attnbook.plotting.{name}": getattr(plotting, name) for name in PLOTS}
EXAMPLES = "Examples\n--------\n"  # the last section of every docstring that has it
CHAPTERS = {
    path.stem: path
    for path in sorted((CHECKOUT / "attnbook" / "chapters").glob("*.py"))
    if path.stem != "__init__"
}


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def entries(soup: BeautifulSoup) -> dict[str, list[Tag]]:
    """What stands below the heading of each name, by its id."""
    found: dict[str, list[Tag]] = {}
    for heading in soup.select("article h3[id]"):
        below = found[str(heading["id"])] = []
        for element in heading.find_next_siblings():
            if element.name in ("h2", "h3"):
                break
            below.append(element)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_public_name_has_its_entry_with_signature_and_examples(site, language):
    found = entries(page(site, f"{language}/reference.html"))
    assert found.keys() == OBJECTS.keys()
    assert len(found) > 20
    with_example = 0
    for name, below in found.items():
        kind = "class" if inspect.isclass(OBJECTS[name]) else "def"
        start = f"{kind} {name.rpartition('.')[2]}("
        signature = below[0].get_text()
        assert any(row.startswith(start.rstrip("(")) for row in signature.splitlines()), name
        for parameter in inspect.signature(OBJECTS[name]).parameters:
            assert f"{parameter}:" in signature, name
        documented = inspect.getdoc(OBJECTS[name]) or ""
        _, title, example = documented.partition(EXAMPLES)
        shown = [one.get_text().strip() for part in below for one in part.select("pre")]
        shown = [text for text in shown if text.startswith(">>>")]
        assert shown == [example.strip()] * bool(title), name
        with_example += bool(title)
        (source,) = (part for part in below if part.name == "details")
        assert documented.splitlines()[0] not in source.get_text(), name
        assert start.rstrip("(") in source.get_text(), name
    assert with_example > 15


@pytest.mark.parametrize("language", ["zh", "en"])
def test_texts_of_docstrings_are_marked_as_english(site, language):
    for name, below in entries(page(site, f"{language}/reference.html")).items():
        texts = [part for part in below if part.name in ("div", "dl") and "class" not in part.attrs]
        assert texts, name
        assert all(part.get("lang") == "en" for part in texts), name


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_imported_names_lead_to_their_entries_and_code_stays_code(site, language, chapter):
    ids = {str(one["id"]) for one in page(site, f"{language}/reference.html").select("[id]")}
    (name,) = (
        path.stem
        for path in (CHECKOUT / "docs" / language).glob("*.md")
        if f"\nchapter: {chapter}\n" in path.read_text("utf-8")
    )
    cell = page(site, f"{language}/{name}.html").select_one("#cell-imports")
    assert cell is not None
    (pre,) = cell.select("pre")
    assert (
        pre.get_text().strip() == chapter_script.read(CHAPTERS[chapter])["imports"].source.strip()
    )
    links = pre.select("a")
    assert len(links) >= 3
    for link in links:
        target, _, anchor = str(link["href"]).partition("#")
        assert target == "reference.html"
        assert anchor in ids
        assert anchor.rpartition(".")[2] == link.get_text()
    assert not cell.has_attr("data-names")


def test_the_search_finds_every_name_in_both_languages(site):
    for language in ("zh", "en"):
        sections = (site / language / "search" / "sections.js").read_text("utf-8")
        for name in OBJECTS:
            place = f'"location":"reference.html#{name}","title":"{name.rpartition(".")[2]}"'
            assert place in sections, (language, name)
