"""The drawing in a file, apart from what the file says of itself: the same in every build.

verify.js computes these digests, too, in a reader's browser, by the same rules.
"""

from __future__ import annotations

import hashlib
import re

# As `embed_in_files` writes it, with the space before it.
SVG_METADATA = re.compile(rb"[ \n]*<metadata\b.*?</metadata>", re.DOTALL)
PDF_OBJECT = re.compile(rb"\d+ \d+ obj\b(.*?)endobj", re.DOTALL)
# The objects that say what the file is: the packet of XMP, and the document information.
PDF_METADATA = (b"/Type /Metadata", b"/CreationDate")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}


def digest(content: bytes) -> str:
    """The SHA-256 of the drawing that ``content`` holds; empty if it is no SVG, PNG or PDF."""
    if content.startswith(PNG_SIGNATURE):
        drawn = _png(content)
    elif content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF"):
        objects = PDF_OBJECT.findall(content)
        drawn = b"".join(one for one in objects if not any(mark in one for mark in PDF_METADATA))
    elif b"<svg" in content[:1000]:
        drawn = SVG_METADATA.sub(b"", content, count=1)
    else:
        return ""
    return hashlib.sha256(drawn).hexdigest()


def _png(content: bytes) -> bytes:
    """All chunks but those of text."""
    kept, at = b"", len(PNG_SIGNATURE)
    while at + 8 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] not in PNG_TEXTS:
            kept += content[at:end]
        at = end
    return kept
