"""Claims as sentences, in the languages of the book.

A sentence is as true as its claim: bounds are rounded outwards, and a value that was rounded is
said to be about so much.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from ..source.figure_messages import Catalogue
from .claims import MOST, Claim, claims
from .plotted_series import Plotted

DIGITS = 3
SAID: dict[str, dict[str, str]] = {
    "en": {
        "constant": "{line} stays at {value} all the way from {first} to {last}.",
        "range": "{line} extends from {first} to {last} and stays between {low} and {high}.",
        "rises": "{line} rises at every step, from {first} to {last}.",
        "falls": "{line} falls at every step, from {first} to {last}.",
        "level": "{line} is horizontal, at {value}.",
        "upright": "{line} is vertical, at {value}.",
        "maximum": "{line} is highest at {at}, where it reaches {value}.",
        "minimum": "{line} is lowest at {at}, where it comes down to {value}.",
        "distance": "{line} is never more than {largest} away from {other}; "
        "the gap is widest at {at}.",
        "point": "{points} stands at {x}, {y}.",
        "points": "The {count} {points} have {xname} between {left} and {right} "
        "and {yname} between {low} and {high}.",
        "bars": "Among {bars}, {largest} is the largest, {high}, "
        "and {smallest} the smallest, {low}.",
        "total": "Together, {bars} add up to {total}.",
        "image": "All values ({rows} rows, {columns} columns) lie between {low} and {high}.",
        "peak": "The largest value, {value}, stands in the row at {y} and the column at {x}.",
        "spot": "The largest value, {value}, stands {left} of the width from the left "
        "and {top} of the height from the top.",
        "peaks": "The largest value, {value}, stands in {count} cells.",
        "rows": "Every row adds up to {total}.",
        "row peaks": "The largest value of a row is never less than {low} "
        "and never more than {high}.",
        "diagonal": "The largest value of every row is at most {largest} away from the diagonal, "
        "where both axes read the same.",
        "on diagonal": "The largest value of every row lies exactly on the diagonal, "
        "where both axes read the same.",
        "gaps": "{count} values are missing.",
        "one gap": "One value is missing.",
        "about": "about {}",
        "panel": "In the panel {}: ",
        "numbered": "In panel {}: ",
    },
    "zh": {
        "constant": "从 {first} 到 {last}，{line}始终停在 {value}。",
        "range": "{line}从 {first} 延伸到 {last}，取值始终在 {low} 与 {high} 之间。",
        "rises": "{line}逐点上升，从 {first} 升到 {last}。",
        "falls": "{line}逐点下降，从 {first} 降到 {last}。",
        "level": "{line}水平延伸，停在 {value}。",
        "upright": "{line}竖直延伸，停在 {value}。",
        "maximum": "{line}在 {at} 处最高，达到 {value}。",
        "minimum": "{line}在 {at} 处最低，降到 {value}。",
        "distance": "{line}与{other}相差从不超过 {largest}，在 {at} 处相差最大。",
        "point": "{points}位于 {x}、{y} 处。",
        "points": "{points}共有 {count} 个点，{xname}在 {left} 与 {right} 之间，"
        "{yname}在 {low} 与 {high} 之间。",
        "bars": "{bars}中，{largest}最大（{high}），{smallest}最小（{low}）。",
        "total": "{bars}各项之和为 {total}。",
        "image": "图中共 {rows} 行、{columns} 列，所有数值都在 {low} 与 {high} 之间。",
        "peak": "最大的数值是 {value}，位于 {y} 的那一行、{x} 的那一列。",
        "spot": "最大的数值是 {value}，距左边缘为图宽的 {left}，距上边缘为图高的 {top}。",
        "peaks": "最大的数值是 {value}，出现在 {count} 个格子里。",
        "rows": "每一行的数值之和都是 {total}。",
        "row peaks": "各行的最大值都不小于 {low}，也不大于 {high}。",
        "diagonal": "每一行的最大值离对角线（两轴读数相等之处）都不超过 {largest}。",
        "on diagonal": "每一行的最大值都恰好落在对角线（两轴读数相等之处）上。",
        "gaps": "缺少 {count} 个数值。",
        "one gap": "缺少 1 个数值。",
        "about": "约 {}",
        "panel": "{}一图中，",
        "numbered": "第 {} 幅图中，",
    },
}
NAMES = {
    "en": {"line": "The line", "points": "points", "point": "The point", "bars": "the bars"},
    "zh": {"line": "曲线", "points": "图中", "point": "这个点", "bars": "各条形"},
}
NAMED = {
    "en": {
        "line": "The line “{}”",
        "points": "points “{}”",
        "point": "The point “{}”",
        "bars": "the bars “{}”",
    },
    "zh": {"line": "“{}”线", "points": "“{}”", "point": "“{}”", "bars": "“{}”一组"},
}


def describe(plotted: Plotted, language: str, catalogue: Catalogue, most: int = MOST) -> list[str]:
    """The long description of ``plotted``: sentences, none for a diagram."""
    return [say(claim, language, catalogue) for claim in claims(plotted, most)]


def say(claim: Claim, language: str, catalogue: Catalogue) -> str:
    """``claim`` as a sentence."""
    said, kind = SAID[language], claim.kind

    def translated(text: str) -> str:
        return catalogue.translate(text, language)

    def subject(role: str) -> str:
        if not claim.label:
            return NAMES[language][role]
        return NAMED[language][role].format(translated(claim.label))

    def about(text: str, value: float) -> str:
        return text if exact(text, value) else said["about"].format(text)

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
            parts[name] = f"“{translated(value)}”"
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
    sentence = said[kind].format(**parts)
    if claim.title is not None:
        number = said["numbered"].format(claim.panel + 1)
        start = said["panel"].format(f"“{translated(claim.title)}”") if claim.title else number
        sentence = start + sentence[0].lower() + sentence[1:]
    return spaced(sentence) if language == "zh" else sentence


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
