"""Verifying a downloaded file on the page of its figure.

The page is made here, with the theme's own assets: the real book has no earlier versions to try.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import markdown
import material
import pytest

import fake_figures
from attnbook.press.base import zip_archive
from attnbook.press.handouts import teacher_kit
from attnbook.press.handouts.formats import FORMATS
from attnbook.press.pages import known_files, verify_box
from attnbook.press.receipts import published_releases
from browser.conftest import until
from browser.contrast import contrast
from browser.server import Quiet, serve

ROOT = Path(__file__).resolve().parents[2]
THEME = ROOT / "docs" / "theme" / "overrides" / "assets" / "attnbook"
STYLES = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>A figure</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width,initial-scale=1">
{styles}<script src="assets/verify.js" defer></script></head>
<body data-md-color-scheme="default"><div class="md-container"><div class="md-content">
<article class="md-content__inner md-typeset"><p>A figure.</p>{box}</article>
</div></div></body></html>
"""
LANGUAGES = ("zh", "en")
VERDICTS = {
    "zh": {
        "genuine": "原件",
        "former": "旧版原件",
        "kit": "教学包里的原件",
        "redrawn": "图是原图，文件出自另一次生成",
        "samedata": "数据相同，图形不同",
        "elsewhere": "另一幅图的原件",
        "stranger": "属于另一幅图",
        "empty": "空文件",
        "altered": "与原件不符",
        "unknown": "无法确认",
        "unreadable": "无法读取",
        "failed": "没能核对",
    },
    "en": {
        "genuine": "Genuine",
        "former": "Genuine, of an earlier version",
        "kit": "Genuine, of a teacher kit",
        "redrawn": "Genuine drawing, of another build",
        "samedata": "Same data, another drawing",
        "elsewhere": "Genuine, of another figure",
        "stranger": "Of another figure",
        "empty": "Empty",
        "altered": "Not as published",
        "unknown": "Unknown",
        "unreadable": "Cannot be read",
        "failed": "Could not be checked",
    },
}
FORMER = replace(fake_figures.PUBLISHED, version="0.1.0", date=date(2026, 1, 2))


def figure(language: str, imprint=fake_figures.PUBLISHED):
    return fake_figures.records(imprint)[language][0]


KIT = teacher_kit.kit(figure("en"), {}, {})


def known(language: str) -> known_files.KnownFiles:
    """What every page knows of all figures, whose kits are one."""
    files = {
        of_language: {
            one.slug: fake_figures.files(one) | {f"{one.slug}.zip": KIT} for one in records
        }
        for of_language, records in fake_figures.records().items()
    }
    titles = {one.slug: one.title for one in fake_figures.records()[language]}
    return known_files.known_files(titles, files, {"kit.zip": KIT})


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """Two pages of one figure, and every file that a reader may have of it."""
    folder = tmp_path_factory.mktemp("book")
    published = folder / "releases.json"
    published_releases.record(fake_figures.site(folder / "0.1.0", FORMER), published)
    fake_figures.site(folder / "0.2.0")
    (folder / "assets").mkdir()
    for path in (*STYLES.glob("*.min.css"), THEME / "colours.css", *THEME.glob("verify.*")):
        shutil.copy(path, folder / "assets" / path.name)
    names = sorted(path.name for path in (folder / "assets").glob("*.min.css"))
    names += ["colours.css", "verify.css"]
    styles = "".join(f'<link rel="stylesheet" href="assets/{name}">\n' for name in names)
    for language in LANGUAGES:
        other = "en" if language == "zh" else "zh"
        box = verify_box.box(
            figure(language),
            fake_figures.files(figure(language)),
            published_releases.read(published),
            twins={other: fake_figures.files(figure(other))},
            known_files=known(language),
        )
        html = markdown.markdown(box, extensions=["attr_list", "md_in_html", "toc"])
        page = PAGE.format(language=language, styles=styles, box=html)
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
    return folder


