"""What the elements of HTML mean for the text: which end a passage, whose content is not prose, which close others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto

INLINE = frozenset(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr q rb rp rt ruby s "
    "samp small span strike strong sub sup time tt u var wbr img input svg math object audio video iframe canvas "
    "map area noscript script style template link meta param source track embed progress "
    "meter output slot picture".split()
)
"""Elements that stand in running text; every other one, an unknown one too, ends a passage."""
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""Elements without content or end tag."""
_UNREAD = frozenset(
    "script style pre textarea template noscript svg math select datalist button iframe object audio video canvas "
    "noembed noframes xmp listing plaintext".split()
)
_CODE = frozenset("code kbd samp var tt".split())
_PROSE_NAMES = frozenset("description og:title og:description twitter:title twitter:description".split())
ITEMS = frozenset("p h1 h2 h3 h4 h5 h6 li dt dd tr caption figcaption summary title blockquote address".split())
"""Elements that a remark to mtcheck in them is about as a whole."""

_ROW = frozenset("tr td th".split())
_CELL = frozenset("td th".split())
_ENDED_BY: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": _CELL,
    "th": _CELL,
    "tr": _ROW,
    **dict.fromkeys(("tbody", "thead", "tfoot"), _ROW | {"tbody", "thead", "tfoot"}),
    "body": frozenset({"head"}),
}
"""Open elements that a start tag ends, though nobody wrote their end tag."""
_SCOPES = frozenset("table ul ol menu dl template".split())
_NOTE_LINK = re.compile(r"\s*(?:<a\b|\[)", re.IGNORECASE)


class Reading(Enum):
    """What becomes of an element's text: checked, shown but kept, passed over but for parts that say otherwise, or not
    text at all.
    """

    CHECKED = auto()
    KEPT = auto()
    PASSED = auto()
    UNREAD = auto()


def reading(tag: str, attributes: Mapping[str, str], parent: Reading, *, inline: bool) -> Reading:
    """How an element in one that is read as ``parent`` is read."""
    if parent is Reading.UNREAD or tag in _UNREAD or "hidden" in attributes:
        return Reading.UNREAD
    wanted = _wanted(tag, attributes)
    if wanted:
        return Reading.CHECKED
    if wanted is None:
        return Reading.KEPT if tag in _CODE and parent is Reading.CHECKED else parent
    return Reading.KEPT if inline and parent in (Reading.CHECKED, Reading.KEPT) else Reading.PASSED


def _wanted(tag: str, attributes: Mapping[str, str]) -> bool | None:
    """Whether the page asks for this element to be translated, or says nothing; its language counts below the body."""
    asked = attributes.get("translate", "").lower()
    if asked in ("no", "yes"):
        return asked == "yes"
    if "notranslate" in attributes.get("class", "").split():
        return False
    language = attributes.get("lang") or attributes.get("xml:lang") or ""
    if not language or tag in ("html", "body"):
        return None
    return language.lower().partition("-")[0] == "en"


def ended_by(tag: str, opened: list[str]) -> int:
    """How many of the open elements, outermost first, stay open when a start tag comes."""
    ends, kept = _ENDED_BY.get(tag, frozenset()), len(opened)
    for at in range(len(opened) - 1, -1, -1):
        if opened[at] in ends or (opened[at] == "p" and tag not in INLINE and kept == len(opened)):
            kept = at
        elif opened[at] in _SCOPES or (not ends and opened[at] not in INLINE):
            break
    return kept


def closed_by(tag: str, opened: list[str]) -> int | None:
    """How many of the open elements stay open after an end tag; None when it closes nothing.

    An end tag of running text closes nothing beyond the block it stands in, one of a block nothing beyond its table.
    """
    for at in range(len(opened) - 1, -1, -1):
        if opened[at] == tag:
            return at
        if opened[at] == "table" or (tag in INLINE and opened[at] not in INLINE):
            return None
    return None


def prose_attribute(tag: str, attributes: Mapping[str, str]) -> str:
    """Name of the attribute that readers meet as text: a picture's description, a page's; empty when there is none."""
    if tag in ("img", "area"):
        return "alt"
    name = attributes.get("name") or attributes.get("property") or ""
    return "content" if tag == "meta" and name.lower() in _PROSE_NAMES else ""


def is_note_mark(raw: str, attributes: Mapping[str, str]) -> bool:
    """True for a superscript (``raw`` is what follows its tag) that refers to a footnote: a link or a bracket."""
    named = {"reference", "footnote-ref", "footnoteref"}.intersection(attributes.get("class", "").split())
    return bool(named or attributes.get("role") == "doc-noteref" or _NOTE_LINK.match(raw))
