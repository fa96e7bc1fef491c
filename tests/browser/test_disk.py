"""Pages opened from a disk, without a server."""

from urllib.parse import unquote

import pytest

from browser.conftest import search


def test_a_page_from_the_disk_reads(site, pages, visit):
    reader = visit()
    reader.tab.goto((site / "zh" / "nadaraya-watson.html").as_uri())
    assert reader.tab.locator("article .equation .katex-html").first.bounding_box()["height"] > 5
    loaded = "[...document.fonts].filter(font => font.status == 'loaded').length"
    assert reader.tab.evaluate(f"document.fonts.ready.then(() => {loaded})") > 0
    images = reader.tab.locator("figure.figure img")
    assert images.count()
    images.first.scroll_into_view_if_needed()
    assert images.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert all(url.startswith(("file:", "data:", "blob:")) for url in reader.requests)


def test_links_work_from_the_disk(site, visit):
    tab = visit().tab
    tab.goto((site / "index.html").as_uri())
    tab.get_by_role("link", name="English").click()
    tab.wait_for_url("**/en/index.html")
    tab.locator("a.attn-language").click()
    tab.wait_for_url("**/zh/index.html")
    start = tab.url
    links = tab.locator("nav.md-nav--primary a.md-nav__link").evaluate_all(
        "links => links.map(link => link.href)"
    )
    assert len(links) > 4
    for link in links:
        tab.goto(link)
        assert unquote(tab.url).startswith(unquote(start.rsplit("/", 1)[0]))
        assert tab.locator("article h1").count() == 1


def test_the_language_switch_stays_on_the_section_from_the_disk(site, visit):
    tab = visit().tab
    tab.goto((site / "zh" / "nadaraya-watson.html").as_uri() + "#training")
    tab.locator("a.attn-language").click()
    tab.wait_for_url("**/en/nadaraya-watson.html#training")
    tab.locator("a.attn-language").click()
    tab.wait_for_url("**/zh/nadaraya-watson.html#training")


def test_the_gallery_is_filtered_from_the_disk(site, visit):
    reader = visit()
    tab = reader.tab
    tab.goto((site / "en" / "figures" / "index.html").as_uri())
    kinds = tab.locator("li.gallery-card").evaluate_all("cards => cards.map(c => c.dataset.kind)")
    assert 0 < kinds.count("plot") < len(kinds)
    tab.locator("form.gallery-filter select[name=kind]").select_option("plot")
    assert tab.locator("li.gallery-card:visible").count() == kinds.count("plot")
    assert reader.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_is_verified_from_the_disk(site, visit, language):
    reader = visit()
    tab = reader.tab
    figures = site / language / "figures"
    tab.goto((figures / "toy-data" / "index.html").as_uri())
    tab.locator(".verify input").set_input_files([figures / "toy-data.csv"])
    verdict = tab.locator(".verify-result:not(.verify-working) .verify-verdict")
    verdict.wait_for()
    assert verdict.inner_text() == {"zh": "原件", "en": "Genuine"}[language]
    assert reader.complaints == []


@pytest.mark.parametrize(("language", "query"), [("zh", "核回归"), ("en", "kernel")])
def test_search_works_from_the_disk(site, visit, language, query):
    reader = visit()
    tab = reader.tab
    tab.goto((site / language / "index.html").as_uri())
    assert not any("sections.js" in url for url in reader.requests)
    search(tab, query)
    tab.locator(".md-search-result mark", has_text=query).first.wait_for()
    assert all(url.startswith("file:") for url in reader.requests)
    assert reader.complaints == []
