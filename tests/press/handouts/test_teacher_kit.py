"""Archives that are the same everywhere, and teacher kits that explain themselves."""

import io
import stat
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnbook.press.base import zip_archive
from attnbook.press.base.errors import PressError
from attnbook.press.handouts import teacher_kit
from figure_record import DIGEST, a_record, anything

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
FILES = {
    f"weights.{kind}": kind.encode() * 300
    for kind in ("svg", "dark.svg", "pdf", "png", "csv", "pptx", "bib", "ris", "json")
}
CITATIONS = {"APA": "Ada & Co. (2026). <Weights>.", "GB/T 7714—2025": "Ada. 权重[EB/OL]. 2026."}


def opened(content):
    return zipfile.ZipFile(io.BytesIO(content))


def read(content, name):
    return opened(content).read(name).decode("utf-8-sig")


def test_an_archive_keeps_the_order_and_the_bytes_given():
    files = {"b/图.svg": b"<svg/>" * 100, "a.png": bytes(range(256)), "空.txt": b""}
    found = opened(zip_archive.pack(files))
    assert found.testzip() is None
    assert {name: found.read(name) for name in found.namelist()} == files
    assert found.namelist() == list(files)
    assert zip_archive.unpack(zip_archive.pack(files)) == files


def test_an_archive_knows_no_clock_and_everyone_may_read_it():
    content = zip_archive.pack({"a.txt": b"x", "b.png": b"y"})
    assert zip_archive.pack({"a.txt": b"x", "b.png": b"y"}) == content
    for entry in opened(content).infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.create_system == 3  # Unix, wherever it was made
        assert stat.filemode(entry.external_attr >> 16) == "-rw-r--r--"


def test_what_is_compressed_already_is_stored():
    names = {"a.png": True, "b.PDF": True, "c.pptx": True, "d.svg": False, "e.csv": False}
    found = opened(zip_archive.pack(dict.fromkeys(names, b"abc" * 1000)))
    stored = {e.filename: e.compress_type == zipfile.ZIP_STORED for e in found.infolist()}
    assert stored == names


@pytest.mark.parametrize(
    "name", ["", "/a", "a/", "../a", "a/../b", "./a", "a//b", "a\\b", "C:a", "a\nb", "a?"]
)
def test_a_name_that_would_unpack_elsewhere_is_refused(name):
    with pytest.raises(PressError, match="cannot be the name"):
        zip_archive.pack({name: b""})


def test_names_that_some_systems_take_for_the_same_are_refused():
    with pytest.raises(PressError, match=r"'a\.txt' and 'A\.txt'"):
        zip_archive.pack({"a.txt": b"", "A.txt": b""})


@given(
    st.dictionaries(
        st.from_regex(r"[a-z一-龥]{1,8}(/[a-z]{1,4})?\.(svg|png)", fullmatch=True), st.binary()
    )
)
def test_every_archive_unpacks_to_what_was_packed(files):
    assert zip_archive.unpack(zip_archive.pack(files)) == files


def test_another_program_unpacks_the_kit(tmp_path):
    (tmp_path / "kit.zip").write_bytes(teacher_kit.kit(a_record(), FILES, CITATIONS))
    command = [sys.executable, "-m", "zipfile", "-e", "kit.zip", "out"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "out/weights/weights.csv").read_bytes() == FILES["weights.csv"]


@LANGUAGES
def test_a_kit_holds_all_files_in_one_folder(language):
    found = opened(teacher_kit.kit(a_record(language), FILES, CITATIONS))
    assert found.testzip() is None
    assert found.namelist() == [f"weights/{name}" for name in ("README.txt", *FILES, "LICENSE.txt")]
    assert all(found.read(f"weights/{name}") == content for name, content in FILES.items())


@LANGUAGES
def test_the_readme_says_what_the_figure_shows_and_how_to_cite_it(language):
    record = a_record(language)
    told = read(teacher_kit.kit(record, FILES, CITATIONS), "weights/README.txt")
    assert told.startswith(record.title)
    texts = (record.caption, record.alt, record.description, record.chapter, record.address)
    facts = ("0.1.0", record.cell, "7, 11", DIGEST, record.imprint.licence.address)
    for text in (*texts, *facts, *CITATIONS, *CITATIONS.values()):
        assert text in told


@LANGUAGES
def test_the_readme_says_what_each_file_is_for(language):
    told = read(teacher_kit.kit(a_record(language), FILES, CITATIONS), "weights/README.txt")
    rows = dict(row[2:].split("  ", 1) for row in told.splitlines() if row.startswith("- weights."))
    assert list(rows) == list(FILES)
    dark, print_, table = (
        ("深色", "印刷", "表格") if language == "zh" else ("dark", "print", "sheets")
    )
    assert dark in rows["weights.dark.svg"] and dark not in rows["weights.svg"]
    assert print_ in rows["weights.pdf"] and table in rows["weights.csv"]
    assert len(set(rows.values())) == len(rows)


