"""The real book: both languages agree, its notebooks run, two builds are the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from attnbook.press.base.book_paths import Layout
from attnbook.press.checks import read_book
from attnbook.press.handouts.formats import FORMATS
from attnbook.press.words.load import WORDS
from imprints import THIS_BOOK

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = (
    "lecture-notes",
    "attention-cues",
    "nadaraya-watson",
    "kernels",
    "from-kernel-to-dot-product",
    "questions",
)
PAGES = {"index", *CHAPTERS, "glossary", "reference", "about", "changelog"}
SECTIONS = [
    "generating-data",
    "average-pooling",
    "nonparametric-attention-pooling",
    "parametric-attention-pooling",
    "batch-matrix-multiplication",
    "defining-the-model",
    "training",
    "summary",
]
EQUATIONS = [f"10.2.{number}" for number in range(1, 8)]


@pytest.fixture(scope="module")
def read():
    """The book as it stands: reading refuses languages, labels or links that do not agree."""
    return read_book.read(Layout(ROOT))


@pytest.mark.parametrize("language", WORDS)
def test_the_source_is_mirrored(read, language):
    pages = read.pages[language]
    assert set(pages) == PAGES
    ids = [heading.id for heading in pages["nadaraya-watson"].headings]
    assert [name for name in ids if name in SECTIONS] == SECTIONS
    assert [mark.text for mark in pages["nadaraya-watson"].tags] == EQUATIONS


@pytest.mark.parametrize("language", WORDS)
def test_the_title_of_the_book_is_one(language):
    config = {"zh": "mkdocs.yml", "en": "docs/theme/en.yml"}[language]
    lines = (ROOT / config).read_text(encoding="utf-8").splitlines()
    title = THIS_BOOK.title(language)
    assert f"site_name: {title}" in lines
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert title in citation["preferred-citation"]["title"]


def test_the_version_is_one():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(citation["version"]) == wanted == THIS_BOOK.version
    assert str(citation["preferred-citation"]["version"]) == wanted


def test_figures_have_names_and_files_in_both_languages(site):
    for language in WORDS:
        folder = site / language / "figures"
        slugs = {path.name.partition(".")[0] for path in folder.glob("*.svg")}
        assert {"gaze-on-the-cup", "gaze-on-the-book", "identity-heatmap"} <= slugs
        assert len(slugs) >= 11
        for slug in slugs:
            kinds = {path.name.partition(".")[2] for path in folder.glob(f"{slug}.*")}
            assert kinds | {"csv"} == set(FORMATS), slug  # a diagram shows no data
    zh, en = (
        {p.name.replace(f"-{code}.zip", ".zip") for p in (site / code / "figures").iterdir()}
        for code in WORDS
    )
    assert zh == en


def test_pages_name_no_path_of_the_machine_that_built_them(site):
    for path in site.rglob("*"):
        if path.suffix in {".html", ".ipynb", ".svg", ".json", ".xml"}:
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text, path
            assert str(Path.home()) not in text or str(Path.home()) == "/", path


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_holds_the_same_code_in_both_languages(site, name):
    zh, en = (
        nbformat.read(site / code / "notebooks" / f"{name}.ipynb", as_version=4) for code in WORDS
    )
    assert code_of(zh)[1:] == code_of(en)[1:]  # but the first cell, which speaks to the reader
    assert outputs_of(zh) == outputs_of(en)


@pytest.fixture(scope="module")
def kernel(site, tmp_path_factory):
    """A kernel that has the site's wheel, and of this checkout nothing else.

    What the wheel asks for is lent by the environment of the tests: another torch would be
    gigabytes. The checkout itself is left out of the path, editable install and all.
    """
    folder = tmp_path_factory.mktemp("kernel")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    (wheel,) = (site / "dist").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", str(wheel)], check=True)
    # Behind what the wheel brought; a .pth file's own .pth files are not read.
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    inside = subprocess.check_output([python, "-c", code], text=True).strip()
    (Path(inside) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ask = [python, "-c", "import attnbook; print(attnbook.__file__)"]
    found = subprocess.check_output(ask, text=True, cwd=folder, env=clean)
    assert Path(inside) in Path(found.strip()).parents
    (folder / "kernels" / "wheel").mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "wheel", "language": "python"}
    (folder / "kernels" / "wheel" / "kernel.json").write_text(json.dumps(spec), "utf-8")
    return folder


# Code and outputs are the same in both languages (above): to run one of the Chinese is enough.
@pytest.mark.parametrize(
    ("name", "language"), [*((name, "en") for name in CHAPTERS), ("lecture-notes", "zh")]
)
def test_a_notebook_runs_from_the_wheel_as_the_page_shows_it(
    site, kernel, name, language, tmp_path, monkeypatch
):
    monkeypatch.setenv("JUPYTER_PATH", str(kernel))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for variable in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / "profile"))
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(variable, "1")
    notebook = nbformat.read(site / language / "notebooks" / f"{name}.ipynb", as_version=4)
    shown = outputs_of(notebook)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=180, kernel_name="wheel", resources=resources).execute()
    assert outputs_of(notebook) == shown


def code_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def outputs_of(notebook: nbformat.NotebookNode) -> list[str]:
    """The text that every code cell shows, and whether it shows a picture."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        text, pictures = "", 0
        for output in cell.outputs:
            assert output.output_type != "error"
            if output.output_type == "stream":
                text += output.text
            elif "image/png" in output.data:
                pictures += 1
            else:
                text += output.data["text/plain"]
        found.append((text.strip(), pictures))
    return found


def test_a_build_from_scratch_elsewhere_gives_the_same_bytes(site, tmp_path):
    """Neither the cache, nor the folder, nor the moment leaves a trace in the site."""
    copy = tmp_path / "elsewhere"
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    # The pages of figures tell the commit they are of.
    repository = ROOT / ".git"  # in a second work tree, a file that says where it is
    (shutil.copytree if repository.is_dir() else shutil.copy)(repository, copy / ".git")
    epoch = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True
    ).stdout.strip()
    environment = {"SOURCE_DATE_EPOCH": epoch, **os.environ} if epoch else dict(os.environ)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "attnbook.press", "--root", str(copy), "build"],
        capture_output=True,
        text=True,
        cwd=copy,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(0 from the cache)" in done.stdout
    assert digests(copy / "site") == digests(site)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
