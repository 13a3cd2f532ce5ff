"""MQM ratings as the WMT tools read them (tab-separated, ``<v>`` marks): the whole article with its findings."""

from __future__ import annotations

from mtcheck.reports._exchange import of_review, tsv
from mtcheck.schema import Review


def render(review: Review) -> str:
    """A row a finding and a row a sentence without any; see :func:`mtcheck.reports._exchange.tsv`."""
    return tsv(of_review(review))
