"""The manuscript: pages of a site as chapters, without what only a screen needs."""

from __future__ import annotations

import json
from datetime import date

import pytest

import imprints
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressError
from attnbook.press.editions import manuscript
from attnbook.press.editions.manuscript import LINK_ID, LINK_PART

FORMULA = (
    '<span class="katex"><span class="katex-mathml"><math><semantics><mi>w</mi>'
    '<annotation encoding="application/x-tex">w</annotation></semantics></math></span>'
    '<span class="katex-html" aria-hidden="true">w</span></span>'
)
ONE = f"""<html><body><nav>menu</nav><article class="md-content__inner">
<h1 id="one">1 One<a class="headerlink" href="#one">#</a></h1>
<p class="notebook-links"><a href="notebooks/one.ipynb" download>get it</a></p>
<h2 id="w">About {FORMULA}<a class="headerlink" href="#w">#</a></h2>
<p>See <a href="two.html#fig-line" title="x">two</a>, <a href="two.html">all of it</a>,
<a href="#w">here</a>, <a href="figures/line/index.html">the figure</a>,
<a href="figures/index.html">all figures</a>, <a href="https://example.org/">elsewhere</a>.</p>
<details class="code"><summary>Show</summary><pre><code>x = 1
</code></pre></details>
<button>copy</button><script>x()</script><p hidden>unseen</p>
</article></body></html>"""
TWO = """<html><body><article><h1 id="two">Two</h1>
<details class="solution"><summary>Solution</summary><p>It is so.</p>
<figure id="fig-line"><p><img alt="a line" src="figures/line.svg" loading="lazy"></p>
<figcaption>A line. <span class="figure-files"><a href="figures/line.svg">SVG</a></span>
</figcaption></figure></details>
<figure id="fig-dot"><p><img alt="a dot" src="figures/dot.svg"></p><figcaption>A dot.</figcaption>
</figure></article></body></html>"""
NAV = (
    "nav: [{Home: index.md}, {One: one.md}, {Two: two.md}, {F: figures/index.md}, {N: [n/o.ipynb]}]"
)


@pytest.fixture
def layout(tmp_path):
    (tmp_path / "docs" / "theme").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(f"site_description: >-\n  A\n  book.\n{NAV}\n", "utf-8")
    (tmp_path / "docs" / "theme" / "en.yml").write_text("INHERIT: ../../mkdocs.yml\n", "utf-8")
    figures = tmp_path / "site" / "en" / "figures"
    figures.mkdir(parents=True)
    told = {"figures": [{"slug": "line", "title": "The line"}, {"slug": "dot", "title": "The dot"}]}
    (figures / "index.json").write_text(json.dumps(told), "utf-8")
    (figures.parent / "one.html").write_text(ONE, "utf-8")
    (figures.parent / "two.html").write_text(TWO, "utf-8")
    return Layout(tmp_path)


def read(layout, address=""):
    imprint = imprints.imprint("1.2.3", "abc", date(2026, 1, 2), address, ("A. Author",))
    return manuscript.read(layout, layout.site, "en", imprint)


def test_chapters_are_the_pages_of_the_navigation_but_not_the_home_page(layout):
    told = read(layout)
    assert [part.name for part in told.parts] == ["one", "two"]
    assert [part.title for part in told.parts] == ["1 One", "Two"]
    assert told.description == "A book."


def test_headings_are_plain_and_hold_a_formula_once(layout):
    first = read(layout).parts[0]
    assert [(heading.level, heading.text, heading.id) for heading in first.headings] == [
        (1, "1 One", "one"),
        (2, "About w", "w"),
    ]


def test_nothing_that_only_a_screen_needs_is_left(layout):
    for part in read(layout).parts:
        text = part.body.get_text()
        for gone in ("#", "get it", "copy", "x()", "unseen", "SVG", "Show", "menu"):
            assert gone not in text
        assert part.body.find(["button", "script", "details", "summary"]) is None
        assert part.body.select("[loading]") == []


def test_code_and_solutions_are_unfolded(layout):
    one, two = read(layout).parts
    assert "x = 1" in one.body.pre.get_text()
    solution = two.body.select_one("section.solution")
    assert solution["aria-label"] == solution.p.get_text() == "Solution"
    assert "It is so." in solution.get_text()


def test_figures_are_numbered_through_and_named(layout):
    told = read(layout)
    assert [(f.number, f.slug, f.title, f.part, f.id) for f in told.figures] == [
        (1, "line", "The line", "two", "fig-line"),
        (2, "dot", "The dot", "two", "fig-dot"),
    ]
    captions = [c.get_text().strip() for c in told.parts[1].body.find_all("figcaption")]
    assert captions == ["Figure 1. A line.", "Figure 2. A dot."]


def test_links_lead_into_the_book_out_of_it_or_nowhere(layout):
    links = read(layout).parts[0].body.find_all("a")
    inside = {a.get_text(): (a[LINK_PART], a[LINK_ID]) for a in links if LINK_PART in a.attrs}
    assert inside == {
        "two": ("two", "fig-line"),
        "all of it": ("two", ""),
        "here": ("one", "w"),
        "the figure": ("two", "fig-line"),
    }
    assert [a["href"] for a in links if "href" in a.attrs] == ["https://example.org/"]
    assert not any("title" in a.attrs for a in links)


def test_what_is_not_in_the_book_is_on_its_published_site(layout):
    links = read(layout, "https://book.example").parts[0].body.select("a[href]")
    assert [a["href"] for a in links] == [
        "https://book.example/en/figures/index.html",
        "https://example.org/",
    ]


def test_a_link_to_no_place_is_refused(layout):
    path = layout.site / "en" / "one.html"
    path.write_text(ONE.replace("two.html#fig-line", "two.html#fig-lost"), "utf-8")
    with pytest.raises(PressError, match=r"two\.html#fig-lost.*leads to no place"):
        read(layout)


def test_a_page_that_was_not_built_is_named(layout):
    (layout.site / "en" / "two.html").unlink()
    with pytest.raises(PressError, match=r"two\.html: .*\n  mend: build the site: nox -s build"):
        read(layout)
