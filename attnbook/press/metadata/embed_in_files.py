"""What a figure tells of itself, written into its files: RDF, PDF information, PNG texts, XMP."""

from __future__ import annotations

import io
import re

import pikepdf
from PIL.PngImagePlugin import PngInfo, putchunk

from ..base.errors import PressError
from ..figures.figure_record import Record
from .figure_facts import authors, cleaned, facts, provenance, rights, tool
from .rdf_and_xmp import work, xmp

ROOT = re.compile(r"""<svg\b(?:[^>"']|"[^"]*"|'[^']*')*(?<!/)>""")
TITLES = re.compile(r"(?:\s*<(title|desc)\b[^>]*>[^<]*</\1>)*")
METADATA = re.compile(r"\s*<metadata\b.*?</metadata>", re.DOTALL)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def svg(text: str, record: Record) -> str:
    """The drawing ``text`` with ``record`` as RDF in ``<metadata>``, after title and description.

    Metadata that stand there already are replaced; the rest stays as it is, byte for byte.

    Raises
    ------
    PressError
        If ``text`` has no ``<svg>`` element with a content.
    """
    root = ROOT.search(text)
    if root is None:
        raise _unreadable(record, "an SVG drawing", f"a text that starts {text[:40]!r}")
    titles = TITLES.match(text, root.end())
    place = titles.end() if titles else root.end()
    present = METADATA.match(text, place)
    rest = text[present.end() if present else place :]
    return f"{text[:place]}\n <metadata>\n{work(cleaned(record))} </metadata>{rest}"


def pdf(content: bytes, record: Record) -> bytes:
    """The document ``content`` with ``record`` in its information and as XMP; pages stay as is.

    Raises
    ------
    PressError
        If ``content`` is no PDF.
    """
    record = cleaned(record)
    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as error:
        raise _unreadable(record, "a PDF document", str(error)) from None
    day = f"D:{record.imprint.date:%Y%m%d}000000Z"
    properties = {
        "Title": record.title,
        "Author": authors(record),
        "Subject": record.caption,
        "Creator": tool(record),
        "CreationDate": day,
        "ModDate": day,
        **facts(record),
    }
    with document:
        document.trailer.Info = document.make_indirect(
            pikepdf.Dictionary(
                {f"/{name}": pikepdf.String(text) for name, text in properties.items()}
            )
        )
        document.Root.Lang = pikepdf.String(record.language)
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        packet = pikepdf.Stream(document, xmp(record, "application/pdf"))
        packet.Type, packet.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        document.Root.Metadata = document.make_indirect(packet)
        out = io.BytesIO()
        document.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,  # which would write the packet anew
            compress_streams=False,  # so that any program finds the packet
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return out.getvalue()


def png(content: bytes, record: Record) -> bytes:
    """The bitmap ``content`` with ``record`` as texts and XMP; the pixels' bytes stay as they are.

    Texts that it holds already are replaced.

    Raises
    ------
    PressError
        If ``content`` is no PNG.
    """
    record = cleaned(record)
    chunks = _chunks(content, record)
    info = PngInfo()
    properties = {
        "Title": record.title,
        "Author": authors(record),
        "Description": record.caption,
        "Copyright": rights(record),
        "Creation Time": f"{record.imprint.date:%d %b %Y} 00:00:00 GMT",
        "Software": tool(record),
        "Source": record.address,
        "Comment": provenance(record),
        **facts(record),
    }
    for name, text in properties.items():
        if text and text.isascii():
            info.add_text(name, text)
        elif text:
            info.add_itxt(name, text, record.language)
    info.add_itxt("XML:com.adobe.xmp", xmp(record, "image/png").decode())
    out = io.BytesIO()
    out.write(SIGNATURE)
    # Before the pixels, where readers of streams expect them. Drawing them anew takes 30 ms each.
    for kind, chunk in chunks:
        if kind == b"IDAT" and info.chunks:
            for text_kind, data, *_ in info.chunks:
                putchunk(out, text_kind, data)
            info.chunks = []
        if kind not in TEXTS:
            out.write(chunk)
    return out.getvalue()


def _chunks(content: bytes, record: Record) -> list[tuple[bytes, bytes]]:
    """Kind and bytes of every chunk of a PNG."""
    chunks: list[tuple[bytes, bytes]] = []
    at = len(SIGNATURE)
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        chunks.append((content[at + 4 : at + 8], content[at:end]))
        at = end
    kinds = [kind for kind, _ in chunks]
    whole = at == len(content) and kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"]
    if not (content.startswith(SIGNATURE) and whole and b"IDAT" in kinds):
        raise _unreadable(record, "a PNG bitmap", f"{len(content)} bytes, {content[:8]!r} …")
    return chunks


def _unreadable(record: Record, wanted: str, came: str) -> PressError:
    return PressError(
        f"the figure {record.slug!r} should come as {wanted}",
        mend="delete build/cache and build again",
        detail=came,
    )
