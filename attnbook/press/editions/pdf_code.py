"""Code on paper: every line a box of its own, so that a page breaks between lines and nowhere else.

A box around all of it would reach down to the end of the page wherever the last lines stay together
with what they printed.
"""

from __future__ import annotations

from copy import copy

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

SHORT = 14  # lines that are kept on one page


def in_lines(soup: BeautifulSoup, block: Tag) -> None:
    """Give every line of the code ``block`` an element, and a short block a class.

    ``block`` holds one ``<code>``, as Pygments writes it: text, and elements that hold only text.
    """
    code = block.find("code")
    if not isinstance(code, Tag):
        return
    lines: list[list[NavigableString | Tag]] = [[]]
    for child in list(code.children):
        text = child.get_text()
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if piece and isinstance(child, Tag):
                part = copy(child)
                part.string = piece
                lines[-1].append(part)
            elif piece:
                lines[-1].append(NavigableString(piece))
    while lines and not lines[-1]:
        lines.pop()
    code.clear()
    for pieces in lines:
        line = soup.new_tag("span", attrs={"class": "line"})
        for piece in pieces or [NavigableString("\u00a0")]:
            line.append(piece)
        code.append(line)
    if len(lines) <= SHORT:
        block["class"] = " ".join([*map(str, block.get_attribute_list("class")), "short"])
