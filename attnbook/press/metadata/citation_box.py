"""The box on a page that shows how to cite: texts to copy, and files for reference managers."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ..words.load import WORDS
from .citation import Citation


def box(citation: Citation, language: str, *, files: Mapping[str, str]) -> str:
    """The box as HTML that Markdown leaves as it is: one block, no empty lines.

    Parameters
    ----------
    files
        Address, as seen from the page, of each file that holds the citation, by its suffix.
    """
    words = WORDS[language].cite
    rows = ['<div class="cite">', '<ul class="cite-styles">']
    for style, name in words.styles.items():
        label = escape(words.copy_style.format(style=name))
        done = escape(words.copied.format(style=name))
        failed = escape(words.not_copied)
        rows += [
            "<li>",
            f'<span class="cite-style">{escape(name)}</span>',
            # Without scripts it could do nothing: it stays hidden.
            f'<button type="button" class="cite-copy" aria-label="{label}" data-copied="{done}" '
            f'data-failed="{failed}" hidden>{escape(words.copy)}</button>',
            f'<p class="cite-text">{citation.formatted(style, markup=True)}</p>',
            "</li>",
        ]
    rows += ["</ul>"]
    if not citation.address:
        path = f"<code>{escape(citation.path)}</code>"
        rows += [f'<p class="cite-local">{escape(words.local).format(path=path)}</p>']
    links = [
        f'<a href="{escape(href)}" download>{WORDS[language].formats[suffix].label}</a>'
        for suffix, href in files.items()
    ]
    if links:
        rows += [f'<p class="cite-files"><span>{escape(words.files)}</span> {" ".join(links)}</p>']
    return "\n".join([*rows, '<output class="cite-status"></output>', "</div>"])
