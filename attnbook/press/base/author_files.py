"""Texts that authors write, read with their mistakes in mind: another encoding, no file at all."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from .errors import PressError

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # all but tab and the ends of lines
# What no text has, as (characters, why, mend).
FORBIDDEN = (
    (
        CONTROL,
        "a control character",
        "remove it: nobody can see it, and XML forbids it",
    ),
    (  # what turns the order of letters around, and what stands for a character that was lost
        re.compile("[\u202a-\u202e\u2066-\u2069\ufffd]"),
        "which misleads",
        "remove it; where a character was lost, write it again",
    ),
)
TAG = re.compile(r"<[A-Za-z/!?]")
HAN = re.compile("[\u4e00-\u9fff]")


def read(path: Path) -> str:
    """The text of ``path``, in UTF-8; a byte order mark is no part of it.

    Raises
    ------
    FileNotFoundError
        If there is nothing at ``path``.
    PressError
        If it is no file, cannot be read, is in another encoding or holds control characters.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would wait for ever
            raise PressError(
                "a text is expected here, and this is no file",
                path=path,
                mend="put the text in its place",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        if not path.is_symlink():
            raise
        raise PressError(
            f"this link leads to {path.readlink().as_posix()!r}, which does not exist",
            path=path,
            mend="mend the link, or put the text in its place",
        ) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to one another
        raise PressError(
            f"the file cannot be read: {getattr(error, 'strerror', None) or error}",
            path=path,
            mend="see that you may read it, and that it is on a disk that works",
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PressError(
            f"the file is not UTF-8{_guess(content)}",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
            mend="save it as UTF-8",
        ) from None
    for characters, why, mend in FORBIDDEN:
        if found := characters.search(text):
            raise PressError(
                f"there is the character U+{ord(found[0]):04X}, {why}",
                path=path,
                line=text.count("\n", 0, found.start()) + 1,
                mend=mend,
            )
    return text


def require_plain(text: str, what: str, path: Path, line: int | None = None) -> str:
    """``text``, which goes into titles, attributes and other programs' files as it stands.

    Raises
    ------
    PressError
        If there is a tag in it; the message calls the text ``what``.
    """
    if tag := TAG.search(text):
        raise PressError(
            f"{what} has {tag[0]!r}, which begins a tag, and should be plain text",
            path=path,
            line=line,
            mend="leave the tag out; for 'less than', put a space after the sign",
        )
    return text


def _guess(content: bytes) -> str:
    """The encoding that ``content`` seems to be in, as the end of a sentence."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ", but UTF-16"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return ", but reads as GB18030 (GBK, GB 2312)" if HAN.search(text) else ""
