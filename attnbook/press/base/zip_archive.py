"""Zip archives whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from .errors import PressError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name
COMPRESSED = {".gif", ".jpeg", ".jpg", ".pdf", ".png", ".pptx", ".webp", ".whl", ".woff2", ".zip"}
UNIX = 3


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip archive of ``files`` (relative names with ``/``), in the order given.

    What is compressed already is stored, the rest is deflated; names are in UTF-8, dates are
    1980-01-01, everyone may read.

    Raises
    ------
    PressError
        For a name that would not unpack into one place below a folder, on any system.
    """
    out = io.BytesIO()
    seen: dict[str, str] = {}
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            _check(name, seen)
            entry = zipfile.ZipInfo(name, EPOCH)
            stored = PurePosixPath(name).suffix.lower() in COMPRESSED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.create_system = UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)
    return out.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of the zip archive ``content``, in its order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def _check(name: str, seen: dict[str, str]) -> None:
    parts = name.split("/")
    if not all(part not in {"", ".", ".."} for part in parts) or any(
        character in '\\:*?"<>|' or not character.isprintable() for character in name
    ):
        raise PressError(
            f"{name!r} cannot be the name of a file in an archive",
            mend=r"use a relative path with / between folders, and none of \ : * ? < > |",
        )
    twin = seen.setdefault(name.casefold(), name)
    if twin is not name:
        raise PressError(
            f"an archive cannot hold both {twin!r} and {name!r}",
            mend="give them names that differ in more than case",
        )
