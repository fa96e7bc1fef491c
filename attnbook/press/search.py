"""What Material's search leaves to be mended, once it has written its files.

Its index holds notebook pages, which repeat their chapters, and whose Chinese headings have no ids
when they are indexed: of two entries with one address the worker throws, and finds nothing. It
holds the TeX of formulas, since pages are indexed before formulas are set; readers are shown what
they see on the page. Its worker cuts a Chinese query into words without ever trying
the last character, so that 留一 is looked up as 留 and 核回归 as 核.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path

from . import maths
from .errors import PressError

FORMULA = re.compile(r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]", re.DOTALL)
ANNOTATION = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
MATHML = re.compile(r"<math\b.*?</math>", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>")
NOTEBOOKS = "notebooks/"
BREAK = "\u200b"  # marks the ends of Chinese words in the index

# In the worker of the pinned version of Material: what it says, and what it should say. The second
# one puts a wildcard behind every word but the last, where each word gets one anyway.
WORKER = (
    ("o<t.length;o++)t.slice(s,o)in e", "o<=t.length;o++)t.slice(s,o)in e"),
    ('this.index.invertedIndex)].join("* ")', 'this.index.invertedIndex)].join(" ")'),
)


def finish(site: Path) -> None:
    """Mend index and worker of the edition at ``site``.

    Raises
    ------
    PressError
        If the worker is not the one that this module knows.
    """
    tidy(site / "search" / "search_index.json")
    for worker in (site / "assets" / "javascripts" / "workers").glob("search.*.js"):
        worker.write_text(mended(worker.read_text("utf-8"), worker.name), "utf-8")


def tidy(index: Path) -> None:
    """Leave notebooks out of the search index at ``index``, and write formulas as characters."""
    data = json.loads(index.read_text("utf-8"))
    data["docs"] = [doc for doc in data["docs"] if not doc["location"].startswith(NOTEBOOKS)]
    for entry in data["docs"]:
        for field in ("title", "text"):
            entry[field] = FORMULA.sub(_plain, entry[field])
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    index.write_text(text, "utf-8")


def mended(script: str, name: str = "the search worker") -> str:
    """The worker's ``script``, looking up whole Chinese words."""
    for wrong, right in WORKER:
        if right in script:
            continue
        if script.count(wrong) != 1:
            raise PressError(
                f"{name} of Material does not say {wrong!r} once, where it cuts Chinese queries",
                path=__file__,
                mend="look whether a search for 留一 and 核回归 marks these words without WORKER; "
                "then drop it, else adapt it to this version of Material",
            )
        script = script.replace(wrong, right)
    return script


def _plain(match: re.Match[str]) -> str:
    tex = unescape(match["inline"] or match["display"]).replace(BREAK, "").strip()
    (html,) = maths.render([(tex, match["display"] is not None)])
    mathml = MATHML.search(ANNOTATION.sub("", html))
    return escape(unescape(MARKUP.sub("", mathml[0] if mathml else tex)).strip(), quote=False)
