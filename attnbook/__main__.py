"""``python -m attnbook``: says in one line where the command line is."""

from __future__ import annotations

import sys

WHERE = (
    "attnbook is the library of the book; the command line that lists, exports and cites figures "
    "comes with the book itself: python -m attnbook.press --help, in its checkout"
)

if __name__ == "__main__":
    if sys.argv[1:]:  # a command was asked for, and nothing was done
        print(WHERE, file=sys.stderr)
        sys.exit(2)
    print(WHERE)
