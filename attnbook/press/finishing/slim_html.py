"""What a page can lose without a reader seeing a difference: a page travels before it is read.

A page of formulas is ten times as long as its text. Browsers unpack it fast, but gzip looks back 32
KB only, so what is repeated over and over is paid for over and over.
"""

from __future__ import annotations

import re

# Text whose white space is shown, and code that is not ours to touch.
KEPT = re.compile(r"(<(?P<tag>pre|textarea|script|style)\b.*?</(?P=tag)>)", re.DOTALL)
SPACE = re.compile(r"\s*\n\s*")
# Names, white space, operators and punctuation have the colour of the text around them.
PLAIN = re.compile(r'<span class="(?:n|w|o|p)">([^<]*)</span>')
# Pygments tells more kinds apart than there are colours: numbers, strings with what is in them, …
SAME = {"kn": "k", "mf": "m", "mi": "m", "s1": "s", "s2": "s", "sa": "s", "si": "s"}
KIND = re.compile(r'<span class="(\w+)">')
RUN = re.compile(r'(<span class="\w+">)[^<]*</span>(?:\1[^<]*</span>)+')
BLOCK = re.compile(r'<div class="[^"]*\bhighlight\b[^"]*"><pre\b.*?</pre>', re.DOTALL)
# The formula once more, as TeX, for programs only; the notebook of every chapter has it.
ANNOTATION = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
SEMANTICS = re.compile(r"</?semantics>")
# A name space that HTML gives to every <math>.
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'


# Material's, which the text need not wait for.
SCRIPT = re.compile(r'<script src="(?P<src>[^"]*/bundle\.[^"]*|bundle\.[^"]*)">')


def slim(html: str) -> str:
    """``html``, a whole page, without what nobody sees."""
    html = BLOCK.sub(lambda match: _coloured(match[0]), html)
    html = SEMANTICS.sub("", ANNOTATION.sub("", html)).replace(NAMESPACE, "")
    html = SCRIPT.sub(r'<script src="\g<src>" defer>', html)
    pieces = KEPT.split(html)
    # Of a pattern with two groups, two pieces of three are matches: the text and the tag's name.
    for number in range(0, len(pieces), 3):
        pieces[number] = SPACE.sub("\n", pieces[number])
        pieces[number + 2 : number + 3] = [""] * (number + 2 < len(pieces))
    return "".join(pieces)


def _coloured(block: str) -> str:
    """A ``block`` of code with no more spans than it has changes of colour."""
    block = PLAIN.sub(r"\1", block.replace("<span></span>", ""))
    block = KIND.sub(lambda match: f'<span class="{SAME.get(match[1], match[1])}">', block)
    return RUN.sub(lambda run: run[0].replace(f"</span>{run[1]}", ""), block)
