"""Verifying and accepting, by the commands that people type, on a small book."""

import hashlib
import json
import re
import shutil

import numpy as np
import pytest
from PIL import Image

import fake_book
from attnbook.press import __main__ as command
from attnbook.press.base import environment
from attnbook.press.receipts.verify import aligned
from attnbook.press.words.load import WORDS

pytestmark = pytest.mark.slow

LEDGER = 'figures = [\n  "line",\n]\n\n[moved]\n'


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """A small book whose figure has a receipt."""
    root = fake_book.write(tmp_path_factory.mktemp("book"))
    (root / "docs" / "figures.toml").write_text(LEDGER, encoding="utf-8")
    assert run(root, "figures", "--accept") == 0
    return root


@pytest.fixture
def root(accepted, tmp_path):
    """A copy of it, to be changed."""
    return shutil.copytree(accepted, tmp_path / "book")


def run(root, *arguments):
    return command.main(["--root", str(root), *arguments])


def edit(root, name, old, new):
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def row(out, slug="line"):
    """What the table says of a figure."""
    return next(line for line in out.splitlines() if line.startswith(f"{slug} "))


def test_a_book_as_accepted_is_verified_without_its_cache(root, capsys):
    shutil.rmtree(root / "build" / "cache")
    assert run(root, "verify") == 0
    out = capsys.readouterr().out
    assert "toy: executing 3 cells" in out
    assert row(out).split() == ["line", "same", "same", "as", "accepted"]
    assert "1 figure and 1 printed text as accepted" in out
    assert not (root / "build" / "cache").exists()


def test_one_other_number_fails_names_the_figure_and_is_healed_by_accepting(root, capsys):
    edit(root, fake_book.SCRIPT, "count = 3", "count = 4")
    assert run(root, "verify") == 1
    out = capsys.readouterr().out
    assert row(out).split() == ["line", "off", "by", "0.33", "differ", "(zh,", "en)", "DIFFERS"]
    assert "y of line 1 'straight line' [2] was 3, is 4: 0.33 of the largest magnitude" in out
    assert "nox -s figures -- --accept" in out
    with Image.open(root / "build" / "changes" / "line.png") as picture:
        assert picture.width > 3 * 288

    assert run(root, "figures") == 0  # it only reminds
    assert "receipts: out of date for line" in capsys.readouterr().out

    assert run(root, "figures", "--accept") == 0
    out = capsys.readouterr().out
    assert re.search(r"changed +line +y of line 1 'straight line' \[2\] was 3, is 4", out)
    assert "printed  toy#numbers  line 1 was 'count 3', is 'count 4'" in out
    assert "2 changed, 0 as they were" in out
    assert (root / "build" / "changes" / "line.png").exists()

    assert run(root, "verify") == 0
    assert not list((root / "build" / "changes").glob("*.png"))
    assert run(root, "figures", "--accept") == 0
    assert "0 changed, 2 as they were" in capsys.readouterr().out


@pytest.mark.parametrize(
    "chance",
    ["import os; print(os.getpid())", "import time; print(time.time())", "print(id(len))"],
)
def test_a_text_that_differs_between_runs_does_not_hold(root, capsys, chance):
    edit(root, fake_book.SCRIPT, "count = 3", f"count = 3\n{chance}")
    assert run(root, "figures", "--accept") == 0
    assert run(root, "verify") == 1
    out = capsys.readouterr().out
    assert "toy#numbers: line 1 was '" in out
    assert row(out).split() == ["line", "same", "same", "as", "accepted"]
    assert "1 printed text not as accepted" in out


def test_another_colour_changes_the_drawing_only(root, capsys):
    edit(root, fake_book.SCRIPT, "[0, count], ", "[0, count], color='C2', ")
    assert run(root, "figures", "--accept") == 0
    assert "drawing only  line  the drawing has other bytes (zh, en)" in capsys.readouterr().out


def test_another_text_in_one_language_is_named(root, capsys):
    edit(root, "docs/messages.csv", "直线", "一条线")
    assert run(root, "verify") == 1
    assert row(capsys.readouterr().out).split() == ["line", "same", "differ", "(zh)", "DIFFERS"]


def test_elsewhere_only_numbers_count(root, capsys):
    path = root / "docs" / "receipts" / "receipts.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["environment"]["processor"] = "another"
    path.write_text(json.dumps(told), encoding="utf-8")
    edit(root, "docs/messages.csv", "直线", "一条线")
    assert run(root, "verify") == 0
    out = capsys.readouterr().out
    assert "other environment" in row(out)
    assert "processor was another, is" in out


