"""One style sheet for a page, of what it names: without the rules that no page can use.

A page is not shown before its last style sheet is there, and each costs a journey. Two thirds of
Material's rules are for things that the book has not got.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..base import node_tools, safe_files
from ..base.kept_results import kept

PURGE = Path(__file__).with_name("node") / "purgecss"
LINKS = re.compile(r'(?:[ \t]*<link rel="stylesheet" href="[^":]+\.css">\s*)+')
HREF = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
# Sheets of others, written in a CSS that PurgeCSS knows through and through.
PURGED = re.compile(r"(main|palette)\.[0-9a-f]+\.min\.css|katex\.min\.css")
# Here no page names it any more, but the edition on paper does.
KEPT = "katex.min.css"
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
URL = re.compile(r"""url\((?P<quote>["']?)(?P<address>(?!data:|#|[a-z]+:)[^"')]+)(?P=quote)\)""")


def bundle(folder: Path, beside: Path | None = None, *, keep: Path) -> None:
    """Give every page below ``folder`` one style sheet in the place of several, which are removed.

    Pieces of the pages in ``beside`` may be shown in them. ``keep`` is the folder of what the
    next build may use again.

    Raises
    ------
    PressError
        If PurgeCSS cannot be installed or run.
    """
    pages = {path: path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}
    links_of_pages = {path: links for path, html in pages.items() if (links := LINKS.search(html))}
    sheets = {path: _sheets(path, links[0]) for path, links in links_of_pages.items()}
    scripts = [path for path in sorted(folder.rglob("*.js")) if "lunr" not in path.parts]
    users = [*pages, *scripts, *(sorted(beside.rglob("*.html")) if beside else ())]
    texts = _purged({sheet for named in sheets.values() for sheet in named}, users, keep)
    named: set[Path] = set()
    for path, html in pages.items():
        if links := links_of_pages.get(path):
            bundled = _write(sheets[path], texts)
            address = posixpath.relpath(bundled.as_posix(), path.parent.as_posix())
            link = f'<link rel="stylesheet" href="{address}">\n'
            html = html.replace(links[0], link, 1)
            path.write_text(html, "utf-8")
        named.update(_sheets(path, html))
    for sheet in folder.rglob("*.css"):
        if sheet not in named and sheet.name != KEPT:
            sheet.unlink()


def _sheets(page: Path, links: str) -> tuple[Path, ...]:
    """The style sheets that ``links`` of ``page`` name."""
    places = [posixpath.join(page.parent.as_posix(), href) for href in HREF.findall(links)]
    return tuple(Path(posixpath.normpath(place)) for place in places)


def _purged(sheets: Iterable[Path], content: Sequence[Path], keep: Path) -> dict[Path, str]:
    """The text of each of ``sheets``, those of others without what ``content`` cannot use."""
    texts = {sheet: sheet.read_text("utf-8") for sheet in sorted(sheets)}
    others = [sheet for sheet in texts if PURGED.fullmatch(sheet.name)]
    if not others:
        return texts
    given = {
        "sheets": [texts[sheet] for sheet in others],
        "content": [str(path) for path in content],
    }

    def make() -> bytes:
        failure = "PurgeCSS did not run"
        return json.dumps(
            node_tools.ask(PURGE / "purge.mjs", given=given, failure=failure)
        ).encode()

    parts = given["sheets"], [safe_files.digest(path.read_bytes()) for path in content]
    purged = json.loads(kept(keep, "purged", parts, make))
    return texts | dict(zip(others, purged, strict=True))


def _write(sheets: Sequence[Path], texts: Mapping[Path, str]) -> Path:
    """Write ``sheets`` as one, beside the last of them, under a name that tells the content."""
    place = sheets[-1].parent
    text = "".join(_moved(COMMENT.sub("", texts[sheet]), sheet, place) for sheet in sheets)
    bundled = place / f"book.{hashlib.sha256(text.encode()).hexdigest()[:8]}.css"
    if not bundled.exists():
        bundled.write_text(text, "utf-8")
    return bundled


def _moved(text: str, sheet: Path, place: Path) -> str:
    """``text`` of ``sheet`` with addresses as seen from ``place``."""

    def seen(match: re.Match[str]) -> str:
        target = posixpath.join(sheet.parent.as_posix(), match["address"])
        return f'url("{posixpath.relpath(target, place.as_posix())}")'

    return URL.sub(seen, text).rstrip() + "\n"
