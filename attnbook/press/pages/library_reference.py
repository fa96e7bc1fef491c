"""The reference of the library on its page, and the names in cells that lead to it."""

from __future__ import annotations

import ast
import re
from html import escape

from markupsafe import Markup

from ..book.edition import Edition
from ..docstrings.library import Library
from ..docstrings.read_package import ROLE
from .page_templates import render

MARKUP = re.compile(rf"{ROLE.pattern}|``(?P<code>.+?)``")
SPECIAL = re.compile(r"[\\`*_\[\]{}$]")
PARTS = ("parameters", "attributes", "methods", "returns", "raises")


def entries(library: Library, language: str) -> str:
    """An entry for every public name of ``library``, module by module, as Markdown."""

    def paragraphs(text: str, module: str) -> list[Markup]:
        return [
            Markup(in_markdown(" ".join(part.split()), library, module))
            for part in re.split(r"\n\s*\n", text)
        ]

    return render(
        "library_reference.md", language, library=library, parts=PARTS, paragraphs=paragraphs
    )


def in_markdown(text: str, library: Library, module: str) -> str:
    """One line of a docstring in ``module`` as Markdown; a name on the page is a link to it."""
    out, end = "", 0
    for match in MARKUP.finditer(text):
        out += _plain(text[end : match.start()])
        end = match.end()
        if match["role"] == "math":
            tex = match["target"].strip().replace("<", r"\lt ")  # else a tag would begin there
            out += f"${tex}$"
            continue
        code = f"`{match['code'] or match['target']}`"
        place = library.place(match["target"], module) if match["role"] else None
        out += f"[{code}](#{place})" if place else code
    return out + _plain(text[end:])


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", escape(text, quote=False))


def imported(code: str, edition: Edition) -> str:
    """The names that ``code`` imports from the library, each with the address of its entry.

    As ``name=address``, with spaces between: an attribute, of which finishing makes links when the
    code has its colours.
    """
    home = next((page.name for page in edition.pages.values() if page.reference), None)
    if home is None:
        return ""
    places: dict[str, str] = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if place := edition.library.places.get(f"{node.module}.{alias.name}"):
                    places[alias.name] = f"{home}.html#{place}"
    return " ".join(f"{name}={address}" for name, address in places.items())
