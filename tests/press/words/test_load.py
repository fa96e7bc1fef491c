import ast
import re
import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from attnbook.press.base import licences
from attnbook.press.base.book_paths import CHECKOUT, PACKAGE
from attnbook.press.words import keys
from attnbook.press.words.load import WORDS, called, load

FOLDER = PACKAGE / "press" / "words"
TABLES = {
    field.name: getattr(keys, str(field.type))
    for field in fields(keys.Words)
    if hasattr(keys, str(field.type))
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The words of the press, to be changed."""
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_a_file_is_a_language(folder):
    shutil.copy(folder / "en.toml", folder / "de.toml")
    replace(folder / "de.toml", 'name = "English"', 'name = "Deutsch"')
    replace(folder / "de.toml", "order = 2", "order = 3")
    words = load(folder)
    assert list(words) == ["zh", "en", "de"]
    assert words["de"].name == "Deutsch"
    assert words["zh"] == WORDS["zh"]


def test_languages_are_called_as_the_reader_calls_them(monkeypatch):
    assert (called("en", by="zh"), called("zh", by="en")) == ("英文", "Chinese")
    monkeypatch.setitem(WORDS["zh"].languages, "en", "英语")
    assert called("en", by="zh") == "英语"
    monkeypatch.delitem(WORDS["zh"].languages, "en")
    assert called("en", by="zh") == "English"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[cite]\n", '[cite]\nsemicolon = "; "\n', r"en\.toml: cite: semicolon"),
        ("[cite]\n", '[citation]\ncomma = ", "\n[cite]\n', r"en\.toml: citation"),
        ('comma = ", "\n', "", r"en\.toml: cite: comma is missing"),
        ('comma = ", "\n', "comma = 1\n", r"en\.toml: cite: comma: expected .*str.*, got 1"),
        ("{number}", "{count}", r"page\.equation has \{'\w+'\}, the other has \{'\w+'\}"),
        ("[formats.csv]", "[formats.tsv]", r"formats\.[ct]sv"),
    ],
)
def test_the_keys_are_a_closed_set(folder, before, after, said):
    replace(folder / "en.toml", before, after)
    with pytest.raises(ValueError, match=said):
        load(folder)


# As templates say them: words.page.notebook, language.root.welcome, attribute="root.languages".
WORD_IN_TEMPLATE = re.compile(r"""(?:\b(?:words|language)\.|attribute=")(\w+)\.(\w+)""")


def uses(tree: ast.AST) -> set[tuple[str, str]]:
    """Table and key of all words that a module says.

    A name stands for a table where it is set to one, as in ``words = WORDS[language].cite``, or
    where it is a parameter of its class.
    """
    tables: dict[str, set[str]] = {}
    classes = {kind.__name__: table for table, kind in TABLES.items()}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and isinstance(node.annotation, ast.Name):
            tables.setdefault(node.arg, set()).add(classes.get(node.annotation.id, ""))
        if isinstance(node, ast.Assign):
            pairs = [(node.targets[0], node.value)]
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(node.targets[0].elts, node.value.elts, strict=True))
            for target, value in pairs:
                if isinstance(target, ast.Name) and isinstance(value, ast.Attribute):
                    tables.setdefault(target.id, set()).add(value.attr)
    said: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            said |= {(table, node.attr) for table in tables.get(node.value.id, ())}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            said.add((node.value.attr, node.attr))
    return said


def test_every_language_explains_the_licences_of_texts():
    for words in WORDS.values():
        assert words.licences.keys() == licences.OF_TEXT.keys()
        assert all(licences.OF_TEXT[name].name in one.title for name, one in words.licences.items())


def test_every_word_is_said():
    said: set[tuple[str, str]] = set()
    for path in (PACKAGE / "press").rglob("*.py"):
        said |= uses(ast.parse(path.read_text("utf-8")))
    templates = (PACKAGE / "press").rglob("templates/*")
    for path in (*(CHECKOUT / "docs" / "theme").rglob("*.html"), *templates):
        said |= set(WORD_IN_TEMPLATE.findall(path.read_text("utf-8")))
    every = {(table, key.name) for table, kind in TABLES.items() for key in fields(kind)}
    assert all(is_dataclass(kind) for kind in TABLES.values())
    assert len(every) > 100
    assert every - said == set()
