"""Findings in the forms that tools for human evaluation of translations read: MQM ratings and error spans.

The TSV is that of Google's MQM data for WMT (Freitag et al. 2021, arXiv 2104.14478), which MQM Viewer, Marot and
mt-metrics-eval read without any quoting. The JSON is a Pearmut campaign with pre-filled error spans (Zouhar 2026,
arXiv 2601.02933), which people confirm and score after the ESA protocol (Kocmi et al. 2024).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from mtcheck.checking import CheckRun, PlacedFinding
from mtcheck.reports._entries import entries
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.check._findings import edits, new_in, path_of
from mtcheck.reports.json import printable
from mtcheck.schema import Review, Severity, Span

SYSTEM = "original"
"""What the text under check is called where tools compare systems."""
RATER = "mtcheck"
COLUMNS = ("system", "doc", "doc_id", "seg_id", "rater", "source", "target", "category", "severity", "metadata")
CATEGORIES = {
    "accuracy": ("Accuracy", "Accuracy"),
    "accuracy/mistranslation": ("Accuracy/Mistranslation", "Accuracy/Mistranslation"),
    "accuracy/omission": ("Accuracy/Omission", "Accuracy/Omission"),
    "accuracy/untranslated": ("Accuracy/Untranslated text", "Accuracy/Untranslated"),
    "fluency": ("Fluency", "Linguistic conventions"),
    "fluency/character-encoding": ("Fluency/Character encoding", "Linguistic conventions/Character encoding"),
    "fluency/duplication": ("Fluency/Grammar", "Linguistic conventions/Grammar"),
    "fluency/grammar": ("Fluency/Grammar", "Linguistic conventions/Grammar"),
    "fluency/punctuation": ("Fluency/Punctuation", "Linguistic conventions/Punctuation"),
    "fluency/spelling": ("Fluency/Spelling", "Linguistic conventions/Spelling"),
    "fluency/typography": ("Fluency/Punctuation", "Linguistic conventions/Punctuation"),
    "locale/date-format": ("Locale convention/Date format", "Locale convention/Date format"),
    "locale/number-format": ("Locale convention/Number format", "Locale convention/Number format"),
    "locale/punctuation": ("Fluency/Punctuation", "Linguistic conventions/Punctuation"),
    "locale/spelling": ("Fluency/Spelling", "Linguistic conventions/Spelling"),
    "locale/symbol": ("Locale convention/Number format", "Locale convention/Number format"),
    "style": ("Style", "Style"),
    "style/awkward": ("Style/Awkward", "Style/Awkward style"),
    "style/inconsistent": ("Fluency/Inconsistency", "Style/Inconsistent style"),
    "style/unidiomatic": ("Style/Awkward", "Style/Unidiomatic style"),
    "terminology/inconsistent": (
        "Terminology/Inconsistent use of terminology",
        "Terminology/Inconsistent use of terminology",
    ),
    "terminology/wrong-term": ("Terminology/Inappropriate for context", "Terminology/Wrong term"),
}
"""Our categories in the words of the WMT data, and in those of MQM Core 2.0."""
_OTHER = ("Other", "Other")
# The WMT tools know no critical errors, and give what they do not know no weight at all.
_SEVERITIES = {
    Severity.NEUTRAL: "Neutral",
    Severity.MINOR: "Minor",
    Severity.MAJOR: "Major",
    Severity.CRITICAL: "Major",
}
_FORMULA = re.compile("[\"']*[=+@＝＋－＠-]")
_BREAK = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding inside its sentence."""

    span: Span
    rule: str
    category: str
    severity: Severity
    message: str
    better: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its findings; source: in the source language, when known."""

    text: str
    source: str | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article's sentences, in order."""

    name: str
    sentences: tuple[Sentence, ...]


def of_review(review: Review) -> tuple[Article, ...]:
    """The whole article: sentences without findings too, since an evaluation counts them."""
    marks: dict[int, list[Mark]] = {}
    for entry in entries(review):
        better = entry.suggestion.replacement if entry.suggestion else None
        for found in entry.findings:
            mark = Mark(found.span, found.rule, found.category, found.severity, found.message, better)
            marks.setdefault(found.seg_id, []).append(mark)
    segments = review.document.segments
    return (
        Article(
            review.document.doc_id,
            tuple(Sentence(one.hypothesis, one.source, tuple(marks.get(one.seg_id, ()))) for one in segments),
        ),
    )


def of_run(run: CheckRun) -> tuple[Article, ...]:
    """The sentences with new findings of each article; a check keeps no others."""
    return tuple(Article(path_of(one), tuple(_sentences(new_in(one)))) for one in run.articles if new_in(one))


def _sentences(findings: Iterable[PlacedFinding]) -> Iterator[Sentence]:
    text, start, marks = "", 0, list[Mark]()
    for found in findings:
        here, begins = found.before + found.quote + found.after, found.start - len(found.before)
        if marks and (here != text or begins - start >= len(text)):
            yield Sentence(text, None, tuple(marks))
            marks = []
        if not marks:
            text, start = here, begins
        span = Span(len(found.before), len(found.before) + len(found.quote))
        better = next((fix.replacement for fix in edits(found)), None)
        marks.append(Mark(span, found.rule, found.category, found.severity, found.message, better))
    if marks:
        yield Sentence(text, None, tuple(marks))


