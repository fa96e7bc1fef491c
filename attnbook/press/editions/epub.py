"""The book for readers: an EPUB 3 of the manuscript, formulas in MathML, figures as drawings.

A zip of files written here: no library that writes one comes under a licence that fits. The same
book gives the same bytes.
"""

from __future__ import annotations

import io
import mimetypes
import re
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from ..base.book_paths import Layout
from ..base.imprint import Imprint
from ..base.safe_files import put
from ..execution.chapter_cache import partial
from ..metadata import citation
from ..words.load import WORDS
from . import epub_cover, manuscript
from .colophon import facts
from .manuscript import LINK_ID, LINK_PART, Heading, Manuscript, Part
from .pdf_document import spoken

STYLE = Path(__file__).with_name("epub.css")
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-attnbook:editions")
UNDRAWN = re.compile(rb"(<path\b(?:(?!\sd=)[^>])*?)\s*/>")
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
FEATURES = (
    *("alternativeText", "MathML", "readingOrder", "structuralNavigation", "tableOfContents"),
    "displayTransformability",
)


def epubs(layout: Layout, site: Path, imprint: Imprint, target: Path) -> Iterator[Path]:
    """Make the EPUB of every language, from the built ``site``, in the folder ``target``.

    A file there is replaced when the new one is complete, else it stays.
    """
    with partial(layout.build) as work:
        for language in WORDS:
            told = manuscript.read(layout, site, language, imprint)
            new = work / imprint.file(language, "epub")
            new.write_bytes(archive(files(told), told))
            yield put(new, target / new.name)


def files(told: Manuscript) -> dict[str, bytes]:
    """The files of the book by name, seen from the package document."""
    names = WORDS[told.language].cite.comma.join(citation.authors(told.imprint, told.language))
    words = WORDS[told.language].paper
    picture = f'<p class="cover"><img src="cover.png" alt="{escape(told.title)}"/></p>'
    made = {
        "style.css": STYLE.read_bytes(),
        "cover.png": epub_cover.png(told, names),
        "cover.xhtml": _page(told, words.cover, picture, "cover"),
        "title.xhtml": _page(told, told.title, _title(told, names), "frontmatter"),
    }
    images: set[str] = set()
    for part in told.parts:
        made[f"{part.name}.xhtml"] = _page(told, part.title, _chapter(part, images), "bodymatter")
    for image in sorted(images):
        made[image] = drawing((told.folder / image).read_bytes())
    made["nav.xhtml"] = _page(told, words.contents, _navigation(told), "frontmatter")
    made["package.opf"] = _package(told, made).encode()
    return made


def drawing(content: bytes) -> bytes:
    """A drawing as EPUB wants it: Matplotlib writes a space as a path of nothing."""
    return UNDRAWN.sub(rb'\1 d="M0 0"/>', content)


