"""One style sheet for a page: what it holds, and how its addresses move."""

from __future__ import annotations

from attnbook.press.finishing import style_bundle

LINKS = (
    '<link rel="stylesheet" href="{up}assets/stylesheets/main.0a1b2c3d.min.css">\n'
    '<link rel="stylesheet" href="{up}assets/katex/katex.min.css">\n'
    '<link rel="stylesheet" href="{up}assets/attnbook/own.css">\n'
)


MATERIAL = ".used{color:red}.never{color:blue}.made{top:0}"
KATEX = "@font-face{font-family:K;src:url(fonts/K.woff2)}.used{font-family:K}"
OWN = "/* why */\n.own-unused { left: 0; background: url(data:x) }\n"


def site(folder):
    for name, text in {
        "zh/assets/stylesheets/main.0a1b2c3d.min.css": MATERIAL,
        "zh/assets/katex/katex.min.css": KATEX,
        "zh/assets/attnbook/own.css": OWN,
        "zh/assets/javascripts/bundle.js": 'add("made")',
        "zh/index.html": f'<head>{LINKS.format(up="")}</head><p class="used">x</p>',
        "zh/figures/a/index.html": f"<head>{LINKS.format(up='../../')}</head>",
        "zh/plain.html": "<p>no sheet</p>",
        "zh/assets/attnbook/inlined.css": "p{color:red}",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    style_bundle.bundle(folder, keep=folder.parent / f"{folder.name}-kept")
    (made,) = folder.rglob("book.*.css")
    return made


def test_pages_name_one_sheet_from_where_they_are(tmp_path):
    made = site(tmp_path)
    link = f'<link rel="stylesheet" href="assets/attnbook/{made.name}">'
    assert (tmp_path / "zh/index.html").read_text("utf-8").count("stylesheet") == 1
    assert link in (tmp_path / "zh/index.html").read_text("utf-8")
    deep = link.replace("assets", "../../assets", 1)
    assert deep in (tmp_path / "zh/figures/a/index.html").read_text("utf-8")
    assert (tmp_path / "zh/plain.html").read_text("utf-8") == "<p>no sheet</p>"


def test_rules_that_no_page_and_no_script_can_use_are_left_out(tmp_path):
    css = site(tmp_path).read_text("utf-8")
    assert ".used" in css and ".made" in css and ".never" not in css
    # The book's own sheets stay as they are, but for their comments.
    assert ".own-unused { left: 0; background: url(data:x) }" in css and "why" not in css


def test_addresses_hold_from_where_the_sheet_is_now(tmp_path):
    css = site(tmp_path).read_text("utf-8")
    assert 'url("../katex/fonts/K.woff2")' in css


def test_order_is_kept(tmp_path):
    css = site(tmp_path).read_text("utf-8")
    assert css.index("color:red") < css.index("font-family:K;") < css.index("own-unused")


def test_sheets_that_no_page_names_are_gone_but_the_one_for_paper(tmp_path):
    made = site(tmp_path)
    assert {path.name for path in tmp_path.rglob("*.css")} == {made.name, "katex.min.css"}
