"""Addresses without a page: what a server shows there works at any depth."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.conftest import until
from browser.server import Quiet, serve


class _Host(Quiet):
    """A static host: the nearest 404.html above the address that was asked for."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        folder = Path(self.translate_path(self.path)).parent
        while not (folder / "404.html").exists():
            folder = folder.parent
        body = (folder / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    with serve(site, _Host) as found:
        yield found


@pytest.mark.parametrize(
    ("lost", "title"),
    [
        ("zh/gone.html", "没有这一页"),
        ("zh/figures/no-such/figure/index.html", "没有这一页"),
        ("en/deep/er/kernel.html", "No such page"),
        ("nowhere/at/all", "没有这一页 No such page"),
    ],
)
def test_it_leads_home_from_any_depth(host, visit, lost, title):
    tab = visit().tab
    for link in range(2):
        tab.goto(host + lost)
        assert " ".join(tab.locator("h1").inner_text().split()) == title
        home = tab.locator("p > a").nth(link)
        to = home.evaluate("link => link.href")
        assert to in (f"{host}zh/index.html", f"{host}en/index.html")
        home.click()
        tab.wait_for_url(to)
        assert " ".join(tab.locator("h1").inner_text().split()) != title


def test_it_searches_in_its_language(host, visit):
    tab = visit().tab
    tab.goto(f"{host}zh/some/核回归.html")
    assert tab.locator("input[name=q]").input_value() == "核回归"
    tab.get_by_role("button", name="搜索").click()
    result = tab.locator(".md-search-result__link").first
    result.wait_for()
    assert "/zh/" in result.evaluate("it => it.href")


def test_it_offers_the_same_page_in_the_other_language_where_that_is_there(host, site, visit):
    assert (site / "en" / "about.html").exists()
    (site / "zh" / "about.html").rename(site / "zh" / "about.aside")
    try:
        tab = visit().tab
        tab.goto(f"{host}zh/about.html")
        twin = tab.locator("a[hreflang=en]")
        until(tab, "document.querySelector('a[hreflang=en]').href.includes('about')")
        twin.click()
        tab.wait_for_url("**/en/about.html")
    finally:
        (site / "zh" / "about.aside").rename(site / "zh" / "about.html")
    with tab.expect_response(f"{host}en/in-neither.html") as asked:
        tab.goto(f"{host}zh/in-neither.html")
    assert (asked.value.request.method, asked.value.status) == ("HEAD", 404)
    assert tab.locator("a[hreflang=en]").get_attribute("href").endswith("/en/index.html")


def test_without_scripts_it_still_leads_home_and_searches(host, visit):
    tab = visit(java_script_enabled=False).tab
    tab.goto(f"{host}en/a/b/c.html")
    assert tab.locator("form").get_attribute("action") == "/en/index.html"
    tab.get_by_role("link", name="To the first page").click()
    tab.wait_for_url(f"{host}en/index.html")
