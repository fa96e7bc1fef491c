"""The docstrings of a package become the reference of its library; what cannot is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

import fake_figures
from attnbook.press.base.errors import PressError
from attnbook.press.book.edition import Edition
from attnbook.press.docstrings import read_package
from attnbook.press.docstrings.library import Library
from attnbook.press.pages import library_reference
from attnbook.press.pages.weave import weave
from attnbook.press.source import page_reader

PACKAGE = '''"""Tiny."""

from .numbers import Box, double

__all__ = ["Box", "double"]
'''
# Its first line shows that nothing is imported: it would fail.
NUMBERS = '''"""Numbers, and :class:`Box` for them."""
import no_such_package

__all__ = ["Box", "double"]


@no_such_package.checked
def double(
    x: Float[Tensor, " n"],
    y: float = 1.0,
) -> Float[Tensor, " n"]:
    r"""Double it: :math:`2 x_i < \\infty`.

    As ``x * 2`` does [1], in a_b of :mod:`tiny.hidden`; see :func:`tiny.more.triple`.

    Parameters
    ----------
    x, y
        What to double.

    Returns
    -------
    Tensor
        Twice :math:`x`.

    Raises
    ------
    TypeError, ValueError
        See :func:`double`.

    References
    ----------
    Euclid, Elements.

    Examples
    --------
    >>> double(1)
    2
    """
    return 2 * x  # the body


class Box(Base):
    """A box.

    Attributes
    ----------
    size : int
        How large it is.
    """

    colour: str

    def __init__(self, size: int) -> None:
        self.size = size

    def open(self) -> None:
        """Open the box."""

    def _lock(self) -> None:
        """Lock it."""
'''
MORE = '''"""More."""


def triple(x):
    """Triple it."""
    return 3 * x


def _quiet(x): ...
'''
FILES = {"__init__": PACKAGE, "numbers": NUMBERS, "more": MORE, "hidden": '"""Hidden."""\n'}
FENCE = Path("docs/en/reference.md")


@pytest.fixture
def read(tmp_path):
    def make(*modules: str, **changes: tuple[str, str]) -> Library:
        (tmp_path / "tiny").mkdir()
        for name, text in FILES.items():
            old, new = changes.get(name, ("", ""))
            assert old in text
            (tmp_path / "tiny" / f"{name}.py").write_text(text.replace(old, new), "utf-8")
        wanted = modules or ("numbers", "more")
        return read_package.read(tmp_path, "tiny", wanted, path=FENCE, line=7)

    return make


def test_names_stand_by_module_in_the_order_of_the_source(read):
    library = read("more", "numbers")
    assert library.ids == (
        *("tiny.more", "tiny.more.triple"),
        *("tiny.numbers", "tiny.double", "tiny.Box"),
    )


def test_an_entry_has_signature_sections_and_source_without_its_docstring(read):
    double, box = read().modules[0].entries
    shapes = '    x: Float[Tensor, " n"],\n    y: float = 1.0,\n) -> Float[Tensor, " n"]'
    assert double.signature == f"def double(\n{shapes}"
    assert double.source.startswith("@no_such_package.checked\ndef double(")
    assert double.source.endswith("    return 2 * x  # the body")
    assert '"""' not in double.source
    assert double.file == "tiny/numbers.py"
    assert double.examples == ">>> double(1)\n2"
    assert double.references == "Euclid, Elements."
    assert [item.names for item in double.items["raises"]] == [("TypeError", "ValueError")]
    assert [item.names for item in double.items["parameters"]] == [("x", "y")]
    assert box.signature.splitlines() == [
        "class Box(Base):",
        "    colour: str",
        "    def __init__(self, size: int) -> None",
        "    def open(self) -> None",
    ]
    assert [item.names for item in box.items["methods"]] == [("open",)]
    (size,) = box.items["attributes"]
    assert (size.names, size.kind, size.text) == (("size",), "int", "How large it is.")


@pytest.mark.parametrize(
    ("language", "label", "source"),
    [("en", "Parameters", "Source code: tiny"), ("zh", "参数", "源代码：tiny")],
)
def test_the_reference_is_markdown_with_labels_of_the_language(read, language, label, source):
    text = library_reference.entries(read(), language)
    assert "### `double` { #tiny.double }" in text
    assert "## `tiny.more` { #tiny.more }" in text
    assert f"**{label}**" in text
    assert f"<summary>{source}/numbers.py</summary>" in text
    assert '<dt markdown="span">`x`, `y`</dt>\n<dd markdown="span">What to double.</dd>' in text
    assert "``` pycon\n>>> double(1)\n2\n```" in text
    assert text.count('lang="en"') > 6


