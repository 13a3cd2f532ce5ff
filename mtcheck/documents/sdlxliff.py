"""SDLXLIFF, the bilingual file of Trados Studio: XLIFF 1.2 whose segments have a status each.

A changed segment becomes a draft again and carries a comment, as if a colleague had made it. Locked segments are left
out; approved and signed-off ones are checked and never changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mtcheck.documents import xliff, xliff1
from mtcheck.documents.bilingual import AUTHOR, Changed, Home, Pair, Standing, xml_format
from mtcheck.documents.xml_text import Element, Splice, XmlText, escaped

_SDL = "http://sdl.com/FileTypes/SdlXliff/1.0"
_STANDING = {
    "ApprovedTranslation": Standing.FINAL,
    "ApprovedSignOff": Standing.FINAL,
    None: Standing.NEW,
    "": Standing.NEW,
}


def pairs(xml: XmlText) -> Iterator[Pair[Home]]:
    """Every segment that is not locked, with its source."""
    for pair in xliff.pairs(xml):
        status = _status(pair.home)
        if status is None:
            yield pair
        elif status.attributes.get("locked") != "true":
            yield replace(pair, standing=_STANDING.get(status.attributes.get("conf"), Standing.OPEN))


def marks(xml: XmlText, changed: Sequence[Changed]) -> Iterator[Splice]:
    """Each changed segment is a draft, wrapped in a comment that is defined at the head of the file.

    Files without Trados' own segments are marked as other XLIFF files are.
    """
    plain = [one for one in changed if _status(one.pair.home) is None]
    yield from xliff1.marks(xml, plain)
    definitions = []
    for number, one in enumerate(changed):
        status, content = _status(one.pair.home), one.pair.home.content
        if status is None:
            continue
        yield xml.set_attribute(status, "conf", "Draft")
        name = str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join((_SDL, str(content.start), str(number), *one.remarks))))
        mark, prefix = f"{content.prefix}mrk", xml.prefixes[_SDL] or f'xmlns:sdl="{_SDL}" sdl:'
        opening = f'<{mark} mtype="x-sdl-comment" {prefix}cid="{name}">'
        yield Splice(content.inner_start, content.inner_start, opening, verbatim=True)
        yield Splice(content.inner_end, content.inner_end, f"</{mark}>", verbatim=True)
        definitions.append((name, one.remarks))
    if definitions:
        yield _defined(xml, definitions)


def _status(home: Home) -> Element | None:
    """What Trados says of the segment, by its number."""
    defined = [child for child in home.unit.elements if (child.namespace, child.name) == (_SDL, "seg-defs")]
    found = [segment for one in defined for segment in one.all("seg")]
    if home.content is home.holder and len(found) == 1:
        return found[0]
    return next((one for one in found if one.attributes.get("id") == home.content.attributes.get("mid")), None)


def _defined(xml: XmlText, comments: Sequence[tuple[str, Sequence[str]]]) -> Splice:
    """The comments where Trados keeps them: /xliff/doc-info/cmt-defs. Their dates are left out, as it allows."""
    info = next((child for child in xml.root.elements if (child.namespace, child.name) == (_SDL, "doc-info")), None)
    known = info.first("cmt-defs") if info else None
    prefix = info.prefix if info else ""
    made = "".join(_definition(prefix, name, remarks) for name, remarks in comments)
    if known is not None:
        return xml.append(known, made)
    made = f"<{prefix}cmt-defs>{made}</{prefix}cmt-defs>"
    if info is not None:
        return xml.append(info, made)
    at = xml.root.inner_start
    return Splice(at, at, f'<doc-info xmlns="{_SDL}">{made}</doc-info>', verbatim=True)


def _definition(prefix: str, name: str, remarks: Sequence[str]) -> str:
    begin = f'<{prefix}Comment severity="Medium" user="{AUTHOR}" version="1.0">'
    made = "".join(f"{begin}{escaped(remark)}</{prefix}Comment>" for remark in remarks)
    return f'<{prefix}cmt-def id="{name}"><{prefix}Comments>{made}</{prefix}Comments></{prefix}cmt-def>'


FORMAT = xml_format("sdlxliff", (".sdlxliff",), pairs, marks, in_folders=True)
