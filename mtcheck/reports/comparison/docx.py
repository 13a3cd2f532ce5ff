"""The comparison as a Word document: summary page, then original, corrected and why, sentence by sentence."""

from __future__ import annotations

from mtcheck.comparison import Comparison


def render(comparison: Comparison) -> bytes:
    """The .docx."""
    from mtcheck.reports._docx import document

    return document(comparison)
