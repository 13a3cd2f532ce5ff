"""Word documents built for tests, and what a person does with tracked changes: accept or reject them all."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from mtcheck.documents.docx_names import name_of, value, word

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="urn:shape"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_ROOTS = {"footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr", "footer": "ftr", "comments": "comments"}


def package(body: str, main_type: str = f"{_TYPE}.document.main+xml", **parts: str) -> bytes:
    """A document with a body, and parts by kind (``footnotes=``, ``header=``, ``comments=`` and so on)."""
    types = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for kind in parts)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(parts, 1)
    )
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/>{types}</Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    if parts:
        members["word/_rels/document.xml.rels"] = (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
        )
    for kind, content in parts.items():
        members[f"word/{kind}.xml"] = f"<w:{_ROOTS[kind]} {_SPACES}>{content}</w:{_ROOTS[kind]}>"
    return zipped({name: (_HEAD + text).encode() for name, text in members.items()})


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 3, 1, 12, 30, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def p(*runs: str) -> str:
    return f"<w:p>{''.join(run if run.startswith('<') else r(run) for run in runs)}</w:p>"


def r(text: str, *properties: str) -> str:
    rpr = f"<w:rPr>{''.join(f'<w:{one}/>' for one in properties)}</w:rPr>" if properties else ""
    return f'<w:r>{rpr}<w:t xml:space="preserve">{text}</w:t></w:r>'


def ins(*runs: str, number: int = 901) -> str:
    return f'<w:ins w:id="{number}" w:author="Anna" w:date="2026-01-01T00:00:00Z">{"".join(runs)}</w:ins>'


def deleted(text: str, number: int = 902) -> str:
    run = f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r>'
    return f'<w:del w:id="{number}" w:author="Anna" w:date="2026-01-01T00:00:00Z">{run}</w:del>'


def code(name: str, *shown: str) -> str:
    """A complex field with a result."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    instruction = f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
    return mark("begin") + instruction + mark("separate") + "".join(shown) + mark("end")


def box(text: str) -> str:
    """A run with a text box, as Word writes it: once for itself, once for old programs."""
    content = f"<w:txbxContent>{p(text)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        f"{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def note(kind: str, number: int) -> str:
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'


RICH = package(
    p('<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>', "Lavrov said about the plans")
    + p("He said that ", r("Moscow", "b"), r(" has no plans", 'lang w:val="en-GB"'), " at all. ", "It was late.")
    + p(
        "See ", f'<w:hyperlink w:anchor="a">{r("the full text", "u")}</w:hyperlink>', " of it", note("footnote", 2), "."
    )
    + p("We prefer ", deleted("colour"), ins(r("the color of old ")), "books on page ", code("PAGE", r("12")), " here.")
    + p(
        "Co",
        "<w:r><w:noBreakHyphen/><w:t>operate</w:t><w:tab/><w:t>and infor</w:t><w:softHyphen/><w:t>mation</w:t></w:r>",
    )
    + p("A first line,", "<w:r><w:br/><w:t>going on here.</w:t><w:br/><w:t>Another line.</w:t></w:r>")
    + "<w:tbl><w:tr>"
    + f"<w:tc>{p('Cell one is here.')}</w:tc><w:tc>{p('Cell two.', box('A box of text.'))}</w:tc></w:tr></w:tbl>"
    + p(f"<w:sdt><w:sdtPr/><w:sdtContent>{r('A control holds this.')}</w:sdtContent></w:sdt>")
    + p('<w:bookmarkStart w:id="7" w:name="x"/>', "Split by", " revision", '<w:bookmarkEnd w:id="7"/>', " marks only."),
    footnotes=f'<w:footnote w:type="separator" w:id="0">{p("no")}</w:footnote>'
    f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", " A note of the editor.")}</w:footnote>',
    header=p("The daily news of the world, page ", code("PAGE", r("3"))),
)
"""Everything that Word puts into text, in one document."""


def resolved(data: bytes, *, accepting: bool) -> bytes:
    """The document once a person accepted, or rejected, every change that mtcheck tracked."""
    parts = members(data)
    for name, content in parts.items():
        if b'author="mtcheck"' in content:
            root = etree.fromstring(content)
            for element in [one for one in root.iter("*") if _is_ours(one)]:
                _resolve(element, keeping=(name_of(element) == "ins") == accepting)
            parts[name] = etree.tostring(root)
    return zipped(parts)


def _is_ours(element: Any) -> bool:
    return name_of(element) in ("ins", "del") and value(element, "author") == "mtcheck"


def _resolve(element: Any, *, keeping: bool) -> None:
    around = element.getparent()
    for run in element if keeping else ():
        element.addprevious(run)
        for text in run.iter(word(run, "delText")):
            text.tag = word(run, "t")
    around.remove(element)