def archive(made: dict[str, bytes], told: Manuscript) -> bytes:
    """The files as one, their dates that of the edition."""
    day = told.imprint.date
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:

        def add(name: str, content: bytes, method: int) -> None:
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = method, 0o644 << 16, 3
            book.writestr(entry, content, compresslevel=9)

        # First and as it is, by which programs know what they have.
        add("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        add("META-INF/container.xml", CONTAINER.encode(), zipfile.ZIP_DEFLATED)
        for name in sorted(made):
            add(f"EPUB/{name}", made[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _page(told: Manuscript, title: str, body: str, kind: str) -> bytes:
    tag = WORDS[told.language].tag
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{tag}" xml:lang="{tag}">\n<head>\n<title>{escape(title)}</title>\n'
        '<link rel="stylesheet" type="text/css" href="style.css"/>\n</head>\n'
        f'<body epub:type="{kind}">\n{body}\n</body>\n</html>\n'
    ).encode()


def _title(told: Manuscript, names: str) -> str:
    words, language = WORDS[told.language].paper, told.language
    cited = citation.of_book(told.imprint, language)
    told_cited = "".join(
        f'<p class="reference">{escape(name)}{WORDS[language].cite.comma}'
        f"{cited.formatted(style, markup=True)}</p>"
        for style, name in WORDS[language].cite.styles.items()
    )
    rows = "".join(f"<dt>{name}</dt><dd>{text}</dd>\n" for name, text in facts(told).items())
    return (
        f'<section class="title-page" epub:type="titlepage">\n<h1 class="book-title">'
        f"{escape(told.title)}</h1>\n<p>{escape(told.description)}</p>\n<p>{escape(names)}</p>\n"
        f'</section>\n<section class="imprint" epub:type="imprint">\n<dl>\n{rows}'
        f"<dt>{words.cite}</dt><dd>{told_cited}</dd>\n</dl>\n"
        f"<p>{words.reader}</p>\n<p>{words.reader_access}</p>\n</section>"
    )


def _chapter(part: Part, images: set[str]) -> str:
    """The chapter as XHTML; the addresses of its images are added to ``images``."""
    soup = BeautifulSoup(str(part.body), "lxml")
    body = soup.article
    assert body is not None
    for formula in body.select(".katex"):
        _formula(soup, formula)
    for image in body.find_all("img"):
        images.add(str(image["src"]))
    for link in body.select(f"[{LINK_PART}]"):
        name, anchor = str(link.attrs.pop(LINK_PART)), str(link.attrs.pop(LINK_ID))
        link["href"] = f"{name}.xhtml" + (f"#{anchor}" if anchor else "")
    for link in body.find_all("a", href=False):
        link.unwrap()
    body.name = "section"
    body["epub:type"] = "chapter"
    body["role"] = "doc-chapter"
    return str(body)


def _formula(soup: BeautifulSoup, formula: Tag) -> None:
    """Leave the MathML of a formula; its number, which MathML has no place for, follows it."""
    maths = formula.find("math")
    if not isinstance(maths, Tag):
        return
    if not maths.has_attr("alttext"):
        maths["alttext"] = spoken(formula)
    maths["xmlns"] = "http://www.w3.org/1998/Math/MathML"
    for source in maths.find_all("annotation"):
        source.decompose()
    if isinstance(semantics := maths.find("semantics"), Tag):
        semantics.unwrap()
    frame = formula.find_parent(class_="katex-display") or formula
    number = _number(soup, maths)
    frame.replace_with(maths)
    if number is not None:
        maths.insert_before(number)


def _number(soup: BeautifulSoup, maths: Tag) -> Tag | None:
    """Take the number out of a formula that has one: KaTeX sets it in the last cell of a table."""
    table = maths.find("mtable", recursive=False)
    if not isinstance(table, Tag) or table.attrs.pop("width", "") != "100%":
        return None
    row = table.find("mtr", recursive=False)
    cells = row.find_all("mtd", recursive=False) if isinstance(row, Tag) else []
    if len(cells) != 4:
        return None
    number = soup.new_tag("span", attrs={"class": "equation-number"})
    number.string = cells[3].get_text()
    formula = cells[1]
    formula.name = "mrow"
    table.replace_with(formula)
    return number


def _navigation(told: Manuscript) -> str:
    words = WORDS[told.language].paper
    chapters = "\n".join(_entries(part, part.headings) for part in told.parts)
    figures = "\n".join(
        f'<li><a href="{figure.part}.xhtml#{figure.id}">'
        f"{words.figure.format(number=figure.number)}{words.end}{escape(figure.title)}</a></li>"
        for figure in told.figures
    )
    return (
        f'<nav epub:type="toc" id="toc" role="doc-toc">\n<h1>{words.contents}</h1>\n'
        f"<ol>\n{chapters}\n</ol>\n</nav>\n"
        f'<nav epub:type="loi" id="loi">\n<h2>{words.figures}</h2>\n'
        f"<ol>\n{figures}\n</ol>\n</nav>\n"
        f'<nav epub:type="landmarks" id="landmarks" hidden="hidden">\n<h2>{words.landmarks}</h2>\n'
        f'<ol>\n<li><a epub:type="cover" href="cover.xhtml">{words.cover}</a></li>\n'
        f'<li><a epub:type="toc" href="nav.xhtml">{words.contents}</a></li>\n'
        f'<li><a epub:type="bodymatter" href="{told.parts[0].name}.xhtml">'
        f"{escape(told.parts[0].title)}</a></li>\n</ol>\n</nav>"
    )


def _entries(part: Part, headings: Sequence[Heading]) -> str:
    """The headings in the contents, each with those that lie below it."""
    rows: list[str] = []
    while headings:
        first, *rest = headings
        end = next((n for n, other in enumerate(rest) if other.level <= first.level), len(rest))
        below = f"\n<ol>\n{_entries(part, rest[:end])}\n</ol>\n" if end else ""
        link = f'<a href="{part.name}.xhtml#{first.id}">{escape(first.text)}</a>'
        rows.append(f"<li>{link}{below}</li>")
        headings = rest[end:]
    return "\n".join(rows)


def _package(told: Manuscript, made: dict[str, bytes]) -> str:
    imprint, tag, words = told.imprint, WORDS[told.language].tag, WORDS[told.language].paper
    own = f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{told.language}/{imprint.version}')}"
    makers = citation.authors(imprint, told.language)
    address = imprint.at(f"{told.language}/")
    metas = [
        f'<dc:identifier id="id">{own}</dc:identifier>',
        f"<dc:title>{escape(told.title)}</dc:title>",
        f"<dc:language>{tag}</dc:language>",
        *(f"<dc:creator>{escape(name)}</dc:creator>" for name in makers),
        f"<dc:date>{imprint.date.isoformat()}</dc:date>",
        f"<dc:description>{escape(told.description)}</dc:description>",
        f"<dc:rights>{escape(words.licence_text)}</dc:rights>",
        *([f"<dc:source>{escape(address)}</dc:source>"] if address else []),
        f'<link rel="cc:license" href="{imprint.licence}"/>',
        f'<meta property="dcterms:modified">{imprint.date.isoformat()}T00:00:00Z</meta>',
        '<meta property="schema:accessMode">textual</meta>',
        '<meta property="schema:accessMode">visual</meta>',
        '<meta property="schema:accessModeSufficient">textual</meta>',
        '<meta property="schema:accessModeSufficient">textual,visual</meta>',
        *(f'<meta property="schema:accessibilityFeature">{name}</meta>' for name in FEATURES),
        '<meta property="schema:accessibilityHazard">none</meta>',
        f'<meta property="schema:accessibilitySummary">{escape(words.reader_access)}</meta>',
        '<meta name="cover" content="f-cover-png"/>',
    ]
    items = [_item(name, content) for name, content in sorted(made.items())]
    order = ["cover", "title", "nav", *(part.name for part in told.parts)]
    spine = [f'<itemref idref="{_id(f"{name}.xhtml")}"/>' for name in order]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
            f'xml:lang="{tag}" prefix="cc: http://creativecommons.org/ns#">',
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
            *metas,
            "</metadata>",
            "<manifest>",
            *items,
            "</manifest>",
            "<spine>",
            *spine,
            "</spine>",
            "</package>",
            "",
        ]
    )


def _item(name: str, content: bytes) -> str:
    kinds = {".xhtml": "application/xhtml+xml", ".svg": "image/svg+xml", ".css": "text/css"}
    kind = kinds.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    properties = {"nav.xhtml": "nav", "cover.png": "cover-image"}.get(name, "")
    if name.endswith(".xhtml") and b"<math" in content:
        properties = f"{properties} mathml".strip()
    told = f' properties="{properties}"' if properties else ""
    return f'<item id="{_id(name)}" href="{name}" media-type="{kind}"{told}/>'


def _id(name: str) -> str:
    return "f-" + name.replace("/", "-").replace(".", "-")