def test_markup_of_docstrings_becomes_markdown(read):
    text = library_reference.entries(read(), "en")
    assert r"Double it: $2 x_i \lt  \infty$." in text
    assert r"As `x * 2` does \[1\], in a\_b of `tiny.hidden`;" in text
    assert "see [`tiny.more.triple`](#tiny.more.triple)." in text
    assert "See [`double`](#tiny.double)." in text
    assert "Numbers, and [`Box`](#tiny.Box) for them." in text
    assert ":math:" not in text and ":func:" not in text


@pytest.mark.parametrize(
    ("module", "old", "new", "place", "what", "mend"),
    [
        ("more", '    """Triple it."""\n', "", "more.py:4:", "triple has no docstring", "sentence"),
        ("more", '"""More."""', "", "more.py:1:", "tiny.more has no docstring", "sentence"),
        ("numbers", ":func:`double`", ":func:`treble`", "numbers.py:29:", "'treble'", "``treble``"),
        ("numbers", ":func:`double`", ":ref:`double`", "numbers.py:29:", "role 'ref'", "func"),
        ("numbers", "Open the box.", "See :mod:`a.b`.", "numbers.py:58:", "'a.b'", "``a.b``"),
        ("numbers", "    As ``x", "    - As ``x", "numbers.py:14:", "a list", "sentences"),
        ("numbers", "Raises\n    ---", "Yields\n    ---", "numbers.py:7:", "yields", "Returns"),
        ("numbers", '["Box", ', '["Box", "pi", ', "numbers.py:1:", "'pi'", "where it is defined"),
        ("__init__", '["Box", ', '["Box", "pi", ', "reference.md:7:", "tiny.pi", "this fence"),
    ],
)
def test_what_the_reference_cannot_show_is_refused(read, module, old, new, place, what, mend):
    with pytest.raises(PressError) as caught:
        read(**{module: (old, new)})
    (error,) = caught.value.errors
    assert place in str(error)
    assert what in error.what
    assert mend in error.mend


def test_a_public_name_must_be_in_a_module_of_the_fence(read):
    with pytest.raises(PressError, match=r"reference.md:7: the public name tiny.Box is in no mod"):
        read("more")


def test_a_module_that_is_not_there_is_refused(read):
    with pytest.raises(PressError, match=r"(?s)no module 'numberz'.*did you mean numbers\?"):
        read("numberz", "more")


def woven(tmp_path: Path, library: Library) -> str:
    path = tmp_path / "reference.md"
    fence = "``` reference\nnumbers\nmore\n```\n"
    path.write_text(f"---\ntitle: T\ndescription: D\n---\n# T {{#t}}\n\n{fence}\nafter\n", "utf-8")
    page = page_reader.read(path, "en")
    assert [fence.modules for fence in page.reference] == [("numbers", "more")]
    return weave(page, Edition("en", fake_figures.PUBLISHED, {"reference": page}, library=library))


def test_the_fence_becomes_the_reference(read, tmp_path):
    text = woven(tmp_path, read())
    assert "``` reference" not in text
    assert text.index("# T") < text.index("#tiny.double") < text.index("after")


def test_a_fence_without_modules_is_refused(tmp_path):
    path = tmp_path / "reference.md"
    path.write_text("---\ntitle: T\ndescription: D\n---\n# T {#t}\n``` reference\n```\n", "utf-8")
    with pytest.raises(PressError, match=r"reference.md:6: the reference fence names no module"):
        page_reader.read(path, "en")


def test_imports_of_a_cell_lead_to_the_reference_if_there_is_one(read, tmp_path):
    path = tmp_path / "reference.md"
    path.write_text(
        "---\ntitle: T\ndescription: D\n---\n# T {#t}\n\n``` reference\nmore\n```\n", "utf-8"
    )
    page = page_reader.read(path, "en")
    edition = Edition("en", fake_figures.PUBLISHED, {"reference": page}, library=read())
    code = "from math import pi\nfrom tiny import double\nfrom tiny.more import triple as t\n"
    assert library_reference.imported(code, edition) == (
        "double=reference.html#tiny.double triple=reference.html#tiny.more.triple"
    )
    assert library_reference.imported(code, replace(edition, pages={})) == ""
