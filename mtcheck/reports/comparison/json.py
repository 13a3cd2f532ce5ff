"""The comparison as JSON: scores with signatures, every edit with its place, what became of the findings."""

from __future__ import annotations

import json
from typing import Any

from mtcheck import __version__
from mtcheck.checking import PlacedFinding
from mtcheck.comparison import Comparison, Kind, Pair, Turnover, penalty
from mtcheck.reports._overview import overview, to_record
from mtcheck.reports.json import printable, sha256
from mtcheck.schema import SCHEMA_VERSION, Document, Span, to_json


def render(comparison: Comparison) -> str:
    """Indented JSON; offsets are code points, half-open, lines and columns count from 1."""
    gone, come = comparison.words
    payload = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "mtcheck", "version": __version__},
        "same": comparison.same,
        "before": _document(comparison.before),
        "after": _document(comparison.after),
        "counts": {
            **{kind.value.replace(" ", "_"): comparison.count(kind) for kind in Kind},
            "words_deleted": gone,
            "words_inserted": come,
        },
        "scores": [to_json(score) for score in comparison.scores],
        "summary": to_record(overview(comparison)),
        "findings": _findings(comparison.findings) if comparison.findings else None,
        "pairs": [_pair(comparison, pair) for pair in comparison.pairs if pair.kind is not Kind.SAME],
    }
    return printable(json.dumps(payload, ensure_ascii=False, indent=2) + "\n")


def _document(document: Document) -> dict[str, Any]:
    return {"id": document.doc_id, "sha256": sha256(document), "segments": len(document.segments)}


def _findings(found: Turnover) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "signature": found.signature,
        "penalty": {"before": penalty(found.before), "after": penalty(found.after)},
        "counts": {"gone": len(found.gone), "new": len(found.new), "kept": len(found.kept)},
        "gone": [_finding(one) for one in found.gone],
        "new": [_finding(one) for one in found.new],
        "kept": [{"before": _finding(before), "after": _finding(after)} for before, after in found.kept],
    }


def _finding(finding: PlacedFinding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity.value,
        "message": finding.message,
        "confidence": finding.confidence,
        "offset": finding.start,
        "end_offset": finding.end,
        "line": finding.line,
        "column": finding.column,
        "quote": finding.quote,
        "fixes": to_json(finding.fixes),
    }


def _pair(comparison: Comparison, pair: Pair) -> dict[str, Any]:
    other = {"other_end": _end(comparison, comparison.pairs[pair.partner])} if pair.partner is not None else {}
    return {
        "kind": pair.kind.value.replace(" ", "_"),
        "before": _text(comparison.before, pair.before),
        "after": _text(comparison.after, pair.after),
        **other,
        "edits": [
            {
                "offset": pair.before.start + edit.start,
                "end_offset": pair.before.start + edit.end,
                "before": comparison.deleted(pair, edit),
                "after": edit.replacement,
            }
            for edit in pair.edits
        ],
    }


def _end(comparison: Comparison, pair: Pair) -> dict[str, Any]:
    """Where a moved sentence went, or came from."""
    here = pair.kind is Kind.MOVED_HERE
    return _text(comparison.after, pair.after) if here else _text(comparison.before, pair.before)


def _text(document: Document, span: Span) -> dict[str, Any]:
    line, column = document.line_column(span.start)
    text = document.text[span.start : span.end]
    return {"offset": span.start, "end_offset": span.end, "line": line, "column": column, "text": text}
