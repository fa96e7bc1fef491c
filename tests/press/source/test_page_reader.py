"""Pages are read with the line of everything a build checks."""

from pathlib import Path

import pytest

from attnbook.press.base.errors import PressError, PressErrors
from attnbook.press.source import page_reader

HEAD = "---\ntitle: T\ndescription: D\n---\n# Title {#top}\n"


def page(tmp_path: Path, body: str, head: str = HEAD) -> page_reader.Page:
    path = tmp_path / "page.md"
    path.write_text(head + body, encoding="utf-8")
    return page_reader.read(path, "en")


def test_everything_is_found_with_its_line(tmp_path):
    read = page(
        tmp_path,
        "\n## One {#one}\n\nSee [it](other.md#x) and {{ mse:.2f }}.\n\n"
        "$$\na = b \\tag{10.2.1}\n$$\n\n"
        "``` cell\nweights\ncaption: 'Rows: [one](#one) {{ n }}'\nalt: A map.\nfold: true\n```\n",
    )
    assert [(h.level, h.id, h.line) for h in read.headings] == [(1, "top", 5), (2, "one", 7)]
    assert [(mark.text, mark.line) for mark in read.tags] == [("10.2.1", 12)]
    assert [(mark.text, mark.line) for mark in read.links] == [("other.md#x", 9), ("#one", 17)]
    assert [(mark.text, mark.line) for mark in read.names] == [
        ("{{ mse:.2f }}", 9),
        ("{{ n }}", 17),
    ]
    (placed,) = read.placements
    assert (placed.label, placed.line, placed.end, placed.fold) == ("weights", 15, 20, True)
    assert {"one", "eq-10.2.1", "cell-weights", "fig-weights"} <= read.anchors


def test_code_is_left_alone(tmp_path):
    read = page(
        tmp_path,
        "\n``` python\n# Not a heading\nx = [a](b.md) + {{ z }}\n```\n`{{ a }}` and `[x](y.md)`\n",
    )
    assert len(read.headings) == 1
    assert not read.links and not read.names
    assert read.fenced == {7, 8, 9, 10}


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("\n## No id\n", 7, "has no id"),
        ("\n``` cell\n```\n", 7, "names no label"),
        ("\n``` cell\nx\ncaption: a: b\n```\n", 9, "not YAML"),
        ("\n``` cell\nx\nsize: 3\n```\n", 7, "option 'size'"),
        ("\n``` cell\nx\nfold: maybe\n```\n", 7, "option 'fold'"),
        ("\n  ``` cell\n  x\n  ```\n", 7, "indented"),
        ("\n```\nopen\n", 7, "never closed"),
        ("\n$$\nx\n", 7, "never closed"),
        ("\n{{ 3 + 4 }}\n", 7, "does not name a number"),
        ("\n# Another {#other}\n", 7, "2 headings of level 1"),
        ("\n## A {#same}\n\n## B {#same}\n", 9, "already used in line 7"),
        ("\n$$\na \\tag{1}\n$$\n\n$$\nb \\tag{1}\n$$\n", 12, "already used in line 8"),
    ],
)
def test_mistakes_name_their_line_and_the_mend(tmp_path, body, line, said):
    with pytest.raises(PressErrors) as caught:
        page(tmp_path, body)
    (error,) = caught.value.errors
    assert said in error.what
    assert error.line == line
    assert error.mend
    assert f"page.md:{line}:" in str(error)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("# T {#t}\n", "no front matter"),
        ("---\ntitle: T\n# T {#t}\n", "not closed"),
        ("---\ntitle: [\n---\n# T {#t}\n", "not YAML"),
        ("---\ntitle: T\n---\n# T {#t}\n", "no 'description'"),
    ],
)
def test_front_matter_is_asked_for(tmp_path, head, said):
    with pytest.raises(PressError, match=said):
        page(tmp_path, "", head)


def test_all_mistakes_are_reported_at_once(tmp_path):
    with pytest.raises(PressErrors) as caught:
        page(tmp_path, "\n## A\n\n## B\n")
    assert [error.line for error in caught.value.errors] == [7, 9]
