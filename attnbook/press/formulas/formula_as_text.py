"""MathML on one line, for places that hold no more than characters."""

from __future__ import annotations

import re

from lxml.etree import _Element

# Scripts by element: what stands below and above its base, in order.
SCRIPTS = {
    **dict.fromkeys(("msub", "munder"), "_"),
    **dict.fromkeys(("msup", "mover"), "^"),
    **dict.fromkeys(("msubsup", "munderover"), "_^"),
}
BARE = "\u2032\u2033\u2034*\u02c6\u02c9\u02d9\u02dc\u00af\u00a8\u2192^~"  # primes, accents
NUMBERS = {"1/2": "½", "1/4": "¼", "3/4": "¾"}
WHOLE, NUMBER = re.compile(r"[\w.]+"), re.compile(r"[\d.]+")
SPARE = re.compile(r"\s+(?=[)\]},.;:，。]|$)")


def linear(element: _Element) -> str:
    """The formula as one would type it without TeX: ``x_i^2``, ``(a+b)/c``, ``√(n)``.

    >>> from lxml import etree
    >>> linear(etree.XML("<math><mfrac><mn>1</mn><mrow><mn>2</mn><mi>π</mi></mrow></mfrac></math>"))
    '1/(2π)'
    """
    return SPARE.sub("", _linear(element)).strip()


def _linear(element: _Element) -> str:
    name = _name(element)
    parts = [_linear(child) for child in element if _name(child) != "annotation"]
    if name == "mfrac" and len(parts) == 2:
        above, below = map(_grouped, parts)
        # Of 1/2π nobody knows whether the π is below the line.
        split = len(below) > 1 and WHOLE.fullmatch(below) and not NUMBER.fullmatch(below)
        text = f"{above}/({below})" if split else f"{above}/{below}"
        return NUMBERS.get(text, f"{text} ")  # what follows is not below the line
    if name == "msqrt":
        return f"√({''.join(parts)})"
    if name in SCRIPTS and len(parts) == len(SCRIPTS[name]) + 1:
        base, *scripts = parts
        sum_or_product = base.strip() in {"∑", "∏", "∫"}
        for mark, script in zip(SCRIPTS[name], scripts, strict=True):
            bare = not script or (mark == "^" and script.strip() in BARE)
            base += script if bare else mark + _grouped(script)
        return f"{base} " if sum_or_product else base
    return (element.text or "").strip("\n") + "".join(parts)


def _grouped(text: str) -> str:
    """``text`` in brackets, unless it holds together by itself."""
    text = SPARE.sub("", text).strip()
    bracketed = text.removeprefix("√")
    whole = WHOLE.fullmatch(text) or (bracketed.startswith("(") and _closes(bracketed))
    return text if whole else f"({text})"


def _closes(text: str) -> bool:
    """Whether the bracket at the start of ``text`` is closed at its very end."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return position == len(text) - 1
    return False


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
