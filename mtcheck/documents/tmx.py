"""TMX, translation memories: the English variant of each unit is checked against the Russian one.

LISA OSCAR, TMX 1.4b Specification, 26 April 2005: https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.documents.bilingual import AUTHOR, Changed, Home, Pair, xml_format
from mtcheck.documents.xml_text import XML, Element, Shown, Splice, XmlText, escaped
from mtcheck.errors import InputError


def pairs(xml: XmlText) -> Iterator[Pair[Home]]:
    """Each variant of a unit that is not its source, with the source. Raises InputError for XML that is not TMX."""
    if xml.root.name != "tmx":
        raise InputError(f"not TMX but <{xml.root.name}>", where=xml.name, repair="give a translation memory")
    header, body = xml.root.first("header"), xml.root.first("body")
    declared = header.attributes.get("srclang", "") if header else ""
    for unit in body.all("tu") if body else []:
        variants = [(_language(one), one, seg) for one in unit.all("tuv") if (seg := one.first("seg")) is not None]
        source = _source(unit.attributes.get("srclang", declared), [language for language, _, _ in variants])
        texts = [xml.content(seg, _shown).text for language, _, seg in variants if language == source]
        for language, variant, seg in variants:
            if language != source:
                text = texts[0] if texts else ""
                yield Pair(text, xml.content(seg, _shown), Home(unit, variant, seg), source, language)


def marks(xml: XmlText, changed: Sequence[Changed]) -> Iterator[Splice]:
    """A note in the variant says what changed; who changed it stands in ``changeid``. There is no clock here."""
    for one in changed:
        variant, seg = one.pair.home.holder, one.pair.home.content
        yield xml.set_attribute(variant, "changeid", AUTHOR)
        for remark in one.remarks:
            note = f"<{seg.prefix}note>{AUTHOR}: {escaped(remark)}</{seg.prefix}note>{xml.indent(seg.start)}"
            yield Splice(seg.start, seg.start, note, verbatim=True)


def _language(variant: Element) -> str:
    """TMX 1.1 has ``lang``."""
    return variant.attributes.get(f"{XML}lang") or variant.attributes.get("lang", "")


def _source(declared: str, languages: Sequence[str]) -> str:
    """Which of the languages is the source's: the declared one, or Russian where any may be (``*all*``)."""
    wanted = "ru" if declared in ("", "*all*") else declared
    exact = (language for language in languages if language.lower() == wanted.lower())
    alike = (language for language in languages if language[:2].lower() == wanted[:2].lower())
    return next(exact, next(alike, wanted))


def _shown(element: Element) -> Shown:
    """Highlighted text is text; everything else inside a segment is a code of its original format."""
    return Shown.TEXT if element.name == "hi" else Shown.NOTHING


FORMAT = xml_format("tmx", (".tmx",), pairs, marks, in_folders=False)
