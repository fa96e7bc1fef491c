"""Citations as lists of references print them, arranged by the CSL styles in styles/."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON

from ..words.load import WORDS

# Written for what the book asks to cite, itself and its figures: the published styles, which
# know all kinds of works, come only in a package of 89 MB.
STYLES = {path.stem: path for path in sorted((Path(__file__).parent / "styles").glob("*.csl"))}
CSL = "{http://purl.org/net/xbiblio/csl}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The first of Unicode's private characters: one stands for each text while it is arranged.
PRIVATE = 0xE000
ITALICS = re.compile(r"</?i>")


def arranged(
    style: str,
    item: Mapping[str, object],
    language: str,
    accessed: date | None,
    *,
    markup: bool,
) -> str:
    """``item`` (CSL-JSON) as ``style`` prints it.

    The style sees a private character in place of every text and the texts are put in afterwards:
    so citeproc-py neither takes a title's ``<`` for markup, nor mends its punctuation, nor writes
    an organisation in capitals, which GB/T 7714 asks of persons only.
    """
    texts: list[str] = []

    def hidden(text: str) -> str:
        texts.append(text)
        return chr(PRIVATE + len(texts) - 1)

    masked: dict[str, object] = {}
    for name, value in item.items():
        if name in ("title", "container-title", "URL"):
            masked[name] = hidden(str(value))
        elif name in ("author", "editor") and isinstance(value, list):
            masked[name] = [{"literal": hidden(person["literal"])} for person in value]
        else:
            masked[name] = value
    day = accessed.isoformat() if accessed else WORDS[language].cite.accessed
    place = len(texts)
    masked["accessed"] = {"literal": hidden(day)}
    html = _printed(style, masked, language)
    if markup:
        texts = [escape(text, quote=False) for text in texts]
        if not accessed:
            texts[place] = f'<span class="cite-accessed">{texts[place]}</span>'
    else:
        html = unescape(ITALICS.sub("", html))
    return "".join(
        texts[ord(c) - PRIVATE] if 0 <= ord(c) - PRIVATE < len(texts) else c for c in html
    )


def _printed(style: str, item: Mapping[str, object], language: str) -> str:
    bibliography = CitationStylesBibliography(
        _style(style, language), CiteProcJSON([item]), formatter.html
    )
    bibliography.register(Citation([CitationItem(item["id"])]))
    (entry,) = bibliography.bibliography()
    return str(entry)


@cache
def _style(style: str, language: str) -> CitationStylesStyle:
    root = ElementTree.parse(STYLES[style]).getroot()
    if terms := WORDS[language].cite.terms:
        of_language = (one for one in root.iterfind(f"{CSL}locale") if one.get(LANG) == language)
        locale = next(of_language, None)
        if locale is None:
            locale = ElementTree.SubElement(root, f"{CSL}locale", {LANG: language})
        terms_of_locale = locale.find(f"{CSL}terms")
        if terms_of_locale is None:
            terms_of_locale = ElementTree.SubElement(locale, f"{CSL}terms")
        for name, text in terms.items():
            ElementTree.SubElement(terms_of_locale, f"{CSL}term", {"name": name}).text = text
    source = BytesIO(ElementTree.tostring(root))
    return CitationStylesStyle(source, locale=WORDS[language].locale, validate=False)
