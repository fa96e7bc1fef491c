"""What pages may do is written in them, and it is enough for all that they do; they need nobody."""

from __future__ import annotations

import re

import pytest

from browser.conftest import search, until

WATCH = """
window.refused = [];
addEventListener("securitypolicyviolation", (event) => {
  refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`);
});
"""
FIGURE = "figures/nonparametric-heatmap/"
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')


@pytest.fixture
def watched(visit):
    """A reader whose browser tells of all that a policy refuses."""

    def open_tab(**options: object):
        reader = visit(**options)
        reader.tab.add_init_script(WATCH)
        return reader

    return open_tab


def refused(reader) -> list[str]:
    said = [words for words in reader.complaints if "Content Security Policy" in words]
    return reader.tab.evaluate("window.refused") + said


def test_every_page_has_a_policy_before_all_that_it_loads(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 60
    for path in pages:
        html = path.read_text("utf-8")
        policies = META.findall(html)
        assert len(policies) == 1, path
        assert "'unsafe" not in policies[0] and "http" not in policies[0], path
        assert "default-src 'none'" in policies[0] and "base-uri 'none'" in policies[0], path
        before = html[: html.index(policies[0])]
        assert not re.search(r"<(script|link|style|img)\b", before), path


# Figures below the fold are asked for, too.
ALL_THERE = """
() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => {
  image.loading = "eager";
  return image.decode();
})]).then(() => null)
"""


def test_no_page_is_refused_anything_asks_another_host_or_complains(address, pages, watched):
    reader = watched()
    assert len(pages) > 4
    for page in pages:
        reader.tab.goto(address + page)
        reader.tab.evaluate(ALL_THERE)
        assert refused(reader) == [], page
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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_site_is_used_without_a_refusal_and_keeps_two_things(address, language, watched):
    reader = watched()
    tab = reader.tab
    tab.goto(f"{address}{language}/nadaraya-watson.html")
    search(tab, "softmax")
    tab.locator(".md-search-result__item").first.wait_for()
    tab.keyboard.press("Escape")
    tab.locator("button.attn-scheme").click()
    copy = tab.locator(".code-copy:visible").first
    copy.scroll_into_view_if_needed()
    copy.click()
    tab.locator("details summary:visible").first.click()
    assert refused(reader) == []

    tab.goto(f"{address}{language}/figures/index.html")
    choice = tab.locator("form.gallery-filter select").first
    choice.select_option(index=1)
    assert refused(reader) == []

    tab.goto(f"{address}{language}/{FIGURE}index.html")
    tab.locator(".cite-copy").first.click()
    assert tab.locator("input[type=file]").count() == 1
    file = tab.evaluate(
        "async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())]",
        f"{address}{language}/figures/nonparametric-heatmap.csv",
    )
    tab.locator("input[type=file]").set_input_files(
        {"name": "figure.csv", "mimeType": "text/csv", "buffer": bytes(file)}
    )
    tab.locator(".verify-result").wait_for()
    tab.locator("a.attn-language").click()
    other = {"zh": "en", "en": "zh"}[language]
    tab.wait_for_url(f"{address}{other}/{FIGURE}index.html*")  # and the section
    assert refused(reader) == []

    assert reader.context.cookies() == []
    kept = tab.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]")
    assert sorted(key.rpartition(".")[2] for key in kept[0]) == ["__palette", "attn-language"]
    assert kept[1] == []
    assert tab.evaluate("indexedDB.databases().then((all) => all.length)") == 0


ATTACKS = {
    "script": "const s = document.createElement('script'); s.textContent = 'window.hit = 1';"
    "document.body.append(s)",
    "handler": "document.body.insertAdjacentHTML('beforeend', "
    '\'<img src="data:," onerror="window.hit = 1">\')',
    "style": "document.body.insertAdjacentHTML('beforeend', "
    '\'<p id="styled" style="color: rgb(1, 2, 3)">x</p>\');'
    "if (getComputedStyle(styled).color === 'rgb(1, 2, 3)') window.hit = 1",
    "eval": "try { window.hit = new Function('return 1')() } catch {}",
    "elsewhere": "const s = document.createElement('script'); s.src = 'http://127.0.0.1:9/x.js';"
    "document.body.append(s)",
    "image": "new Image().src = 'http://127.0.0.1:9/x.png'",
    "request": "fetch('http://127.0.0.1:9/x').catch(() => {})",
    "frame": "const f = document.createElement('iframe'); f.src = 'http://127.0.0.1:9/';"
    "document.body.append(f)",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_injected_is_refused(address, watched, attack):
    reader = watched()
    reader.tab.goto(address + "en/nadaraya-watson.html")
    # As a script of the page would: what a debugger evaluates may use eval.
    reader.context.route(
        "**/attnbook.js",
        lambda route: route.fulfill(body=ATTACKS[attack], content_type="text/javascript"),
    )
    reader.tab.reload()
    until(reader.tab, "window.refused.length > 0")
    assert reader.tab.evaluate("window.hit ?? 0") == 0


@pytest.mark.parametrize(
    "page", ["index.html", "zh/nadaraya-watson.html", f"en/{FIGURE}index.html"]
)
def test_pages_from_a_disk_are_refused_nothing(site, watched, page):
    reader = watched()
    reader.tab.goto((site / page).as_uri())
    assert refused(reader) == []
    # Styles are there, and Material's script has run.
    assert reader.tab.evaluate("document.styleSheets.length") >= 1
    if page != "index.html":
        assert reader.tab.evaluate("'component$' in globalThis")
