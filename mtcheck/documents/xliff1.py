"""XLIFF 1.0 to 1.2, and what memoQ and Phrase make of it.

OASIS, XLIFF 1.2 Specification, 1 February 2008: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.documents.bilingual import AUTHOR, Changed, Home, Pair, Standing
from mtcheck.documents.xml_text import XML, Element, Shown, Splice, XmlText, escaped

_MEMOQ, _PHRASE = "{MQXliff}", "{http://www.memsource.com/mxlf/2.0}"
_DELETED = ("x-sdl-deleted", "x-sdl-feedback-deleted")
_FINAL_STATES = ("final", "signed-off")
_NEW_STATES = ("new", "needs-translation")
_LOCKED = ("true", "1", "yes", "locked")


def pairs(xml: XmlText) -> Iterator[Pair[Home]]:
    """Every target that may be translated, with its source: each segment by itself where a target is segmented."""
    for file in xml.root.all("file"):
        for unit in _units(file):
            yield from _pairs_of(xml, file, unit)


def marks(xml: XmlText, changed: Sequence[Changed]) -> Iterator[Splice]:
    """New targets want a look, and a note says what changed."""
    for holder in {one.pair.home.holder.start: one.pair.home.holder for one in changed}.values():
        yield xml.set_attribute(holder, "state", "needs-review-translation")
    for unit in {one.pair.home.unit.start: one.pair.home.unit for one in changed}.values():
        if f"{_MEMOQ}status" in unit.attributes:
            yield xml.set_attribute(unit, f"{_MEMOQ}status", "PartiallyEdited")
        if f"{_PHRASE}confirmed" in unit.attributes:
            yield xml.set_attribute(unit, f"{_PHRASE}confirmed", "0")
    for one in changed:
        target, prefix = one.pair.home.holder, one.pair.home.holder.prefix
        begin = f'{xml.indent(target.start)}<{prefix}note from="{AUTHOR}" annotates="target">'
        for remark in one.remarks:
            yield Splice(target.end, target.end, f"{begin}{escaped(remark)}</{prefix}note>", verbatim=True)


def shown(element: Element) -> Shown:
    """What a reader sees of an inline element: codes are nothing, and so is what a tracked change deletes."""
    kind = element.attributes.get("mtype")
    if element.name not in ("g", "mrk") or kind in _DELETED:
        return Shown.NOTHING
    return Shown.FIXED if kind == "protected" else Shown.TEXT


def _units(inside: Element) -> Iterator[Element]:
    """The trans-units to be translated, at any depth of groups; nobody may change one that is locked."""
    for child in inside.all("body", "group", "trans-unit"):
        attributes = child.attributes
        locked = any(attributes.get(f"{tool}locked") in _LOCKED for tool in (_MEMOQ, _PHRASE))
        if attributes.get("translate") == "no" or locked:
            continue
        if child.name == "trans-unit":
            yield child
        else:
            yield from _units(child)


def _pairs_of(xml: XmlText, file: Element, unit: Element) -> Iterator[Pair[Home]]:
    target, source = unit.first("target"), unit.first("source")
    if target is None or source is None:
        return
    segments = _segments(target)
    sources = {mid: _plain(xml, part) for mid, part in _segments(unit.first("seg-source") or source)}
    whole = _plain(xml, source)
    for mid, part in segments or [("", target)]:
        yield Pair(
            source=(sources.get(mid, "") if len(segments) > 1 else sources.get(mid, whole)) if segments else whole,
            target=xml.content(part, shown),
            home=Home(unit, target, part),
            source_language=source.attributes.get(f"{XML}lang") or file.attributes.get("source-language", ""),
            target_language=target.attributes.get(f"{XML}lang") or file.attributes.get("target-language", ""),
            standing=_standing(unit, target),
        )


def _segments(inside: Element) -> list[tuple[str, Element]]:
    """The parts marked as segments, with the number by which source and target belong together."""
    return [
        (part.attributes.get("mid", ""), part)
        for part in inside.below()
        if part.name == "mrk" and part.attributes.get("mtype") == "seg"
    ]


def _plain(xml: XmlText, element: Element) -> str:
    return xml.content(element, shown).text


def _standing(unit: Element, target: Element) -> Standing:
    state, status = target.attributes.get("state"), unit.attributes.get(f"{_MEMOQ}status")
    if unit.attributes.get("approved") == "yes" or state in _FINAL_STATES or status == "Proofread":
        return Standing.FINAL
    return Standing.NEW if state in _NEW_STATES or status == "NotStarted" else Standing.OPEN
