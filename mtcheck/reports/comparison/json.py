"""The comparison as JSON: scores with signatures and every edit with its place."""

from __future__ import annotations

import json
from typing import Any

from mtcheck import __version__
from mtcheck.comparison import Comparison, Kind, Pair
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
        "pairs": [_pair(comparison, pair) for pair in comparison.pairs if pair.kind is not Kind.SAME],
    }
    return printable(json.dumps(payload, ensure_ascii=False, indent=2) + "\n")


def _document(document: Document) -> dict[str, Any]:
    return {"id": document.doc_id, "sha256": sha256(document), "segments": len(document.segments)}


def _pair(comparison: Comparison, pair: Pair) -> dict[str, Any]:
    return {
        "kind": pair.kind.value.replace(" ", "_"),
        "before": _text(comparison.before, pair.before),
        "after": _text(comparison.after, pair.after),
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


def _text(document: Document, span: Span) -> dict[str, Any]:
    line, column = document.line_column(span.start)
    text = document.text[span.start : span.end]
    return {"offset": span.start, "end_offset": span.end, "line": line, "column": column, "text": text}
