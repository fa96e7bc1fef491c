"""Claims as sentences, in the languages of the book.

A sentence is as true as its claim: bounds are rounded outwards, and a value that was rounded is
said to be about so much.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from ..source.figure_messages import Catalogue
from ..words.load import WORDS
from .claims import MOST, Claim, claims
from .plotted_series import Plotted

DIGITS = 3


def describe(plotted: Plotted, language: str, catalogue: Catalogue, most: int = MOST) -> list[str]:
    """The long description of ``plotted``: sentences, none for a diagram."""
    return [say(claim, language, catalogue) for claim in claims(plotted, most)]


def say(claim: Claim, language: str, catalogue: Catalogue) -> str:
    """``claim`` as a sentence."""
    words, kind = WORDS[language].description, claim.kind

    def translated(text: str) -> str:
        return catalogue.translate(text, language)

    def subject(role: str) -> str:
        if not claim.label:
            return words.unlabelled[role]
        return words.labelled[role].format(label=translated(claim.label))

    def about(text: str, value: float) -> str:
        return text if exact(text, value) else words.about.format(number=text)

    def at(axis: str, value: float) -> str:
        text = rounded(value)
        return f"{axis} {'=' if exact(text, value) else '≈'} {text}"

    xname, yname = translated(claim.xlabel) or "x", translated(claim.ylabel) or "y"
    parts = {
        "line": subject("line"),
        "points": subject("point" if kind == "point" else "points"),
        "bars": subject("bars"),
        "xname": xname,
        "yname": yname,
    }
    for name, value in claim.numbers:
        if isinstance(value, str):
            parts[name] = words.quoted.format(text=translated(value))
        elif name in {"count", "rows", "columns", "total"}:
            parts[name] = f"{value:.0f}"
        elif name in {"at", "x"} or (name == "first" and kind in {"constant", "range"}):
            parts[name] = at(xname, value)
        elif name == "y":
            parts[name] = at(yname, value)
        elif kind == "upright":
            parts[name] = at(xname, value)
        elif kind == "spot" and name in {"left", "top"}:
            share = rounded(100 * value, 2)
            parts[name] = about(share, 100 * value) + "%"
        elif kind != "bars" and name in {"low", "left"}:
            parts[name] = bound(value, _partner(claim, name), up=False)
        elif kind != "bars" and name in {"high", "right", "largest"}:
            parts[name] = bound(value, _partner(claim, name), up=True)
        else:
            parts[name] = about(rounded(value), value)
    if kind == "diagonal" and claim["largest"] == 0:
        kind = "on diagonal"
    if kind == "gaps" and claim["count"] == 1:
        kind = "one gap"
    sentence = words.sentences[kind].format(**parts)
    if claim.title is not None:
        title = words.quoted.format(text=translated(claim.title))
        number = words.numbered.format(number=claim.panel + 1)
        start = words.panel.format(title=title) if claim.title else number
        sentence = start + sentence[0].lower() + sentence[1:]
    return spaced(sentence) if WORDS[language].script == "Han" else sentence


HAN = r"\u3400-\u9fff"


def spaced(text: str) -> str:
    """``text`` with spaces between Han and Latin characters or digits, and none between Han.

    Examples
    --------
    >>> spaced("从 键 = 0.5 到 约 2，x在")
    '从键 = 0.5 到约 2，x 在'
    """
    text = re.sub(rf"(?<=[{HAN}，。；：（）“”]) (?=[{HAN}，。；：（）“”])", "", text)
    text = re.sub(rf"(?<=[{HAN}])(?=[A-Za-z0-9−])", " ", text)
    return re.sub(rf"(?<=[A-Za-z0-9%])(?=[{HAN}])", " ", text)


def _partner(claim: Claim, name: str) -> float:
    """The number at the other end of the interval: both ends get the same decimals."""
    other = {"low": "high", "high": "low", "left": "right", "right": "left"}.get(name, name)
    return claim.number(other)


def decimals(scale: float, digits: int = DIGITS) -> int:
    """How many decimals show ``digits`` digits of a number as large as ``scale``."""
    if scale == 0:
        return 0
    return max(0, digits - 1 - math.floor(math.log10(abs(scale))))


def rounded(value: float, digits: int = DIGITS) -> str:
    """``value`` to ``digits`` digits; whole numbers lose none.

    Examples
    --------
    >>> rounded(0.123456), rounded(-2.0), rounded(12345.6)
    ('0.123', '−2', '12346')
    """
    return _written(value, decimals(value, digits), ROUND_HALF_EVEN)


def bound(value: float, partner: float, *, up: bool) -> str:
    """``value`` rounded up or down, to as many decimals as its ``partner`` wants.

    Examples
    --------
    >>> bound(0.00012, 3.14159, up=False), bound(3.14159, 0.00012, up=True)
    ('0', '3.15')
    """
    places = decimals(max(abs(value), abs(partner)))
    return _written(value, places, ROUND_CEILING if up else ROUND_FLOOR)


def _written(value: float, places: int, mode: str) -> str:
    step = Decimal(1).scaleb(-places)
    # Of what the figure's data say: the shortest decimals that give the number back.
    number = Decimal(repr(float(value))).quantize(step, rounding=mode)
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "−")


def exact(text: str, value: float) -> bool:
    """Whether ``text`` says ``value`` without loss."""
    return math.isclose(float(text.replace("−", "-")), value, rel_tol=1e-9, abs_tol=1e-300)
