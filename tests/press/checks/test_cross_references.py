"""References by name, and glossary terms: what they become, and which of them are refused."""

from __future__ import annotations

import pytest

import fake_book
from attnbook.press.base.book_paths import Layout
from attnbook.press.base.errors import PressErrors
from attnbook.press.checks import cross_references, read_book


@pytest.fixture
def changed(tmp_path):
    """The small book with changes, read: (file, old, new), …"""
    root = fake_book.write(tmp_path / "book")

    def read(*changes: tuple[str, str, str]) -> read_book.BookSource:
        for name, old, new in changes:
            path = root / name
            text = path.read_text("utf-8")
            assert text.count(old) == 1, (name, old)
            path.write_text(text.replace(old, new), encoding="utf-8")
        return read_book.read(Layout(root))

    return read


def both(old: dict[str, str], new: str) -> list[tuple[str, str, str]]:
    """The same reference in both languages of the chapter."""
    return [(f"docs/{language}/toy.md", old[language], new) for language in ("zh", "en")]


PLACE = {"zh": "看式 [(1)](#eq-1)。", "en": "See [(1)](#eq-1)."}


@pytest.mark.parametrize(
    ("reference", "zh", "en"),
    [
        ("[](#eq-1)", "[(1)](#eq-1)", "[(1)](#eq-1)"),
        ("[](toy.md#eq-1)", "[(1)](toy.md#eq-1)", "[(1)](toy.md#eq-1)"),
        ("[](#fig-line)", "[图“一条直线”](#fig-line)", "[figure “A straight line”](#fig-line)"),
        ("[](#numbers)", "[“数”](#numbers)", "[“Numbers”](#numbers)"),
        ("[](index.md)", "[“小书”](index.md)", "[“A small book”](index.md)"),
        ("[x](term:line)", "[x](terms.md#term-line)", "[x](terms.md#term-line)"),
        ("`[](#eq-1) [x](term:y)`", "`[](#eq-1) [x](term:y)`", "`[](#eq-1) [x](term:y)`"),
    ],
)
def test_a_reference_becomes_a_link_with_a_name(changed, reference, zh, en):
    found = changed(*both(PLACE, reference))
    for language, expected in (("zh", zh), ("en", en)):
        assert found.pages[language]["toy"].lines[27] == expected


def test_a_numbered_section_is_called_by_its_number(changed):
    found = changed(
        *both({"zh": "## 数 {", "en": "## Numbers {"}, "## 2.1 Title {"),
        *both(PLACE, "[](#numbers)"),
    )
    assert found.pages["zh"]["toy"].lines[27] == "[第 2.1 节“Title”](#numbers)"
    assert found.pages["en"]["toy"].lines[27] == "[section 2.1, “Title”](#numbers)"


def test_a_caption_refers_too(changed):
    found = changed(
        *both({"zh": "一条直线：斜率", "en": "A straight line: slope"}, "[](#eq-1) [x](term:line)")
    )
    (placement,) = (p for p in found.pages["en"]["toy"].placements if p.caption)
    assert placement.caption == "[(1)](#eq-1) [x](terms.md#term-line) {{ count }}."


@pytest.mark.parametrize(
    ("changes", "place", "said", "mend"),
    [
        ([("docs/en/toy.md", PLACE["en"], "[](#eq-2)")], "en/toy.md:28", "'#eq-2'", "#eq-1"),
        ([("docs/en/index.md", "toy.md#numbers", "#numbers")], "en/index.md:7", "", "toy.md#num"),
        ([("docs/en/toy.md", PLACE["en"], "[](#cell-line)")], "en/toy.md:28", "no name", "[text]("),
        (
            [("docs/en/toy.md", PLACE["en"], "[](https://a.b)")],
            "en/toy.md:28",
            "no text",
            "[text](",
        ),
        (both(PLACE, "[](term:line)"), "en/toy.md:28", "no text", "the word"),
        (both(PLACE, "[x](term:lin)"), "zh/toy.md:28", "no term 'lin'", "term:line?"),
        (both(PLACE, "[x](term:qqq)"), "zh/toy.md:28", "no term 'qqq'", "its keys are line"),
        (
            both({"zh": "## 数 {", "en": "## Numbers {"}, "## [x](term:line) {"),
            "en/toy.md:13",
            "in a heading",
            "where the text below",
        ),
        (
            both(PLACE, "[x](term:line)")
            + [(f"docs/{code}/terms.md", "``` glossary\n```\n", "x\n") for code in ("zh", "en")],
            "zh/toy.md:28",
            "has no glossary",
            "``` glossary",
        ),
        (
            both({"zh": "## 数 {#numbers}", "en": "## Numbers {#numbers}"}, "## X {#eq-1}")
            + [(f"docs/{code}/index.md", "#numbers", "") for code in ("zh", "en")]
            + [("docs/glossary.csv", "#numbers", "#toy")],
            "en/toy.md:22",
            "'eq-1' is ambiguous",
            "another id",
        ),
        (
            [
                (f"docs/{code}/index.md", "toy.md#numbers)", f"toy.md#numbers) [](toy.md{to})")
                for code, to in (("zh", "#toy"), ("en", "#numbers"))
            ]
            + [("docs/en/index.md", "# A small book", "# Numbers")],
            "en/index.md:7",
            "the name “Numbers” is ambiguous: it is in index.md",
            "[text](toy.md#numbers)",
        ),
        (
            [
                ("docs/en/toy.md", PLACE["en"], "[](#numbers)\n\n## Numbers {#again}"),
                ("docs/zh/toy.md", PLACE["zh"], "[](#numbers)\n\n## 又一节 {#again}"),
            ],
            "en/toy.md:28",
            "toy.md has it more than once",
            "[text](#numbers)",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_or_says_too_little_is_refused(
    changed, changes, place, said, mend
):
    with pytest.raises(PressErrors) as caught:
        changed(*changes)
    fitting = [
        error
        for error in caught.value.errors
        if f"{error.path}:{error.line}".endswith(place)
        and said in error.what
        and mend in error.mend
    ]
    assert fitting, caught.value


def test_an_equation_s_number_on_two_pages_says_nothing(changed):
    equation = "\n\n$$\nx \\tag{1}\n$$\n"
    with pytest.raises(PressErrors, match=r"toy\.md:28: the name \(1\) is ambiguous: .* index\.md"):
        changed(
            *both(PLACE, "[](#eq-1)"),
            ("docs/zh/index.md", "(terms.md)。", f"(terms.md)。{equation}"),
            ("docs/en/index.md", "(terms.md).", f"(terms.md).{equation}"),
        )


def test_both_languages_mark_the_same_terms(changed):
    with pytest.raises(
        PressErrors, match=r"en/toy\.md:28: the term 'line' is marked here, but not"
    ):
        changed(("docs/en/toy.md", PLACE["en"], "A [line](term:line)."))


def test_a_page_without_references_stays_as_it_is(changed):
    found = changed()
    lines = list(found.pages["en"]["toy"].lines)
    cross_references.resolve(found.pages["en"])
    assert found.pages["en"]["toy"].lines == lines
