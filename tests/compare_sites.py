"""What differs between two built sites: ``python tests/compare_sites.py BEFORE AFTER``.

Files are compared by their bytes. Pages whose bytes differ are compared as trees, in which the
order of attributes and white space between words do not count; the differences that are left are
printed with the number of pages that have them. Scripts that a page brings its notes with hold HTML
in a string and are compared in the same way. It ends with 1 if a reader could see a difference.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from lxml import html

Token = tuple[str, ...]
LONG = 160
# HTML as a string within a script: notes of a page, and what stands beside it.
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
KEEPS_SPACE = {"pre", "textarea", "script", "style"}


def tokens(element: html.HtmlElement, keeps_space: bool = False) -> Iterator[Token]:
    """The tags and words of ``element`` in the order of reading."""
    tag = element.tag if isinstance(element.tag, str) else "!--"
    attributes = (f'{name}="{value.strip()}"' for name, value in element.attrib.items())
    yield (f"<{tag}", *sorted(attributes))
    inside = keeps_space or tag in KEEPS_SPACE
    yield from _words(element.text, inside)
    for child in element:
        yield from tokens(child, inside)
        yield from _words(child.tail, inside)
    yield (f"</{tag}",)


def _words(text: str | None, keeps_space: bool) -> Iterator[Token]:
    text = text or ""
    text = text if keeps_space else " ".join(text.split())
    if text:
        yield (text,)


def read(text: str, *, script: bool) -> list[Token]:
    """``text`` of a page, or of a script with HTML in its strings, as `tokens`."""
    if not script:
        return list(tokens(html.document_fromstring(text)))
    found: list[Token] = [(STRING.sub("…", text),)]
    for string in STRING.findall(text):
        words = json.loads(string)
        is_html = "<" in words
        found += tokens(html.fragment_fromstring(words, "div")) if is_html else [(words,)]
    return found


def differences(before: list[Token], after: list[Token]) -> Iterator[tuple[str, str]]:
    """What stands in ``before`` and not in ``after``, and in its place."""
    for kind, i, j, k, m in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind != "equal":
            yield _shown(before[i:j]), _shown(after[k:m])


def _shown(part: list[Token]) -> str:
    text = " ".join(" ".join(token) for token in part)
    return text if len(text) <= LONG else f"{text[:LONG]}… ({len(text)} characters)"


def main() -> int:
    """Print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    options = parser.parse_args()
    names = [
        {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        for site in (options.before, options.after)
    ]
    one_side = sorted(names[0] ^ names[1])
    for name in one_side:
        print(f"only {'before' if name in names[0] else 'after'}: {name}")
    same = 0
    written_otherwise, differing = [], []
    kinds: Counter[tuple[str, str]] = Counter()
    for name in sorted(names[0] & names[1]):
        before, after = (options.before / name).read_bytes(), (options.after / name).read_bytes()
        script = name.endswith((".notes.js", ".beside.js"))
        if before == after:
            same += 1
        elif script or name.endswith(".html"):
            found = differences(
                *(read(side.decode("utf-8"), script=script) for side in (before, after))
            )
            counts = Counter(found)
            kinds.update(counts.keys())
            (differing if counts else written_otherwise).append(name)
        else:
            differing.append(name)
            print(f"other bytes: {name} ({len(before)} and {len(after)})")
    for (before_part, after_part), count in kinds.most_common():
        print(f"{count} × - {before_part}\n{' ' * len(str(count))}   + {after_part}")
    print(
        f"{same} files with the same bytes; {len(written_otherwise)} with other bytes and the same "
        f"tree; {len(differing)} differ; {len(one_side)} on one side only"
    )
    return 1 if differing or one_side else 0


if __name__ == "__main__":
    sys.exit(main())
