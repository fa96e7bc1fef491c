"""The pages at addresses that figures had once: they lead to where the figures are now."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from ..base.markdown import escaped, front_matter
from ..source.figure_ledger import Ledger, is_page
from ..words.load import WORDS


def redirects(
    ledger: Ledger, language: str, names: Mapping[str, str], site: str = ""
) -> dict[str, str]:
    """The Markdown of ``figures/<old>/index.md`` for every slug that has moved.

    ``names`` gives what a link says: the title of a figure by its slug, that of a page by its name
    (``page.md``). ``site`` is the address of the site, empty for a local copy. The front matter has
    ``head``, HTML for the head of the page that takes a reader on at once, and ``canonical``, the
    address that search engines should know instead.
    """
    return {
        f"figures/{slug}/index.md": _page(slug, target, language, names, site)
        for slug, target in sorted(ledger.targets.items())
    }


def _page(slug: str, target: str, language: str, names: Mapping[str, str], site: str) -> str:
    words = WORDS[language].moved
    title = words.title.format(slug=slug)
    page, _, anchor = target.partition("#")
    if is_page(target):
        text, source = words.to_page, f"../../{target}"
        address = f"{page.removesuffix('.md')}.html{f'#{anchor}' if anchor else ''}"
        relative, canonical = f"../../{address}", f"{language}/{address.partition('#')[0]}"
    else:
        text, source = words.to_figure, f"../{target}/index.md"
        relative, canonical = f"../{target}/index.html", f"{language}/figures/{target}/"
    meta: dict[str, object] = {
        "title": title,
        "description": words.description.format(slug=slug),
        "search": {"exclude": True},
        "head": f'<meta http-equiv="refresh" content="0; url={escape(relative)}">',
    }
    if site:
        meta["canonical"] = f"{site}/{canonical}"
    rows = [
        *front_matter(meta),
        f"# {escaped(title)} {{#moved}}",
        "",
        text.format(slug=slug, name=escaped(names[page]), place=source),
    ]
    return "\n".join(rows) + "\n"


def copies(ledger: Ledger, files: Mapping[str, bytes | Path]) -> dict[str, bytes | Path]:
    """The files at old addresses: of every slug that has moved, those of the figure it became.

    ``files`` are staged ones, by name: ``figures/<slug>.svg`` and so on.
    """
    return {
        f"figures/{old}.{name.removeprefix(f'figures/{new}.')}": content
        for old, new in sorted(ledger.heirs.items())
        for name, content in files.items()
        if name.startswith(f"figures/{new}.")
    }
