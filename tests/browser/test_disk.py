"""Pages opened from a disk, without a server."""

from urllib.parse import unquote


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


def test_search_is_not_offered_where_it_cannot_work(site, visit):
    tab = visit().tab
    tab.goto((site / "zh" / "index.html").as_uri())
    assert not tab.locator(".md-search").is_visible()
