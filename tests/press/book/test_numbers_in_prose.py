"""Names in prose become the numbers that the chapter computed."""

from copy import deepcopy

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.book.numbers_in_prose import Values
from attnbook.press.execution.execute import Execution, Number
from attnbook.press.source import chapter_script, page_reader
from attnbook.press.source.page_reader import Page

HEAD = "---\ntitle: A title\ndescription: D\nchapter: ch\n---\n# Title {#top}\n"


@pytest.fixture
def values(tmp_path) -> Values:
    script = tmp_path / "ch.py"
    script.write_text("# %% a\nmse = 0.12345\n", encoding="utf-8")
    execution = Execution(
        chapter=chapter_script.read(script),
        results={},
        numbers={
            "mse": Number(0.12345, "a"),
            "n": Number(50, "a"),
            "name": Number("gaussian", "a"),
            "bad": Number(float("nan"), "a"),
            "twice": Number(1, "a", ambiguous=True),
        },
        folder=tmp_path,
        cached=False,
        seconds=0.0,
        versions={},
    )
    return Values({"ch": execution}, {"version": "1.2"})


@pytest.fixture
def written(tmp_path):
    def write(body: str) -> Page:
        path = tmp_path / "page.md"
        path.write_text(HEAD + body, encoding="utf-8")
        return page_reader.read(path, "en")

    return write


@pytest.fixture
def filled(values, written):
    return lambda body: values.fill_page(written(body))


def test_names_become_numbers_outside_of_code(filled):
    page = filled(
        "\n{{ mse:.2f }} {{ n }} {{ name }} {{ ch.n:d }} {{ book.version }} `{{ mse }}`\n\n"
        "``` text\n{{ mse }}\n```\n"
    )
    assert "0.12 50 gaussian 50 1.2 `{{ mse }}`" in page.lines
    assert "{{ mse }}" in page.lines  # code


@pytest.mark.parametrize(
    ("name", "said", "mend"),
    [
        ("{{ mes }}", "'mes', which no cell computed", "did you mean mse"),
        ("{{ ch.nothing }}", "no cell computed", ""),
        ("{{ twice }}", "ambiguous", "name of its own"),
        ("{{ bad:.2f }}", "is nan", ""),
        ("{{ name:.2f }}", "cannot be written", "format"),
    ],
)
def test_names_that_say_nothing_stop_the_build(filled, name, said, mend):
    with pytest.raises(PressError, match=said) as caught:
        filled(f"\ntext\n\n{name}\n")
    assert caught.value.line == 10
    assert mend in caught.value.mend


def test_headings_titles_captions_and_alternatives_have_their_numbers_too(filled):
    page = filled(
        "\n## All {{ n }} {#all}\n\n"
        "``` cell\na\ntitle: '{{ n }} points'\ncaption: 'Error {{ mse:.2f }}.'\n"
        "alt: 'Of {{ n }}.'\n```\n"
    )
    assert page.headings[1].text == "All 50"
    [placement] = page.placements
    assert placement.title == "50 points"
    assert placement.caption == "Error 0.12."
    assert placement.alt == "Of 50."


def test_the_page_as_its_author_wrote_it_stays(values, written):
    page = written("\n## All {{ n }} {#all}\n\n{{ n }}\n")
    before = deepcopy(page)
    assert values.fill_page(page) != page
    assert page == before
