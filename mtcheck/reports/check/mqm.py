"""MQM ratings as the WMT tools read them (tab-separated, ``<v>`` marks): the sentences with new findings."""

from __future__ import annotations

from mtcheck.checking import CheckRun
from mtcheck.reports._exchange import of_run, tsv


def render(run: CheckRun) -> str:
    """A row a finding; see :func:`mtcheck.reports._exchange.tsv`."""
    return tsv(of_run(run))
