"""``python -m attnbook``: says in one line where the command line is."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.exit(
        "attnbook is the library of the book; the command line that lists, exports and cites "
        "figures comes with the book itself: python -m attnbook.press --help, in its checkout"
    )
