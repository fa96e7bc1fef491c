"""The notebook edition says what the page says, in Markdown that any notebook reads."""

import ast
import base64
import json
import subprocess
import sys
from datetime import date

import jupytext
import nbformat
import pytest
from nbconvert.exporters import PythonExporter

import imprints
from attnbook.press.book.edition import Edition
from attnbook.press.book.figure_in_book import figure_at
from attnbook.press.book.numbers_in_prose import Values
from attnbook.press.execution.execute import CellResult, Execution
from attnbook.press.figures.figure import Figure
from attnbook.press.pages import notebook
from attnbook.press.source import chapter_script, page_reader
from attnbook.press.source.figure_messages import Catalogue

HEAD = "---\ntitle: A title\ndescription: D\nchapter: ch\n---\n# Title {#top}\n"
BODY = """
See [the other](other.md#x), [below](#below) and [(1)](#eq-1){ .ref }.

``` cell
a
fold: true
```

## Below {#below}

!!! note "An aside"
    Said in passing of {{ book.version }}, see [the other](other.md#y).

    And more.

<details class="solution" markdown="1">
<summary>Solution</summary>

$$
x = \\{1\\} \\tag{1}
$$

``` cell
b
caption: 'A line of {{ book.version }}, as [there](other.md).'
alt: 'Alternative   text.'
```

</details>
"""


@pytest.fixture
def composed(tmp_path):
    script = tmp_path / "ch.py"
    script.write_text("# %% a\nprint(1)\n# %% b\nplot()\n", encoding="utf-8")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "b.en.png").write_bytes(b"png of b")
    (tmp_path / "plotted").mkdir()
    (tmp_path / "plotted" / "b.json").write_text('{"kind": "diagram", "panels": []}')
    catalogue = Catalogue(tmp_path / "messages.csv", ("en", "zh"), ())
    execution = Execution(
        chapter=chapter_script.read(script),
        results={
            "a": CellResult("a", text="1", figure=None),
            "b": CellResult("b", text="", figure=Figure("b", 320.0, 240.0)),
        },
        numbers={},
        folder=tmp_path,
        cached=False,
        seconds=0.0,
        versions={},
    )

    def compose(site_url: str = "") -> nbformat.NotebookNode:
        path = tmp_path / "page.md"
        path.write_text(HEAD + BODY, encoding="utf-8")
        imprint = imprints.imprint("1.2", "", date(2026, 1, 2), site_url, ("The authors",))
        values = Values({"ch": execution}, {"version": "1.2"})
        page = values.fill_page(page_reader.read(path, "en"))
        figure = figure_at(page.placements[1], page, execution, catalogue, imprint)
        edition = Edition("en", imprint, {"page": page}, {"ch": execution}, {"b": figure})
        text = notebook.compose(page, edition)
        return nbformat.reads(text, as_version=4)

    return compose


def sources(node, kind):
    return [cell.source for cell in node.cells if cell.cell_type == kind]


def test_it_is_a_valid_notebook_with_all_code_in_order(composed):
    node = composed()
    nbformat.validate(node)
    assert sources(node, "code")[1:] == ["print(1)", "plot()"]
    assert [cell.id for cell in node.cells if cell.cell_type == "code"] == ["install", "a", "b"]


def test_it_begins_with_the_title_and_what_it_is(composed):
    first = composed().cells[0].source
    assert first.startswith('# Title <a id="top"></a>\n\nThis is the notebook edition of')
    assert "# Title" not in "\n".join(sources(composed(), "markdown")[1:])


def test_outputs_are_there(composed):
    _, a, b = (cell for cell in composed().cells if cell.cell_type == "code")
    assert a.outputs[0].text == "1"
    assert a.metadata.jupyter.source_hidden
    assert base64.b64decode(b.outputs[0].data["image/png"]) == b"png of b"
    assert b.outputs[0].metadata["image/png"] == {
        "width": 320,
        "height": 240,
        "alt": "Alternative text.",
    }


