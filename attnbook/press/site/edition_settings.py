"""What the theme's templates are told beside the pages: the languages, and the words of this one.

It stands under ``extra`` in the generator's configuration, as data: templates of every generator
can read it there, and no generator has to run code of ours for it.
"""

from __future__ import annotations

from dataclasses import asdict

from ..words.load import WORDS, called
from . import side_by_side


def extra(language: str) -> dict[str, object]:
    """The settings of the edition in ``language``.

    ``languages`` has every edition, the first of the book first; ``beside`` has the words about
    both languages side by side, and is empty where none stands beside this one.
    """
    words = WORDS[language]
    return {
        "tag": words.tag,
        "languages": [
            {
                "code": code,
                "tag": other.tag,
                "name": other.name,
                "to_edition": other.root.to_edition,
            }
            for code, other in WORDS.items()
        ],
        "words": {"theme": asdict(words.theme), "root": asdict(words.root)},
        "beside": _beside(language),
    }


def _beside(language: str) -> dict[str, str]:
    partner = side_by_side.partner(language)
    if not partner:
        return {}
    words, name = WORDS[language], called(partner, language)
    return {
        "editions": " ".join(side_by_side.PAIR),
        "name": words.theme.beside,
        "about": words.theme.beside_about.format(language=name),
        "shown": words.theme.beside_shown.format(language=name),
        "hidden": words.theme.beside_hidden.format(language=name),
        "failed": words.theme.beside_failed.format(language=name),
    }
