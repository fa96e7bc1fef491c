"""The offline archive: made, unzipped and opened as a reader would."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from browser.conftest import arrive, leads_on, search

ROOT = Path(__file__).resolve().parents[2]


def offline(site: Path, to: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "attnbook.press", "offline"]
    return subprocess.run(
        [*command, "--site", str(site), "--to", str(to)], cwd=ROOT, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def packed(site, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    done = offline(site, folder)
    assert done.returncode == 0, done.stderr
    (found,) = folder.iterdir()
    assert str(found.name) in done.stdout
    return found


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory) -> Path:
    """Where a reader keeps such things: a folder with a space and Chinese in its name."""
    folder = tmp_path_factory.mktemp("unpacked") / "下载 books"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    (found,) = folder.iterdir()
    return found


def test_the_archive_is_named_for_its_version_and_holds_one_folder(packed, unpacked):
    assert re.fullmatch(r"attnbook-\d+\.\d+\.\d+\w*-offline\.zip", packed.name)
    assert unpacked.name == packed.stem
    assert "index.html" in (unpacked / "README.txt").read_text("utf-8")


def test_the_same_site_gives_the_same_bytes(site, packed, tmp_path):
    assert offline(site, tmp_path).returncode == 0
    assert (tmp_path / packed.name).read_bytes() == packed.read_bytes()


def test_the_archive_has_every_page_and_file(site, unpacked):
    def names(folder: Path) -> set[str]:
        return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}

    left = {Path(name).name for name in names(site) - names(unpacked)}
    kinds = ("404.html", "sitemap.xml", "sitemap.xml.gz")
    assert all(name in kinds or name.endswith(".map") for name in left), left
    assert names(unpacked) - names(site) == {"README.txt"}


def test_without_a_site_the_error_says_what_to_do(tmp_path):
    done = offline(tmp_path / "none", tmp_path / "out")
    assert done.returncode == 1
    assert "there is no built site" in done.stderr
    assert "nox -s build" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("language", "query", "wanted"),
    [
        ("zh", "回归", "glossary.html#term-kernel-regression"),
        ("zh", "公式 10.2.6", "nadaraya-watson.html#eq-10.2.6"),
        ("zh", "torch.bmm", "nadaraya-watson.html#batch-matrix-multiplication"),
        ("en", "queries", "attention-cues.html#queries-keys-and-values"),
        ("en", "equation 10.2.6", "nadaraya-watson.html#eq-10.2.6"),
        ("en", "heatmaps", "attention-cues.html#visualising-attention"),
    ],
)
@pytest.mark.parametrize("start", ["index.html", "figures/toy-data/index.html"])
def test_search_works_from_the_disk(unpacked, visit, language, query, wanted, start):
    reader = visit()
    tab = reader.tab
    tab.goto((unpacked / language / start).as_uri())
    search(tab, query)
    page, _, anchor = wanted.partition("#")
    link = tab.locator(f".md-search-result__item a[href*='{page}'][href$='#{anchor}']").first
    link.wait_for()
    marked = tab.locator(".md-search-result mark").all_text_contents()
    assert marked
    link.click()
    tab.wait_for_url(f"**/{page}**#{anchor}")
    assert unquote(urlsplit(tab.url).path) == str(unpacked / language / page)
    arrive(tab, anchor)
    assert all(url.startswith(("file:", "data:", "blob:")) for url in reader.requests)
    assert reader.faults == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_reads_from_the_disk(unpacked, visit, language):
    reader = visit()
    tab = reader.tab
    pages = [one for one in sorted((unpacked / language).rglob("*.html")) if not leads_on(one)]
    assert len(pages) > 20
    for page in pages:
        tab.goto(page.as_uri())
        assert tab.locator("h1").count() == 1, page
    assert reader.faults == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in reader.requests)


def test_fonts_do_not_depend_on_other_files(unpacked):
    # Firefox lets no file of a disk use another's fonts.
    sheets = [path for path in unpacked.rglob("*.css") if "@font-face" in path.read_text("utf-8")]
    assert sheets
    for sheet in sheets:
        for face in re.findall(r"@font-face\s*{[^}]*}", sheet.read_text("utf-8")):
            assert re.findall(r"url\([\"']?(\w+:[^;,]*)", face) == ["data:font/woff2"], face[:200]
