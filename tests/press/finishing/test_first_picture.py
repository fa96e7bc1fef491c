"""Which picture of a page is loaded at once, and which wait."""

import pytest

from attnbook.press.finishing import first_picture

LATER = '<img loading="lazy" fetchpriority="low" src="a.svg" alt="">'
BARE = '<img src="a.svg" alt="" loading=lazy>'


def page(before: str, picture: str = LATER) -> str:
    return f'<body><img src="logo.svg"><article class="md">{before}{picture}</article></body>'


@pytest.mark.parametrize("picture", [LATER, BARE])
@pytest.mark.parametrize("before", ["", "<h1>Title</h1>" + "<p>word </p>" * 100, "注" * 239])
def test_a_picture_near_the_top_is_loaded_at_once(before, picture):
    done = first_picture.first(page(before, picture))
    at_once = '<img fetchpriority="high" src="a.svg" alt="">'
    assert done == page(before, at_once)


@pytest.mark.parametrize("before", ["x" * 481, "注" * 241, "注" * 200 + "x" * 81])
def test_a_picture_below_the_first_screen_waits(before):
    assert first_picture.first(page(before)) == page(before)


def test_all_others_wait():
    assert first_picture.first(page("", LATER + LATER + BARE)).endswith(
        f"{LATER}{BARE}</article></body>"
    )


@pytest.mark.parametrize("html", ["", "<article>no picture</article>", LATER])
def test_a_page_without_a_picture_in_its_article_stays_as_it_is(html):
    assert first_picture.first(html) == html
