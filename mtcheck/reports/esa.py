"""Error spans to confirm and score by hand (ESA): a Pearmut campaign of the whole article."""

from __future__ import annotations

from mtcheck.reports._exchange import campaign, of_review
from mtcheck.schema import Review


def render(review: Review) -> str:
    """The campaign as JSON; see :func:`mtcheck.reports._exchange.campaign`."""
    return campaign(of_review(review), review.document.doc_id)
