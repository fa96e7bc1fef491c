"""The policy of a page: hashes of what is in it, and mistakes that stop a build."""

from __future__ import annotations

import base64
import hashlib

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.finishing import content_policy
from attnbook.press.finishing.content_policy import KnownScripts

PAGE = '<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


TEMPLATE = """<html><head><script>
  run('注意');
</script><script>go("{{ base_url }}", {{ names | tojson }})</script></head></html>"""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("theme")
    (folder / "main.html").write_text(TEMPLATE, "utf-8")
    return KnownScripts.read(folder)


@pytest.fixture
def told(known):
    def told(head: str = "", body: str = "") -> str:
        return content_policy.sealed(PAGE.format(head=head, body=body), "page.html", known)

    return told


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_scripts_and_styles_in_the_page_are_named_by_their_hashes(told):
    script, style = "\n  run('注意');\n", "p { color: red }"
    html = told(f"<style>{style}</style>", f"<script>{script}</script>")
    assert f"script-src 'self' {digest(script)};" in html
    assert f"style-src 'self' {digest(style)};" in html


def test_files_and_data_need_no_hash(told):
    html = told(
        '<script src="a.js" defer></script>', '<script type="application/json">{"a": 1}</script>'
    )
    assert "sha256-" not in html


def test_it_stands_before_anything_else_and_once(told, known):
    html = told("<title>x</title>")
    assert html.index("utf-8") < html.index("Content-Security-Policy") < html.index("<title>")
    again = content_policy.sealed(html, "page.html", known)
    assert again == html


@pytest.mark.parametrize(
    "body",
    [
        '<p style="color: red">x</p>',
        "<p class=a style=color:red>x</p>",
        '<button onclick="go()">x</button>',
        '<a href="javascript:go()">x</a>',
        "<a href='JavaScript:go()'>x</a>",
    ],
)
def test_what_it_would_refuse_stops_the_build(told, body):
    with pytest.raises(PressError) as caught:
        told(body=body)
    assert "page.html" in str(caught.value) and "style sheet" in str(caught.value)


def test_words_that_look_like_attributes_are_words(told):
    html = told(
        body='<p title="one = 1; style = &quot;x&quot;">on = 1</p><script>go("../", [])</script>'
    )
    assert "on = 1" in html


def test_a_page_without_a_place_for_it_is_an_error(known):
    with pytest.raises(PressError, match="no place for the policy"):
        content_policy.sealed("<!doctype html><title>x</title>", "page.html", known)


@pytest.mark.parametrize("script", ['go("../", ["zh", "en"])', "\n  run('注意');\n"])
def test_a_script_of_a_template_may_run(told, script):
    assert digest(script) in told(body=f"<script>{script}</script>")


@pytest.mark.parametrize(
    "script",
    [
        "alert(1)",
        "go('../', [])",
        'go("../", alert(1))',
        'go("../"); alert(1); go("", [])',
        'go("`${x=y}`", [])',
        "run('注意'); more",
        "",
    ],
)
@pytest.mark.parametrize("kind", ["", " type=module", ' type="text/javascript"'])
def test_any_other_script_fails_the_build(told, script, kind):
    with pytest.raises(PressError, match="stands in no template") as caught:
        told(body=f"<p>x</p><script{kind}>{script}</script>")
    assert caught.value.mend
