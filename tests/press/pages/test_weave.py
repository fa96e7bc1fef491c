"""A page and its execution become plain Markdown."""

from dataclasses import replace
from pathlib import Path

import pytest

import fake_figures
from attnbook.press.base.errors import PressError
from attnbook.press.book.edition import Edition
from attnbook.press.execution.execute import CellResult, Execution
from attnbook.press.figures.figure import Figure
from attnbook.press.pages.weave import weave
from attnbook.press.source import chapter_script, glossary_table, page_reader
from attnbook.press.source.page_reader import Page

HEADER = "key,en,zh,note,definition_zh,definition_en,where"

HEAD = "---\ntitle: A title\ndescription: D\nchapter: ch\n---\n# Title {#top}\n"


def edition(page: Page, **parts) -> Edition:
    return Edition(page.language, fake_figures.PUBLISHED, {page.name: page}, **parts)


@pytest.fixture
def execution(tmp_path):
    path = tmp_path / "ch.py"
    path.write_text('# %% a\nprint("```")\n# %% b\nplot()\n', encoding="utf-8")
    return Execution(
        chapter=chapter_script.read(path),
        results={
            "a": CellResult("a", text="```\n", figure=None),
            "b": CellResult("b", text="", figure=Figure("b", 320.0, 240.5)),
        },
        numbers={},
        folder=tmp_path,
        cached=False,
        seconds=0.0,
        versions={"python": "3"},
    )


@pytest.fixture
def woven(tmp_path, execution):
    def make(body: str, language: str = "en", terms=()) -> str:
        path = tmp_path / "page.md"
        path.write_text(HEAD + body, encoding="utf-8")
        page = page_reader.read(path, language)
        return weave(page, edition(page, executions={"ch": execution}, terms=terms))

    return make


def test_a_cell_becomes_code_and_output_in_fences_that_hold(woven):
    text = woven("\n``` cell\na\n```\n")
    assert '<div class="cell" id="cell-a" markdown="1">' in text
    assert '```` python\nprint("```")\n````' in text
    assert "```` { .text .output }\n```\n````" in text
    assert "cell\na\n" not in text


def test_a_figure_has_size_alternative_caption_and_files(woven):
    text = woven("\n``` cell\nb\ncaption: 'Error 0.12.'\nalt: 'A [b] of 50.'\n```\n")
    assert "![A \\[b\\] of 50.](figures/b.svg){" in text
    assert 'width="320" height="240" loading="lazy"' in text
    assert 'id="fig-b"' in text
    assert "Error 0.12." in text
    for kind in ("svg", "pdf", "png"):
        assert f'href="figures/b.{kind}"' in text


def test_a_folded_cell_hides_its_code_but_not_its_output(woven):
    text = woven("\n``` cell\na\nfold: true\n```\n")
    details = text[text.index("<details") : text.index("</details>")]
    assert "print" in details
    assert ".output" not in details
    assert ".output" in text


def test_a_chapter_page_links_its_notebook_below_the_title(woven):
    lines = woven("\ntext\n").splitlines()
    title = lines.index("# Title {#top}")
    assert "notebooks/page.ipynb" in "\n".join(lines[title : title + 4])


def test_the_front_matter_is_for_the_generator(woven):
    text = woven("\n")
    assert text.startswith('---\ntitle: "A title"\ndescription: "D"\n---\n')
    assert "chapter: ch" not in text


def test_the_glossary_fence_becomes_the_table_in_the_page_s_language(woven, tmp_path):
    path = tmp_path / "glossary.csv"
    path.write_text(
        HEADER + "\nquery,query,查询,,想要什么。,What is wanted.,page.md#top\n",
        encoding="utf-8",
    )
    terms = glossary_table.read(path)
    english = woven("\n``` glossary\n```\nafter\n", "en", terms)
    assert (
        '| <span id="term-query"></span>[query](page.md#top) | 查询 | What is wanted. |' in english
    )
    assert "``` glossary" not in english
    assert "after" in english
    chinese = woven("\n``` glossary\n```\n", "zh", terms)
    assert "[查询](page.md#top) | query | 想要什么。 |" in chinese


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("key,en\n", 1, "no column zh"),
        (HEADER + "\nq,query,,,,d,p.md#x\n", 2, "no zh, definition_zh"),
        (
            HEADER + "\nq,a,b,,c,d,e\nq,a,b,,c,d,e\n",
            3,
            "already in line 2",
        ),
    ],
)
def test_a_term_table_that_is_not_whole_is_refused(tmp_path, table, line, said):
    path: Path = tmp_path / "glossary.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(PressError, match=said) as caught:
        glossary_table.read(path)
    assert caught.value.line == line


def test_a_figure_of_another_page_leads_to_it(tmp_path):
    path = tmp_path / "index.md"
    head = "---\ntitle: A\ndescription: D\n---\n# A {#a}\n\n"
    path.write_text(f"{head}``` figure\nline\ncaption: See *it*.\n```\n", encoding="utf-8")
    record = replace(fake_figures.records()["en"][0], slug="line", alt="A [line].", page="toy")
    figure = fake_figures.in_book(record)
    page = page_reader.read(path, "en")
    woven = weave(page, edition(page, figures={"line": figure}))
    assert "[![A \\[line\\].](figures/line.svg){ width=" in woven
    assert "](toy.md#fig-line)" in woven
    assert '<figcaption markdown="span">See *it*.</figcaption>' in woven
    with pytest.raises(PressError, match="no figure 'line'") as caught:
        weave(page, edition(page, figures={"other": figure}))
    assert "index.md:7" in str(caught.value)
    assert "other" in str(caught.value)


def test_the_textbook_is_for_the_press_alone(tmp_path, execution):
    book = "textbook: {title: 'B {number}', address: https://b.example}\n"
    path = tmp_path / "page.md"
    head = HEAD.replace("chapter: ch\n", f"chapter: ch\n{book}")
    path.write_text(f"{head}\n## 1.2 S {{#s}}\n\nx\n", encoding="utf-8")
    page = page_reader.read(path, "en")
    text = weave(page, edition(page, executions={"ch": execution}))
    assert "textbook:" not in text
    assert text.rstrip().endswith('[B 1.2](https://b.example)\n{ .sources data-unsearched="true" }')
