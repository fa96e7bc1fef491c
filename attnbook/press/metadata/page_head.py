"""What a page tells machines in its head: meta tags, links by relation (Signposting), JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

from ..base.imprint import Imprint
from ..figures.figure_record import Record
from ..words.load import WORDS
from . import citation as citations
from .citation import Citation

SCHEMA = "https://schema.org"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True)
class File:
    """A file that a page leads to, by its address as seen from the page.

    ``describes`` says that it tells of the work, as a citation does, and is not the work itself.
    """

    href: str
    media_type: str
    describes: bool = False


@dataclass(frozen=True)
class _Page:
    """The page that speaks. Its folder's address turns relative addresses into absolute ones."""

    imprint: Imprint
    language: str
    address: str  # its own, which is what to cite
    folder: str
    root: str  # the way from the page to the folder of its language

    def at(self, href: str) -> str:
        """``href`` for data: absolute where the site's address is known."""
        return urljoin(self.folder, href) if self.folder else href

    @property
    def own(self) -> dict[str, object]:
        return {"@id": self.address, "url": self.address} if self.address else {}

    @property
    def common(self) -> dict[str, object]:
        """What holds for every work of the book."""
        imprint = self.imprint
        return {
            "inLanguage": WORDS[self.language].tag,
            "license": imprint.licence.address,
            "author": self.makers,
            "copyrightYear": imprint.year,
            "datePublished": imprint.date.isoformat(),
            "version": imprint.version,
        }

    @property
    def makers(self) -> list[dict[str, object]]:
        imprint = self.imprint
        return [
            {"@type": "Person" if name in imprint.people else "Organization", "name": called}
            for name, called in zip(imprint.authors, imprint.authors_in(self.language), strict=True)
        ]

    @property
    def book(self) -> dict[str, object]:
        """The book, for a part of it."""
        identity = self.imprint.at(f"{self.language}/") or f"{self.root}index.html"
        return {
            "@type": "Book",
            "@id": identity,
            "name": self.imprint.title(self.language),
            "inLanguage": WORDS[self.language].tag,
        }


def of_figure(record: Record, citation: Citation, files: Sequence[File]) -> str:
    """The head of a figure's page.

    Parameters
    ----------
    files
        The files of the figure; the first is what its page shows.
    """
    page = _Page(record.imprint, record.language, record.address, record.address, "../../")
    contents = [file for file in files if not file.describes]
    drawing = files[0]
    names = ", ".join(citation.authors)
    data = {
        "@type": "ImageObject",
        **page.own,
        "name": record.title,
        "caption": record.caption,
        "description": record.description or record.alt,
        "contentUrl": page.at(drawing.href),
        "encodingFormat": drawing.media_type,
        "width": _pixels(record.width),
        "height": _pixels(record.height),
        "representativeOfPage": True,
        "encoding": [
            {
                "@type": "MediaObject",
                "contentUrl": page.at(file.href),
                "encodingFormat": file.media_type,
            }
            for file in contents
        ],
        **page.common,
        "creator": page.makers,
        "creditText": f"{names}, {citation.book}, {citation.licence}",
        "copyrightNotice": f"© {record.imprint.year} {names}",
        "acquireLicensePage": page.at("#licence"),
        "isPartOf": {
            "@type": "Chapter",
            "@id": page.at(f"../../{record.page}.html"),
            "name": record.chapter,
            "isPartOf": page.book,
        },
    }
    metas = [
        *_highwire(page, record.title, in_book=True, pdf=citation.pdf),
        *_dublin_core(page, record.title, "StillImage", record.caption, drawing.media_type),
    ]
    links = [
        *_signposts(page, "ImageObject", files),
        *(_link("item", file.href, file.media_type) for file in contents),
        _link("collection", "../../index.html", "text/html"),
    ]
    return _head(metas, links, data)


def of_chapter(imprint: Imprint, language: str, name: str, title: str, description: str) -> str:
    """The head of a chapter, the page ``name`` (without its suffix)."""
    address = imprint.at(f"{language}/{name}.html")
    page = _Page(imprint, language, address, imprint.at(f"{language}/"), "")
    data = {
        "@type": "Chapter",
        **page.own,
        "name": title,
        "description": description,
        **page.common,
        "isPartOf": page.book,
    }
    metas = [
        *_highwire(page, title, in_book=True),
        *_dublin_core(page, title, "Text", description, "text/html"),
    ]
    links = [*_signposts(page, "Chapter", []), _link("collection", "index.html", "text/html")]
    return _head(metas, links, data)


