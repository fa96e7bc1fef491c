"""Which picture of a page is loaded at once, and which wait."""

import pytest

from attnbook.press.finishing.first_picture import load_first_picture
from site_page import after, article_after

LATER = '<img loading="lazy" fetchpriority="low" src="a.svg" alt="">'
BARE = '<img src="a.svg" alt="" loading="lazy">'
AT_ONCE = '<img src="a.svg" alt="" fetchpriority="high">'


@pytest.mark.parametrize("picture", [LATER, BARE])
@pytest.mark.parametrize(
    "before",
    ["", "<h1>Title</h1>" + "<p>word </p>" * 100, "注" * 239, f"<!-- {'x' * 500} -->"],
)
def test_a_picture_near_the_top_is_loaded_at_once(before, picture):
    assert article_after(load_first_picture, before + picture) == before + AT_ONCE


@pytest.mark.parametrize(
    "before", ["x" * 481, "注" * 241, "注" * 200 + "x" * 81, "<p>x</p>" + "x" * 480]
)
def test_a_picture_below_the_first_screen_waits(before):
    assert article_after(load_first_picture, before + LATER) == before + LATER


def test_all_others_wait():
    done = article_after(load_first_picture, f"<p>{LATER}</p>{LATER}{BARE}")
    assert done == f"<p>{AT_ONCE}</p>{LATER}{BARE}"


@pytest.mark.parametrize("body", ["", "<article>no picture</article>", LATER])
def test_a_page_without_a_picture_in_its_article_stays_as_it_is(body):
    page = f"<html><body>{body}</body></html>"
    assert body in after(load_first_picture, page)
