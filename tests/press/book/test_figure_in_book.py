"""What is told of a figure: plain texts, and the seeds it depends on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnbook.press.book import figure_in_book
from attnbook.press.execution.execute import execute
from attnbook.press.source import chapter_script
from attnbook.press.source.figure_messages import Catalogue

CHAPTER = '''"""A chapter."""

# %% imports
import torch

# %% used
a = torch.rand(2, generator=torch.Generator().manual_seed(7))

# %% unused
other = torch.Generator().manual_seed(8)


# %% many
def draw(seed):
    return float(torch.rand(1, generator=torch.Generator().manual_seed(seed)))


found = [draw(seed) for seed in range(3)]

# %% figure
total = sum(found) + float(a.sum())
'''


@pytest.fixture
def execution(tmp_path, with_torch):
    path = tmp_path / "chapter.py"
    path.write_text(CHAPTER)
    rows = tmp_path / "messages.csv"
    rows.write_text("en,zh\n")
    catalogue = Catalogue.load(rows)
    return execute(chapter_script.read(path), cache=tmp_path / "cache", catalogue=catalogue)


@pytest.mark.slow
def test_a_figure_knows_the_seeds_of_the_cells_it_needs_and_no_others(execution):
    assert figure_in_book.seeds(execution, "figure") == (0, 1, 2, 7)
    assert figure_in_book.seeds(execution, "unused") == (8,)
    assert figure_in_book.seeds(execution, "imports") == ()


@pytest.mark.slow
def test_seeds_come_from_the_cache_as_from_the_run(execution, tmp_path):
    catalogue = Catalogue.load(tmp_path / "messages.csv")
    again = execute(execution.chapter, cache=tmp_path / "cache", catalogue=catalogue)
    assert again.cached
    assert replace(again, cached=False, seconds=0.0) == replace(
        execution, cached=False, seconds=0.0
    )


@given(st.sets(st.integers(0, 60)))
def test_ranges_say_the_same_numbers(numbers):
    text = figure_in_book.ranges(tuple(sorted(numbers)))
    read = set()
    for part in filter(None, text.split(", ")):
        first, _, last = part.partition("–")
        read |= set(range(int(first), int(last or first) + 1))
    assert read == numbers


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("At $w = 0$ all\n  are *equal*", "At w = 0 all are equal"),
        ("see [the note](a.md#b) of `code`", "see the note of code"),
    ],
)
def test_plain_text_has_no_marks(markdown, text):
    assert figure_in_book.plain(markdown) == text
