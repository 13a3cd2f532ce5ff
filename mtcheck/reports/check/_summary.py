"""A run in one line."""

from __future__ import annotations

from mtcheck.checking import CheckRun
from mtcheck.reports._entries import plural
from mtcheck.reports.check._findings import new_in, safe, skipped
from mtcheck.schema import Severity


def summary(run: CheckRun) -> str:
    """How much was found and where, what of it was known or is gone, what failed, and what to do next.

    For example: 12 findings (3 major) in 2 of 20 articles, 4 known; 5 have safe fixes: run mtcheck fix
    """
    return headline(run) + _failures(run) + _next_step(run)


def headline(run: CheckRun) -> str:
    """How many new findings there are, how grave, in how many articles, and how many are known or gone."""
    new, checked = run.new, sum(not (article.error or skipped(article)) for article in run.articles)
    found = sum(bool(new_in(article)) for article in run.articles)
    known = sum(finding.known for finding in run.findings)
    gone = sum(entry.count for _, entry in run.gone)
    grave = ", ".join(
        f"{count} {grade}"
        for grade in (Severity.CRITICAL, Severity.MAJOR)
        if (count := sum(finding.severity is grade for finding in new))
    )
    noun = "new finding" if known else "finding"
    what = plural(len(new), noun) if new else f"No {noun}s"
    passed_over = sum(map(skipped, run.articles))
    where = f"in {f'{found:,} of ' if new else ''}{plural(checked, 'article')}"
    where += f" ({passed_over:,} skipped)" if passed_over else ""
    compared = "".join(f", {count:,} {word}" for count, word in ((known, "known"), (gone, "gone")) if count)
    return f"{what}{f' ({grave})' if grave else ''} {where}{compared}"


def _failures(run: CheckRun) -> str:
    return f"; {plural(len(run.errors), 'article')} could not be checked" if run.errors else ""


def _next_step(run: CheckRun) -> str:
    count = sum(map(safe, run.new))
    if not count:
        return ""
    return f"; {count:,} {'has a safe fix' if count == 1 else 'have safe fixes'}: run mtcheck fix"
