"""Coordinates in a drawing, no finer than anybody sees.

Matplotlib writes six decimals of a point, at which a picture of many strokes is mostly digits that
draw nothing and hardly compress.
"""

from __future__ import annotations

import re

DECIMALS = 2  # of a point: an edge moves by less than a hundredth of a CSS pixel
# Of paths, and of marks placed by <use>. Lengths of images and matrices keep their digits.
PLACED = re.compile(r'(?<= d=")[^"]*|(?<=<use )[^>]*')
NUMBER = re.compile(r'(?P<before>^|[\s"])(?P<number>-?\d+\.\d+)(?=[\s"]|$)')


def coarse(svg: str) -> str:
    """``svg`` with the coordinates of its paths and marks rounded to ``DECIMALS``.

    Examples
    --------
    >>> coarse('<path d="M 1.234567 -0.000001 L 20.500000 3 "/>')
    '<path d="M 1.23 0 L 20.5 3 "/>'
    """
    return PLACED.sub(lambda part: NUMBER.sub(_short, part[0]), svg)


def _short(match: re.Match[str]) -> str:
    number = f"{float(match['number']):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return match["before"] + ("0" if number == "-0" else number)
