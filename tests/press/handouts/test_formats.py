"""The table of formats and the words for each of its rows."""

import json

import pytest

from attnbook.press.handouts import figure_index
from attnbook.press.handouts.formats import FORMATS, linked
from attnbook.press.words.load import WORDS


@pytest.mark.parametrize("language", WORDS)
def test_every_format_has_words_and_all_words_a_format(language):
    words = WORDS[language].formats
    assert set(words) == set(FORMATS)
    for suffix, kind in FORMATS.items():
        assert words[suffix].label
        assert bool(words[suffix].use) != kind.cites
        assert bool(words[suffix].purpose) != (suffix == "zip")


def test_what_a_file_is_made_of_stands_above_it():
    suffixes = list(FORMATS)
    assert suffixes.index("png") < suffixes.index("pptx")
    assert suffixes[-1] == "zip"
    assert suffixes[0] == "svg"  # which page heads call the figure itself


def test_a_page_head_tells_citations_from_figures():
    files = linked({"png": "a.png", "ris": "a.ris"})
    assert [(file.href, file.describes) for file in files] == [("a.png", False), ("a.ris", True)]


def test_the_schema_allows_the_languages_that_there_are(monkeypatch):
    monkeypatch.setitem(WORDS, "de", WORDS["en"])
    schema = json.loads(figure_index.schema())
    assert schema["properties"]["book"]["properties"]["language"]["enum"] == [*WORDS]
    path = schema["definitions"]["figure"]["properties"]["path"]["pattern"]
    assert path == "^(zh|en|de)/figures/[a-z0-9-]+/$"
