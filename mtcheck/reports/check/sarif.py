"""SARIF 2.1.0 (OASIS): for code scanning, editors and every other tool that reads it.

Columns count Unicode code points. Known findings are there too, unchanged and suppressed. ``primaryLocationLineHash``
is the fingerprint that GitHub tells alerts apart by; its usual value, a hash of the line, is of little use where a line
is a paragraph, so a finding's own identity stands there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from mtcheck import __version__
from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.detectors import rules
from mtcheck.detectors.rule import Rule
from mtcheck.reports._rule_pages import inline, sections
from mtcheck.reports.check._findings import LEVELS, better, compared, edits, identified, path_of, reason, remarks, said
from mtcheck.reports.json import printable

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PRECISIONS = ((0.95, "very-high"), (0.85, "high"), (0.7, "medium"), (0.0, "low"))
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_LONGEST = 1000  # code points of a description; GitHub refuses more than 1,024


def render(run: CheckRun) -> str:
    """One run with its rules, articles and results, in order of path and place.

    A result is a line: indented, and held as one tree, 100,000 of them took 1.9 GB.
    """
    names = sorted({finding.rule for finding in run.findings})
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(run, names)]}
    before, key, after = printable(json.dumps(log, ensure_ascii=False, indent=2)).partition('"results": [')
    lines = ",\n".join(printable(json.dumps(result, ensure_ascii=False)) for result in _results(run, names))
    return f"{before}{key}\n{lines}\n{after}\n"


def _results(run: CheckRun, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    numbers, told_apart = {name: number for number, name in enumerate(names)}, compared(run)
    for at, article in enumerate(run.articles):
        place = _location(article) | {"index": at}
        for finding, identity in identified(article):
            result = _result(finding, identity, numbers[finding.rule], place)
            yield result | _state(finding) if told_apart else result


def _run(run: CheckRun, names: Sequence[str]) -> dict[str, Any]:
    """All but the results."""
    known_rules = {rule.name: rule for rule in rules()}
    return {
        "tool": {
            "driver": {
                "name": "mtcheck",
                "semanticVersion": __version__,
                "rules": [_rule(known_rules[name]) if name in known_rules else {"id": name} for name in names],
            }
        },
        "automationDetails": {"id": "mtcheck/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not run.errors, "toolExecutionNotifications": list(_notifications(run))}
        ],
        "artifacts": [{"location": _location(article), "roles": ["analysisTarget"]} for article in run.articles],
        "results": [],
        "properties": {"signature": run.signature},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    page, level = sections(rule.page), LEVELS[rule.severity]
    summary = " ".join(page[0].paragraphs)
    flags = next((" ".join(part.paragraphs) for part in page if part.heading == "What it flags"), summary)
    markdown = "\n\n".join(
        (f"**{part.heading}.** " if part.heading else "") + "\n\n".join(part.paragraphs) for part in page
    )
    return {
        "id": rule.name,
        "name": rule.name.title().replace("-", ""),
        "shortDescription": {"text": _unmarked(summary)},
        "fullDescription": {"text": _unmarked(flags)},
        "help": {"text": rule.page, "markdown": markdown},
        "defaultConfiguration": {"level": level},
        "properties": {
            "category": rule.category,
            "severity": rule.severity.value,
            "precision": next(name for least, name in _PRECISIONS if rule.confidence >= least),
            "problem.severity": _PROBLEMS[level],
            "tags": [rule.category],
        },
    }


def _unmarked(paragraph: str) -> str:
    shown = "".join(f"“{text}”" if kind == "code" else text for kind, text in inline(paragraph))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _result(finding: PlacedFinding, identity: str, rule_index: int, place: dict[str, Any]) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    # The quote is the text of the file unless markup stands in its midst.
    whole = len(finding.quote) == finding.end - finding.start
    snippet = {"snippet": {"text": finding.quote}} if whole else {}
    fixes = [
        {
            "description": {"text": _plain(f"{better(fix)} ({fix.applicability})")},
            "artifactChanges": [
                {
                    "artifactLocation": place,
                    "replacements": [{"deletedRegion": region, "insertedContent": {"text": fix.replacement}}],
                }
            ],
        }
        for fix in edits(finding)
    ]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": _plain(said(finding))},
        "locations": [{"physicalLocation": {"artifactLocation": place, "region": region | snippet}}],
        "partialFingerprints": {"primaryLocationLineHash": identity, "findingKey/v1": identity},
        **({"fixes": fixes} if fixes else {}),
        "properties": {
            "category": finding.category,
            "severity": finding.severity.value,
            "confidence": finding.confidence,
            "also": list(finding.also),
        },
    }


def _state(finding: PlacedFinding) -> dict[str, Any]:
    if not finding.known:
        return {"baselineState": "new", "suppressions": []}
    return {
        "baselineState": "unchanged",
        "suppressions": [{"kind": "external", "justification": "listed in the baseline"}],
    }


def _notifications(run: CheckRun) -> Iterator[dict[str, Any]]:
    for article in run.articles:
        place = [{"physicalLocation": {"artifactLocation": _location(article)}}]
        if article.error:
            yield {"level": "error", "message": {"text": _plain(reason(article))}, "locations": place}
        for remark in remarks(article):
            yield {"level": "warning", "message": {"text": _plain(remark)}, "locations": place}
    for clause in run.missing:
        yield {"level": "note", "message": {"text": _plain(clause)}}


def _location(article: Checked) -> dict[str, Any]:
    """Relative to the root of the sources, unless the path is absolute; percent-encoded."""
    path = path_of(article)
    escaped = quote(os.fsencode(path))
    if re.match("[A-Za-z]:/", path):
        return {"uri": f"file:///{path[0]}:{escaped[4:]}"}
    if path.startswith("/"):
        return {"uri": f"file://{escaped}"}
    return {"uri": escaped, "uriBaseId": "%SRCROOT%"}


def _plain(text: str) -> str:
    """A message that says its words as they are: braces would be placeholders, ``[…](…)`` a link (3.11.5, 3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
