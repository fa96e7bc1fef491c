"""What pages lose on their way out, and what they must not."""

from __future__ import annotations

import base64
import gzip

import pytest

from attnbook.press.finishing import first_picture, slim_html
from attnbook.press.formulas import katex_fonts, katex_styles, render_katex

pytestmark = pytest.mark.slow


def test_white_space_goes_but_not_from_code():
    html = "<p>\n\n   one\n   two</p>\n\n\n<pre>a\n\n    b</pre>\n<script>\n\n  x\n</script>\n"
    assert (
        slim_html.slim(html)
        == "<p>\none\ntwo</p>\n<pre>a\n\n    b</pre>\n<script>\n\n  x\n</script>\n"
    )


def test_code_keeps_its_text_and_its_colours():
    code = '<span class="kn">import</span><span class="w"> </span><span class="n">a</span>'
    html = f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>\n'
    assert slim_html.slim(html) == html.replace(code, '<span class="k">import</span> a')
    assert (
        slim_html.slim('<p><span class="n">a</span></p>\n') == '<p><span class="n">a</span></p>\n'
    )


def test_code_has_a_span_for_every_change_of_colour():
    code = (
        '<span></span><span class="sa">f</span><span class="s2">"</span><span class="si">{</span>'
        '<span class="n">w</span><span class="si">:.1f}</span><span class="s2">"</span>'
    )
    html = f'<div class="language-python highlight"><pre><code>{code}</code></pre></div>\n'
    told = '<span class="s">f"{</span>w<span class="s">:.1f}"</span>'
    assert slim_html.slim(html) == html.replace(code, told)


def test_a_formula_keeps_its_mathml_and_loses_its_source():
    (html,) = render_katex.render([(r"\alpha_i", False)])
    done = slim_html.slim(html)
    assert "<math><mrow><msub><mi>α</mi><mi>i</mi></msub></mrow></math>" in done
    assert "alpha" not in done


def test_styles_become_classes_that_say_the_same():
    html = '<i class="a" style="height:0.25em;top:-3.1em;"></i><b style="position:relative;"></b>'
    done = katex_styles.classes(html)
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
    done = katex_styles.classes(f'<i style="{style}"></i>')
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


LINK = '<link rel="stylesheet" href="../assets/katex/katex.min.css">\n'


def test_the_style_sheet_of_formulas_is_for_pages_with_formulas():
    with_formula = LINK + '<span class="katex">x</span>'
    assert katex_fonts.needed(with_formula) == with_formula
    assert katex_fonts.needed(LINK + "<code>katex</code>") == "<code>katex</code>"


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


PICTURE = '<img src="a.svg" width="4" height="3" loading="lazy">'


def test_a_picture_on_the_first_screen_is_loaded_at_once_and_others_wait():
    html = f"<article><h1>Title</h1><p>{PICTURE}</p><p>{PICTURE}</p></article>"
    first, second = first_picture.first(html).split("<img")[1:]
    assert "lazy" not in first and 'fetchpriority="high"' in first
    assert "lazy" in second
    far = f"<article><p>{'word ' * 200}</p>{PICTURE}</article>"
    assert first_picture.first(far) == far


def test_slimming_pays():
    formulas = render_katex.render(
        [(rf"f_{{{n}}}(x) = \sum_i \alpha(x, x_i) y_i", True) for n in range(40)]
    )
    html = "\n".join(formulas)
    before, after = (len(gzip.compress(text.encode(), 9)) for text in (html, slim_html.slim(html)))
    assert after < before
