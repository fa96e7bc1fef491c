"""What pages tell machines, read by a parser of HTML and a processor of JSON-LD."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from pyld import jsonld

import imprints
from attnbook.press.base.imprint import Imprint
from attnbook.press.base.markdown import front_matter
from attnbook.press.figures.figure_record import Record
from attnbook.press.handouts.formats import linked
from attnbook.press.metadata import citation, page_head
from attnbook.press.site import edition_settings

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "https://book.example/attention"
SCHEMA = "https://schema.org/"
SUFFIXES = ("svg", "dark.svg", "pdf", "png", "csv", "pptx", "bib", "ris", "json", "zip")
CHAPTERS = {"lecture-notes": "Lecture notes", "attention-cues": "10.1 Attention cues"}
NASTY = '</script><!-- <b>“50%” & {all} #1_$x \\frac ‘q’ "d" ，。；（全角） ]]> --> {{ x }} {% y %}'


def imprint(**changes) -> Imprint:
    known = imprints.imprint("0.1.0", "", date(2026, 11, 24), ADDRESS, ("The attnbook authors",))
    return replace(known, **changes)


def record(language: str = "en", title: str = "Attention weights", **changes) -> Record:
    return Record(
        imprint=imprint(**changes),
        language=language,
        slug="heat",
        kind="heat map",
        title=title,
        caption=f"{title}: each row is a query.",
        alt="A square heat map.",
        description="The largest weight is 0.08.",
        chapter="10.2 Attention pooling",
        page="nadaraya-watson",
        script="attnbook/chapters/nadaraya_watson.py",
        seeds=(1,),
        digest="",
        width=422.4,
        height=346.0,
    )


def of_figure(*arguments, **changes) -> str:
    shown = record(*arguments, **changes)
    files = {suffix: f"../{shown.slug}.{suffix}" for suffix in SUFFIXES}
    return page_head.of_figure(shown, citation.of_figure(shown), linked(files))


def of_book(language: str = "en", **changes) -> str:
    files = {suffix: f"book.{suffix}" for suffix in ("bib", "ris", "json")}
    files["zip"] = f"figures/attnbook-figures-{language}.zip"
    return page_head.of_book(imprint(**changes), language, "A book.", CHAPTERS, linked(files))


def of_chapter(language: str = "en", **changes) -> str:
    return page_head.of_chapter(
        imprint(**changes), language, "attention-cues", "Cues", "About cues."
    )


PAGES = {
    "en/figures/heat/": of_figure,
    "en/": of_book,
    "en/attention-cues.html": of_chapter,
}


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(f"<html><head>{html}</head></html>", "html.parser")


def metas(soup: BeautifulSoup) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in soup.find_all("meta"):
        found.setdefault(str(meta["name"]), []).append(str(meta["content"]))
    return found


def links(soup: BeautifulSoup) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for link in soup.find_all("link"):
        (relation,) = link["rel"]
        found.setdefault(relation, []).append((str(link["href"]), str(link.get("type", ""))))
    return found


def expanded(soup: BeautifulSoup, base: str) -> dict:
    """The page's JSON-LD, expanded with schema.org's vocabulary and no network."""
    (script,) = soup.find_all("script", type="application/ld+json")

    def load(url: str, options: object) -> dict:
        assert url.rstrip("/") + "/" == SCHEMA
        addresses = ("url", "contentUrl", "license", "acquireLicensePage", "bookFormat")
        typed = {name: {"@id": SCHEMA + name, "@type": "@id"} for name in addresses}
        return {
            "contextUrl": None,
            "documentUrl": url,
            "contentType": "application/ld+json",
            "document": {"@context": {"@vocab": SCHEMA, **typed}},
        }

    (node,) = jsonld.expand(json.loads(script.get_text()), {"documentLoader": load, "base": base})
    return node


def value(node: dict, name: str):
    """The one value, or the one identity, that ``node`` has for ``name``."""
    (found,) = node[SCHEMA + name]
    return found.get("@value") or found.get("@id")


def test_zotero_finds_one_part_of_a_book_with_its_makers_and_its_pdf():
    told = metas(parsed(of_figure()))
    assert told["citation_title"] == ["Attention weights"]
    # The comma keeps the name whole: else Zotero files “authors, The attnbook”.
    assert told["citation_author"] == ["The attnbook authors,"]
    assert told["citation_publication_date"] == ["2026/11/24"]
    assert told["citation_inbook_title"] == ["The Attention Book"]
    assert told["citation_language"] == ["en"]
    assert told["citation_public_url"] == [f"{ADDRESS}/en/figures/heat/"]
    assert told["citation_pdf_url"] == [f"{ADDRESS}/en/figures/heat.pdf"]
    # Each of them would make it an item of another kind.
    assert not {"citation_journal_title", "citation_isbn", "citation_book_title"} & set(told)


def test_zotero_takes_the_first_page_for_the_book():
    told = metas(parsed(of_book("zh")))
    assert told["citation_title"] == told["DC.title"] == ["注意力之书"]
    assert told["citation_author"] == ["attnbook 作者,"]
    assert told["DC.type"] == ["Book"]
    assert "citation_inbook_title" not in told


def test_persons_keep_first_and_last_names():
    names = ("Ada Lovelace", "The attnbook authors")
    told = metas(parsed(of_figure(authors=names, people=names[:1])))
    assert told["citation_author"] == ["Ada Lovelace", "The attnbook authors,"]
    node = expanded(
        parsed(of_figure(authors=("Ada Lovelace",), people=("Ada Lovelace",))), "https://x/"
    )
    assert node[SCHEMA + "author"][0]["@type"] == [SCHEMA + "Person"]


@pytest.mark.parametrize("page", PAGES)
def test_dublin_core_says_what_the_other_tags_say(page):
    soup = parsed(PAGES[page]())
    told = metas(soup)
    assert links(soup)["schema.DC"] == [("http://purl.org/dc/elements/1.1/", "")]
    assert told["DC.title"] == told["citation_title"]
    assert told["DC.creator"] == ["The attnbook authors"]
    assert told["DC.date"] == ["2026-11-24"]
    assert told["DC.language"] == ["en"]
    assert told["DC.identifier"] == [f"{ADDRESS}/{page}"]
    assert told["DC.rights"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert {"DC.type", "DC.format", "DC.description"} <= set(told)


@pytest.mark.parametrize("page", PAGES)
def test_signposts_lead_to_the_permanent_link_and_the_licence(page):
    told = links(parsed(PAGES[page]()))
    assert told["cite-as"] == [(f"{ADDRESS}/{page}", "")]
    assert told["license"] == [("https://creativecommons.org/licenses/by/4.0/", "")]
    assert (f"{SCHEMA}AboutPage", "") in told["type"]
    assert len(told["type"]) == 2


def test_signposts_of_a_figure_lead_to_each_file_by_its_type():
    told = links(parsed(of_figure()))
    assert dict(told["item"]) == {
        "../heat.svg": "image/svg+xml",
        "../heat.dark.svg": "image/svg+xml",
        "../heat.pdf": "application/pdf",
        "../heat.png": "image/png",
        "../heat.csv": "text/csv",
        "../heat.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "../heat.zip": "application/zip",
    }
    assert dict(told["describedby"]) == {
        "../heat.bib": "application/x-bibtex",
        "../heat.ris": "application/x-research-info-systems",
        "../heat.json": "application/vnd.citationstyles.csl+json",
    }
    assert told["collection"] == [("../../index.html", "text/html")]


def test_signposts_of_the_book_lead_to_its_chapters_and_metadata():
    told = links(parsed(of_book()))
    assert [href for href, _ in told["item"]] == [
        "lecture-notes.html",
        "attention-cues.html",
        "figures/attnbook-figures-en.zip",
    ]
    assert len(told["describedby"]) == 3


def test_json_ld_of_a_figure_names_its_files_licence_and_book():
    node = expanded(parsed(of_figure()), f"{ADDRESS}/en/figures/heat/")
    assert node["@type"] == [SCHEMA + "ImageObject"]
    assert node["@id"] == value(node, "url") == f"{ADDRESS}/en/figures/heat/"
    assert value(node, "contentUrl") == f"{ADDRESS}/en/figures/heat.svg"
    assert value(node, "license") == "https://creativecommons.org/licenses/by/4.0/"
    assert value(node, "acquireLicensePage") == f"{ADDRESS}/en/figures/heat/#licence"
    assert value(node, "creditText") == "The attnbook authors, The Attention Book, CC BY 4.0"
    assert value(node, "copyrightNotice") == "© 2026 The attnbook authors"
    assert value(node, "caption").startswith("Attention weights")
    assert value(node, "inLanguage") == "en"
    (creator,) = node[SCHEMA + "creator"]
    assert value(creator, "name") == "The attnbook authors"
    files = {
        value(media, "contentUrl"): value(media, "encodingFormat")
        for media in node[SCHEMA + "encoding"]
    }
    assert files[f"{ADDRESS}/en/figures/heat.pdf"] == "application/pdf"
    assert len(files) == 7
    (chapter,) = node[SCHEMA + "isPartOf"]
    assert chapter["@id"] == f"{ADDRESS}/en/nadaraya-watson.html"
    assert chapter["@type"] == [SCHEMA + "Chapter"]
    (book,) = chapter[SCHEMA + "isPartOf"]
    assert book["@id"] == f"{ADDRESS}/en/"
    assert book["@type"] == [SCHEMA + "Book"]


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_json_ld_of_the_book_names_its_chapters_and_its_translation(language, other):
    node = expanded(parsed(of_book(language)), f"{ADDRESS}/{language}/")
    assert node["@type"] == [SCHEMA + "Book"]
    assert node["@id"] == f"{ADDRESS}/{language}/"
    parts = {part["@id"]: value(part, "name") for part in node[SCHEMA + "hasPart"]}
    assert parts == {f"{ADDRESS}/{language}/{name}.html": CHAPTERS[name] for name in CHAPTERS}
    relation = "workTranslation" if language == "zh" else "translationOfWork"
    assert value(node, relation) == f"{ADDRESS}/{other}/"


def test_a_figure_its_chapter_and_the_book_know_each_other_by_the_same_names():
    figure = expanded(parsed(of_figure()), ADDRESS)
    chapter = expanded(parsed(of_chapter()), ADDRESS)
    book = expanded(parsed(of_book()), ADDRESS)
    assert value(figure[SCHEMA + "isPartOf"][0], "isPartOf") == book["@id"]
    assert value(chapter, "isPartOf") == book["@id"]
    assert chapter["@id"] in {part["@id"] for part in book[SCHEMA + "hasPart"]}


@pytest.mark.parametrize("page", PAGES)
def test_a_local_copy_tells_only_what_is_true(page):
    soup = parsed(PAGES[page](address=""))
    assert "cite-as" not in links(soup)
    told = metas(soup)
    assert not {"citation_public_url", "citation_pdf_url", "DC.identifier"} & set(told)
    known = ("https://creativecommons.org/", SCHEMA.rstrip("/"), "http://purl.org/dc/")
    for address in re.findall(r"https?://[^\"\\ ]+", str(soup)):
        assert address.startswith(known)
    # Relative addresses hold wherever the copy lies.
    base = f"file:///copy/{page}" + "index.html" * page.endswith("/")
    node = expanded(soup, base)
    assert "@id" not in node
    if page == "en/figures/heat/":
        assert value(node, "contentUrl") == "file:///copy/en/figures/heat.svg"
        (chapter,) = node[SCHEMA + "isPartOf"]
        assert chapter["@id"] == "file:///copy/en/nadaraya-watson.html"
        assert value(chapter, "isPartOf") == "file:///copy/en/index.html"
    if page == "en/":
        assert value(node, "translationOfWork") == "file:///copy/zh/index.html"


@given(title=st.text(st.characters(exclude_categories=("C",)), min_size=1).filter(str.strip))
@example(title=NASTY)
def test_no_title_breaks_out_of_the_head(title):
    html = of_figure("en", title)
    soup = parsed(html)
    assert len(soup.find_all("script")) == html.count("<script") == html.count("</script") == 1
    assert {element.name for element in soup.head.find_all(True)} == {"meta", "link", "script"}
    assert metas(soup)["citation_title"] == [title]
    assert json.loads(soup.script.get_text())["name"] == title


def test_the_theme_puts_it_into_the_head_of_the_page_and_of_no_other(tmp_path):
    html = of_figure("en", NASTY)
    docs = tmp_path / "docs"
    docs.mkdir()
    meta = front_matter({"title": "Figure", "head": html})
    (docs / "index.md").write_text("\n".join([*meta, "# Figure", ""]), "utf-8")
    (docs / "plain.md").write_text("# Plain\n", "utf-8")
    config = {
        "site_name": "test",
        "site_url": "",
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "custom_dir": str(ROOT / "docs" / "theme" / "overrides"),
            "language": "en",
            "font": False,
            "icon": {"logo": "attnbook/logo"},
        },
        "plugins": [],
        "extra": edition_settings.extra("en"),
    }
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", "site"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert html in page
    soup = BeautifulSoup(page, "html.parser")
    (script,) = soup.head.find_all("script", type="application/ld+json")
    assert json.loads(script.get_text())["name"] == NASTY
    assert urljoin("x/en/figures/heat/", links(soup)["item"][0][0]) == "x/en/figures/heat.svg"
    plain = (tmp_path / "site" / "plain.html").read_text("utf-8")
    assert "ld+json" not in plain
