"""The templates of this room, filled in with words of a language."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from ..base.templates import templates
from ..figures.figure import Figure
from ..figures.figure_record import Record
from ..words.load import WORDS

TEMPLATES = templates(Path(__file__).with_name("templates"))


def render(name: str, language: str, /, **values: object) -> str:
    """The template ``name`` with ``values``, the code ``language`` and all ``words`` of it."""
    template = TEMPLATES.get_template(name)
    return template.render(language=language, words=WORDS[language], **values)


def size(figure: Figure | Record) -> Markup:
    """Width and height of a figure in CSS pixels, as attributes."""
    return Markup('width="{}" height="{}"').format(round(figure.width), round(figure.height))


TEMPLATES.filters["size"] = size
