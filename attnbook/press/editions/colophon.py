"""What a copy of the book, on paper or for readers, tells of itself."""

from __future__ import annotations

from html import escape

from ..words.load import WORDS
from .manuscript import Manuscript


def date_of(manuscript: Manuscript) -> str:
    """The date of the edition as its language writes it."""
    day = manuscript.imprint.date
    words = WORDS[manuscript.language].paper
    return words.date_form.format(year=day.year, month=words.months[day.month - 1], day=day.day)


def facts(manuscript: Manuscript) -> dict[str, str]:
    """Version, date, commit, licence and address as HTML, by what they are called."""
    words, imprint = WORDS[manuscript.language].paper, manuscript.imprint
    commit = imprint.commit.rstrip("+")
    changed = words.uncommitted if imprint.commit.endswith("+") else ""
    address = escape(imprint.at(f"{manuscript.language}/"))
    licence = imprint.licence.removeprefix("https://").rstrip("/")
    told = {
        words.version: escape(imprint.version),
        words.date: date_of(manuscript),
        words.commit: f"<code>{commit}</code>{changed}" if commit else "",
        words.licence: f'{escape(words.licence_text)} <a href="{imprint.licence}">{licence}</a>',
        words.address: f'<a href="{address}">{address}</a>' if address else words.local,
    }
    return {name: text for name, text in told.items() if text}
