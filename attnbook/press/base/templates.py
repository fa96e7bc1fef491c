"""Jinja2 templates: what the press writes for people stands in the ``templates`` of a room."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup


def templates(module: str) -> Environment:
    """The templates beside ``module`` (its ``__file__``).

    Every value is escaped; a name without value is an error. ``markdown`` lets pass what is
    Markdown or HTML already.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(module).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["markdown"] = Markup
    return environment
