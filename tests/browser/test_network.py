"""The site needs nobody but itself."""

from browser.conftest import search

# Figures below the fold are asked for, too.
ALL_THERE = """
() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => {
  image.loading = "eager";
  return image.decode();
})]).then(() => null)
"""


def test_no_page_asks_another_host_for_anything_or_complains(address, pages, visit):
    reader = visit()
    assert len(pages) > 4
    for page in pages:
        reader.tab.goto(address + page)
        reader.tab.evaluate(ALL_THERE)
    reader.tab.wait_for_load_state("networkidle")
    assert any(url.endswith(".woff2") for url in reader.requests)
    local = (address, "data:", "blob:")
    assert [url for url in reader.requests if not url.startswith(local)] == []
    assert reader.faults == []


def test_searching_asks_no_other_host(address, visit):
    reader = visit()
    reader.tab.goto(address + "zh/index.html")
    search(reader.tab, "注意力")
    reader.tab.locator(".md-search-result__item").first.wait_for()
    assert any("search/sections.js" in url for url in reader.requests)
    assert [url for url in reader.requests if not url.startswith(address)] == []
    assert reader.complaints == []
