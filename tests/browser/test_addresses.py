"""Addresses that lead into a fold, and addresses that nobody of the book has written."""

import pytest

from attnbook.press.base.book_paths import CHECKOUT, Layout
from attnbook.press.source import figure_ledger
from browser.conftest import until

# A cell and a formula's paragraph that lie in folded solutions.
FOLDED = ["cell-other-kernels", "fig-one-query"]
SEEN = """id => {
  const { top } = document.getElementById(id).getBoundingClientRect();
  return top >= 0 && top < innerHeight / 3;
}"""


@pytest.mark.parametrize("place", FOLDED)
def test_what_is_named_is_unfolded_and_at_the_top(address, visit, place):
    tab = visit().tab
    tab.goto(f"{address}zh/nadaraya-watson.html#{place}")
    until(tab, SEEN, place)


def test_a_link_of_the_page_itself_unfolds_too(address, visit):
    tab = visit().tab
    tab.goto(f"{address}zh/nadaraya-watson.html")
    for place in FOLDED:
        tab.evaluate("place => { location.hash = place; }", place)
        until(tab, SEEN, place)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_that_moved_is_found_at_its_old_address(address, visit, language):
    heirs = figure_ledger.read(Layout(CHECKOUT).ledger).heirs
    assert heirs
    reader = visit()
    for old, new in heirs.items():
        reader.tab.goto(f"{address}{language}/figures/{old}/index.html", wait_until="commit")
        reader.tab.wait_for_url(f"**/{language}/figures/{new}/index.html")
        drawing = reader.tab.request.get(f"{address}{language}/figures/{old}.svg")
        assert (
            drawing.ok
            and drawing.body()
            == reader.tab.request.get(f"{address}{language}/figures/{new}.svg").body()
        )
    assert reader.faults == []


@pytest.mark.parametrize("hash", ["#100%", "#%E4%BD", "#no-such-place", "#"])
def test_a_name_that_means_nothing_does_no_harm(address, visit, hash):
    reader = visit()
    tab = reader.tab
    tab.goto(f"{address}zh/attention-cues.html{hash}")
    tab.locator("button.attn-beside").click()
    tab.locator(".beside").first.wait_for()
    tab.locator("a.attn-language").click()
    tab.wait_for_url("**/en/attention-cues.html?beside*")
    assert reader.faults == []


def test_an_address_in_another_encoding_is_answered_like_any_other(address, visit):
    reader = visit(color_scheme="light")
    tab = reader.tab
    tab.goto(f"{address}zh/index.html")
    tab.locator("button.attn-scheme").click()
    html = tab.evaluate("async () => (await fetch('404.html')).text()")
    tab.route(
        "**/zh/%C4%E3.html",
        lambda route: route.fulfill(status=404, body=html, content_type="text/html"),
    )
    tab.goto(f"{address}zh/%C4%E3.html")
    until(tab, "document.documentElement.dataset.scheme === 'slate'")
