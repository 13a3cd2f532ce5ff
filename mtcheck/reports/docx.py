"""The report of a review as a Word document: summary page, then original, corrected and why, change by change."""

from __future__ import annotations

from mtcheck.comparison import Comparison, compare_review
from mtcheck.schema import Review


def render(review: Review, *, comparison: Comparison | None = None) -> bytes:
    """The .docx. comparison: of the review's two versions, when more is known than the review alone can tell."""
    from mtcheck.reports._docx import document

    return document(comparison or compare_review(review), review)
