"""What a page's toggle shows of the other language: which blocks, how, and with which addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from attnbook.press.formulas import render_katex
from attnbook.press.site import side_by_side

PAGE = (
    '<!doctype html>\n<html><body>\n<h2 id="menu">x</h2><article class="a">\n{}\n</article></body>'
    "</html>"
)
FORMULA = '<span class="katex"><math><mtext>{}</mtext></math></span>'


class Site:
    """Two editions of pages, each given as the article in Chinese and in English."""

    def __init__(self, root: Path, pages: dict[str, tuple[str, str]]) -> None:
        self.root, self.before = root, {}
        for page, articles in pages.items():
            for language, article in zip(("zh", "en"), articles, strict=True):
                path = root / language / page
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(PAGE.format(article), "utf-8")
                self.before[f"{language}/{page}"] = PAGE.format(article)
        self.written = side_by_side.write(root)

    def html(self, page: str) -> str:
        return (self.root / page).read_text("utf-8")

    def shown(self, page: str) -> dict:
        script = (self.root / page.replace(".html", ".beside.js")).read_text("utf-8")
        found = re.fullmatch(r"globalThis\.attnBeside = (\{.*\});\n", script, re.DOTALL)
        assert found, script[:80]
        return json.loads(found[1])

    def rows(self, page: str) -> list[tuple[str, str, str]]:
        """(text of the own blocks, how, what is shown) of each row."""
        soup = BeautifulSoup(self.html(page), "html.parser")
        return [
            (
                " + ".join(
                    soup.select("[data-beside]")[number].get_text(" ", strip=True)
                    for number in numbers
                ),
                how,
                markup,
            )
            for numbers, how, markup in self.shown(page)["rows"]
        ]


@pytest.fixture
def pair(tmp_path):
    """The rows that the Chinese page shows of the English one."""

    def rows(zh: str, en: str, page: str = "a.html", **others: tuple[str, str]):
        named = {f"{name}.html": articles for name, articles in others.items()}
        site = Site(tmp_path, {page: (zh, en), **named})
        return site.rows(f"zh/{page}")

    return rows


def test_each_block_gets_its_counterpart(pair):
    zh = '<h2 id="a">权重</h2>\n<p>查询。</p>\n<ul><li>一</li></ul>'
    en = '<h2 id="a">Weights</h2>\n<p>The query.</p>\n<ul><li>one</li></ul>'
    assert pair(zh, en) == [
        ("权重", "beside", "<h2>Weights</h2>"),
        ("查询。", "beside", "<p>The query.</p>"),
        ("一", "beside", "<ul><li>one</li></ul>"),
    ]


def test_both_editions_show_the_other_one(tmp_path):
    site = Site(tmp_path, {"a.html": ("<p>查询</p>", "<p>query</p>")})
    assert site.written == 2
    assert (site.shown("zh/a.html")["lang"], site.shown("zh/a.html")["label"]) == ("en", "English")
    assert (site.shown("en/a.html")["lang"], site.shown("en/a.html")["label"]) == (
        "zh-Hans",
        "中文",
    )
    assert site.rows("en/a.html") == [("query", "beside", "<p>查询</p>")]


def test_a_page_changes_by_its_marks_only(tmp_path):
    # Pages come as finishing writes them, so to write one again changes nothing.
    zh = '<p>一 &amp; 二 <br>三</p>\n<img src="x.svg">\n<p class="b">四</p>'
    en = '<p>one</p>\n<img src="x.svg">\n<p class="b">four</p>'
    site = Site(tmp_path, {"a.html": (zh, en)})
    assert site.html("zh/a.html").count("data-beside") == 2
    for page, before in site.before.items():
        assert re.sub(" data-beside", "", site.html(page)) == before


def test_what_reads_the_same_is_not_repeated(pair):
    code = '<div class="highlight"><pre><code>w = 1</code></pre></div>'
    formula = f'<div class="equation" id="eq-1">{FORMULA}</div>'
    zh = f'<div class="cell" id="cell-w">{code}</div>{formula.format("y = x。")}<p>宽</p>'
    en = f'<div class="cell" id="cell-w">{code}</div>{formula.format("y = x.")}<p>wide</p>'
    assert pair(zh, en) == [("宽", "beside", "<p>wide</p>")]


def test_a_formula_with_other_words_is_shown(pair):
    formula = '<div class="equation">{}</div>'
    zh, en = (formula.format(FORMULA.format(words)) for words in ("损失", "loss"))
    ((_, how, markup),) = pair(zh, en)
    assert how == "beside"
    assert "loss" in markup


def test_roots_in_formulas_are_kept_and_other_drawings_are_not(pair):
    (root,) = render_katex.render([(r"1/\sqrt{2\pi}", False)])
    assert root.count("<svg") == 1
    icon = '<svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg>'
    ((_, how, markup),) = pair(f"<p>根号 {root}</p>", f"<p>a root {root} {icon}</p>")
    assert how == "beside"
    assert markup.count("<svg") == 1
    assert BeautifulSoup(markup, "html.parser").select_one(".katex svg path") is not None


def test_figures_are_shown_in_the_other_language_code_once(tmp_path):
    cell = (
        '<div class="cell" id="cell-f"><div class="highlight"><pre>plot()</pre></div>'
        '<figure class="figure" id="fig-f"><p><img src="f.svg" alt="{0}"></p>'
        '<figcaption>{0} <span class="figure-files"><a href="f.pdf">PDF</a></span></figcaption>'
        "</figure></div>"
    )
    site = Site(tmp_path, {"a.html": (cell.format("直线。"), cell.format("A line."))})
    ((own, how, markup),) = site.rows("zh/a.html")
    assert own.startswith("直线。")
    assert how == "beside"
    figure = BeautifulSoup(markup, "html.parser").figure
    assert figure is not None
    assert figure.img["src"] == "../en/f.svg"
    assert figure.get_text(strip=True) == "A line."
    assert not figure.select("[id], a")
    # The cell itself is a box of two columns.
    soup = BeautifulSoup(site.html("zh/a.html"), "html.parser")
    marked = soup.select("[data-beside]")
    assert [marked[number]["id"] for number in site.shown("zh/a.html")["columns"]] == ["cell-f"]


def test_folded_solutions_stay_one_fold(tmp_path):
    fold = '<details class="solution"><summary>{}</summary><p>{}</p></details>'
    site = Site(
        tmp_path, {"a.html": (fold.format("解答", "因为。"), fold.format("Solution", "As."))}
    )
    assert site.rows("zh/a.html") == [
        ("解答", "inside", "Solution"),
        ("因为。", "beside", "<p>As.</p>"),
    ]
    assert len(site.shown("zh/a.html")["columns"]) == 1


def test_tables_of_one_shape_are_shown_cell_by_cell_and_nothing_twice(pair):
    table = "<table><tr><th>{}</th><th>{}</th><th>{}</th></tr><tr>{}</tr></table>"
    zh = table.format("术语", "英文", "含义", "<td>键</td><td>key</td><td>一个数 3</td>")
    en = table.format("Term", "Chinese", "Meaning", "<td>key</td><td>键</td><td>a number 3</td>")
    assert pair(zh, en) == [
        ("术语", "inside", "Term"),
        ("英文", "inside", "Chinese"),
        ("含义", "inside", "Meaning"),
        ("一个数 3", "inside", "a number 3"),
    ]


def test_tables_of_another_shape_are_shown_as_a_whole(pair):
    zh, en = "<table><tr><td>一</td></tr></table>", "<table><tr><td>1</td><td>2</td></tr></table>"
    ((_, how, markup),) = pair(zh, en)
    assert how == "beside"
    assert markup.startswith("<table>")


def test_cards_keep_their_picture_and_get_a_second_title(pair):
    card = (
        '<ul class="g"><li><a href="f.html"><img src="f.svg" alt=""><span>{}</span></a></li></ul>'
    )
    assert pair(card.format("直线"), card.format("A line")) == [
        ("直线", "beside", "<span>A line</span>")
    ]


def test_where_paragraphs_differ_in_number_fixed_points_hold(pair):
    cell = '<div class="cell" id="cell-w"><div class="highlight">w = 1</div></div>'
    zh = f"<p>一</p><p>二</p>{cell}<p>三</p>"
    en = f"<p>one and two</p>{cell}<p>three</p>"
    assert pair(zh, en) == [
        ("一 + 二", "beside", "<p>one and two</p>"),
        ("三", "beside", "<p>three</p>"),
    ]


def test_tools_are_left_out_and_words_in_buttons_kept(pair):
    zh = '<h2 id="a">甲<a class="headerlink" href="#a">#</a></h2><form>筛选</form><p>乙</p>'
    en = (
        '<h2 id="a">A<a class="headerlink" href="#a">#</a></h2><form>filter</form>'
        '<p>The <button popovertarget="t">key</button><span popover id="t">so</span>'
        "<span hidden>no</span> fits.</p>"
    )
    assert pair(zh, en) == [
        ("甲 #", "beside", "<h2>A</h2>"),
        ("乙", "beside", "<p>The key fits.</p>"),
    ]


def test_a_page_keeps_its_one_heading_of_the_first_rank(pair):
    assert pair('<h1 id="t">题</h1>', '<h1 id="t">Title</h1>') == [
        ("题", "beside", '<p class="beside-title">Title</p>')
    ]


def test_nothing_is_named_twice(pair):
    zh = '<p id="p">甲</p>'
    en = '<p id="p" aria-labelledby="q">A <span id="q" tabindex="0">b</span></p>'
    assert pair(zh, en) == [("甲", "beside", "<p>A <span>b</span></p>")]


ADDRESSES = {
    "#here": "#here",
    "#only-there": "../../en/c/a.html#only-there",
    "a.html#here": "a.html?beside#here",
    "../b.html": "../b.html?beside",
    "../b.html#x": "../b.html?beside#x",
    "f.svg": "../../en/c/f.svg",
    "../files/f.pdf": "../../en/files/f.pdf",
    "../../dist/w.whl": "../../dist/w.whl",
    "../only-there.html": "../../en/only-there.html",
    "https://example.org/a?b#c": "https://example.org/a?b#c",
    "mailto:a@example.org": "mailto:a@example.org",
    "data:,x": "data:,x",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_hold_from_the_other_folder(tmp_path, address):
    zh = '<h2 id="here">甲</h2><p>乙</p>'
    en = f'<h2 id="here">A</h2><p><a href="{address}">b</a></p>'
    site = Site(tmp_path, {"c/a.html": (zh, en), "b.html": ("<p>一</p>", "<p>1</p>")})
    link = BeautifulSoup(site.rows("zh/c/a.html")[1][2], "html.parser").a
    assert link is not None
    assert link["href"] == ADDRESSES[address]


def test_every_picture_of_a_set_holds_from_the_other_folder(pair):
    picture = '<figure><img src="f.svg" srcset="f.png 1x, f2.png 2x" alt="{0}">{0}</figure>'
    ((_, _, markup),) = pair(picture.format("图"), picture.format("figure"))
    assert 'srcset="../en/f.png 1x, ../en/f2.png 2x"' in markup


def test_pages_without_a_counterpart_or_an_article_are_left_alone(tmp_path):
    for page in ("zh/moved.html", "en/moved.html", "zh/alone.html"):
        path = tmp_path / page
        path.parent.mkdir(exist_ok=True)
        path.write_text("<!doctype html><title>x</title><p>y</p>", "utf-8")
    assert side_by_side.write(tmp_path) == 0
    assert not list(tmp_path.rglob("*.beside.js"))


def test_an_edition_built_alone_is_as_complete_as_before(tmp_path):
    site = Site(
        tmp_path, {"a.html": ("<p>一</p>", "<p>one</p>"), "b.html": ("<p>二</p>", "<p>2</p>")}
    )
    before = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.*")}
    for page in ("zh/a.html", "zh/b.html"):
        (tmp_path / page).write_text(site.before[page], "utf-8")
        (tmp_path / page).with_suffix(".beside.js").unlink()
    side_by_side.complete(tmp_path / "zh", "zh", tmp_path / "en")
    assert {path: path.read_text("utf-8") for path in tmp_path.rglob("*.*")} == before
