"""Templates of a room: escaped, strict, and in Markdown as it is."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from attnbook.press.base.templates import templates


@pytest.fixture
def rendered(tmp_path: Path):
    def render(text: str, **values: object) -> str:
        (tmp_path / "page.md").write_text(text, encoding="utf-8")
        return templates(tmp_path).get_template("page.md").render(values)

    return render


def test_values_are_escaped_in_markdown_too(rendered):
    assert rendered("<p>{{ a }}</p>", a="<b> & 'c'") == "<p>&lt;b&gt; &amp; &#39;c&#39;</p>"


def test_a_name_without_a_value_is_an_error(rendered):
    with pytest.raises(UndefinedError, match="'b' is undefined"):
        rendered("{{ a }}{{ b }}", a=1)


def test_no_data_end_the_script_that_holds_them(rendered):
    assert rendered("{{ a | tojson }}", a={"图": "</script>"}) == '{"图":"\\u003c/script\\u003e"}'


def test_plain_text_and_code_stay_as_they_are_in_markdown(rendered):
    assert rendered("{{ a | literal }}", a="a*b*\n[c]") == "a\\*b\\* \\[c\\]"
    assert rendered('{{ a | fence("python") }}', a="a < b") == "``` python\na < b\n```"


def test_lines_of_statements_leave_no_lines(rendered):
    text = "a\n  {% if a %}\nb\n  {# why #}\n  {% endif %}\nc"
    assert rendered(text, a=1) == "a\nb\nc"
