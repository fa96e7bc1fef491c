"""Whole builds of a small book: what comes out, and what stays when one fails."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import fake_book
from attnbook.press.words.load import WORDS
from imprints import THIS_BOOK

pytestmark = pytest.mark.slow


def command(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "attnbook.press", "--root", str(root), *arguments]


def press(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(root, *arguments),
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, **environment},
    )


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@contextmanager
def running(root: Path, *arguments: str, seconds: float = 300) -> Iterator[subprocess.Popen[str]]:
    """The command at work; it is killed with all that it started, at the latest after a while."""
    process = subprocess.Popen(
        command(root, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )

    assert process.stdout is not None

    def kill() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    limit = threading.Timer(seconds, kill)
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        kill()
        process.wait()
        process.stdout.close()


def until(process: subprocess.Popen[str], mark: str) -> str:
    """What the command says up to the line with ``mark``."""
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if mark in line:
            return "".join(said)
    raise AssertionError(f"it ended without {mark!r}:\n{''.join(said)}")


def ended(process: subprocess.Popen[str], seconds: float = 60) -> str:
    """What the command says until its end, which has to come soon."""
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        raise AssertionError(f"it did not end in {seconds} seconds") from None


@pytest.fixture(scope="module")
def built(small, tmp_path_factory):
    """A fake book, built once, and what was said; tests that change it put it back."""
    root = shutil.copytree(small / "book", tmp_path_factory.mktemp("built") / "book")
    return root, (small / "said").read_text("utf-8")


@pytest.fixture
def changed(built):
    """Change files of the built book, and undo it afterwards."""
    root, _ = built
    before: dict[Path, str | None] = {}

    def change(name: str, old: str, new: str) -> Path:
        path = root / name
        text = path.read_text(encoding="utf-8") if path.exists() else None
        before.setdefault(path, text)
        assert text is None or old in text
        path.write_text((text or "").replace(old, new, 1) if text else new, encoding="utf-8")
        return path

    yield change
    for path, text in before.items():
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")


def test_a_build_says_what_it_does_and_what_it_made(built):
    root, said = built
    assert "2/3  numbers" in said
    assert "1 chapters (0 from the cache), 3 cells, 1 figures" in said
    assert "open site/index.html" in said
    made = contents(root / "site")
    for language in ("zh", "en"):
        for name in ("toy.html", "notebooks/toy.html", "notebooks/toy.ipynb"):
            assert f"{language}/{name}" in made
        for name in ("index.html", "line/index.html", "line.svg", "line.csv"):
            assert f"{language}/figures/{name}" in made
    assert any(name.startswith("dist/") and name.endswith(".whl") for name in made)


def test_the_press_prints_nothing_of_its_own_book(built):
    """Titles, authors, package and root page are those of the small book; so is its own sheet."""
    site = built[0] / "site"
    of_this_book = [*THIS_BOOK.titles.values(), *THIS_BOOK.authors, "attnbook 作者"]
    of_this_book += ["CC BY 4.0", "licenses/by/4.0", "MIT 许可", "MIT licence", "licenses/MIT"]
    of_this_book += [f"attnbook {THIS_BOOK.version}", "attnbook-", "/attnbook/chapters"]
    texts = {
        path.relative_to(site).as_posix(): path.read_text("utf-8")
        for path in site.rglob("*")
        if path.suffix in {".html", ".json", ".ipynb", ".bib", ".ris", ".txt", ".csv", ".xml"}
    }
    assert len(texts) > 20
    for name, text in texts.items():
        assert not [mark for mark in of_this_book if mark in text], name
    assert f"<h1>{' · '.join(fake_book.TITLES.values())}</h1>" in texts["index.html"]
    assert (site / "dist" / "little_book-1.2.3-py3-none-any.whl").is_file()
    assert fake_book.TITLES["en"] in texts["en/toy.html"]
    sheets = [path.read_text("utf-8") for path in site.rglob("book.*.css")]
    assert sheets and all(fake_book.SHEET.strip() in sheet for sheet in sheets)


def test_figures_come_in_both_languages(built):
    root, _ = built
    made = contents(root / "site")
    for kind in ("svg", "pdf", "png"):
        assert made[f"zh/figures/line.{kind}"] != made[f"en/figures/line.{kind}"]


def test_a_second_build_executes_nothing_and_changes_nothing(built):
    root, _ = built
    before = contents(root / "site")
    done = press(root, "build")
    assert done.returncode == 0, done.stderr
    assert "toy: 3 cells from the cache" in done.stdout
    assert "executing" not in done.stdout
    assert contents(root / "site") == before


def test_prose_executes_nothing(built, changed):
    root, _ = built
    changed("docs/en/index.md", "See", "Do see")
    done = press(root, "figures")
    assert done.returncode == 0, done.stderr
    assert "toy: 3 cells from the cache" in done.stdout


def test_two_builds_from_scratch_are_the_same_bytes(built, tmp_path):
    root, _ = built
    again = fake_book.write(tmp_path / "elsewhere")
    # One is a folder of no repository, and so is the other: the same date without being told.
    done = press(again, "build")
    assert done.returncode == 0, done.stderr
    assert contents(again / "site") == contents(root / "site")


def test_the_page_of_a_figure_knows_the_files_of_its_former_names(built, changed):
    root, _ = built
    changed(
        "docs/figures.toml",
        '"line",\n]\n\n[moved]\n',
        '"oldest",\n"old",\n"line",\n]\n\n[moved]\noldest = "old"\nold = "line"\n',
    )
    digests = {f"en/figures/{slug}.svg": f"{n}" * 64 for n, slug in enumerate(("oldest", "old"))}
    release = {"commit": "c" * 40, "date": "2026-01-02", "files": digests}
    release |= {"address": "https://book.example", "environment": {}}
    changed("docs/releases.json", "{}", json.dumps({"0.0.1": release}))
    done = press(root, "figures")
    assert done.returncode == 0, done.stderr
    for language in WORDS:
        page = root / "build" / "stage" / language / "figures" / "line" / "index.md"
        (told,) = re.findall(
            r'<script type="application/json">(.*?)</script>', page.read_text("utf-8")
        )
        assert set(digests.values()) <= set(json.loads(told)["known"])


CELL = "count = 3\n"
BROKEN = {
    "raising cell": (fake_book.SCRIPT, CELL, "count = 1 / 0\n", "toy.py:9", "ZeroDiv"),
    "slow cell": (
        fake_book.SCRIPT,
        CELL,
        "import time\ntime.sleep(60)\ncount = 3\n",
        "toy.py:9",
        "longer than its limit",
    ),
    "unknown label": ("docs/en/toy.md", "numbers\n```", "nmbers\n```", "toy.md:17", "no cell 'nm"),
    "repeated label": (
        "docs/en/toy.md",
        "\n$$\ny",
        "\n``` cell\nnumbers\n```\n\n$$\ny",
        "toy.md:21",
        "already placed",
    ),
    "missing label": (
        "docs/en/toy.md",
        "``` cell\nnumbers\n```\n",
        "",
        "en/toy.md",
        "'numbers'",
    ),
    "label out of order": (
        fake_book.SCRIPT,
        "# %% numbers",
        "# %% zero\nzero = 0\n\n# %% numbers",
        "toy.md",
        "'zero'",
    ),
    "ids that differ": ("docs/en/toy.md", "{#numbers}", "{#figures}", "toy.md:13", "heading ids"),
    "tags that differ": ("docs/en/toy.md", "\\tag{1}", "\\tag{2}", "toy.md:22", "equation tags"),
    "page in one language": (
        "docs/zh/more.md",
        "",
        "---\ntitle: T\ndescription: D\n---\n# T {#t}\n",
        "docs/en/more.md",
        "is missing",
    ),
    "unknown name": ("docs/en/toy.md", "{{ count }}", "{{ counts }}", "toy.md:15", "no cell comp"),
    "missing translation": (
        "docs/messages.csv",
        "straight line,直线",
        "curved line,曲线",
        "toy.py:15",
        "has no translation",
    ),
    "missing glyph": (
        "docs/messages.csv",
        "直线",
        "直线🦄",
        "toy.py:14",
        "no font has the character",
    ),
    "missing glyph in maths": (
        fake_book.SCRIPT,
        'label="straight line"',
        'label="$\\\\mathit{直}$"',
        "toy.py",
        "no font has the character",
    ),
    "TeX error": ("docs/zh/toy.md", "y = 3x", "y = \\frac{3x", "toy.md:22", "KaTeX"),
    "broken link": ("docs/en/index.md", "toy.md#numbers", "toy.md#no", "index.md:7", "#no"),
    "reference to nothing": ("docs/en/toy.md", "[(1)](#eq-1)", "[](#eq-2)", "toy.md:28", "#eq-1?"),
    "reference without a name": (
        "docs/en/toy.md",
        "[(1)](#eq-1)",
        "[](#cell-line)",
        "toy.md:28",
        "has no name",
    ),
    "unknown term": ("docs/zh/toy.md", "看式", "[看](term:lines)", "toy.md:28", "term:line?"),
    "term in one language": (
        "docs/zh/toy.md",
        "看式",
        "看[直线](term:line)的式",
        "zh/toy.md:28",
        "not in docs/en/toy.md",
    ),
    "wheel of another name": (
        "pyproject.toml",
        'requires-python = ">=3.11"\n',
        "",
        "pyproject.toml",
        "notebooks ask for little_book-1.2.3-py3-none-any.whl",
    ),
    "straight quotes": ("docs/zh/index.md", "第一章", '"第一章"', "index.md:7", "straight quot"),
    "picture that says nothing": (
        "docs/en/index.md",
        "See",
        '<img src="x.svg"> See',
        "index.md:7",
        "no alternative text",
    ),
    "heading without an id": ("docs/en/toy.md", " {#numbers}", "", "toy.md:13", "has no id"),
    "missing caption": (
        "docs/en/toy.md",
        "title: A straight line\ncaption: 'A straight line: slope {{ count }}.'\n",
        "",
        "toy.md",
        "figure",
    ),
    "missing alternative text": (
        "docs/en/toy.md",
        "alt: A straight line rises from the lower left to the upper right.\n",
        "",
        "toy.md:30",
        "no alt",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_mistake_stops_the_build_and_names_its_place(built, changed, case):
    root, _ = built
    before = contents(root / "site")
    name, old, new, place, said = BROKEN[case]
    changed(name, old, new)
    # A loaded machine may take seconds over a figure: only the slow cell gets a short limit.
    done = press(root, "build", "--timeout", "10" if case == "slow cell" else "120")
    message = done.stderr
    assert done.returncode == 1, done.stdout
    assert place in message
    assert said in message
    assert "Traceback" not in message or case == "raising cell"
    assert contents(root / "site") == before


def both_generators_write(root: Path) -> bool:
    """Whether the pages of both languages are being made, and the site is not in place yet."""
    made = {path.name for path in (root / "build").glob(".partial-*/site/*")}
    return {"zh", "en"} <= made


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("moment", ["executing", "generating"])
@pytest.mark.usefixtures("heeds_interrupts")
def test_an_interrupted_build_leaves_the_site_and_a_sound_cache(built, changed, stop, moment):
    root, _ = built
    before = contents(root / "site")
    if moment == "executing":
        slow = f"import time\ntime.sleep({3 + stop / 1000})\ncount = 3\n"  # never cached before
        changed(fake_book.SCRIPT, CELL, slow)
    with running(root, "build") as process:
        until(process, "  1/3" if moment == "executing" else "from the cache")
        while moment == "generating" and not both_generators_write(root):
            assert process.poll() is None, f"it ended before it was stopped:\n{ended(process)}"
            time.sleep(0.02)
        os.killpg(process.pid, stop)
        said = ended(process)
    assert process.returncode != 0, f"it went on to its end:\n{said}"
    assert contents(root / "site") == before
    done = press(root, "figures")
    assert done.returncode == 0, done.stderr
    assert not list((root / "build" / "cache").glob(".partial-*"))


def test_plain_mkdocs_builds_the_chinese_edition(built):
    root, _ = built
    before = contents(root / "site")
    (root / "site" / "zh" / "stale.html").write_text("stale")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mkdocs", "build"],
        cwd=root,
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert contents(root / "site") == before
    assert not list((root / "build").glob(".partial-*"))


def test_plain_mkdocs_keeps_the_last_pages_when_it_fails(built, changed):
    root, _ = built
    before = contents(root / "site")
    changed("docs/zh/toy.md", "y = 3x", "y = \\frac{3x")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mkdocs", "build"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "docs/zh/toy.md:22" in done.stderr
    assert contents(root / "site") == before


def test_what_mkdocs_warns_of_stops_the_build(built, changed):
    root, _ = built
    before = contents(root / "site")
    for language in ("zh", "en"):
        page = "---\ntitle: T\ndescription: D\n---\n# T {#t}\n"
        changed(f"docs/{language}/astray.md", "", page)
    done = press(root, "build")
    assert done.returncode == 1
    assert "astray.md" in done.stderr
    assert "nav" in done.stderr
    assert contents(root / "site") == before


def test_serving_shows_changes_and_executes_nothing_again(built, changed):
    root, _ = built
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with running(root, "serve", "en", "--address", address) as process:
        said = until(process, f"Serving on http://{address}/")
        changed("docs/en/index.md", "See", "Do see")
        said += until(process, "Reloading browsers")
        with urllib.request.urlopen(f"http://{address}/index.html") as page:
            html = page.read().decode()
        assert "Do see" in html
        for name, old in {
            "docs/figures.toml": "[moved]",
            "docs/releases.json": "{}",
            "CITATION.cff": "authors:",
        }.items():
            changed(name, old, f" {old}" if name.endswith("json") else f"# so\n{old}")
            said += until(process, "Reloading browsers")
        sheet = "docs/theme/overrides/assets/little.css"
        changed(sheet, (root / sheet).read_text("utf-8")[:5], "/* so */ .toy")
        said += until(process, "Reloading browsers")

        changed("docs/en/index.md", "Do see", "Do see <script>alert(1)</script>")
        until(process, "Reloading browsers")
        with pytest.raises(urllib.error.HTTPError) as broken:
            urllib.request.urlopen(f"http://{address}/index.html", timeout=10)
        told = broken.value.read().decode()
        assert broken.value.code == 500
        assert "docs/en/index.md:" in told and "&lt;script&gt;" in told
        assert "<script>" not in told
        changed("docs/en/index.md", "Do see <script>alert(1)</script>", "Do see")
        until(process, "Reloading browsers")
        with urllib.request.urlopen(f"http://{address}/index.html", timeout=10) as page:
            assert "Do see" in page.read().decode()
    assert "executing" not in said
    # What readers' browsers allow, and the script that waits for the next build comes as a file.
    assert "Content-Security-Policy" in html
    assert len(re.findall(r'<script src="/livereload/page/\d+/\d+\.js">', html)) == 1
    assert "livereload(" not in html
    # The other language is not served: nothing may lead there.
    switch = ("data-attn-language", "data-attn-beside", 'hreflang="zh-Hans"')
    assert not [mark for mark in switch if mark in html]
    whole = (root / "site" / "en" / "index.html").read_text(encoding="utf-8")
    assert all(mark in whole for mark in switch)


def test_an_address_that_is_taken_or_none_is_told(built):
    root, _ = built
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = press(root, "serve", "--address", address)
    assert done.returncode == 1
    assert f"cannot be served at {address}: " in done.stderr and "mend: end what" in done.stderr
    for address in ("8000", "127.0.0.1:port", "127.0.0.1:99999"):
        assert "is no address to listen on" in press(root, "serve", "--address", address).stderr


def test_a_build_with_an_address_says_it(built):
    root, _ = built
    done = press(root, "build", "--site", "site-with-address", SITE_URL="https://book.example/x/")
    assert done.returncode == 0, done.stderr
    page = (root / "site-with-address" / "en" / "toy.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://book.example/x/en/toy.html">' in page
    notebook = (root / "site-with-address/en/notebooks/toy.ipynb").read_text(encoding="utf-8")
    assert "https://book.example/x/dist/" in notebook
    figure = root / "site-with-address" / "en" / "figures" / "line" / "index.html"
    assert 'href="https://book.example/x/en/figures/line/"' in figure.read_text(encoding="utf-8")
    assert press(root, "figures").returncode == 0  # back to the stage without an address
