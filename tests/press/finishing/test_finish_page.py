r"""The last pass over a page: formulas, equation numbers, notebook pages."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import nbformat.v4 as nb
import pytest
from bs4 import BeautifulSoup

from attnbook.press.base.errors import PressError
from attnbook.press.finishing import finish_page, slim_html, typography
from attnbook.press.formulas import render_katex
from site_page import article, article_after, whole

PROSE = r"""---
title: t
---
# t {#t}

Inline $x_1$ and

$$
f(x) =
  \frac{1}{n} \foo{2}
$$

!!! note "n"

    $$
    \bar{x} \baz
    $$
"""


def inline(tex: str) -> str:
    return f'<span class="arithmatex">\\({tex}\\)</span>'


def display(tex: str) -> str:
    return f'<div class="arithmatex">\\[\n{tex}\n\\]</div>'


def served(tex: str) -> str:
    """The formula as a page has it."""
    (formula,) = render_katex.render([(tex, False)])

    def slimmed(page):
        typography.keep_from_translators(page)
        slim_html.drop_defaults_of_maths(page)
        slim_html.use_classes_for_styles(page)

    return article_after(slimmed, formula)


@pytest.fixture
def finish(tmp_path):
    """Finish an article of the page toy.html, whose prose is PROSE."""
    prose = tmp_path / "docs" / "en" / "toy.md"
    prose.parent.mkdir(parents=True)
    prose.write_text(PROSE, "utf-8")

    def run(text: str) -> str:
        return article(
            finish_page.finish(
                whole(text),
                name="toy.html",
                language="en",
                source=Path("stage/toy.md"),
                docs=tmp_path / "docs",
            )
        )

    return run


def test_formulas_become_katex_and_the_rest_stays_as_it_is(finish):
    before, behind = '<p data-x="a&gt;b">é &amp; <br>', "</p>\n<pre>\\(x\\)  \n</pre>"
    formula = served("a < b")
    done = finish(f"{before}{inline('a &lt; b')} {behind}")
    assert done == f'{before}<span class="maths">{formula}</span> {behind}'


def test_loaders_of_mathjax_and_empty_tabindex_are_removed(finish):
    loader = '<script data-mkdocs-jupyter-mathjax="{}">\nload("x")</script>'
    assert finish(f'<p>a</p>{loader}<label tabindex="">b</label>') == "<p>a</p><label>b</label>"


def test_an_equation_is_known_by_its_number(finish):
    soup = BeautifulSoup(finish(display(r"y = x \tag{10.2.3}") + display("y")), "html.parser")
    numbered, plain = soup.select("div.equation")
    assert numbered["id"] == "eq-10.2.3"
    link = numbered.select_one("a.equation-number")
    assert link is not None
    assert (link["href"], link.get_text()) == ("#eq-10.2.3", "(10.2.3)")
    assert "10.2.3" in str(link["aria-label"])
    # Once, and outside of what KaTeX hides from screen readers.
    assert numbered.get_text().count("10.2.3") == 1
    assert "id" not in plain.attrs


def test_ids_are_those_of_the_page_and_those_its_equations_will_have():
    equation = display(r"y \tag{1.2}")
    content = f'<h2 class="x" id="top">t</h2><span id="a.b"></span>{equation}{inline("z")}'
    assert finish_page.ids(content) == {"top", "a.b", "eq-1.2"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"由{inline('x')}。然后", "{}。"),
        (f"（{inline('x')}），", "（{}），"),
        (f"see {inline('x')}, then", "{},"),
    ],
)
def test_punctuation_stays_on_the_line_of_a_short_formula(finish, text, kept):
    formula = served("x")
    assert f'<span class="maths keep">{kept.format(formula)}</span>' in finish(f"<p>{text}</p>")


def test_a_long_formula_may_break(finish):
    tex = "+".join("abcdefghijklmnop")
    assert '<span class="maths">' in finish(f"<p>{inline(tex)}.</p>")


def test_headings_with_formulas_are_set_in_navigation_too(finish):
    done = finish(r'<span class="md-ellipsis">the width \(w &lt; 1\) of it</span>')
    formula = served("w < 1")
    assert f"the width {formula} of it" in done


def test_a_refused_formula_names_the_line_of_the_prose(finish, tmp_path):
    with pytest.raises(PressError) as caught:
        finish("<p>x</p>" + display("f(x) =\n  \\frac{1}{n} \\foo{2}"))
    assert caught.value.path == tmp_path / "docs" / "en" / "toy.md"
    assert caught.value.line == PROSE.splitlines().index(r"  \frac{1}{n} \foo{2}") + 1
    assert r"Undefined control sequence: \foo" in caught.value.what
    rows = caught.value.detail.splitlines()
    assert rows[rows.index("  \\frac{1}{n} \\foo{2}") + 1].index("^") == rows[1].index(r"\foo")


def test_a_refused_formula_is_found_where_it_is_indented(finish):
    with pytest.raises(PressError) as caught:
        finish(display(r"\bar{x} \baz"))
    assert caught.value.line == PROSE.splitlines().index(r"    \bar{x} \baz") + 1


def test_a_refused_formula_that_the_prose_does_not_hold_still_names_the_page(finish):
    with pytest.raises(PressError) as caught:
        finish(inline(r"\nowhere"))
    assert caught.value.path is not None
    assert caught.value.line is None


PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
        "789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
).decode()


@pytest.fixture
def notebook(tmp_path):
    """A page as mkdocs-jupyter renders it, finished; returns (soup, text)."""
    from mkdocs_jupyter import convert

    cells = [
        nb.new_markdown_cell("An edition.", id="edition"),
        nb.new_code_cell("%pip install attnbook", id="install"),
        nb.new_markdown_cell(
            '# The title <a id="toy"></a>\n\nWith $a < b$, $\\alpha_i$ and `$code$`:\n\n'
            "$$\nf(x) = 1 \\tag{10.2.2}\n$$\n\nSame line: $$y$$ here.\n\n"
            '## A section <a id="section"></a>\n\n'
            "| a | b |\n| - | - |\n| $x_1$ | 2 |\n\n```python\nx = '$no$'\n```\n",
            id="prose-2",
        ),
        nb.new_code_cell(
            "print('<b>')",
            id="printing",
            outputs=[nb.new_output("stream", name="stdout", text="<b>\nrow\n")],
        ),
        nb.new_code_cell(
            "draw()",
            id="drawing",
            outputs=[
                nb.new_output(
                    "display_data",
                    data={"image/png": PIXEL},
                    metadata={"image/png": {"width": 30, "height": 20, "alt": 'A "dot" & more'}},
                )
            ],
        ),
        nb.new_markdown_cell("> A dot, $x$.", id="drawing-caption"),
        nb.new_code_cell("hidden()", id="hiding", metadata={"jupyter": {"source_hidden": True}}),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    text = json.dumps(nb.new_notebook(cells=cells, metadata={"kernelspec": kernel}))
    source = tmp_path / "stage" / "en" / "notebooks" / "toy.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(text, "utf-8")
    (tmp_path / "stage" / "en" / "figures").mkdir()
    (tmp_path / "stage" / "en" / "figures" / "drawing.svg").write_text("<svg/>", "utf-8")
    raw = whole(convert.nb2html(str(source), allow_errors=False))
    assert "jp-Notebook" in raw
    done = finish_page.finish(
        raw, name="notebooks/toy.html", language="en", source=source, docs=tmp_path / "docs"
    )
    return BeautifulSoup(done, "html.parser"), done


def test_a_notebook_page_is_slim(notebook):
    soup, text = notebook
    assert not soup.select("style, script, clipboard-copy, [class*=jp-]")
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "clipboard" not in text
    assert len(text) < 30_000


def test_headings_of_a_notebook_take_the_ids_of_the_chapter(notebook):
    soup, _ = notebook
    assert [(h.name, h["id"]) for h in soup.select("h1, h2")] == [("h1", "toy"), ("h2", "section")]
    assert [a["href"] for a in soup.select("a.headerlink")] == ["#toy", "#section"]
    assert not soup.select("a.anchor-link, a[id]")
    assert soup.h2.contents[0] == "A section"


def test_a_notebook_page_begins_with_its_title_and_where_else_it_is(notebook):
    soup, _ = notebook
    title = soup.select_one("article > :first-child")
    assert title.name == "h1"
    links = [link["href"] for link in soup.select("h1 + .notebook-links a")]
    assert links == ["../toy.html", "toy.ipynb"]


def test_formulas_of_a_notebook_are_set_and_code_is_left_alone(notebook):
    soup, _ = notebook
    formulas = [formula.get_text() for formula in soup.select("math mrow:first-child")]
    assert formulas == ["a<b", "αi", "f(x)=1", "y", "x1", "x"]
    assert soup.find("div", class_="equation", id="eq-10.2.2") is not None
    assert not soup.select("p div")
    assert soup.find("code", string="$code$") is not None
    assert "'$no$'" in soup.select_one("td").find_next("pre").get_text()


def test_cells_of_a_notebook_look_like_those_of_pages(notebook):
    soup, _ = notebook
    assert [cell["id"] for cell in soup.select(".cell")] == [
        "cell-install",
        "cell-printing",
        "cell-drawing",
        "cell-hiding",
    ]
    code, output = soup.select("#cell-printing > div.highlight > pre > code")
    assert code.get_text() == "print('<b>')\n"
    assert code.find_parent("div")["class"] == ["language-python", "highlight"]
    assert output.get_text() == "<b>\nrow\n"
    assert output.find_parent("div")["class"] == ["language-text", "output", "highlight"]
    assert soup.select_one("#cell-hiding > details.code > summary + .highlight") is not None


def test_a_figure_of_a_notebook_is_the_published_one_with_text_and_caption(notebook):
    soup, text = notebook
    image = soup.select_one("#cell-drawing figure#fig-drawing img")
    assert image["src"] == "../figures/drawing.svg"
    assert image["alt"] == 'A "dot" & more'
    assert (image["width"], image["height"]) == ("30", "20")
    caption = soup.select_one("figure#fig-drawing figcaption")
    assert caption.get_text().startswith("A dot, ")
    assert not soup.select("blockquote")
    assert "base64" not in text


def test_a_label_of_a_table_of_contents_names_a_toggle_only_if_there_is_one(finish):
    label, toggle = '<label for="__toc">Contents</label>', '<input id="__toc">'
    assert finish(f"{label}{toggle}") == f"{label}{toggle}"
    assert finish(label) == "<label>Contents</label>"


def test_transforms_have_names_of_their_own_and_say_what_they_do():
    names = [transform.__name__ for transform in finish_page.TRANSFORMS]
    assert len(set(names)) == len(names)
    assert all(transform.__doc__ for transform in finish_page.TRANSFORMS)


@pytest.mark.parametrize(
    ("missing", "called"),
    [
        ("<title>t</title>", "a title"),
        ('<meta name="description" content="d">', "a description"),
        ('data-md-component="search"', "the dialog of the search"),
        ('class="md-search__input"', "the field of the search"),
    ],
)
def test_a_page_without_what_the_theme_writes_is_refused_by_name(missing, called):
    page = whole("<p>x</p>")
    assert missing in page
    with pytest.raises(PressError, match=f"en/b/toy.html has no × {called}") as caught:
        finish_page.finish(
            page.replace(missing, ""), name="b/toy.html", language="en", source=Path("s/b/toy.md")
        )
    assert "//" in caught.value.mend


def test_a_page_is_the_same_when_nothing_is_to_do():
    text = finish_page.finish(
        whole('<p>é “&amp;” <br>a &lt; b</p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'),
        name="toy.html",
        language="en",
        source=Path("stage/toy.md"),
    )
    assert '<p>é “&amp;” <br>a &lt; b</p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>' in text
