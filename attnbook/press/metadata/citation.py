"""Citations of a figure and of the book: BibTeX, RIS, CSL-JSON, and as lists of references."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from ..base.errors import PressError
from ..base.imprint import Imprint
from ..figures.figure_record import Record
from ..words.load import WORDS
from . import citation_styles

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces even behind a backslash: they go by name.
LATEX = {
    "\\": "{\\textbackslash}",
    "{": "{\\textbraceleft}",
    "}": "{\\textbraceright}",
    "~": "{\\textasciitilde}",
    "^": "{\\textasciicircum}",
    "<": "{\\textless}",
    ">": "{\\textgreater}",
    "|": "{\\textbar}",
    **{mark: f"\\{mark}" for mark in "#$%&_"},
}
SPECIAL = re.compile("[" + re.escape("".join(LATEX)) + "]")


@dataclass(frozen=True)
class Citation:
    """What is cited, in one language. All texts are plain, on one line.

    ``name`` is the stem of its files, ``book`` the title of the book that a figure is in (empty for
    the book itself), ``path`` what the permanent link ends in, ``address`` the whole of it and
    ``pdf`` that of its PDF; both are empty for a local copy and ``pdf`` is for the book.
    ``licence`` is the name of the licence.
    """

    key: str
    name: str
    language: str
    title: str
    book: str
    authors: tuple[str, ...]
    version: str
    date: date
    path: str
    address: str
    licence: str
    pdf: str = ""
    abstract: str = ""

    def bibtex(self) -> str:
        """The entry for BibTeX and biblatex, in UTF-8."""
        words = WORDS[self.language].cite
        # Double braces: capitals stay, and authors are no first and last names.
        fields = {
            "author": f"{{{' and '.join(f'{{{latex(name)}}}' for name in self.authors)}}}",
            "title": f"{{{{{latex(self.title)}}}}}",
            "booktitle": f"{{{{{latex(self.book)}}}}}" if self.book else "",
            # Nobody else publishes it; the styles that came with BibTeX complain of books without.
            "publisher": f"{{{latex(' / '.join(self.authors))}}}",
            "year": f"{{{self.date.year}}}",
            "month": MONTHS[self.date.month - 1],
            "edition": f"{{{self.version}}}",
            "url": f"{{{self.address}}}" if self.address else "",
            "langid": f"{{{words.babel}}}",
            # They print a note, but no address. Those that do print it twice now, biblatex among
            # them: its option against that would take the address from pandoc, too.
            "note": f"{{{latex(words.comma.join(filter(None, (self._note(), self.address))))}}}",
        }
        rows = [f"  {name:9} = {value}," for name, value in fields.items() if value]
        kind = "incollection" if self.book else "book"
        return "\n".join([f"@{kind}{{{self.key},", *rows, "}", ""])

    def ris(self) -> str:
        """The record in RIS, with the line ends it wants."""
        rows = [
            ("TY", "CHAP" if self.book else "BOOK"),  # as FIGURE, Zotero loses the book
            ("ID", self.key),
            # A comma at its end keeps a name in one piece.
            *(("AU", f"{name},") for name in self.authors),
            ("TI", self.title),
            ("T2", self.book),
            ("PY", str(self.date.year)),
            ("DA", f"{self.date:%Y/%m/%d}"),
            ("ET", self.version),
            ("LA", WORDS[self.language].cite.language),
            ("AB", self.abstract),
            ("N1", self._note()),
            ("UR", self.address),
            ("L1", self.pdf),
        ]
        lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value]
        return "\r\n".join([*lines, "ER  - ", ""])

    def csl(self) -> str:
        """The item as CSL-JSON: a list of one."""
        return json.dumps([self._item()], ensure_ascii=False, indent=2) + "\n"

    def formatted(self, style: str, accessed: date | None = None, *, markup: bool = False) -> str:
        """The citation as ``style`` prints it: ``apa``, ``gbt7714`` (2025) or ``gbt7714-2015``.

        Parameters
        ----------
        accessed
            The day of access, for styles that print it; without one a word stands in its place.
        markup
            Whether to give HTML, with italics and the place of the day marked, or plain text.

        Raises
        ------
        PressError
            For another style.
        """
        if style not in citation_styles.STYLES:
            raise PressError(
                f"there is no citation style “{style}”",
                mend=f"ask for one of: {', '.join(citation_styles.STYLES)}",
            )
        item, words = self._item(), WORDS[self.language].cite
        edition = words.edition_2015 if style == "gbt7714-2015" else words.edition
        item["edition"] = edition.format(version=self.version)
        if self.book:
            # GB/T names the makers of the whole, whom citeproc-py finds as editors only.
            item["editor"] = item["author"]
        return citation_styles.arranged(style, item, self.language, accessed, markup=markup)

    def files(self) -> dict[str, bytes]:
        """The files that reference managers read, by name."""
        return {
            f"{self.name}.bib": self.bibtex().encode(),
            f"{self.name}.ris": self.ris().encode(),
            f"{self.name}.json": self.csl().encode(),
        }

    def _note(self) -> str:
        words = WORDS[self.language].cite
        parts = [words.figure] if self.book else []
        return words.comma.join([*parts, words.written_in, self.licence])

    def _item(self) -> dict[str, object]:
        words = WORDS[self.language].cite
        day = self.date
        item: dict[str, object] = {
            "id": self.key,
            # A part of the book, as RIS and BibTeX say too: of a graphic, styles print no book.
            "type": "chapter" if self.book else "book",
            "title": self.title,
            "container-title": self.book,
            "genre": words.figure if self.book else "",
            "author": [{"literal": name} for name in self.authors],
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "edition": self.version,
            "version": self.version,
            "language": words.language,
            "abstract": self.abstract,
            "note": self.licence,
            "URL": self.address,
        }
        return {name: value for name, value in item.items() if value}


def of_figure(record: Record) -> Citation:
    """The citation of a figure, in the record's language."""
    imprint = record.imprint
    return Citation(
        key=f"{imprint.package}-{record.slug}",
        name=record.slug,
        language=record.language,
        title=record.title,
        book=imprint.title(record.language),
        authors=imprint.authors_in(record.language),
        version=imprint.version,
        date=imprint.date,
        path=record.path,
        address=record.address,
        licence=imprint.licence.name,
        pdf=imprint.at(record.file("pdf")),
        abstract=record.caption,
    )


def of_book(imprint: Imprint, language: str) -> Citation:
    """The citation of the book in ``language``."""
    return Citation(
        key=imprint.package,
        name="book",
        language=language,
        title=imprint.title(language),
        book="",
        authors=imprint.authors_in(language),
        version=imprint.version,
        date=imprint.date,
        path=f"{language}/",
        address=imprint.at(f"{language}/"),
        licence=imprint.licence.name,
    )


def latex(text: str) -> str:
    """``text`` as LaTeX prints it unchanged."""
    return SPECIAL.sub(lambda match: LATEX[match[0]], text)