def test_no_syntax_of_the_generator_is_left(composed):
    prose = "\n".join(sources(composed(), "markdown"))
    for mark in ("{#", "{ .", "!!!", 'class="', "{{"):
        assert mark not in prose
    assert '## Below <a id="below"></a>' in prose
    assert "> **An aside**\n> Said in passing of 1.2, see [the other](../other.html#y)." in prose
    assert "\n>\n> And more." in prose
    assert "> A line of 1.2, as [there](../other.html)." in prose
    assert "x = \\{1\\} \\tag{1}" in prose


def test_links_lead_to_the_site_from_beside_it(composed):
    prose = "\n".join(sources(composed(), "markdown"))
    assert "[the other](../other.html#x)" in prose
    assert "[below](#below)" in prose
    assert "[(1)](../page.html#eq-1)" in prose


def test_links_lead_to_the_site_from_anywhere_when_its_address_is_known(composed):
    prose = "\n".join(sources(composed("https://b.example"), "markdown"))
    assert "[the other](https://b.example/en/other.html#x)" in prose


def test_the_first_cell_brings_the_library(composed):
    known = sources(composed("https://b.example"), "code")[0]
    assert 'wheel = f"https://b.example/dist/{wheel}"' in known
    unknown = sources(composed(), "code")[0]
    assert "local copy" in unknown
    assert "http" not in unknown


def test_the_first_cell_says_what_to_do_where_nothing_is_known(composed, tmp_path, monkeypatch):
    code = sources(composed(), "code")[0]
    monkeypatch.chdir(tmp_path)
    exec(code, {})  # attnbook is installed here: nothing to do
    elsewhere = code.replace('"attnbook")', '"not_installed_attnbook")')
    with pytest.raises(ModuleNotFoundError, match=r"dist/ folder.*attnbook-1\.2"):
        exec(elsewhere, {})

    asked = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: asked.append(command))
    (tmp_path / "attnbook-1.2-py3-none-any.whl").touch()
    exec(elsewhere, {})
    assert asked == [
        [sys.executable, "-m", "pip", "install", "--quiet", "attnbook-1.2-py3-none-any.whl"]
    ]


def test_the_first_cell_is_python_wherever_it_is_taken(composed):
    node = composed("https://b.example")
    for text in (jupytext.writes(node, "py:percent"), PythonExporter().from_notebook_node(node)[0]):
        tree = ast.parse(text)
        assert any(isinstance(one, ast.If) for one in tree.body)
        assert "%pip" not in text


def test_what_is_folded_stays_folded(composed):
    cells = composed().cells
    text, caption = [cell for cell in cells if "<details>" in cell.source]
    assert text.source.startswith("<details>\n<summary>Solution</summary>\n\n$$")
    assert text.source.endswith("\n\n</details>")
    assert caption.source.startswith("<details>\n<summary>Solution (2)</summary>\n\n> A line")
    hidden = {cell.id: cell.metadata.get("jupyter") for cell in cells if cell.cell_type == "code"}
    assert hidden["b"] == {"source_hidden": True, "outputs_hidden": True}
    assert hidden["a"] == {"source_hidden": True}  # by its own option


def test_it_is_the_same_bytes_each_time(composed):
    assert json.dumps(composed()) == json.dumps(composed())


def test_contents_follow_the_headings_of_the_rendered_notebook():
    html = (
        '<h1 id="x">Title <a id="top"></a><a class="anchor-link" href="#x">¶</a></h1>'
        '<h2 id="">节 <a id="one"></a></h2><p>text</p><h3>Sub <a id="two"></a></h3>'
    )
    (top,) = notebook.contents(html)
    assert (top["name"], top["id"]) == ("Title", "top")
    (one,) = top["children"]
    assert (one["name"], one["id"]) == ("节", "one")
    assert one["children"][0]["id"] == "two"
