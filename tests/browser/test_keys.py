"""Keys of one character do nothing outside of fields (WCAG 2.1.4): no page turns, no search."""

import string

import pytest

PAGES = ["zh/attention-cues.html", "en/figures/index.html", "en/notebooks/attention-cues.html"]
# Those of the theme first: once the search is open, the others mean nothing to it.
CHARACTERS = ".,np" + string.ascii_letters + string.digits + string.punctuation
# Whoever goes elsewhere has asked for it before this answer comes.
ASK_SERVER = "fetch('../sitemap.xml').then(() => document.readyState)"


@pytest.mark.parametrize("page", PAGES)
def test_no_character_turns_a_page_or_opens_the_search(address, visit, page):
    tab = visit().tab
    tab.goto(address + page)
    assert tab.locator("link[rel=prev]").count() + tab.locator("link[rel=next]").count() > 0
    asked = []
    tab.on(
        "request",
        lambda request: asked.append(request) if request.resource_type == "document" else None,
    )
    for character in CHARACTERS:
        tab.keyboard.press(character)
    tab.evaluate(ASK_SERVER)
    assert asked == []
    assert tab.url == address + page
    assert not tab.locator("[data-md-toggle=search]").is_checked()


def test_characters_still_come_into_fields_and_the_search_opens_by_its_keys(address, visit):
    tab = visit().tab
    tab.goto(address + PAGES[0])
    tab.keyboard.press("Control+k")
    field = tab.get_by_role("textbox")
    field.press_sequentially("np.,fs/")
    assert field.input_value() == "np.,fs/"
    assert tab.url == address + PAGES[0]
