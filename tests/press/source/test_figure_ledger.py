"""The ledger of slugs: an address once promised leads somewhere for ever."""

import json

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from attnbook.press.base.errors import PressError
from attnbook.press.pages.redirects import copies, redirects
from attnbook.press.source import figure_ledger
from attnbook.press.words.load import WORDS

LEDGER = """\
# "comment" and 'more'
figures = [
  "first",
  "second",  # "not-this"
  "third",
]

[moved]
# "third" = "nowhere"
third = "page.md#end"
"""
ANCHORS = {"page": {"top", "end"}}


@pytest.fixture
def write(tmp_path):
    def to_file(text):
        path = tmp_path / "figures.toml"
        path.write_text(text, encoding="utf-8")
        return figure_ledger.read(path)

    return to_file


def only(errors):
    (error,) = errors
    return error


def test_a_ledger_is_read_with_its_lines(write):
    found = write(LEDGER)
    assert found.figures == ("first", "second", "third")
    assert found.moved == {"third": "page.md#end"}
    assert found.lines == {"first": (3,), "second": (4,), "third": (5,)}
    assert found.moved_lines == {"third": 10}


def test_a_ledger_on_one_line_is_read_too(write):
    found = write('figures = ["a", "b"]\n[moved]\n"b" = \'a\'\n')
    assert found.lines == {"a": (1,), "b": (1,)}
    assert found.moved_lines == {"b": 3}


def test_a_ledger_that_fits_has_no_errors(write):
    assert figure_ledger.check(write(LEDGER), ["second", "first"], ANCHORS) == []


def test_a_figure_that_is_gone_is_named_with_its_line_and_a_likely_heir(write):
    error = only(figure_ledger.check(write(LEDGER), ["first", "seconds"], ANCHORS)[1:])
    assert "'second'" in error.what
    assert (error.path.name, error.line) == ("figures.toml", 4)
    assert 'second = "seconds"' in error.mend


def test_a_figure_that_has_moved_may_be_gone(write):
    text = LEDGER.replace('"third",', '"third",\n  "seconds",') + 'second = "seconds"\n'
    assert figure_ledger.check(write(text), ["first", "seconds"], ANCHORS) == []


def test_a_new_figure_is_named_with_the_line_to_add(write):
    error = only(figure_ledger.check(write(LEDGER), ["first", "second", "new"], ANCHORS))
    assert "'new' is not in the ledger" in error.what
    assert error.line == 4
    assert '"new",' in error.mend
    assert "'second'" in error.mend


def test_a_missing_ledger_is_empty(tmp_path):
    found = figure_ledger.read(tmp_path / "figures.toml")
    assert figure_ledger.check(found, [], {}) == []
    error = only(figure_ledger.check(found, ["line"], {}))
    assert "figures.toml" in str(error)
    assert '"line"' in error.mend


@pytest.mark.parametrize(
    ("moves", "what", "mend"),
    [
        ('old = "secnd"', "'secnd', which is no figure", "did you mean second"),
        ('old = "zzz"', "'zzz', which is no figure", "there are first, second"),
        ('old = "pag.md#end"', "a page that does not exist", "page.md"),
        ('old = "page.md#ends"', "an id that page.md does not have", "#end"),
        ('first = "second"', "the book draws it", "another label"),
        ('old = "old"', "go in a circle", "figure of the book"),
    ],
)
def test_a_move_that_leads_nowhere_is_refused(write, moves, what, mend):
    error = only(figure_ledger.check(write(LEDGER + moves), ["first", "second"], ANCHORS))
    assert what in error.what
    assert mend in error.mend
    assert error.line == 11


def test_every_member_of_a_circle_is_refused(write):
    text = LEDGER + 'a = "b"\nb = "c"\nc = "a"\nd = "a"\n'
    errors = figure_ledger.check(write(text), ["first", "second"], ANCHORS)
    assert [error.line for error in errors] == [11, 12, 13, 14]
    assert all("circle" in error.what for error in errors)


def test_a_slug_listed_twice_is_refused_where_it_stands_again(write):
    text = LEDGER.replace('"third",', '"third",\n  "first",')
    error = only(figure_ledger.check(write(text), ["first", "second"], ANCHORS))
    assert "already listed in line 3" in error.what
    assert error.line == 6


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("figures = [", None),
        ('figures = ["a"]\n[moved]\na = "b"\na = "c"\n', 4),
        ("figures = [1]", None),
        ('figures = "a"', None),
        ("[moved]\na = 1", None),
        ('[moved]\na = "b"\nfigures = ["a"]', None),
        ("slugs = []", None),
    ],
)
def test_what_is_no_ledger_is_refused(write, text, line):
    with pytest.raises(PressError, match=r"figures\.toml") as caught:
        write(text)
    assert "[moved]" in caught.value.mend
    assert caught.value.line == line


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True))
def test_a_chain_of_moves_leads_to_its_end(tmp_path_factory, chain):
    moves = dict(zip(chain, [*chain[1:], "end"], strict=True))
    path = tmp_path_factory.mktemp("chain") / "figures.toml"
    path.write_text("[moved]\n" + "\n".join(f"{a} = {json.dumps(b)}" for a, b in moves.items()))
    found = figure_ledger.read(path)
    assert found.heirs == dict.fromkeys(chain, "end")
    assert figure_ledger.check(found, [], {}) != []
    errors = figure_ledger.check(found, ["end"], {})
    assert [error.what for error in errors] == [
        "the figure 'end' is not in the ledger of addresses"
    ]


def head_and_text(page):
    front, text = page.removeprefix("---\n").split("---\n", 1)
    meta = yaml.safe_load(front)
    return BeautifulSoup(meta["head"], "html.parser"), text, meta


@pytest.mark.parametrize("language", WORDS)
def test_an_old_address_takes_a_reader_to_the_new_one(write, language):
    found = write(LEDGER + 'fourth = "fifth"\nfifth = "first"\n')
    names = {"first": "Curves [and] more", "page.md": "结尾"}
    pages = redirects(found, language, names, "https://book.example")
    assert sorted(pages) == [f"figures/{slug}/index.md" for slug in ("fifth", "fourth", "third")]
    head, text, meta = head_and_text(pages["figures/fourth/index.md"])
    assert head.meta["content"] == "0; url=../first/index.html"
    assert meta["canonical"] == f"https://book.example/{language}/figures/first/"
    assert r"[Curves \[and\] more](../first/index.md)" in text
    assert meta["title"] == WORDS[language].moved.title.format(slug="fourth")
    assert meta["search"] == {"exclude": True}
    head, text, meta = head_and_text(pages["figures/third/index.md"])
    assert head.meta["content"] == "0; url=../../page.html#end"
    assert meta["canonical"] == f"https://book.example/{language}/page.html"
    assert "[结尾](../../page.md#end)" in text


def test_a_local_copy_names_no_canonical_address(write):
    page = redirects(write(LEDGER), "zh", {"page.md": "结尾"})["figures/third/index.md"]
    assert "canonical" not in page


def test_files_at_old_addresses_are_those_of_the_new_figure(write):
    found = write(LEDGER + 'older = "old"\nold = "first"\n')
    files = {"figures/first.svg": b"1", "figures/first.dark.svg": b"2", "figures/first-b.svg": b"3"}
    assert copies(found, files) == {
        f"figures/{old}.{suffix}": files[f"figures/first.{suffix}"]
        for old in ("old", "older")
        for suffix in ("svg", "dark.svg")
    }
