"""What readers may type for what the book has written: other characters, other names.

The search folds a query with `variants` before it looks, and looks for a name in ``also`` under the
book's own word, too. Both are made when the site is built, for what the book holds, so that they
stay small.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from ..source.glossary_table import Term
from ..words.load import WORDS

HAN = "\u3400", "\u9fff"
# Of Taiwan, of Hong Kong, of Japan, and the plain reversal of what was simplified.
TRADITIONAL = ("tw2s", "hk2s", "jp2t", "t2s")
GREEK = re.compile(r"[\u0391-\u03c9]")
UNICODE_NAMES = {"lamda": "lambda"}  # what Unicode calls as nobody else does


def spellings(texts: Iterable[str], terms: Sequence[Term], language: str) -> Mapping[str, object]:
    """What the search has to know of spellings, for ``texts`` in ``language``: see `find.js`."""
    book = "".join(texts)
    idle = " ".join(words.search.idle for words in WORDS.values())
    also: dict[str, list[str]] = {}

    def name(word: str, others: Iterable[str]) -> None:
        for other in filter(None, map(str.strip, others)):
            if word not in also.setdefault(other, []) and word != other:
                also[other].append(word)

    for row in WORDS[language].search.also:
        word, _, others = row.partition(":")
        name(word.strip(), others.split())
    for term in terms:
        name(term.word(language), term.also)
    for letter in sorted(set(GREEK.findall(book.lower()))):
        called = unicodedata.name(letter).split()[-1].lower()
        called = UNICODE_NAMES.get(called, called)
        name(letter, [called])
        name(called, [letter])
    typed = "".join((book, idle, *also, *(word for words in also.values() for word in words)))
    return {"idle": idle, "also": also, "variants": variants(frozenset(typed), frozenset(book))}


def variants(characters: frozenset[str], kept: frozenset[str] = frozenset()) -> str:
    """The other forms of Han ``characters``, each followed by the one that it stands for.

    ``kept`` stand for themselves.

    >>> variants(frozenset("归"))
    '帰归歸归'
    """
    return "".join(
        other + simple
        for other, simple in _simplified()
        if simple in characters and other not in kept
    )


@functools.cache
def _simplified() -> tuple[tuple[str, str], ...]:
    """Every Han character that is written in another way where characters are simplified."""
    from opencc import OpenCC

    every = [chr(code) for code in range(ord(HAN[0]), ord(HAN[1]) + 1)]
    found: dict[str, str] = {}
    for configuration in TRADITIONAL:
        # A line each: in a row they would be read as words.
        lines = OpenCC(configuration).convert("\n".join(every))
        if configuration == "jp2t":
            lines = OpenCC("t2s").convert(lines)
        for other, simple in zip(every, lines.split("\n"), strict=True):
            if other != simple and len(simple) == 1:
                found.setdefault(other, simple)
    return tuple(sorted(found.items()))