@LANGUAGES
def test_the_licence_is_stated_with_its_address(language):
    told = read(teacher_kit.kit(a_record(language), FILES, {}), "weights/LICENSE.txt")
    assert "https://creativecommons.org/licenses/by/4.0/\n" in told
    assert f"/by/4.0/legalcode.{'zh-hans' if language == 'zh' else 'en'}\n" in told
    assert "© 2026 Ada & <Co>" in told
    assert ("署名" if language == "zh" else "attribution") in told


@LANGUAGES
def test_a_local_copy_claims_no_link(language):
    record = a_record(language, imprint={"address": ""})
    words = "本地副本" if language == "zh" else "local copy"
    one = read(teacher_kit.kit(record, FILES, {}), "weights/README.txt")
    book = teacher_kit.book_kit([(record, FILES, {})], b"", {})
    all_ = read(book, f"attnbook-figures-{language}/README.txt")
    for told in (one, all_):
        assert words in told and "book.example" not in told


@LANGUAGES
def test_texts_can_be_read_on_windows_and_are_in_one_language(language):
    content = teacher_kit.kit(a_record(language), FILES, CITATIONS)
    for name in ("README.txt", "LICENSE.txt"):
        raw = opened(content).read(f"weights/{name}")
        assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\xef\xbb\xbf") == 1
        assert b"{" not in raw
        if language == "zh":
            assert "。 " not in raw.decode()


def test_the_same_kit_has_the_same_bytes():
    assert teacher_kit.kit(a_record(), FILES, CITATIONS) == teacher_kit.kit(
        a_record(), FILES, CITATIONS
    )


@pytest.mark.parametrize("name", ["README.txt", "LICENSE.txt"])
def test_a_file_that_the_kit_writes_itself_is_refused(name):
    with pytest.raises(PressError, match=name):
        teacher_kit.kit(a_record(), {name: b""}, {})


@given(anything, anything)
def test_any_text_can_stand_in_a_readme(title, alt):
    read(teacher_kit.kit(a_record(title=title, alt=alt), FILES, {}), "weights/README.txt")


def figures(language):
    return [
        (
            a_record(language, slug=slug, title=f"Title {slug}", chapter=f"Chapter {slug[0]}"),
            {f"{slug}.svg": b"<svg/>", f"{slug}.zip": b"PK", f"{slug}.csv": slug.encode()},
            {"APA": f"Cite {slug}."},
        )
        for slug in ("a-one", "a-two", "b-three")
    ]


@LANGUAGES
def test_the_kit_of_the_book_has_a_deck_and_a_folder_for_every_figure(language):
    content = teacher_kit.book_kit(figures(language), b"deck", {"APA": "Cite the book."})
    top = f"attnbook-figures-{language}"
    found = opened(content)
    assert found.testzip() is None
    names = ["README.txt", "LICENSE.txt", f"{top}.pptx"]
    for slug in ("a-one", "a-two", "b-three"):
        names += [f"{slug}/README.txt", f"{slug}/{slug}.svg", f"{slug}/{slug}.csv"]
    assert found.namelist() == [f"{top}/{name}" for name in names]
    assert found.read(f"{top}/{top}.pptx") == b"deck"
    assert found.read(f"{top}/a-two/a-two.csv") == b"a-two"
    assert "Cite a-two." in read(content, f"{top}/a-two/README.txt")


@LANGUAGES
def test_the_readme_of_the_book_is_a_table_of_contents_by_chapter(language):
    record = a_record(language)
    content = teacher_kit.book_kit(figures(language), b"deck", {"APA": "Cite the book."})
    told = read(content, f"attnbook-figures-{language}/README.txt")
    assert told.startswith(record.imprint.title(language))
    places = [
        told.index(text)
        for text in ("\nChapter a\n", "a-one/", "a-two/", "\nChapter b\n", "b-three/")
    ]
    assert places == sorted(places)
    assert told.count("Chapter a") == 1
    assert "Cite the book." in told and "0.1.0" in told
    assert "- .svg  " in told and "- .pdf" not in told  # which nobody gave


@pytest.mark.parametrize("languages", [(), ("zh", "en")])
def test_a_kit_of_the_book_without_one_language_is_refused(languages):
    with pytest.raises(PressError, match="one language"):
        teacher_kit.book_kit([(a_record(language), {}, {}) for language in languages], b"", {})
