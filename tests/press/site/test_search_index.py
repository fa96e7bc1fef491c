"""The search's index: what of a page can be found, and where it leads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attnbook.press.finishing import finish_page
from attnbook.press.site import search_index, search_sections
from site_page import HEAD, SEARCH

PAGE = """<nav><p>menu</p></nav><article class="md-content__inner">
<h1 id="top">10.2 核回归<a class="headerlink" href="#top">#</a></h1>
<p>引言里有<a href="x.html">查询</a>。</p><p data-unsearched="true">在线阅读</p>
<h2 id="pooling">10.2.1 汇聚 {formula}<a class="headerlink" href="#pooling">#</a></h2>
<p>第一段，{formula}。</p><p>第二段。</p>
{equation}
<div class="cell"><details class="code"><summary>展开代码</summary>
<div class="language-python highlight"><pre><code><span>show</span>_heatmaps(w)</code></pre></div>
</details><div class="language-text output highlight"><pre><code>tensor([0.1])</code></pre></div>
</div>
<figure><figcaption>图的说明。<span data-unsearched="true">SVG</span></figcaption></figure>
<details class="solution"><summary>解答</summary><p>解在这里。</p></details>
<div lang="en"><p>The twin of this section.</p></div><template><p>hidden</p></template>
<h2 id="data" data-unsearched="true">数据</h2><p>0.5</p><h3 id="more">更多数据</h3><p>0.7</p>
<h2 id="end">结尾</h2><p>再见。</p>
</article>"""


def page(location: str = "a.html", text: str = PAGE, language: str = "zh"):
    arithmatex = '<{0} class="arithmatex">\\{1}{2}\\{3}</{0}>'
    text = text.replace("{formula}", arithmatex.format("span", "(", r"\alpha \lt x_i", ")"))
    text = text.replace(
        "{equation}", arithmatex.format("div", "[", r"f(x) = y_i \tag{10.2.4}", "]")
    )
    text = f"<!doctype html><html><head>{HEAD}</head><body>{SEARCH}{text}</body></html>"
    done = finish_page.finish(text, name=location, language=language, source=Path("s", location))
    return {place.location: place for place in search_sections.read(done, location, language)}


def test_each_heading_is_a_section_with_what_stands_below_it():
    found = page()
    assert list(found) == ["a.html", "a.html#pooling", "a.html#eq-10.2.4", "a.html#end"]
    assert found["a.html"].title == "10.2 核回归"
    assert found["a.html"].text == "引言里有查询。"
    assert found["a.html#end"].text == "再见。"


def test_formulas_are_what_readers_see():
    place = page()["a.html#pooling"]
    assert place.title == "10.2.1 汇聚 α<x_i"
    assert "第一段，α<x_i。\n第二段。\nf(x)=y_i (10.2.4)\n" in place.text


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "公式 (10.2.4)"), ("en", "Equation (10.2.4)")]
)
def test_a_numbered_equation_is_a_place_of_its_own(language, title):
    equation = page(language=language)["a.html#eq-10.2.4"]
    assert (equation.title, equation.text) == (title, "f(x)=y_i")
    assert {"公式", "formula"} <= set(equation.keys.split())


def test_code_stays_apart_and_output_is_left_out():
    place = page()["a.html#pooling"]
    assert place.code == "show_heatmaps(w)"
    assert "heatmaps" not in place.text
    assert "展开代码" not in place.text


def test_captions_and_solutions_are_found_and_what_is_said_everywhere_is_not():
    text = " ".join(place.text for place in page().values())
    assert "图的说明。" in text
    assert "解在这里。" in text
    for unwanted in ("menu", "在线阅读", "SVG", "tensor", "hidden", "0.5", "0.7", "更多数据", "#"):
        assert unwanted not in text


def test_what_is_in_the_other_language_is_found_there():
    assert "twin" not in str(page().values())
    assert "The twin of this section." in page(language="en")["a.html#pooling"].text


def test_a_figure_has_one_place():
    text = """<article><h1 id="figure">热图</h1><figure><p><img alt="方形" src="a.svg"></p>
    <figcaption>说明。</figcaption></figure><h2 id="alternative-text">替代文字</h2><p>方形。</p>
    <h2 id="data" data-unsearched="true">数据</h2><p>1</p></article>"""
    (place,) = page("figures/heat/index.html", text).values()
    assert place.location == "figures/heat/index.html"
    assert (place.title, place.text) == ("热图", "说明。\n方形。")


def test_a_term_leads_to_its_row_and_knows_its_other_name():
    text = """<article><h1 id="glossary">术语表</h1><p>说明。</p><table>
    <thead><tr><th>术语</th></tr></thead><tbody><tr><td><span id="term-key"></span><a>键</a></td>
    <td>key</td><td>与查询比对。</td></tr></tbody></table></article>"""
    found = page("glossary.html", text)
    assert found["glossary.html"].text == "说明。\n术语"
    term = found["glossary.html#term-key"]
    assert (term.title, term.keys, term.text) == ("键", "key", "与查询比对。")


def test_a_page_without_an_article_has_no_sections():
    assert search_sections.read("<html><body><p>moved</p></body></html>", "a.html", "en") == []


def test_the_index_takes_the_place_of_materials(tmp_path):
    files = {
        "a.html": PAGE,
        "404.html": PAGE,
        "notebooks/a.html": PAGE,
        "search/search_index.json": '{"docs": ["all of it"]}',
        "assets/javascripts/workers/search.1234.min.js": "",
        "assets/javascripts/lunr/min/lunr.zh.min.js": "",
        "assets/javascripts/bundle.js": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    search_index.finish(tmp_path, "zh")
    entries = search_index.load(tmp_path)
    assert {entry["location"].partition("#")[0] for entry in entries} == {"a.html"}
    assert all("" not in entry.values() for entry in entries)
    over_network = json.loads((tmp_path / "search" / "search_index.json").read_text("utf-8"))
    from_disk = (tmp_path / "search" / "search_index.js").read_text("utf-8")
    assert over_network["docs"] == []
    assert from_disk == f"var __index = {json.dumps(over_network, separators=(',', ':'))};"
    assert [path.name for path in (tmp_path / "assets").rglob("*.js")] == ["bundle.js"]
