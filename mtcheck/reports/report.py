"""The printable report of a review: summary page, both versions side by side, every change with its reasons.

Unlike ``html``, which is for deciding, it has no script and nothing to click.
"""

from __future__ import annotations

from mtcheck.comparison import Comparison, compare_review
from mtcheck.reports.comparison import html
from mtcheck.schema import Review


def render(review: Review, *, comparison: Comparison | None = None) -> str:
    """The page. comparison: of the review's two versions, when more is known than the review alone can tell."""
    return html.render(comparison or compare_review(review), review=review)
