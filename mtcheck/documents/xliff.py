"""XLIFF of any version: the target of each unit is checked against its source and changed in place.

States say that a changed target wants a look, and notes what was changed and why. Units that are locked or not to be
translated are left out; those that are signed off are checked and never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtcheck.documents import xliff1, xliff2
from mtcheck.documents.bilingual import Changed, Home, Pair, xml_format
from mtcheck.documents.xml_text import Splice, XmlText
from mtcheck.errors import InputError


def pairs(xml: XmlText) -> Iterable[Pair[Home]]:
    """Every pair of the file. Raises InputError for XML that is not XLIFF."""
    if xml.root.name != "xliff":
        raise InputError(
            f"not XLIFF but <{xml.root.name}>", where=xml.name, repair="give the bilingual file of a CAT tool"
        )
    return xliff2.pairs(xml) if _is_second(xml) else xliff1.pairs(xml)


def marks(xml: XmlText, changed: Sequence[Changed]) -> Iterable[Splice]:
    """What is written to show what changed."""
    return xliff2.marks(xml, changed) if _is_second(xml) else xliff1.marks(xml, changed)


def _is_second(xml: XmlText) -> bool:
    return xml.root.attributes.get("version", "").startswith("2")


FORMAT = xml_format("xliff", (".xlf", ".xliff", ".mqxliff", ".mxliff"), pairs, marks, in_folders=False)
