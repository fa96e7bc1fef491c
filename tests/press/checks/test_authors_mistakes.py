"""Mistakes that authors make in pages, scripts and tables: each is refused before anything runs.

A row is a mistake: the file, what stands there, what an author put instead, and how the message
goes on after the place. Most of them were made on purpose by people who looked for tracebacks.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from pathlib import Path

import pytest

import fake_book
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressError
from attnbook.press.checks import read_book

TOY, SCRIPT = "docs/zh/toy.md", fake_book.SCRIPT
TITLE, CHAPTER, END = "title: 第一章", "chapter: toy", "</details>\n"
BOMB = "chapter: toy\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"


def below(text: str) -> str:
    """``text`` in a paragraph of its own at the end of the page."""
    return f"{END}\n{text}\n"


MISTAKES = [
    # Front matter
    (
        TOY,
        f"{TITLE}\ndescription: 一章。\n{CHAPTER}",
        "- a\n- b",
        r":1: .* has no keys",
    ),
    (TOY, TITLE, "title: [a, b]", r":1: the front matter has no 'title'"),
    (
        TOY,
        TITLE,
        f"{TITLE}\n{TITLE}",
        r":3: .* not YAML: the key 'title' is given",
    ),
    (TOY, TITLE, f"{TITLE}\ntemplate: /etc/passwd", r":1: the front matter has the key 'template'"),
    (TOY, TITLE, f"{TITLE}\ndescripton: x", r":1: .* 'descripton'\n.*did you mean description\?"),
    (TOY, TITLE, f"{TITLE}\nhide: toc", r":1: the front matter has hide: 'toc'"),
    (TOY, TITLE, "title: 2026-13-45", r":2: .* not YAML: month must be in 1\.\.12"),
    (TOY, CHAPTER, "chapter: [toy]", r":1: the front matter has chapter: \['toy'\]"),
    (TOY, CHAPTER, "chapter: ../toy", r":1: the front matter has chapter: '\.\./toy'"),
    (TOY, CHAPTER, BOMB, r":6: the front matter is not YAML: it refers to \*a"),
    (TOY, CHAPTER, f"x: {'[' * 5000}{']' * 5000}", r":4: .* nested more than 20 levels deep"),
    (TOY, TITLE, "title: A <script>", r":1: the title has '<s', which begins a tag"),
    (TOY, "description: 一章。", "description: <b>一章</b>。", r":1: the description has '<b'"),
    # Options of cells
    (TOY, "title: 一条直线", "title: 一条<i>直线</i>", r":\d+: the title of cell 'line' has '<i'"),
    (TOY, "alt: ", "alt: <img src=x>", r":\d+: the alt of cell 'line' has '<i'"),
    ("docs/messages.csv", "直线", "<u>直线</u>", r":2: the text '<u>直线</u>' has '<u'"),
    ("mkdocs.yml", "toy.md", "toi.md", r": .* leads to 'toi\.md', .*\n.*did you mean toy\.md\?"),
    ("docs/theme/en.yml", "terms.md", "toy.md", r": the navigation \(nav\) does not lead to terms"),
    ("mkdocs.yml", "notebooks/toy.ipynb", "notebooks/toi.ipynb", r": .*'notebooks/toi\.ipynb'"),
    ("pyproject.toml", 'cover = "line"', 'cover = "lime"', r": .* 'lime', .*\n.*did you mean line"),
    ("pyproject.toml", 'version = "1.2.3"', 'version = "../1"', r": .* version = '\.\./1'"),
    ("pyproject.toml", '"little-book"', '"little/book"', r": .* name = 'little/book'"),
    ("mkdocs.yml", "site_name: ", "site_name: <b>", r": '<b>.*' has '<b', which begins"),
    ("CITATION.cff", "name: ", "name: <b>", r": the author '<b>.*' has '<b', which begins"),
    ("pyproject.toml", "小书作者", "<b>小书作者", r": the author '<b>小书作者' has '<b'"),
    (TOY, "fold: true", "- fold", r":9: the options of cell 'imports' have no keys"),
    (
        TOY,
        "fold: true",
        "fold: true\nfold: true",
        r":11: .* the key 'fold' is given twice",
    ),
    (
        TOY,
        "alt: 一条直线从左下升到右上。",
        "alt: 2026-13-45",
        r":34: .* month must be in",
    ),
    # Text
    (TOY, END, below("a {{ count b"), r":39: these \{\{ have no others"),
    (TOY, END, below("a count }} b"), r":39: these \}\} have no others"),
    (TOY, END, below("costs $5"), r":39: this \$ has no other one"),
    (TOY, END, below("a\u202eb"), r":39: there is the character U\+202E"),
    (TOY, END, below("a\ufffdb"), r":39: there is the character U\+FFFD"),
    (
        TOY,
        END,
        below("``` cels\nx\n```"),
        r":39: there is no fence 'cels'.*\n.*did you mean cell\?",
    ),
    (TOY, END, below("[x](file:///etc/passwd)"), r":39: the link 'file:///etc/passwd' is neither"),
    (TOY, END, below("![x](https://other.example/x.png)"), r":39: the picture https://other"),
    # Raw HTML
    (TOY, END, below('<img src="//x.example/a.png" alt="x">'), r":39: the picture //x\.example"),
    (TOY, END, below('<img srcset="//x.example/a.png 1x" alt="x">'), r":39: .* 'srcset'"),
    (TOY, END, below('<a href="nowhere.html">x</a>'), r":39: the page has the raw element <a>"),
    (TOY, END, below("<script>alert(1)</script>"), r":39: the page has the raw element <script>"),
    (TOY, END, below("<style>@import 'x'</style>"), r":39: the page has the raw element <style>"),
    (TOY, END, below('<iframe src="//x.example"></iframe>'), r":39: .* raw element <iframe>"),
    (TOY, END, below('<object data="x"></object>'), r":39: .* raw element <object>"),
    (TOY, END, below('<base href="//x.example">'), r":39: the page has the raw element <base>"),
    (TOY, END, below('<form action="x"><input></form>'), r":39: .* raw element <form>"),
    (TOY, END, below('<meta http-equiv="refresh" content="0">'), r":39: .* raw element <meta>"),
    (TOY, END, below('<p onclick="x()">a</p>'), r":39: .* <p> has the attribute 'onclick'"),
    (TOY, END, below('<p style="background:url(//x)">a</p>'), r":39: .* the attribute 'style'"),
    (TOY, END, below("<details>\n<summary>x</summary>"), r":39: the element <details> is never"),
    (TOY, END, below("</div>"), r":39: </div> closes nothing"),
    # Scripts
    (SCRIPT, "count = 3", "%matplotlib inline", r":9: .* has '%matplotlib inline', which only"),
    (SCRIPT, "count = 3", "!ls", r":9: the cell 'numbers' has '!ls', which only IPython"),
    (SCRIPT, "count = 3", "%%time\ncount = 3", r":9: the cell 'numbers' has '%%time'"),
    (SCRIPT, "count = 3", "count = %pwd", r":9: the cell 'numbers' has 'count = %pwd'"),
    (SCRIPT, "count = 3", "count?", r":9: the cell 'numbers' has 'count\?'"),
    (SCRIPT, "count = 3", "count = 3\nget_ipython()", r":10: .* calls get_ipython\(\)"),
    (SCRIPT, "count = 3", "count = = 3", r":9: the cell 'numbers' is not Python: invalid syntax"),
    # Tables and settings
    ("docs/messages.csv", "en,zh\nstraight line,直线\n", "", r":1: the table is empty"),
    (
        "docs/glossary.csv",
        "一条直线。",
        '"一条|直线。"',
        r":2: the definition_zh of the term 'line' has '\|', which the table",
    ),
    ("docs/glossary.csv", "A line.", "A <b>line</b>.", r":2: the definition_en .* has '<'"),
    ("docs/glossary.csv", "A line.", '"A\nline."', r":3: the definition_en .* has '\\n'"),
    ("docs/glossary.csv", "A line.", "A line, and more.", r":2: .* more cells than there are"),
    (
        "docs/glossary.csv",
        "\nline,",
        "\n../line,",
        r":2: .* '\.\./line' has a key that is no",
    ),
    (
        "docs/figures.toml",
        "[moved]\n",
        '[moved]\n"../../x" = "line"\n',
        r": '\.\./\.\./x' is not",
    ),
    ("docs/figures.toml", '"line"', '"line", "Line X"', r":2: 'Line X' is not the slug of a"),
    ("CITATION.cff", "- name: The little authors", "- name: 7", r": the authors or the date"),
    ("CITATION.cff", "- name: The little authors", "- 7", r": the authors or the date"),
    ("CITATION.cff", "2026-11-02", "2026-13-45", r": the authors or the date of the book"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    root = fake_book.write(tmp_path_factory.mktemp("sound") / "book")
    read_book.read(Layout(root))
    return root


@pytest.fixture
def book(sound, tmp_path) -> Path:
    return shutil.copytree(sound, tmp_path / "book")


def refusal(root: Path) -> str:
    with pytest.raises(PressError) as caught:
        read_book.read(Layout(root))
    message = str(caught.value)
    assert "\n  mend: " in message
    return message


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    MISTAKES,
    ids=[f"{n}-{row[0]}" for n, row in enumerate(MISTAKES)],
)
def test_a_mistake_is_one_message_with_place_and_mend(book, name, old, new, said):
    path = book / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert re.search(re.escape(name) + said, refusal(book))


def folder(path: Path) -> None:
    path.mkdir()


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listener(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket has to be short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("make", [folder, link_to_itself, pipe, listener])
@pytest.mark.parametrize("name", ["docs/zh/x.md", "docs/glossary.csv", "docs/figures.toml", SCRIPT])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_no_file_is_named(book, make, name):
    path = book / name
    path.unlink(missing_ok=True)
    make(path)
    assert name in refusal(book)


@pytest.mark.parametrize("name", ["docs/zh/part/x.md", "docs/en/notes.txt"])
def test_what_would_be_left_out_in_silence_is_refused(book, name):
    path = book / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("---\ntitle: x\ndescription: y\n---\n# x {#x}\n", "utf-8")
    assert re.search(r"docs/(zh/part|en/notes\.txt): this is no page of the book", refusal(book))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://x.example", "SITE_URL is not https"),
        ("http://x.example", "SITE_URL is not https"),
        ("x.example", "SITE_URL is not https"),
        ("javascript:alert(1)", "SITE_URL is not https"),
        ("https://", "SITE_URL names no host"),
        ("https://user:word@x.example", "has a user or password"),
        ("https://x.example/?q=1", "has a query"),
        ("https://x.example/#f", "has a fragment"),
        ("https://x .example", "has characters that no address has"),
        ('https://x.example/"><script>', "has characters that no address has"),
        ("https://x.example:99999", "is no address"),
    ],
)
def test_an_address_from_which_no_site_can_be_read_is_refused(book, monkeypatch, address, said):
    monkeypatch.setenv("SITE_URL", address)
    assert said in refusal(book)


@pytest.mark.parametrize("address", ["https://x.example/a/", "http://localhost:8000"])
def test_other_addresses_are_taken(book, monkeypatch, address):
    monkeypatch.setenv("SITE_URL", address)
    assert read_book.read(Layout(book)).imprint.address == address.rstrip("/")


@pytest.mark.parametrize("seconds", ["abc", "-1", "1.5", "0", "99999999999999999"])
def test_a_date_that_no_file_can_have_is_refused(book, monkeypatch, seconds):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    assert f"SOURCE_DATE_EPOCH is '{seconds}'" in refusal(book)
