"""The cells that a figure needs are those, and only those, without which it is not the same."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from attnbook.press.source import cell_needs, chapter_script

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


def test_a_comprehension_needs_what_it_looks_up_where_it_stands(needed):
    for code in ("[k * x for x in range(3)]", "{x: k for x in range(3)}", "sum(k for _ in 'ab')"):
        assert needed("k = 2", "z = 0", code) == ["a"], code
        assert needed("k = 2", f"y = {code}\nk = 3") == ["a"], code
    assert needed("xs = [1]", "[x for x in xs]") == ["a"]
    assert needed("k = 2", "[[k * x for x in row] for row in [[1]]]") == ["a"]
    assert needed("k = 2", "f = lambda x: [k * y for y in x]", "f([1])") == ["a", "b"]
    assert needed("y = 1", "[y := x for x in range(3)]", "print(y)") == ["b"]


def test_scopes_hide_their_own_names(needed):
    assert (
        needed("k = 2", "def f():\n    k = 1\n    def g():\n        return k\n    g()\nf()") == []
    )
    assert needed("k = 2", "class C:\n    k = 1\n    def m(self):\n        return k") == ["a"]
    assert needed("k = 2", "def f(*, k=k):\n    return k") == ["a"]
    assert needed("k = 2", "def f():\n    global k\n    k += 1\nf()", "print(k)") == ["a"]


LISTED = """
import json, sys
from pathlib import Path
from attnbook.press.source import cell_needs
from attnbook.press.source import chapter_script
chapters = [chapter_script.read(Path(name)) for name in sys.argv[1:]]
print(json.dumps([
    [cell.label for cell in cell_needs.needed(chapter, label)]
    for chapter in chapters for label in chapter.labels
]))
"""


def interpreter(version: str) -> str:
    """A Python of that version that starts, on PATH or by pyenv; empty if there is none."""
    by_pyenv = (Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python")
    for program in (shutil.which(f"python{version}"), *sorted(by_pyenv)):
        if program and not subprocess.run([program, "-V"], capture_output=True).returncode:
            return str(program)
    return ""


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_finds_the_same(version):
    # Comprehensions have no symbol table of their own from Python 3.12 on.
    python = interpreter(version)
    if not python:
        pytest.skip("not every Python from 3.11 to 3.13 is installed here")
    chapters = sorted((ROOT / "attnbook" / "chapters").glob("[a-z]*.py"))
    done = subprocess.run(
        [python, "-c", LISTED, *map(str, chapters)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    read = [chapter_script.read(path) for path in chapters]
    wanted = [
        [cell.label for cell in cell_needs.needed(chapter, label)]
        for chapter in read
        for label in chapter.labels
    ]
    assert json.loads(done.stdout) == wanted
    assert len(wanted) > 50


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
