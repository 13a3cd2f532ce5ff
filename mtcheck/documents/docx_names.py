"""Names in WordprocessingML: transitional and strict documents use two namespaces for the same elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_PREFIXES = {
    **dict.fromkeys(_WORD, ""),
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14:",
}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def name_of(element: Any) -> str:
    """``p`` for w:p, ``mc:Choice`` for that; ``?`` before the name of any other element; empty for what is none."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag[1:].rpartition("}")
    return _PREFIXES.get(namespace, "?") + local


def word(element: Any, name: str) -> str:
    """The full name of a WordprocessingML element or attribute, in the namespace that a document uses."""
    used = next((uri for uri in element.nsmap.values() if uri in _WORD), _WORD[0])
    return f"{{{used}}}{name}"


def value(element: Any, name: str = "val", default: str = "") -> str:
    """An attribute of a WordprocessingML element."""
    for uri in _WORD:
        if (found := element.get(f"{{{uri}}}{name}")) is not None:
            return str(found)
    return default


def child(element: Any, *path: str) -> Any | None:
    """The first descendant along a path of names, or None."""
    for name in path:
        element = next((one for one in element if name_of(one) == name), None)
        if element is None:
            return None
    return element


def is_on(element: Any | None) -> bool:
    """Whether a property that is there or not, such as w:vanish, holds."""
    return element is not None and value(element) not in ("0", "false", "off")


def ancestors(element: Any) -> Iterator[str]:
    """Names of the elements around one, from within."""
    return (name_of(one) for one in element.iterancestors())