class _Strict(Quiet):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def served(book) -> Iterator[str]:
    with serve(book, _Strict) as found:
        yield found


@pytest.fixture(params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture
def reader(served, visit, language):
    """A reader of the page of the figure, served under a strict policy."""
    found = visit()
    found.tab.goto(f"{served}{language}.html")
    yield found
    assert found.complaints == []


def verify(tab, *chosen) -> list[tuple[str, str]]:
    """Choose files, each a path or what `named` gives; verdict and explanation of each."""
    files = [named(one.name, one.read_bytes()) if isinstance(one, Path) else one for one in chosen]
    tab.locator(".verify input").set_input_files(files)
    return told(tab, len(files))


def told(tab, count: int) -> list[tuple[str, str]]:
    results = tab.locator(".verify-result")
    until(
        tab,
        "count => document.querySelectorAll('.verify-result').length === count"
        " && !document.querySelector('.verify-working')",
        arg=count,
    )
    return [
        (one.locator(".verify-verdict").inner_text(), one.locator("p").inner_text())
        for one in results.all()
    ]


def named(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "", "buffer": content}


def drop(tab, selector: str, name: str, content: bytes) -> bool:
    """Drop a file; whether the browser was told to leave the page alone."""
    return tab.evaluate(
        """([selector, name, bytes]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
          const event = { dataTransfer, bubbles: true, cancelable: true };
          const target = document.querySelector(selector);
          target.dispatchEvent(new DragEvent("dragenter", event));
          target.dispatchEvent(new DragEvent("dragover", event));
          return !target.dispatchEvent(new DragEvent("drop", event));
        }""",
        [selector, name, list(content)],
    )


def test_every_file_of_the_figure_is_genuine(reader, book, language):
    files = [
        book / "0.2.0" / language / "figures" / name
        for name in fake_figures.files(figure(language))
    ]
    found = verify(reader.tab, *files)
    assert len(found) == len(FORMATS)
    for (verdict, text), path in zip(found, files, strict=True):
        assert verdict == VERDICTS[language]["genuine"]
        assert f"{path.name} " in text and "0.2.0" in text


def test_a_file_changed_by_a_bit_is_altered(reader, language):
    spoiled = []
    for name, content in fake_figures.files(figure(language)).items():
        place = len(content) - 3
        changed = bytes([content[place] ^ 1])
        spoiled.append(named(name, content[:place] + changed + content[place + 1 :]))
    for (verdict, text), file in zip(verify(reader.tab, *spoiled), spoiled, strict=True):
        if file["name"] == "straight-line.svg":  # which says what data it is drawn from
            assert verdict == VERDICTS[language]["samedata"]
            continue
        assert verdict == VERDICTS[language]["altered"]
        assert re.search(rf"{re.escape(file['name'])}[,，]", text)


def test_the_same_drawing_of_another_build_is_no_forgery(reader, language):
    content = fake_figures.files(figure(language))["straight-line.svg"]
    other = content.replace(b"0.2.0", b"0.2.1.dev3")
    [(verdict, text)] = verify(reader.tab, named("x.svg", other))
    assert verdict == VERDICTS[language]["redrawn"]
    assert "straight-line.svg" in text


def test_a_drawing_of_other_data_is_altered_whatever_its_name(reader, language):
    content = fake_figures.files(figure(language))["straight-line.svg"]
    other = content.replace(figure(language).digest.encode(), b"cd" * 32).replace(b"path", b"rect")
    [(verdict, text)] = verify(reader.tab, named("x.svg", other))
    assert verdict == VERDICTS[language]["altered"]
    assert "straight-line" in text


@pytest.mark.parametrize("spoil", [b"", b"<!-- edited -->"])
def test_a_file_of_another_figure_leads_to_its_page(reader, language, spoil):
    diagram = fake_figures.records()[language][1]
    content = fake_figures.files(diagram)["what-looks.svg"] + spoil
    [(verdict, text)] = verify(reader.tab, named("x.svg", content))
    assert verdict == VERDICTS[language]["stranger" if spoil else "elsewhere"]
    assert diagram.title in text
    link = reader.tab.locator(".verify-result a").get_attribute("href")
    assert link == "../what-looks/index.html#verify"


def test_what_a_kit_holds_beside_the_figures_is_known(reader, language):
    inside = zip_archive.unpack(KIT)
    found = verify(
        reader.tab,
        *(named(path.rpartition("/")[2], content) for path, content in inside.items()),
        named("kit.zip", KIT),
    )
    assert [verdict for verdict, _ in found] == [VERDICTS[language]["kit"]] * 3


def test_an_empty_file_is_told_as_one(reader, language):
    [(verdict, _)] = verify(reader.tab, named("straight-line.svg", b""))
    assert verdict == VERDICTS[language]["empty"]


def test_a_file_of_a_former_version_is_told_with_its_version(reader, book, language):
    [(verdict, text)] = verify(
        reader.tab, book / "0.1.0" / language / "figures" / "straight-line.pdf"
    )
    assert verdict == VERDICTS[language]["former"]
    for word in ("straight-line.pdf", "0.1.0", "2026-01-02", "0.2.0"):
        assert word in text


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
def test_a_file_in_the_other_language_is_told_as_such(reader, book, language, version):
    other = "en" if language == "zh" else "zh"
    [(verdict, text)] = verify(reader.tab, book / version / other / "figures" / "straight-line.svg")
    assert verdict == VERDICTS[language]["genuine" if version == "0.2.0" else "former"]
    assert {"zh": "英文版", "en": "Chinese"}[language] in text


def test_the_content_counts_and_not_the_name(reader, language):
    content = fake_figures.files(figure(language))["straight-line.png"]
    [(verdict, text)] = verify(reader.tab, named("IMG_0042.jpg", content))
    assert verdict == VERDICTS[language]["genuine"]
    assert "straight-line.png" in text


def test_a_second_download_is_known_by_its_name(reader, language):
    copies = (" (1)", "(2)", " copy", " copy 2", " 副本", "（1）")
    found = verify(reader.tab, *(named(f"straight-line{copy}.svg", b"<svg/>") for copy in copies))
    for verdict, text in found:
        assert verdict == VERDICTS[language]["altered"]
        assert "straight-line.svg" in text


def test_what_is_not_of_this_figure_is_unknown(reader, language):
    content = b"a photograph"
    names = ("what-looks.svg", "straight-line-fit.svg", "straight-line", "a.pdf")
    found = verify(reader.tab, *(named(name, content) for name in names))
    assert {verdict for verdict, _ in found} == {VERDICTS[language]["unknown"]}


def test_several_files_are_told_in_their_order(reader, book, language):
    good = book / "0.2.0" / language / "figures" / "straight-line.svg"
    old = book / "0.1.0" / language / "figures" / "straight-line.svg"
    found = verify(reader.tab, named("a.svg", b"?"), good, named("straight-line.csv", b"?"), old)
    kinds = ("unknown", "genuine", "altered", "former")
    assert [verdict for verdict, _ in found] == [VERDICTS[language][kind] for kind in kinds]


def test_a_verdict_is_told_in_words_and_to_those_who_cannot_see(reader, book, language):
    path = book / "0.2.0" / language / "figures" / "straight-line.svg"
    results = reader.tab.locator(".verify-results")
    assert results.get_attribute("aria-live") == "polite"
    verify(reader.tab, path)
    text = results.inner_text()
    assert "straight-line.svg" in text
    assert hashlib.sha256(path.read_bytes()).hexdigest() in text
    verify(reader.tab, named("x", b"?"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() not in results.inner_text()


def test_the_same_file_can_be_chosen_again(reader, book):
    verify(reader.tab, book / "0.2.0" / "en" / "figures" / "straight-line.svg")
    until(reader.tab, "document.querySelector('.verify input').files.length === 0")


def test_files_can_be_dropped_on_the_box(reader, language):
    content = fake_figures.files(figure(language))["straight-line.svg"]
    assert drop(reader.tab, ".verify-drop", "straight-line.svg", content)
    assert [verdict for verdict, _ in told(reader.tab, 1)] == [VERDICTS[language]["genuine"]]
    assert reader.tab.locator(".verify-over").count() == 0


def test_a_file_that_misses_the_box_does_not_replace_the_page(reader):
    assert drop(reader.tab, "article > p", "x.svg", b"<svg/>")
    assert reader.tab.locator(".verify-results > *").count() == 0


def test_a_file_name_is_no_markup(reader):
    name = "<img src=x onerror=alert(1)>.svg"
    drop(reader.tab, ".verify-drop", name, b"?")
    told(reader.tab, 1)
    assert reader.tab.locator(".verify-file").inner_text() == name
    assert reader.tab.locator(".verify img").count() == 0


def test_what_cannot_be_read_is_told(reader, language):
    """A folder, say, or a file that has gone since."""
    reader.tab.evaluate(
        """() => {
          File.prototype.arrayBuffer = () => Promise.reject(new DOMException("", "NotFoundError"));
        }"""
    )
    [(verdict, _)] = verify(reader.tab, named("straight-line.svg", b"?"))
    assert verdict == VERDICTS[language]["unreadable"]


def test_an_engine_that_lacks_something_says_so_and_does_not_hang(reader, language):
    reader.tab.evaluate("() => { crypto.subtle.digest = undefined; }")
    [(verdict, _)] = verify(reader.tab, named("straight-line.svg", b"<svg/>"))
    assert verdict == VERDICTS[language]["failed"]
    assert reader.tab.locator(".verify-working").count() == 0
    assert "digest is not a function" in reader.complaints.pop()  # for whoever mends it


def test_what_is_chosen_later_takes_the_place_of_what_still_computes(reader):
    reader.tab.evaluate(
        """() => {
          const read = File.prototype.arrayBuffer;
          File.prototype.arrayBuffer = async function () {
            if (this.name === "slow") await new Promise((resolve) => { globalThis.go = resolve; });
            return read.call(this);
          };
          const hash = crypto.subtle.digest;
          globalThis.hashed = 0;
          crypto.subtle.digest = async function (...given) {
            const found = await hash.apply(this, given);
            hashed += 1;
            return found;
          };
        }"""
    )
    reader.tab.locator(".verify input").set_input_files([named("slow", b"?")])
    assert reader.tab.locator(".verify-working").is_visible()
    verify(reader.tab, named("quick", b"?"))
    reader.tab.evaluate("go()")
    until(reader.tab, "hashed === 2")
    assert reader.tab.locator(".verify-file").all_inner_texts() == ["quick"]


def test_a_file_beyond_all_measure_is_unknown_and_not_read_as_a_whole(reader, language):
    reader.tab.evaluate(
        """() => {
          const part = new Uint8Array(2 ** 20);
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(Array(257).fill(part), "film.mkv"));
          File.prototype.arrayBuffer = () => { throw new Error("read as a whole"); };
          const event = { dataTransfer, bubbles: true, cancelable: true };
          document.querySelector(".verify-drop").dispatchEvent(new DragEvent("drop", event));
        }"""
    )
    assert [verdict for verdict, _ in told(reader.tab, 1)] == [VERDICTS[language]["unknown"]]


def test_keys_alone_open_the_chooser(reader):
    tab = reader.tab
    for _ in range(5):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.type") == "file":
            break
    outline = tab.locator(".verify-drop label > span").evaluate(
        "button => getComputedStyle(button).outlineStyle"
    )
    assert outline == "solid"
    with tab.expect_file_chooser() as chooser:
        # The key may overtake the wish to be told of choosers, unless the page answers between.
        tab.evaluate("0")
        tab.keyboard.press("Space")
    assert chooser.value.is_multiple()


def test_the_chooser_has_a_name(reader, language):
    name = {"zh": "选择文件", "en": "Choose files"}[language]
    with reader.tab.expect_file_chooser():
        reader.tab.get_by_label(name).click()


def test_nothing_is_asked_for_or_stored_while_verifying(reader, book, language):
    reader.context.set_offline(True)
    asked = len(reader.requests)
    [(verdict, _)] = verify(reader.tab, book / "0.2.0" / language / "figures" / "straight-line.svg")
    verify(reader.tab, named("straight-line.svg", b"?"))
    assert verdict == VERDICTS[language]["genuine"]
    assert len(reader.requests) == asked
    stored = reader.tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert stored == [0, 0, ""]


def test_it_works_on_a_page_from_the_disk(visit, book, language):
    found = visit()
    found.tab.goto((book / f"{language}.html").as_uri())
    good = book / "0.2.0" / language / "figures" / "straight-line.svg"
    verdicts = verify(found.tab, good, named("straight-line.svg", b"?"))
    assert [verdict for verdict, _ in verdicts] == [
        VERDICTS[language]["genuine"],
        VERDICTS[language]["altered"],
    ]
    assert all(request.startswith("file:") for request in found.requests)
    assert found.complaints == []


def digests_by_hand(tab) -> dict[str, str]:
    rows = tab.locator(".verify-by-hand dl > div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}


@pytest.mark.parametrize("scripts", [False, True])
def test_where_the_browser_cannot_hash_the_page_says_what_to_do(visit, book, language, scripts):
    """Without scripts; and over http from another machine, where browsers offer no hashing."""
    found = visit(java_script_enabled=scripts)

    def answer(route) -> None:
        path = book / route.request.url.removeprefix("http://book.example/")
        route.fulfill(path=path)

    found.context.route("http://book.example/**", answer)
    found.tab.goto(f"http://book.example/{language}.html")
    assert not found.tab.locator(".verify-drop").is_visible()
    assert found.tab.locator(".verify-insecure").is_visible() == scripts
    listed = found.tab.locator(".verify-by-hand dl")
    if not scripts:
        assert not listed.is_visible()
        found.tab.locator(".verify-by-hand summary").click()
    assert listed.is_visible()
    files = fake_figures.files(figure(language))
    assert digests_by_hand(found.tab) == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    text = found.tab.locator(".verify-by-hand").inner_text()
    for command in ("sha256sum", "shasum -a 256", "certutil -hashfile", "Get-FileHash"):
        assert f"{command} straight-line.svg" in text


def test_on_a_phone_all_fits_and_is_large_enough_for_a_finger(served, visit, book, language):
    tab = visit(width=360, height=740, has_touch=True).tab
    tab.goto(f"{served}{language}.html")
    button = tab.locator(".verify-drop label").bounding_box()
    assert button["height"] >= 44 and button["width"] >= 44
    with tab.expect_file_chooser():
        tab.locator(".verify-drop label").tap()
    verify(
        tab,
        book / "0.2.0" / language / "figures" / "straight-line.dark.svg",
        named("a-name-without-any-place-to-break-" + "x" * 60 + ".svg", b"?"),
    )
    tab.locator(".verify-by-hand summary").click()
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    wide = tab.locator(".verify, .verify *:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > 360).map(one => one.tagName)"
    )
    assert wide == []


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_verdicts_can_be_read_in_light_and_dark(reader, book, language, scheme):
    tab = reader.tab
    tab.evaluate("scheme => { document.body.dataset.mdColorScheme = scheme; }", scheme)
    old, new = (book / version / language / "figures" for version in ("0.1.0", "0.2.0"))
    verify(
        tab,
        *(new / "straight-line.svg", old / "straight-line.svg"),
        *(named("straight-line.svg", b"?"), named("x", b"?")),
    )
    verdicts = tab.locator(".verify-verdict").all()
    colours = [verdict.evaluate("it => getComputedStyle(it).color") for verdict in verdicts]
    assert len(set(colours)) == 4
    for verdict in verdicts:
        assert contrast(verdict) >= 4.5