def tsv(articles: Iterable[Article]) -> str:
    """Ratings with a header, a row a finding, its words between ``<v>`` and ``</v>``; no-error rows for the others.

    doc_id counts the sentences of an article from 1, seg_id those of all. A cell has no tabs or line ends, ``<`` is
    ``&lt;`` (the viewers show cells as HTML, and ``<v>`` must be ours), and one that a spreadsheet would take for a
    formula begins with a space.
    """
    rows, total = [COLUMNS], count(1)
    for article in articles:
        for number, sentence in enumerate(article.sentences, 1):
            place = (SYSTEM, _cell(article.name), str(number), str(next(total)), RATER, _cell(sentence.source or ""))
            for mark in sentence.marks:
                names = CATEGORIES.get(mark.category, _OTHER)[0], _SEVERITIES[mark.severity]
                rows.append((*place, _marked(sentence.text, mark.span), *names, _metadata(sentence, mark)))
            if not sentence.marks:
                rows.append((*place, _cell(sentence.text), "no-error", "no-error", "{}"))
    return "".join("\t".join(row) + "\n" for row in rows)


def _metadata(sentence: Sentence, mark: Mark) -> str:
    """What Marot shows beside a rating: the note as HTML, the marked text escaped by itself."""
    quote = sentence.text[mark.span.start : mark.span.end]
    advice = "" if mark.better is None else f"; better “{one_line(mark.better)}”" if mark.better else "; leave it out"
    note = f"{mark.rule}: {one_line(mark.message)}{advice}"
    told = {"note": _cell(note), "marked_text": _flat(quote), "mtcheck_severity": mark.severity.value}
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def _cell(text: str) -> str:
    return _safe(_escaper(text)(text))


def _marked(text: str, span: Span) -> str:
    escape = _escaper(text)
    before, quote, after = (escape(part) for part in _parts(text, span))
    return _safe(f"{before}<v>{quote}</v>{after}")


def _escaper(text: str) -> Callable[[str], str]:
    """What escapes the parts of a text; ampersands only where an entity would be read, so that AT&T stays."""
    ampersand = "&amp;" if html.unescape(text) != text else "&"
    return lambda part: _flat(part).replace("&", ampersand).replace("<", "&lt;")


def _safe(cell: str) -> str:
    return f" {cell}" if _FORMULA.match(cell) else cell


def _flat(text: str) -> str:
    """The text on one line, every line end and tab a space of its own, controls visible; part by part as in one."""
    return visible(_BREAK.sub(" ", text))


def _parts(text: str, span: Span) -> tuple[str, str, str]:
    return text[: span.start], text[span.start : span.end], text[span.end :]


def campaign(articles: Iterable[Article], name: str) -> str:
    """A Pearmut campaign for one person: every sentence with its findings as error spans to keep, change or delete.

    Spans count UTF-16 code units, as browsers do, and name their first and last. No score is given: an ESA score is
    a person's. Where findings overlap the gravest is a span; ``findings`` of an item tells them all.
    """
    data = [[_item(article, at, one) for at, one in enumerate(article.sentences, 1)] for article in articles]
    info = {"assignment": "task-based", "protocol": "ESA", "shuffle": False}
    payload = {"info": info, "campaign_id": f"mtcheck {one_line(name)}", "data": [data]}
    return printable(json.dumps(payload, ensure_ascii=False, indent=2) + "\n")


def _item(article: Article, number: int, sentence: Sentence) -> dict[str, Any]:
    text, shift = _shown(sentence.text)
    spans = [_error_span(sentence.text, mark, shift) for mark in _apart(sentence.marks)]
    source = {"src": _shown(sentence.source)[0]} if sentence.source else {}
    return {
        "item_id": f"{one_line(article.name)}#{number}",
        **source,
        "tgt": {SYSTEM: text},
        "error_spans": {SYSTEM: sorted(spans, key=lambda span: int(span["start_i"]))},
        "findings": [
            {
                "rule": mark.rule,
                "severity": mark.severity.value,
                "message": one_line(mark.message),
                "quote": _flat(sentence.text[mark.span.start : mark.span.end]),
                "better": None if mark.better is None else one_line(mark.better),
            }
            for mark in sentence.marks
        ],
    }


def _shown(text: str) -> tuple[str, int]:
    """The text as Pearmut is given it, and by how much it was shifted.

    Text that begins with a tag of a picture or a film would be shown as one, so that a space goes before any tag.
    """
    flat = _flat(text)
    return (f" {flat}", 1) if flat.startswith("<") else (flat, 0)


def _error_span(text: str, mark: Mark, shift: int) -> dict[str, Any]:
    before, quote, _ = _parts(text, mark.span)
    start = _units(_flat(before)) + shift
    severity = "major" if mark.severity is Severity.CRITICAL else mark.severity.value
    end = max(start, start + _units(_flat(quote)) - 1)
    return {"start_i": start, "end_i": end, "severity": severity, "category": CATEGORIES.get(mark.category, _OTHER)[1]}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """The gravest of findings that overlap, since a character can be in one span only."""
    grades, kept = list(Severity), list[Mark]()
    for mark in sorted(marks, key=lambda one: (-grades.index(one.severity), one.span)):
        if not any(mark.span.overlaps(other.span) for other in kept):
            kept.append(mark)
    return kept
