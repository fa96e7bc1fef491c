"""The templates of the editions, filled in with what every copy of the book tells of itself."""

from __future__ import annotations

from pathlib import Path

from ..base.templates import templates
from ..metadata import citation
from ..words.load import WORDS
from .manuscript import Manuscript

TEMPLATES = templates(Path(__file__).with_name("templates"))


def render(name: str, manuscript: Manuscript, /, **values: object) -> str:
    """The template ``name`` with ``values``, for ``manuscript``.

    It also has ``words``, all of the language; ``authors``, in one line; ``date``, as the language
    writes it; and ``citation``, that of the book.
    """
    language, imprint = manuscript.language, manuscript.imprint
    words = WORDS[language].paper
    return TEMPLATES.get_template(name).render(
        manuscript=manuscript,
        imprint=imprint,
        address=imprint.at(f"{language}/"),
        words=WORDS[language],
        authors=authors(manuscript),
        date=words.date_form.format(
            year=imprint.date.year, month=words.months[imprint.date.month - 1], day=imprint.date.day
        ),
        citation=citation.of_book(imprint, language),
        **values,
    )


def authors(manuscript: Manuscript) -> str:
    """All authors, as the language names and joins them."""
    language = manuscript.language
    return WORDS[language].cite.comma.join(manuscript.imprint.authors_in(language))
