"""Languages agree with each other, pages with chapters, links with anchors."""

from pathlib import Path

import pytest

from attnbook.press.checks import language_parity
from attnbook.press.source import chapter_script, glossary_table, page_reader

HEAD = "---\ntitle: T\ndescription: D\nchapter: ch\n---\n# Title {#top}\n"
TWO_CELLS = "\n``` cell\na\n```\n\n``` cell\nb\n```\n"


@pytest.fixture
def written(tmp_path):
    def write(body: str, language: str = "zh", name: str = "page") -> page_reader.Page:
        path = tmp_path / language / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + body, encoding="utf-8")
        return page_reader.read(path, language)

    return write


@pytest.fixture
def chapter(tmp_path):
    path = tmp_path / "ch.py"
    path.write_text("# %% a\nx = 1\n# %% b\ny = 2\n", encoding="utf-8")
    return chapter_script.read(path)


def test_twins_that_agree_pass(written):
    body = "\n## H {#h}\n$$\nx \\tag{1}\n$$\n" + TWO_CELLS
    assert not language_parity.languages({"page": written(body)}, {"page": written(body, "en")})


@pytest.mark.parametrize(
    ("zh", "en", "kind", "line"),
    [
        ("\n## H {#h}\n", "\n## H {#g}\n", "heading ids", 8),
        ("\n## H {#h}\n", "\n### H {#h}\n", "heading ids", 8),
        ("\n## H {#h}\n", "\n", "heading ids", 7),
        ("\ntext\n{ #x }\n", "\ntext\n{ #y }\n", " ids", 9),
        ("\n$$\nx \\tag{1}\n$$\n", "\n$$\nx \\tag{2}\n$$\n", "equation tags", 9),
        (TWO_CELLS, "\n``` cell\nb\n```\n\n``` cell\na\n```\n", "cells", 8),
        (TWO_CELLS, "\n``` cell\na\ncaption: c\n```\n\n``` cell\nb\n```\n", "figures", 8),
        (TWO_CELLS, "\n``` cell\na\nfold: true\n```\n\n``` cell\nb\n```\n", "folded cells", 8),
        ("\n``` glossary\n```\n", "\n", "glossary fences", 7),
        ("\n``` figure\na\n```\n", "\n``` figure\nb\n```\n", "borrowed figures", 8),
    ],
)
def test_twins_that_differ_are_refused(written, zh, en, kind, line):
    errors = language_parity.languages({"page": written(zh)}, {"page": written(en, "en")})
    assert any(kind in error.what and error.line == line for error in errors), errors


def test_a_page_in_one_language_only_is_refused(written):
    one, two = written(""), written("", "en", "lonely")
    errors = language_parity.languages({"page": one}, {"page": one, "lonely": two})
    (error,) = errors
    assert "lonely.md is missing" in error.what
    assert Path(str(error.path)).parts[-2:] == ("zh", "lonely.md")


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        (TWO_CELLS + "\n``` cell\nc\n```\n", 16, "no cell 'c'"),
        (TWO_CELLS + "\n``` cell\nb\n```\n", 16, "already placed in line 12"),
        ("\n``` cell\nb\n```\n\n``` cell\na\n```\n", 12, "'a' comes after 'b'"),
        ("\n``` cell\na\n```\n", 10, "'b'"),
    ],
)
def test_labels_are_placed_once_in_order(written, chapter, body, line, said):
    (error,) = language_parity.placements(written(body), chapter)
    assert said in error.what
    assert error.line == line


def test_labels_in_order_pass(written, chapter):
    assert not language_parity.placements(written(TWO_CELLS), chapter)


def test_a_chapter_has_one_page(written, chapter):
    one, two = written(TWO_CELLS), written(TWO_CELLS, name="second")
    (error,) = language_parity.chapters({"page": one, "second": two}, {"ch": chapter})
    assert "already belongs to" in error.what


@pytest.mark.parametrize("link", ["nowhere.md", "page.md#no", "#no", "page.html", "../x.png"])
def test_links_that_lead_nowhere_are_refused(written, link):
    (error,) = language_parity.links({"page": written(f"\n[x]({link})\n")}, {})
    assert link in error.what
    assert error.line == 8


@pytest.mark.parametrize(
    "link", ["page.md", "page.md#top", "#eq-1", "#cell-a", "#term-x", "https://a.example/b"]
)
def test_links_that_lead_somewhere_pass(written, link):
    page = written(f"\n[x]({link})\n$$\nx \\tag{{1}}\n$$\n" + TWO_CELLS)
    assert not language_parity.links({"page": page}, {"page": {"term-x"}})


def test_links_to_what_the_press_makes_pass(written):
    page = written("\n[x](figures/index.md)\n")
    assert language_parity.links({"page": page}, {})
    assert not language_parity.links({"page": page}, {}, {"figures/index.md"})


def test_figures_want_a_title_a_caption_and_an_alternative(written):
    page = written("\n``` cell\na\ncaption: c\n```\n\n``` cell\nb\nalt: x\n```\n")
    errors = language_parity.captions(page, {"a"})
    assert [(error.what.split(" has ")[1], error.line) for error in errors] == [
        ("no title", 8),
        ("no alt", 8),
        ("the option 'alt' but draws no figure", 13),
    ]


def test_a_figure_has_one_address(chapter):
    (error,) = language_parity.slugs(
        {"ch": chapter, "other": chapter}, {"ch": ["a"], "other": ["a"]}
    )
    assert "already exists" in error.what
    assert error.line == 1


def test_terms_lead_to_their_place(written, tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(
        ",".join(glossary_table.COLUMNS) + "\n"
        "good,query,查询,,义,meaning,page.md#top\n"
        "bad,key,键,,义,meaning,page.md#gone\n",
        encoding="utf-8",
    )
    (error,) = language_parity.terms(glossary_table.read(path), {"page": written("")}, path)
    assert "'bad'" in error.what
    assert error.line == 3


def test_a_title_must_not_change_with_the_results(written):
    page = written("\n``` cell\na\ntitle: 'of {{ n }}'\ncaption: c\nalt: x\n```\n")
    (error,) = language_parity.captions(page, {"a"})
    assert "number" in error.what and error.line == 8
