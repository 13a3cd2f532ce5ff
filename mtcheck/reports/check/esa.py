"""Error spans to confirm and score by hand (ESA): a Pearmut campaign of the sentences with new findings."""

from __future__ import annotations

from mtcheck.checking import CheckRun
from mtcheck.reports._entries import plural
from mtcheck.reports._exchange import campaign, of_run


def render(run: CheckRun) -> str:
    """The campaign as JSON; see :func:`mtcheck.reports._exchange.campaign`."""
    articles = of_run(run)
    return campaign(articles, articles[0].name if len(articles) == 1 else plural(len(articles), "article"))
