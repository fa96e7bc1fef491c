"""Comparison of what a cell printed with what it printed when that was accepted."""

from __future__ import annotations

import re

NUMBER = re.compile(r"([-+\N{MINUS SIGN}]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")


def difference(old: str, new: str, tolerance: float) -> str:
    """The first line in which the texts differ, or nothing.

    With a ``tolerance``, which another machine needs since it sums in another order, a decimal
    fraction may differ by that part of it, but not by more than a half, or in its last digit. All
    else has to be the same, and a whole number above all: that is a count, or the number of a
    process, which no two runs share.
    """
    before, after = old.splitlines(), new.splitlines()
    for number, (one, two) in enumerate(zip(before, after, strict=False), 1):
        if not _alike(one, two, tolerance):
            return f"line {number} was {one!r}, is {two!r}"
    if len(before) != len(after):
        return f"it has {len(after)} lines, had {len(before)}"
    return ""


def _alike(old: str, new: str, tolerance: float) -> bool:
    one, two = NUMBER.split(old), NUMBER.split(new)
    if len(one) != len(two):
        return False
    # Between the numbers; how far those are apart in a table depends on their width.
    same_words = all(a.split() == b.split() for a, b in zip(one[::2], two[::2], strict=True))
    return same_words and all(
        _near(a, b, tolerance) for a, b in zip(one[1::2], two[1::2], strict=True)
    )


def _near(old: str, new: str, tolerance: float) -> bool:
    if old == new:
        return True
    if not tolerance or "." not in old or "." not in new:
        return False
    one, two = (float(text.replace("\N{MINUS SIGN}", "-")) for text in (old, new))
    allowed = min(tolerance * abs(one), 0.5)
    return abs(one - two) <= max(allowed, 1.5 * _unit(old), 1.5 * _unit(new))


def _unit(text: str) -> float:
    """The unit of the last digit of a decimal fraction."""
    digits, _, exponent = text.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
