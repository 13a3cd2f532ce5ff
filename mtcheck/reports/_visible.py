"""Control characters of an article made visible, so that no report can carry one to a terminal."""

from __future__ import annotations

import re

# C0 but tab and newline, DEL, C1, line/paragraph separators, the controls that reorder text on screen, and what no
# file or XML document can hold: lone surrogates (bytes of a path that are no UTF-8) and the last two of the plane.
_CONTROL = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """The text with ESC shown as ``⟨U+001B⟩``, a right-to-left override as ``⟨U+202E⟩``; tabs and line ends stay."""
    return _CONTROL.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text)


def one_line(text: str) -> str:
    """The text on one line: controls visible, every run of white space one space."""
    return re.sub(r"\s+", " ", visible(text)).strip()
