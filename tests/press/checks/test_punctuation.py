"""The lint of the sources: what it refuses, where, and what it leaves alone."""

from __future__ import annotations

import pytest

import fake_book
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressErrors
from attnbook.press.checks import punctuation, read_book

WRONG = {
    "zh": {
        '他说"好"。': "straight quotation",
        "it's 好": "straight quotation",
        "注意力,机制": "half-width punctuation",
        "权重: 一": "half-width punctuation",
        "softmax, 变成": "half-width punctuation",
        "设 $x$, 则": "half-width punctuation",
        "**权重**;": "half-width punctuation",
        "[教材](a.md),说": "half-width punctuation",
        "{{ x }},而": "half-width punctuation",
        "好吗?": "half-width punctuation",
        "说完了.": "full stop",
        "用 `a`. ": "full stop",
        "图(左)": "parenthesis",
        "等等...": "ellipsis",
        "等。。": "ellipsis",
        "甲--乙": "dash",
        '!!! note "种子,是"': "half-width punctuation",
        "| 键,值 | 值 |": "half-width punctuation",
        '<p class="x">键,值</p>': "half-width punctuation",
    },
    "en": {
        'say "x"': "straight quotation",
        "don't": "apostrophe",
        "and so on...": "ellipsis",
        "one -- two": "dash",
        '!!! note "a -- b"': "dash",
    },
}
RIGHT = {
    "zh": [
        "他说“好”，‘好’！（是吗？）……——",
        '`"a", b` 与 ``x ` "y"`` 都行',
        '$f(x, "y")$ 与 $(x_i, y_i)$，好',
        '$$\n\\text{甲, "乙"} \\tag{1}\n$$',
        "版本 3.11，第 10.2.3 节，见 (10.2.3)，比 1:2 大",
        "James, W. *The Principles*, vol. 1 (1890). [doi:10.1/a](https://a.b/c,d)",
        '<a href="x" title="a,b">链接</a>',
        '<img src="x.svg"\n  alt="图">',
        '!!! note "种子是挑过的"',
        "| 甲 | 乙 |\n| --- | :-: |\n| 一 | 二 |",
        "---",
        "{{ count:.2f }} 个",
        "文字\n{: #id .class }",
        "[键](term:key)、[](#eq-1)，好",
        '<!-- a "b" -- c... -->好',
        "2. 比：拿细的减粗的",
    ],
    "en": [
        "He said “don’t” … – — and the students' work",
        '`don\'t "x" -- ...`',
        '!!! note "A title"',
        "$f'(x)$ and $a \\ldots$",
        '<div class="a"\n  id="b">text</div>',
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [(language, text, said) for language in WRONG for text, said in WRONG[language].items()],
)
def test_what_is_wrong(language, text, said):
    found = list(punctuation.mistakes(f"一行\n\n{text}" if language == "zh" else text, language))
    assert found
    row, what, mend = found[0]
    assert row == (2 if language == "zh" else 0)
    assert said in what
    assert "write" in mend


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in RIGHT for text in RIGHT[language]]
)
def test_what_is_left_alone(language, text):
    assert list(punctuation.mistakes(text, language)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "said"),
    [
        ("docs/zh/index.md", "测试用的书。", "测试,书。", "zh/index.md:3", "half-width"),
        ("docs/zh/index.md", "见[", '见"甲"[', "zh/index.md:7", "straight"),
        ("docs/zh/toy.md", "title: 一条直线", "title: 一条(直)线", "zh/toy.md:32", "parenthesis"),
        ("docs/zh/toy.md", "'一条直线：斜", "'一条直线: 斜", "zh/toy.md:33", "half-width"),
        ("docs/zh/toy.md", "右上。", "右上...", "zh/toy.md:34", "ellipsis"),
        ("docs/en/toy.md", "There are", 'There "are"', "en/toy.md:15", "straight"),
        ("docs/glossary.csv", "一条直线。", "一条: 直线。", "glossary.csv:2", "definition_zh"),
        ("docs/glossary.csv", "A line.", "A line...", "glossary.csv:2", "definition_en"),
        ("docs/messages.csv", "直线", "直:线", "messages.csv:2", "zh: half-width"),
        ("docs/en/index.md", "See", "![](x.svg) See", "en/index.md:7", "no alternative text"),
        ("docs/en/index.md", "See", "<img\n  src='x'>\nSee", "en/index.md:7", "no alternative"),
    ],
)
def test_it_looks_at_all_that_is_read_and_names_the_line(tmp_path, name, old, new, place, said):
    root = fake_book.write(tmp_path / "book")
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PressErrors) as caught:
        read_book.read(Layout(root))
    assert any(
        f"{error.path}:{error.line}".endswith(place) and said in error.what and error.mend
        for error in caught.value.errors
    ), caught.value


def test_a_picture_may_say_that_it_needs_no_words(tmp_path):
    root = fake_book.write(tmp_path / "book")
    for language in ("zh", "en"):
        path = root / "docs" / language / "index.md"
        path.write_text(path.read_text("utf-8") + '\n<img src="x.svg" alt="">\n', "utf-8")
    read_book.read(Layout(root))