def of_book(
    imprint: Imprint,
    language: str,
    description: str,
    chapters: Mapping[str, str],
    files: Sequence[File],
) -> str:
    """The head of the first page of the book in ``language``.

    Parameters
    ----------
    chapters
        Titles of the chapters in their order, by the names of their pages (without suffixes).
    files
        The book's files: its citations, all figures in an archive, the site's RO-Crate.
    """
    citation = citations.of_book(imprint, language)
    page = _Page(imprint, language, citation.address, citation.address, "")
    original = next(iter(WORDS))
    translations = [
        {
            "@type": "Book",
            "@id": imprint.at(f"{other}/") or f"../{other}/index.html",
            "name": imprint.title(other),
            "inLanguage": WORDS[other].tag,
        }
        for other in WORDS
        if (other == original or language == original) and other != language
    ]
    data = {
        "@type": "Book",
        **page.own,
        "name": citation.title,
        "description": description,
        "bookFormat": f"{SCHEMA}/EBook",
        **page.common,
        "hasPart": [
            {"@type": "Chapter", "@id": page.at(f"{name}.html"), "name": title, "position": number}
            for number, (name, title) in enumerate(chapters.items(), start=1)
        ],
    }
    if translations:
        relation = "workTranslation" if language == original else "translationOfWork"
        data[relation] = translations[0] if len(translations) == 1 else translations
    metas = [
        *_highwire(page, citation.title, in_book=False),
        *_dublin_core(page, citation.title, "Book", description, "text/html"),
    ]
    links = [
        *_signposts(page, "Book", files),
        *(_link("item", f"{name}.html", "text/html") for name in chapters),
        *(_link("item", file.href, file.media_type) for file in files if not file.describes),
    ]
    return _head(metas, links, data)


def _pixels(number: float | int) -> dict[str, object]:
    return {"@type": "QuantitativeValue", "value": round(number), "unitCode": "E37"}


def _highwire(page: _Page, title: str, *, in_book: bool, pdf: str = "") -> list[tuple[str, str]]:
    """The tags that Zotero and scholarly search engines read."""
    imprint = page.imprint
    # With a comma at its end Zotero keeps the name of a body in one piece. And it knows a part of a
    # book by “inbook”; “citation_book_title” it takes for Open Graph.
    makers = [
        f"{maker['name']}," if maker["@type"] == "Organization" else str(maker["name"])
        for maker in page.makers
    ]
    tags = [
        ("citation_title", title),
        *(("citation_author", name) for name in makers),
        ("citation_publication_date", f"{imprint.date:%Y/%m/%d}"),
        ("citation_inbook_title", imprint.title(page.language) if in_book else ""),
        ("citation_language", WORDS[page.language].cite.language),
        ("citation_public_url", page.address),
        ("citation_pdf_url", pdf),
    ]
    return [(name, value) for name, value in tags if value]


def _dublin_core(
    page: _Page, title: str, kind: str, description: str, form: str
) -> list[tuple[str, str]]:
    tags = [
        ("DC.title", title),
        *(("DC.creator", name) for name in page.imprint.authors_in(page.language)),
        ("DC.date", page.imprint.date.isoformat()),
        ("DC.language", WORDS[page.language].tag),
        ("DC.type", kind),
        ("DC.format", form),
        ("DC.description", description),
        ("DC.rights", page.imprint.licence.address),
        ("DC.identifier", page.address),
    ]
    return [(name, value) for name, value in tags if value]


def _signposts(page: _Page, kind: str, files: Sequence[File]) -> list[str]:
    """Links to what the page is, how to cite it, its licence and its metadata."""
    return [
        *([_link("cite-as", page.address)] if page.address else []),
        _link("type", f"{SCHEMA}/AboutPage"),
        _link("type", f"{SCHEMA}/{kind}"),
        _link("license", page.imprint.licence.address),
        *(_link("describedby", file.href, file.media_type) for file in files if file.describes),
    ]


def _link(relation: str, href: str, kind: str = "") -> str:
    form = f' type="{kind}"' if kind else ""
    return f'<link rel="{relation}" href="{escape(href)}"{form}>'


def _head(metas: Sequence[tuple[str, str]], links: Sequence[str], data: dict[str, object]) -> str:
    text = json.dumps({"@context": SCHEMA, **data}, ensure_ascii=False)
    # No text may end the script, or begin a comment in it.
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return "\n".join(
        [
            *(f'<meta name="{name}" content="{escape(value)}">' for name, value in metas),
            _link("schema.DC", DUBLIN_CORE),
            *links,
            f'<script type="application/ld+json">{text}</script>',
        ]
    )
