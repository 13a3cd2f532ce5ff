"""Everything about a run as JSON, versioned; ``check.schema.json`` beside this file describes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from mtcheck import __version__
from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.reports.check._findings import identified, path_of, reason, remarks, safe
from mtcheck.reports.json import printable
from mtcheck.schema import SCHEMA_VERSION, Severity, to_json


def render(run: CheckRun) -> str:
    """The payload as indented JSON; control characters are escaped, so printing it is safe."""
    return printable(json.dumps(payload(run), ensure_ascii=False, indent=2) + "\n")


def payload(run: CheckRun) -> dict[str, Any]:
    """The run as plain dicts and lists: articles, findings, errors and warnings, each in order of path and place."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "mtcheck", "version": __version__},
        "signature": run.signature,
        "missing": list(run.missing),
        "failed": run.failed,
        "fail_on": run.fail_on.value,
        "max_findings": run.max_findings,
        "counts": {
            "articles": len(run.articles),
            "words": sum(article.words for article in run.articles),
            **_counts(run.findings),
            "gone": sum(entry.count for _, entry in run.gone),
            "errors": len(run.errors),
            "warnings": sum(len(article.warnings) for article in run.articles),
        },
        "articles": [_article(article) for article in run.articles],
        "findings": [record for article in run.articles for record in findings(article)],
        "gone": [{"path": path, **to_json(entry), "key": entry.key} for path, entry in run.gone],
        "errors": [record for article in run.articles for record in errors(article)],
        "warnings": [record for article in run.articles for record in warnings(article)],
    }


def findings(article: Checked) -> Iterator[dict[str, Any]]:
    """A record for each finding, known ones included."""
    for finding, identity in identified(article):
        placed = to_json(finding)
        for name in ("start", "end", "severity", "fixes"):
            del placed[name]
        yield {
            "path": path_of(article),
            "severity": finding.severity.value,
            **placed,
            "offset": finding.start,
            "end_offset": finding.end,
            "id": identity,
            "fixes": to_json(finding.fixes),
        }


def errors(article: Checked) -> Iterator[dict[str, str]]:
    """A record that says why the article could not be checked, if so."""
    if article.error:
        yield {"path": path_of(article), "message": reason(article)}


def warnings(article: Checked) -> Iterator[dict[str, str]]:
    """A record for each remark on the file itself."""
    for remark in remarks(article):
        yield {"path": path_of(article), "message": remark}


def _article(article: Checked) -> dict[str, Any]:
    return {"path": path_of(article), "words": article.words, "checked": not article.error, **_counts(article.findings)}


def _counts(found: Iterable[PlacedFinding]) -> dict[str, Any]:
    """How many in all; of the new ones how many are safe to fix, and how many of each severity and rule."""
    found = tuple(found)
    new = [finding for finding in found if not finding.known]
    return {
        "findings": len(found),
        "new": len(new),
        "known": len(found) - len(new),
        "safe_fixes": sum(map(safe, new)),
        "by_severity": {grade.value: sum(f.severity is grade for f in new) for grade in reversed(Severity)},
        "by_rule": dict(sorted(Counter(f.rule for f in new).items())),
    }
