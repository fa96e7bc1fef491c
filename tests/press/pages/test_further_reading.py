"""A section ends with its sources: the textbook's section, and the works that it names."""

import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.pages import further_reading
from attnbook.press.source import page_reader

ABOUT = """---
title: About
description: D
---
# About {#about}

**Watson (1964).** Watson, G. S. *Smooth regression analysis*.
{: #watson-1964 }

**Koch et al. (2006).** How much the eye tells the brain. [doi:1](https://doi.org/1)
{: #koch-2006 }

**The textbook.** *Dive*. [arXiv:2](https://arxiv.org/abs/2)
{: #textbook }
"""
BOOK = "textbook:\n  title: 'The book, {number}'\n  address: https://book.example/cues.html\n"
BODY = """# 10.1 Cues {#cues}

By [Watson](about.md#watson-1964).

## 10.1.1 Biology {#biology}

[Koch](about.md#koch-2006), [again](about.md#koch-2006), [the textbook](about.md#textbook).

### Deeper {#deeper}

[Watson](about.md#watson-1964).

## Unnumbered {#unnumbered}

[The textbook](about.md#textbook) and [a seed](about.md#about).

## Nothing {#nothing}

Words.
"""


@pytest.fixture
def ends(tmp_path):
    (tmp_path / "about.md").write_text(ABOUT, encoding="utf-8")

    def make(meta: str = BOOK, language: str = "en") -> dict[int, str]:
        path = tmp_path / "page.md"
        head = f"---\ntitle: T\ndescription: D\n{meta}---\n"
        path.write_text(head + BODY, encoding="utf-8")
        about = page_reader.read(tmp_path / "about.md", language)
        page = page_reader.read(path, language)
        found = further_reading.ends(page, about)
        # By the text of the line before which they stand.
        return {page.lines[line - 1]: rows[1] for line, rows in found.items()}

    return make


def test_each_section_ends_with_what_it_mirrors_and_names_once(ends):
    label = "**Read more at the source** "
    assert ends() == {
        "## 10.1.1 Biology {#biology}": f"{label}[The book, 10.1](https://book.example/cues.html)"
        " · [Watson (1964)](about.md#watson-1964)",
        "## Unnumbered {#unnumbered}": f"{label}[The book, 10.1.1](https://book.example/cues.html)"
        " · [Koch et al. (2006)](https://doi.org/1) · [Watson (1964)](about.md#watson-1964)",
        "## Nothing {#nothing}": f"{label}[The textbook](https://arxiv.org/abs/2)",
    }


def test_without_a_textbook_there_are_the_works(ends):
    found = ends("", "zh")
    expected = "**读原文** [Watson (1964)](about.md#watson-1964)"
    assert found["## 10.1.1 Biology {#biology}"] == expected


@pytest.mark.parametrize(
    "meta",
    [
        "textbook: https://book.example\n",
        "textbook: {title: T}\n",
        "textbook: {title: T, address: book.example}\n",
        "textbook: {title: 1, address: https://book.example}\n",
    ],
)
def test_a_textbook_without_title_or_address_is_refused(ends, meta):
    with pytest.raises(PressError, match="textbook") as caught:
        ends(meta)
    assert "title:" in str(caught.value)
    assert "page.md:1" in str(caught.value)