@pytest.mark.parametrize("what", ["data", "drawing", "digest"])
def test_a_receipt_that_was_tampered_with_is_caught(root, capsys, what):
    folder = root / "docs" / "receipts"
    if what == "data":
        with np.load(folder / "line.npz") as arrays:
            told = {name: array + 0.01 for name, array in arrays.items()}
        np.savez_compressed(folder / "line.npz", **told)
    else:
        told = json.loads((folder / "receipts.json").read_text(encoding="utf-8"))
        of = told["figures"]["line"]
        holder, key = (of["drawings"], "en") if what == "drawing" else (of, "data")
        holder[key] = holder[key][:-1] + ("0" if holder[key][-1] != "0" else "1")
        (folder / "receipts.json").write_text(json.dumps(told), encoding="utf-8")
    assert run(root, "verify") == 1
    said = capsys.readouterr()
    assert "line" in said.out + said.err
    assert run(root, "figures") == 0
    assert run(root, "figures", "--accept") == 0
    assert run(root, "verify") == 0


def test_a_figure_that_changes_under_a_released_version_fails(root, capsys, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://book.example")
    assert run(root, "figures") == 0
    monkeypatch.delenv("SITE_URL")
    figures = {
        f"{language}/figures/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for language in WORDS
        for path in (root / "build" / "stage" / language / "figures").glob("line.*")
    }
    release = {"commit": "c" * 40, "date": "2026-11-02", "address": "https://book.example"}
    release |= {"environment": environment.fingerprint(), "files": figures}
    path = root / "docs" / "releases.json"
    path.write_text(json.dumps({"1.2.3": release}), encoding="utf-8")
    assert run(root, "verify") == 0, capsys.readouterr().out
    capsys.readouterr()

    edit(root, "docs/en/toy.md", "title: A straight line", "title: The straight line")
    assert run(root, "verify") == 1
    out = capsys.readouterr().out
    assert "that version 1.2.3 was released with; a released version does not change" in out
    assert "  en/figures/line.svg\n" in out and "zh/figures" not in out
    assert "1 figure and 1 printed text as accepted" in out

    release["environment"] = {"processor": "another"}  # there, only words can be compared
    path.write_text(json.dumps({"1.2.3": release}), encoding="utf-8")
    assert run(root, "verify") == 1
    out = capsys.readouterr().out
    assert "  en/figures/line.json\n" in out and "line.svg" not in out


def test_without_receipts_nothing_is_verified(root, capsys):
    shutil.rmtree(root / "docs" / "receipts")
    assert run(root, "verify") == 1
    assert "NO RECEIPT" in row(capsys.readouterr().out)
    assert run(root, "figures") == 0
    assert "receipts: none yet" in capsys.readouterr().out


def test_a_chapter_that_fails_leaves_the_receipts_as_they_are(root):
    before = {path: path.read_bytes() for path in (root / "docs" / "receipts").iterdir()}
    edit(root, fake_book.SCRIPT, "count = 3", "count = 1 / 0")
    assert run(root, "figures", "--accept") == 1
    assert {path: path.read_bytes() for path in (root / "docs" / "receipts").iterdir()} == before


def rename(root):
    edit(root, "pyproject.toml", 'cover = "line"', 'cover = "slope"')
    for name in (fake_book.SCRIPT, "docs/zh/toy.md", "docs/en/toy.md"):
        path = root / name
        text = path.read_text(encoding="utf-8")
        text = text.replace("# %% line\n", "# %% slope\n").replace("\nline\n", "\nslope\n")
        path.write_text(text, encoding="utf-8")


def test_a_figure_renamed_fails_the_build_until_the_ledger_says_so(root, capsys):
    rename(root)
    assert run(root, "figures") == 1
    said = capsys.readouterr().err
    assert "docs/figures.toml:2: the book has promised the address of the figure 'line'" in said
    assert "'slope' is not in the ledger" in said
    edit(root, "docs/figures.toml", '"line",\n', '"line",\n  "slope",\n')
    edit(root, "docs/figures.toml", "[moved]\n", '[moved]\nline = "slope"\n')
    assert run(root, "figures", "--accept") == 0
    out = capsys.readouterr().out
    assert "new   slope" in out
    assert "gone  line" in out
    assert run(root, "verify") == 0


def test_columns_line_up_under_han_characters():
    first, second = aligned([("注意", "a"), ("xyz", "b")]).splitlines()
    assert (first, second) == ("注意  a", "xyz   b")
