"""The cells that a figure needs are those, and only those, without which it is not the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from attnbook.press.execution import cell_needs
from attnbook.press.source import chapter_script

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def needed(tmp_path):
    def of(*sources: str) -> list[str]:
        """Labels of the cells that the last of ``sources`` needs; they are called a, b, c, …"""
        path = tmp_path / "chapter.py"
        cell = zip("abcdefgh", sources, strict=False)
        path.write_text("".join(f"# %% {label}\n{source}\n" for label, source in cell))
        chapter = chapter_script.read(path)
        return [cell.label for cell in cell_needs.needed(chapter, chapter.labels[-1])]

    return of


def test_what_binds_a_name_is_needed_and_what_it_needs_in_turn(needed):
    assert needed("x = 1", "z = 0", "y = x", "print(y)") == ["a", "c"]


def test_only_the_last_binding_counts(needed):
    assert needed("x = 1", "x = 2", "print(x)") == ["b"]
    assert needed("x = 1", "x = x + 1", "print(x)") == ["a", "b"]
    assert needed("x = 1", "x += 1", "print(x)") == ["a", "b"]


def test_a_name_bound_in_the_cell_itself_is_not_looked_for(needed):
    assert needed("x = 1", "x = 2\nprint(x)") == []
    assert needed("x = 1", "for x in range(3):\n    print(x)") == []
    assert needed("x = 1", "[x for x in range(3)]") == []
    assert needed("x = 1", "def f(x):\n    return x\nf(2)") == []


def test_a_function_needs_what_it_looks_up(needed):
    assert needed("k = 2", "def f(x):\n    return k * x", "k2 = 3", "f(1)") == ["a", "b"]
    assert needed("k = 2", "class C:\n    def m(self):\n        return k", "C().m()") == ["a", "b"]


def test_a_call_made_for_its_effect_is_needed(needed):
    assert needed("xs = []", "xs.append(1)", "print(xs)") == ["a", "b"]
    assert needed("net = make()", "train(net)", "print(net)") == ["a", "b"]
    assert needed("net = make()", "print(net)", "y = look(net)", "show(net)") == ["a"]


def test_an_object_that_is_called_may_keep_something(needed):
    assert needed("net = make()", "y = net(1)", "print(net.kept)") == ["a", "b"]
    assert needed("def f(x):\n    return x", "y = f(1)", "print(f(2))") == ["a"]


def test_an_import_is_not_changed_by_a_call(needed):
    assert needed("import torch", "torch.ones(2)", "x = torch.zeros(1)") == ["a"]


RUN = """
import json, sys
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from attnbook.press.figure_data.read_plot import extract
told = json.load(open(sys.argv[1]))
found = {}
for label, sources in told.items():
    plt.rcdefaults()
    plt.close("all")
    names = {}
    for source in sources[:-1]:
        exec(source, names)
        plt.close("all")
    exec(sources[-1], names)
    found[label] = extract(plt.figure(plt.get_fignums()[0]))
json.dump(found, open(sys.argv[2], "w"))
"""


@pytest.mark.parametrize("name", ["lecture_notes", "attention_cues", "nadaraya_watson"])
def test_a_figure_of_the_book_needs_no_other_cells(the_book, name, tmp_path):
    execution, chapter = the_book.executions[name], the_book.chapters[name]
    drawn = [result.label for result in execution.results.values() if result.figure]
    told = {
        label: [cell.source for cell in [*cell_needs.needed(chapter, label), chapter[label]]]
        for label in drawn
    }
    (tmp_path / "told.json").write_text(json.dumps(told))
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path / "told.json"), str(tmp_path / "found.json")],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "found.json").read_text())
    for label in drawn:
        wanted = json.loads((execution.folder / "plotted" / f"{label}.json").read_text())
        assert found[label] == wanted, label
    assert any(len(sources) < len(chapter.cells) for sources in told.values())
