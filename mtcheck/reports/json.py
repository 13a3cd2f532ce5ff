"""Everything about a review as JSON, versioned; ``review.schema.json`` beside this file describes it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from mtcheck import __version__, documents
from mtcheck.comparison import Comparison, compare_review
from mtcheck.reports._entries import Entry, counts, entries
from mtcheck.schema import SCHEMA_VERSION, Alternative, Document, Edit, Finding, Review, Segment, Span, to_json

_UNPRINTABLE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def render(review: Review, *, comparison: Comparison | None = None) -> str:
    """The payload and a summary as indented JSON; control characters are escaped, so printing it is safe.

    comparison: of the review's two versions, when more is known than the review alone can tell.
    """
    from mtcheck.reports._overview import overview, to_record

    summary = to_record(overview(comparison or compare_review(review), review))
    return printable(json.dumps(payload(review) | {"summary": summary}, ensure_ascii=False, indent=2) + "\n")


def payload(review: Review) -> dict[str, Any]:
    """The review as plain dicts and lists.

    Offsets are code points of the document's text, half-open; lines and columns count from 1.
    """
    document, listed = review.document, entries(review)
    findings: list[dict[str, Any]] = []
    proposals = []
    for entry in listed:
        ids = range(len(findings) + 1, len(findings) + 1 + len(entry.findings))
        findings += [_finding(review, finding, at, entry) for at, finding in zip(ids, entry.findings, strict=True)]
        proposals.append(_proposal(review, entry, list(ids)))
    flagged = sorted({entry.segment.seg_id for entry in listed})
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "mtcheck", "version": __version__},
        "signature": review.signature,
        "missing": list(review.missing),
        "document": {
            "id": document.doc_id,
            "format": document.format,
            "encoding": document.encoding,
            "source_lang": document.source_lang,
            "target_lang": document.target_lang,
            "segments": len(document.segments),
            "sha256": sha256(document),
            "cleaned_sha256": sha256(document, review.edits),
        },
        "counts": counts(review),
        "segments": [_segment(review, document.segments[seg_id]) for seg_id in flagged],
        "findings": findings,
        "proposals": proposals,
    }


def sha256(document: Document, edits: Iterable[Edit] = ()) -> str:
    """Hexadecimal SHA-256 of the document's bytes with the edits made."""
    return hashlib.sha256(documents.write(document, edits)).hexdigest()


def printable(text: str) -> str:
    """JSON with the control characters and lone surrogates that ``json`` leaves alone escaped too."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _place(review: Review, segment: Segment, span: Span) -> dict[str, int]:
    raw = segment.raw_span(span)
    line, column = review.document.line_column(raw.start)
    end_line, end_column = review.document.line_column(raw.end)
    return {
        "seg_id": segment.seg_id,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "offset": raw.start,
        "end_offset": raw.end,
    }


def _segment(review: Review, segment: Segment) -> dict[str, Any]:
    return {
        **_place(review, segment, Span(0, len(segment.hypothesis))),
        "hypothesis": segment.hypothesis,
        "source": segment.source,
        "reference": segment.reference,
        "back_translation": review.back_translations.get(segment.seg_id),
    }


def _finding(review: Review, finding: Finding, number: int, entry: Entry) -> dict[str, Any]:
    segment = entry.segment
    return {
        "id": number,
        "proposal": entry.number,
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "message": finding.message,
        **_place(review, segment, finding.span),
        "quote": segment.hypothesis[finding.span.start : finding.span.end],
    }


def _proposal(review: Review, entry: Entry, findings: list[int]) -> dict[str, Any]:
    return {
        "id": entry.number,
        "findings": findings,
        **_place(review, entry.segment, entry.proposal.span),
        "original": entry.original,
        "status": entry.status.value,
        "decision": to_json(entry.decision),
        "alternatives": [_alternative(entry, alternative) for alternative in entry.proposal.alternatives],
    }


def _alternative(entry: Entry, alternative: Alternative) -> dict[str, Any]:
    return {
        "replacement": alternative.replacement,
        "segment": entry.sentence_with(alternative),
        "generators": list(alternative.generators),
        "applicability": alternative.applicability.value,
        "back_translation": alternative.back_translation,
        "scores": [to_json(score) for score in alternative.scores],
        "broken_guards": list(alternative.broken_guards),
    }
