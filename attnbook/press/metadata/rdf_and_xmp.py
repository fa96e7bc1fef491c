"""RDF about a figure: as drawings hold it, and as XMP, which documents and bitmaps hold.

Beside Dublin Core, Creative Commons, XMP and IPTC, which readers know, it uses terms of our own
for which there are none: ``version``, ``cell``, ``seeds`` and ``dataDigest`` in
`NAMESPACE`, which names no site, for the terms outlive its address. They hold what the fields of
`record.Record` and `imprint.Imprint` of these names hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]: it is compiled

from ..figures.figure_record import Record
from ..words.load import WORDS
from .figure_facts import authors, facts, names, provenance, rights, terms, tool

NAMESPACE = "urn:x-attnbook:terms#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {
    "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cc": "http://creativecommons.org/ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "iptc": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "attnbook": NAMESPACE,
}
STILL_IMAGE = "http://purl.org/dc/dcmitype/StillImage"


def work(record: Record) -> str:
    """RDF as Inkscape and Creative Commons write it into drawings."""
    graph, work = _graph("cc:Work")
    _add(work, "dc:format", "image/svg+xml")
    _add(work, "dc:type", resource=STILL_IMAGE)
    _add(work, "dc:title", record.title, record.language)
    for name in names(record):
        _add(_add(_add(work, "dc:creator"), "cc:Agent"), "dc:title", name)
    _add(work, "dc:rights", rights(record), record.language)
    _add(work, "dc:description", record.caption, record.language)
    _add(work, "dc:language", record.language)
    _add(work, "dc:date", record.imprint.date.isoformat())
    _add(work, "dc:source", _part(record), record.language)
    if record.address:
        _add(work, "dc:identifier", record.address)
        _add(work, "cc:attributionURL", resource=record.address)
    _add(work, "cc:attributionName", authors(record))
    _add(work, "cc:license", resource=record.imprint.licence.address)
    statement = _add(_add(work, "dcterms:provenance"), "dcterms:ProvenanceStatement")
    _add(statement, "rdfs:label", provenance(record), record.language)
    _own(work, record)
    etree.cleanup_namespaces(graph, keep_ns_prefixes=["rdf"])
    etree.indent(graph, " ", level=2)
    return f"  {etree.tostring(graph, encoding='unicode')}\n"


def xmp(record: Record, kind: str) -> bytes:
    """The XMP packet of a file of ``kind``."""
    graph, about = _graph("rdf:Description")
    _add(about, "dc:format", kind)
    _several(about, "dc:type", "Bag", ["StillImage"])
    _each_language(about, "dc:title", record.title, record)
    _several(about, "dc:creator", "Seq", names(record))
    _each_language(about, "dc:description", record.caption, record)
    _each_language(about, "dc:rights", rights(record), record)
    _several(about, "dc:language", "Bag", [record.language])
    _several(about, "dc:date", "Seq", [record.imprint.date.isoformat()])
    _add(about, "dc:source", _part(record))
    if record.address:
        _add(about, "dc:identifier", record.address)
        _add(about, "cc:attributionURL", resource=record.address)
    _add(about, "cc:attributionName", authors(record))
    _add(about, "cc:license", resource=record.imprint.licence.address)
    _add(about, "xmpRights:Marked", "True")
    _add(about, "xmpRights:WebStatement", record.imprint.licence.address)
    _each_language(about, "xmpRights:UsageTerms", terms(record), record)
    _add(about, "xmp:CreatorTool", tool(record))
    for name in ("CreateDate", "ModifyDate", "MetadataDate"):
        _add(about, f"xmp:{name}", f"{record.imprint.date.isoformat()}T00:00:00Z")
    _each_language(about, "iptc:AltTextAccessibility", record.alt, record)
    _each_language(about, "iptc:ExtDescrAccessibility", record.description, record)
    _each_language(about, "dcterms:provenance", provenance(record), record)
    _own(about, record)
    etree.cleanup_namespaces(graph)
    meta = etree.Element("{adobe:ns:meta/}xmpmeta", nsmap={"x": "adobe:ns:meta/"})
    meta.append(graph)
    etree.indent(meta, " ")
    body = etree.tostring(meta, encoding="unicode")
    start = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return f'{start}\n{body}\n<?xpacket end="r"?>'.encode()


def _graph(kind: str) -> tuple[etree._Element, etree._Element]:
    graph = etree.Element(_name("rdf:RDF"), nsmap=PREFIXES)
    about = _add(graph, kind)
    about.set(_name("rdf:about"), "")
    return graph, about


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


def _add(
    parent: etree._Element, name: str, text: str = "", language: str = "", resource: str = ""
) -> etree._Element:
    child = etree.SubElement(parent, _name(name))
    child.text = text or None
    if language:
        child.set(f"{{{XML}}}lang", language)
    if resource:
        child.set(_name("rdf:resource"), resource)
    return child


def _several(parent: etree._Element, name: str, kind: str, texts: Sequence[str]) -> None:
    box = _add(_add(parent, name), f"rdf:{kind}")
    for text in texts:
        _add(box, "rdf:li", text)


def _each_language(parent: etree._Element, name: str, text: str, record: Record) -> None:
    if text:
        box = _add(_add(parent, name), "rdf:Alt")
        for language in ("x-default", record.language):
            _add(box, "rdf:li", text, language)


def _own(parent: etree._Element, record: Record) -> None:
    """The terms for which there are none elsewhere."""
    values = facts(record)
    names = {"version": "Version", "cell": "Cell", "seeds": "Seeds", "dataDigest": "DataDigest"}
    for name, fact in names.items():
        if fact in values:
            _add(parent, f"attnbook:{name}", values[fact])


def _part(record: Record) -> str:
    book = record.imprint.title(record.language)
    return WORDS[record.language].files.part.format(book=book, chapter=record.chapter)
