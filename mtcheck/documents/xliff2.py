"""XLIFF 2.0 to 2.2.

OASIS, XLIFF Version 2.1, 13 February 2018: http://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from mtcheck.documents.bilingual import AUTHOR, Changed, Home, Pair, Standing
from mtcheck.documents.xml_text import XML, Element, Shown, Splice, XmlText, escaped

_STANDING = {"reviewed": Standing.FINAL, "final": Standing.FINAL, "initial": Standing.NEW}


def pairs(xml: XmlText) -> Iterator[Pair[Home]]:
    """The target of every segment that may be translated, with its source."""
    languages = xml.root.attributes.get("srcLang", ""), xml.root.attributes.get("trgLang", "")
    for unit in _units(xml.root, "yes"):
        for segment in unit.all("segment"):
            source, target = segment.first("source"), segment.first("target")
            if source is not None and target is not None:
                yield Pair(
                    source=xml.content(source, _shown).text,
                    target=xml.content(target, _shown),
                    home=Home(unit, segment, target),
                    source_language=source.attributes.get(f"{XML}lang") or languages[0],
                    target_language=target.attributes.get(f"{XML}lang") or languages[1],
                    standing=_STANDING.get(segment.attributes.get("state", "initial"), Standing.OPEN),
                )


def marks(xml: XmlText, changed: Sequence[Changed]) -> Iterator[Splice]:
    """A changed segment is translated and not yet reviewed, and a note says what changed.

    A note, and not the change-tracking module: we know of no tool that shows the latter to translators.
    """
    for one in changed:
        segment = one.pair.home.holder
        yield xml.set_attribute(segment, "state", "translated")
        yield xml.set_attribute(segment, "subState", f"{AUTHOR}:changed")
    for _, group in groupby(changed, key=lambda one: one.pair.home.unit.start):
        together = list(group)
        remarks = [remark for one in together for remark in one.remarks]
        yield _noted(xml, together[0].pair.home.unit, remarks)


def _noted(xml: XmlText, unit: Element, remarks: Sequence[str]) -> Splice:
    """The remarks as notes of a unit, beside those that it has; a unit has its notes before its data and segments."""
    prefix = unit.prefix
    begin, end = f'<{prefix}note category="{AUTHOR}" appliesTo="target">', f"</{prefix}note>"
    notes = unit.first("notes")
    text = "".join(f"{begin}{escaped(remark)}{end}" for remark in remarks)
    if notes is not None:
        return xml.append(notes, text)
    before = unit.all("originalData", "segment", "ignorable")[0]
    line = xml.indent(before.start)
    return Splice(before.start, before.start, f"<{prefix}notes>{text}</{prefix}notes>{line}", verbatim=True)


def _shown(element: Element) -> Shown:
    if element.name not in ("pc", "mrk"):
        return Shown.NOTHING
    return Shown.FIXED if element.attributes.get("translate") == "no" else Shown.TEXT


def _units(inside: Element, translate: str) -> Iterator[Element]:
    """The units to be translated; ``translate`` holds for what is inside unless it says otherwise."""
    for child in inside.all("file", "group", "unit"):
        here = child.attributes.get("translate", translate)
        if child.name != "unit":
            yield from _units(child, here)
        elif here != "no":
            yield child
