"""What pages lose on their way out, and what they must not."""

from __future__ import annotations

import base64
import gzip

import pytest

from attnbook.press.finishing import slim_html
from attnbook.press.formulas import katex_fonts, katex_styles, render_katex
from site_page import after, article_after, whole

pytestmark = pytest.mark.slow


def test_white_space_goes_but_not_from_code():
    text = "<p>\n\n   one\n   two</p>\n\n\n<pre>a\n\n    b</pre>\n<script>\n\n  x\n</script>\n"
    assert (
        article_after(slim_html.drop_white_space, text)
        == "<p>\none\ntwo</p>\n<pre>a\n\n    b</pre>\n<script>\n\n  x\n</script>\n"
    )


def test_code_keeps_its_text_and_its_colours():
    code = '<span class="kn">import</span><span class="w"> </span><span class="n">a</span>'
    text = f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>\n'
    done = article_after(slim_html.merge_colours_of_code, text)
    assert done == text.replace(code, '<span class="k">import</span> a')
    number = code.replace('class="n">a', 'class="mf">2.5')
    done = article_after(slim_html.merge_colours_of_code, text.replace(code, number))
    assert done == text.replace(code, '<span class="k">import</span> 2.5')
    outside = '<p><span class="n">a</span></p>\n'
    assert article_after(slim_html.merge_colours_of_code, outside) == outside


def test_code_has_a_span_for_every_change_of_colour():
    code = (
        '<span></span><span class="sa">f</span><span class="s2">"</span><span class="si">{</span>'
        '<span class="n">w</span><span class="si">:.1f}</span><span class="s2">"</span>'
    )
    text = f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>\n'
    colours = '<span class="s">f"{</span>w<span class="s">:.1f}"</span>'
    assert article_after(slim_html.merge_colours_of_code, text) == text.replace(code, colours)


def test_a_formula_keeps_its_mathml_and_its_source_once():
    (formula,) = render_katex.render([(r"\alpha_i, b", False)])
    done = article_after(slim_html.drop_defaults_of_maths, formula)
    assert "<math><semantics><mrow><msub><mi>α</mi><mi>i</mi></msub><mo>,</mo>" in done
    assert done.count(r'<annotation encoding="application/x-tex">\alpha_i, b</annotation>') == 1
    assert done.count("alpha") == 1


def test_styles_become_classes_that_say_the_same():
    text = '<i class="a" style="height:0.25em;top:-3.1em;"></i><b style="position:relative;"></b>'
    done = article_after(slim_html.use_classes_for_styles, text)
    assert done == '<i class="a h.25 t-3.1"></i><b class="position:relative"></b>'
    assert katex_styles.rules([done]).splitlines() == [
        r".katex .h\.25{height:.25em!important}",
        r".katex .position\:relative{position:relative!important}",
        r".katex .t-3\.1{top:-3.1em!important}",
    ]


@pytest.mark.parametrize(
    "style", ["width:50%", "color:#abc", "margin-left:-0.5em", "min-width:2px"]
)
def test_any_style_comes_through(style):
    done = article_after(slim_html.use_classes_for_styles, f'<i style="{style}"></i>')
    (rule,) = katex_styles.rules([done]).splitlines()
    value = style.replace("-0.5", "-.5")
    assert rule.endswith(f"{{{value}!important}}")


def test_rules_are_appended_once(tmp_path):
    path = tmp_path / "katex.min.css"
    path.write_text("a{}", "utf-8")
    katex_styles.append(path, "b{}\n")
    katex_styles.append(path, "c{}\n")
    assert path.read_text("utf-8") == "a{}" + katex_styles.BEGIN + "c{}\n"


def test_spans_without_a_rule_go_and_the_glyphs_stay():
    (html,) = render_katex.render([(r"f(x) = \frac{1}{n} \sum_{i=1}^n y_i", True)])
    for name in ("mord", "mrel", "mopen", "mtight"):
        assert name not in html
    # A numerator is placed by ".mfrac > span > span" and ".vlist > span > span".
    assert 'class="mfrac"><span class="vlist-t' in html and "</span><span>1</span></span>" in html
    assert html.count("<span") == html.count("</span>")


def test_the_style_sheet_of_formulas_is_for_pages_with_formulas():
    link = '<link rel="stylesheet" href="../assets/katex/katex.min.css">'
    with_formula = whole('<span class="katex">x</span>').replace("<title>", f"{link}<title>")
    drop = slim_html.drop_unneeded_sheet_of_formulas
    assert link in after(drop, with_formula)
    assert link not in after(drop, with_formula.replace("katex", "code", 1))
    assert link not in after(drop, whole("<code>katex</code>").replace("<title>", f"{link}<title>"))


def test_the_style_sheet_carries_the_fonts_of_formulas_within_lines(tmp_path):
    render_katex.assets(tmp_path)
    before = (tmp_path / "katex.min.css").read_text("utf-8")
    katex_fonts.carry(tmp_path / "katex.min.css")
    css = (tmp_path / "katex.min.css").read_text("utf-8")
    for name in katex_fonts.EARLY:
        address = f"fonts/{name}.woff2"
        data = base64.b64encode((tmp_path / address).read_bytes()).decode()
        assert before.count(address) == 1
        before = before.replace(address, f"data:font/woff2;base64,{data}")
    assert css == before
    assert "url(fonts/KaTeX_Size2-Regular.woff2)" in css


def test_fonts_keep_the_characters_of_the_book(tmp_path):
    from fontTools.ttLib import TTFont

    render_katex.assets(tmp_path / "katex")
    folder = tmp_path / "katex" / "fonts"
    whole = sum(path.stat().st_size for path in folder.iterdir())
    wanted = katex_fonts.characters(['<p class="katex">→α</p>', "<p>γ</p>"])
    katex_fonts.subset(folder, wanted, tmp_path / "cache")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 0.7 * whole
    main = TTFont(folder / "KaTeX_Main-Regular.woff2").getBestCmap()
    assert {ord("→"), ord("a"), ord("0")} <= main.keys()
    assert ord("∀") not in main and "γ" not in wanted and "α" in wanted


def test_fonts_are_the_same_bytes_every_time(tmp_path):
    made = []
    for turn in ("a", "b"):
        render_katex.assets(tmp_path / turn)
        katex_fonts.subset(tmp_path / turn / "fonts", frozenset("abc∑"), tmp_path / f"cache-{turn}")
        made.append(
            {path.name: path.read_bytes() for path in (tmp_path / turn / "fonts").iterdir()}
        )
    assert made[0] == made[1]


def test_slimming_pays():
    formulas = render_katex.render(
        [(rf"f_{{{n}}}(x) = \sum_i \alpha(x, x_i) y_i", True) for n in range(40)]
    )
    text = "\n".join(formulas)
    slim = article_after(slim_html.drop_defaults_of_maths, text)
    sizes = [len(gzip.compress(one.encode(), 9)) for one in (text, slim)]
    assert sizes[1] < sizes[0]
