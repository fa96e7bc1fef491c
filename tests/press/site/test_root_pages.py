"""What the page at the root of the site tells search engines."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import imprints
from attnbook.press.site.root_pages import lost_page, root_page

THEME = Path(__file__).parents[3] / "docs" / "theme"
LINKS = "link[rel~=alternate], link[rel~=canonical]"


def links(address: str) -> dict[str, str]:
    soup = BeautifulSoup(
        root_page(THEME, replace(imprints.THIS_BOOK, address=address)), "html.parser"
    )
    return {
        str(link.get("hreflang", "canonical")): str(link["href"]) for link in soup.select(LINKS)
    }


def test_it_names_both_languages_and_itself_by_whole_addresses():
    assert links("https://book.example/attn") == {
        "canonical": "https://book.example/attn/",
        "zh-Hans": "https://book.example/attn/zh/index.html",
        "en": "https://book.example/attn/en/index.html",
        "x-default": "https://book.example/attn/",
    }


def test_a_copy_without_an_address_names_none():
    assert links("") == {}


@pytest.mark.parametrize("make", [root_page, lost_page])
@pytest.mark.parametrize("address", ["", "https://book.example/a&b"])
def test_no_mark_is_left_where_something_was_to_stand(address, make):
    page = make(THEME, replace(imprints.THIS_BOOK, address=address))
    assert not re.search(r"\{[{%#]|<!--", page)
    assert not re.search(r"&(?!\w+;)|[ \t]$", page.split("<script>")[0].rstrip(" "), re.MULTILINE)
