"""Jinja2 templates: the HTML that people read stands in the folder ``templates`` of a room."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .markdown import UNSEARCHED, escaped, fence


def templates(folder: Path) -> Environment:
    """The templates in ``folder``.

    Every value is escaped but what says ``safe``: Markdown of the book, HTML that another template
    made. A name without a value is an error. In Markdown, ``literal`` is plain text that stays as
    it is, ``fence`` a block of code, and ``unsearched`` the attribute that search leaves out.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals["unsearched"] = Markup(UNSEARCHED)
    environment.filters["literal"] = lambda text: Markup(escaped(text))
    environment.filters["fence"] = lambda text, info: Markup("\n".join(fence(info, text)))
    return environment
