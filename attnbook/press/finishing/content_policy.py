"""The site's Content-Security-Policy: what a page may load and run, and nothing else.

It stands in a meta tag at the head of every page, since a page has to be as safe on any static host
and from a disk. Scripts and style sheets inside a page are named by their hashes, computed from the
finished page. A script that stands in no template of the theme is refused here, at build time, and
so are ``style="…"`` and ``onclick="…"``: whoever writes texts cannot make a page run anything.
``frame-ancestors`` cannot be set by a meta tag: see .github/DEPLOY.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..base.errors import PressError

# The one place to change what pages may do. 'self' is the site: on a disk, too.
SOURCES: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",  # and the hashes of scripts inside the page
    "style-src": "'self'",  # and the hashes of style sheets inside the page
    "img-src": "'self' data:",  # Material's style sheets hold their icons
    "font-src": "'self' data:",  # in the archive for disks, style sheets hold their fonts
    "connect-src": "'self'",  # Material asks for an index of words, and lost.js for a twin
    "base-uri": "'none'",
    "form-action": "'self'",
}

INLINE = re.compile(r"<(?P<tag>script|style)\b(?P<attributes>[^>]*)>(?P<text>.*?)</(?P=tag)>", re.S)
TYPE = re.compile(r"""\btype=["']?([^"'\s>]+)""")
SCRIPTS = ("", "module", "text/javascript", "application/javascript")
VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)"""
ATTRIBUTE = re.compile(rf"""\s+(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?P<value>{VALUE}))?""")
TAG = re.compile(rf"""<[a-zA-Z][\w-]*(?:\s+[^\s"'<>/=]+(?:\s*=\s*{VALUE})?)*\s*/?>""")
SCRIPT = re.compile("javascript:", re.I)
FILLED = re.compile(r"\{\{.*?\}\}")
# What a template fills into a script: an address, names. Nothing that calls or begins anything.
VALUE_IN_SCRIPT = r"[^<>;()=`\n]*"
OPENING = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.I)
META = re.compile(r'\n?[ \t]*<meta http-equiv="Content-Security-Policy"[^>]*>')


@dataclass(frozen=True)
class KnownScripts:
    """The inline scripts of templates, by the template; values that a build fills in may vary."""

    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def read(cls, *folders: Path) -> KnownScripts:
        """Those of all templates in ``folders``."""
        patterns: dict[str, re.Pattern[str]] = {}
        for template in (path for folder in folders for path in sorted(folder.rglob("*.html"))):
            for number, match in enumerate(INLINE.finditer(template.read_text("utf-8"))):
                if match["tag"] == "script" and _runs(match) and "{%" not in match["text"]:
                    parts = [re.escape(part.strip("\n")) for part in FILLED.split(match["text"])]
                    pattern = re.compile(rf"\s*{VALUE_IN_SCRIPT.join(parts)}\s*")
                    patterns[f"{template.as_posix()}:{number}"] = pattern
        return cls(patterns)

    def has(self, script: str) -> bool:
        """Whether ``script`` is one of them."""
        return any(pattern.fullmatch(script) for pattern in self.patterns.values())


def _runs(match: re.Match[str]) -> bool:
    """Whether the element that `INLINE` found is a script of its own, and no data."""
    kind = TYPE.search(match["attributes"])
    return " src=" not in match["attributes"] and (kind[1] if kind else "") in SCRIPTS


def policy(html: str) -> str:
    """What the page ``html`` may load and run."""
    hashes: dict[str, list[str]] = {"script-src": [], "style-src": []}
    for match in INLINE.finditer(html):
        if match["tag"] == "script" and not _runs(match):
            continue
        digest = base64.b64encode(hashlib.sha256(match["text"].encode()).digest()).decode()
        hashes[f"{match['tag']}-src"].append(f"'sha256-{digest}'")
    return "; ".join(
        " ".join([name, sources, *dict.fromkeys(hashes.get(name, ()))])
        for name, sources in SOURCES.items()
    )


def sealed(html: str, name: str, known: KnownScripts) -> str:
    """``html`` with its policy in its head; ``name`` is what errors call the page.

    Raises
    ------
    PressError
        For a page with a script that is not ``known``, an inline style or event handler, or
        without a place for the policy.
    """
    html = META.sub("", html)
    for match in INLINE.finditer(html):
        if match["tag"] == "script" and _runs(match) and not known.has(match["text"]):
            raise PressError(
                f"{name}: the script {match['text'].strip()[:80]!r} stands in no template of the "
                "theme",
                mend="put it into a file of docs/theme/overrides/assets/attnbook/",
            )
    for tag in TAG.finditer(INLINE.sub(r"<\g<tag>\g<attributes>>", html)):
        for match in ATTRIBUTE.finditer(tag[0]):
            attribute, value = (
                match["name"].lower(),
                (match["value"] or "").strip("\"' "),
            )
            if attribute == "style" or attribute.startswith("on") or SCRIPT.match(value):
                raise PressError(
                    f"{name}: the site's policy refuses{match[0]} of {tag[0][:80]}",
                    mend="put the style into a style sheet, and behaviour into a script, of "
                    "docs/theme/overrides/assets/attnbook/",
                )
    page, count = OPENING.subn(
        lambda match: (
            f'{match[0]}\n<meta http-equiv="Content-Security-Policy" content="{policy(html)}">'
        ),
        html,
        count=1,
    )
    if not count:
        raise PressError(
            f"{name}: no place for the policy", mend='begin its head with <meta charset="utf-8">'
        )
    return page


def seal(site: Path, known: KnownScripts) -> None:
    """Give every page below ``site`` its policy."""
    for path in sorted(site.rglob("*.html")):
        html = path.read_text("utf-8")
        path.write_text(sealed(html, path.relative_to(site).as_posix(), known), "utf-8")
