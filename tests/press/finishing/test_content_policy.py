"""The policy of a page: hashes of what is in it, and mistakes that stop a build."""

from __future__ import annotations

import base64
import hashlib

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.finishing import content_policy

PAGE = '<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def told(head: str = "", body: str = "") -> str:
    return content_policy.sealed(PAGE.format(head=head, body=body), "page.html")


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_scripts_and_styles_in_the_page_are_named_by_their_hashes():
    script, style = "\n  run('注意');\n", "p { color: red }"
    html = told(f"<style>{style}</style>", f"<script>{script}</script>")
    assert f"script-src 'self' {digest(script)};" in html
    assert f"style-src 'self' {digest(style)};" in html


def test_files_and_data_need_no_hash():
    html = told(
        '<script src="a.js" defer></script>', '<script type="application/json">{"a": 1}</script>'
    )
    assert "sha256-" not in html


def test_it_stands_before_anything_else_and_once():
    html = told("<title>x</title>")
    assert html.index("utf-8") < html.index("Content-Security-Policy") < html.index("<title>")
    again = content_policy.sealed(html, "page.html")
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
def test_what_it_would_refuse_stops_the_build(body):
    with pytest.raises(PressError) as caught:
        told(body=body)
    assert "page.html" in str(caught.value) and "style sheet" in str(caught.value)


def test_words_that_look_like_attributes_are_words():
    html = told(
        body='<p title="one = 1; style = &quot;x&quot;">on = 1</p><script>a="<p style=x>"</script>'
    )
    assert "on = 1" in html


def test_a_page_without_a_place_for_it_is_an_error():
    with pytest.raises(PressError, match="no place for the policy"):
        content_policy.sealed("<!doctype html><title>x</title>", "page.html")
