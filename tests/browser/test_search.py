"""Search finds the words of each language."""

import pytest

from browser.conftest import search


@pytest.mark.parametrize(
    ("language", "query", "words"),
    [
        ("zh", "注意力", {"注意力"}),
        ("zh", "查询", {"查询"}),
        ("zh", "核回归", {"核", "回归"}),
        ("zh", "汇聚", {"汇聚"}),
        ("zh", "注意力汇聚", {"注意力", "汇聚"}),
        ("zh", "留一", {"留一"}),
        ("zh", "kernel", {"kernel"}),
        ("en", "kernel", {"kernel"}),
        ("en", "query", {"query"}),
        ("en", "attention pooling", {"attention", "pooling"}),
    ],
)
def test_search_finds(address, visit, language, query, words):
    tab = visit().tab
    tab.goto(f"{address}{language}/index.html")
    search(tab, query)
    first = tab.locator(".md-search-result__item a").first
    first.wait_for()
    marked = {mark.lower() for mark in tab.locator(".md-search-result mark").all_text_contents()}
    assert words <= marked
    assert f"/{language}/" in first.evaluate("link => link.href")
    first.click()
    tab.wait_for_load_state()
    assert tab.locator("article").inner_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_search_does_not_find_what_is_not_there(address, visit, language):
    tab = visit().tab
    tab.goto(f"{address}{language}/index.html")
    search(tab, "Grundgesetz")
    tab.wait_for_function(
        "document.querySelector('.md-search-result__meta').textContent.match(/没有找到|No match/)"
    )
    assert tab.locator(".md-search-result__item").count() == 0
