"""The records that travel through the pipeline, all frozen, and their JSON form.

Positions are half-open ranges of Unicode code points. A :class:`Span` is relative to its
segment's hypothesis; only :class:`Document` knows raw offsets, lines and columns.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

_WORD = re.compile(r"\w+")
SCHEMA_VERSION = "1.0"
CONTEXT_WORDS = 3
"""Words on either side that tell a finding from another one of the same rule and wording."""


class Severity(StrEnum):
    """MQM severity, mildest first."""

    NEUTRAL = "neutral"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Applicability(StrEnum):
    """How far an edit may be trusted: applied at once, offered to a person, or only shown."""

    SAFE = "safe"
    REVIEW = "review"
    DISPLAY = "display"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points, ``0 <= start <= end``, relative to a segment's hypothesis."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def overlaps(self, other: Span) -> bool:
        """True when the two share a code point, or an empty span lies inside or on the edge of the other."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end

    def hull(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclasses.dataclass(frozen=True, slots=True)
class Gap:
    """Raw text hidden from the hypothesis (inline markup): ``length`` raw code points stand before position ``at``."""

    at: int
    length: int


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """One sentence or title under check.

    hypothesis: the target-language text exactly as it stands in the document, less the gaps.
    start: raw offset of its first code point in ``Document.text``.
    source: the source-language sentence, when the user has one; reference: a human translation, likewise.
    omitted: source sentences that no segment renders, between this segment's source and the next one's; those before
    the first segment's source are the first segment's too.
    gaps: hidden inline markup, sorted by ``at``, each ``0 < at < len(hypothesis)``.
    protected: text that must stay as it is (inline code, URLs), in order, disjoint.
    own_source: the source is this segment's alone, as in translation units; otherwise neighbours that have the same one
    render it together.
    """

    seg_id: int
    start: int
    hypothesis: str
    source: str | None = None
    reference: str | None = None
    gaps: tuple[Gap, ...] = ()
    protected: tuple[Span, ...] = ()
    omitted: tuple[str, ...] = ()
    own_source: bool = False

    def raw_span(self, span: Span) -> Span:
        """Raw range in ``Document.text`` of a span; markup at its edges stays outside."""
        before = sum(gap.length for gap in self.gaps if gap.at <= span.start)
        inside = sum(gap.length for gap in self.gaps if span.start < gap.at < span.end)
        start = self.start + span.start + before
        return Span(start, start + (span.end - span.start) + inside)

    def crosses_markup(self, span: Span) -> bool:
        """True when replacing the span would swallow hidden markup."""
        return any(span.start < gap.at < span.end for gap in self.gaps)


@dataclasses.dataclass(frozen=True, slots=True)
class Edit:
    """Replace a span of one segment's hypothesis."""

    seg_id: int
    span: Span
    replacement: str


@dataclasses.dataclass(frozen=True, slots=True)
class Revision:
    """An edit as people are shown it. comment: the rule, the reason and the evidence, in plain text."""

    edit: Edit
    comment: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where the text at ``offset`` stands in a file that is not plain text: line and column from 1."""

    offset: int
    line: int
    column: int


@dataclasses.dataclass(frozen=True, slots=True)
class Comment:
    """A remark to mtcheck in the file, which no reader of the article sees: its words, less the comment's own marks.

    line: where it begins, from 1; about: raw range of the prose that it is about.
    """

    text: str
    line: int
    about: Span


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """An article: its raw text (BOM and newlines included) and the segments to check, in order.

    format names the module of ``mtcheck.documents`` that read it; encoding restores its bytes.
    comments: remarks to mtcheck, where the format has comments.
    container, places: of formats whose file is not the text itself, the file as it was read, and where the parts of the
    text stand in it, sorted by offset.
    """

    doc_id: str
    text: str
    segments: tuple[Segment, ...]
    source_lang: str = "ru"
    target_lang: str = "en"
    format: str = "text"
    encoding: str = "utf-8"
    comments: tuple[Comment, ...] = ()
    container: bytes = b""
    places: tuple[Place, ...] = ()

    def line_column(self, offset: int) -> tuple[int, int]:
        """1-based line and column (in code points) of a raw offset, in the file."""
        if self.places:
            place = self.places[max(0, bisect_right(self.places, offset, key=lambda place: place.offset) - 1)]
            return place.line, place.column + max(0, offset - place.offset)
        head = self.text[:offset]
        lines = head.replace("\r\n", "\n").replace("\r", "\n")
        last = max(head.rfind("\n"), head.rfind("\r"))
        return lines.count("\n") + 1, offset - last

    def apply(self, edits: Iterable[Edit]) -> str:
        """The raw text with the edits made; everything else is untouched.

        Raises ValueError when two edits overlap, or one would swallow markup.
        """
        placed: list[tuple[Span, str]] = []
        for edit in edits:
            segment = self.segments[edit.seg_id]
            if segment.crosses_markup(edit.span):
                raise ValueError(f"edit {edit} would swallow markup")
            placed.append((segment.raw_span(edit.span), edit.replacement))
        placed.sort(key=lambda item: item[0])
        pieces, done = [], 0
        for span, replacement in placed:
            if span.start < done:
                raise ValueError(f"edits overlap at raw offset {span.start}")
            pieces += [self.text[done : span.start], replacement]
            done = span.end
        return "".join([*pieces, self.text[done:]])

    def segment_at(self, offset: int) -> Segment | None:
        """The segment that holds a raw offset, or None between segments."""
        at = bisect_right([segment.start for segment in self.segments], offset) - 1
        if at < 0:
            return None
        segment = self.segments[at]
        return segment if offset < segment.raw_span(Span(0, len(segment.hypothesis))).end else None


@dataclasses.dataclass(frozen=True, slots=True)
class Fix:
    """A rule's ready replacement for the span it flags."""

    replacement: str
    applicability: Applicability


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """An MQM *issue* (an *error* only once a person confirms it).

    category: MQM path such as ``fluency/grammar``; confidence in [0, 1], an estimate of precision.
    """

    rule: str
    category: str
    severity: Severity
    seg_id: int
    span: Span
    message: str
    confidence: float
    fixes: tuple[Fix, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Hypothesis:
    """A model's output and its total natural log-probability (<= 0)."""

    text: str
    log_prob: float


@dataclasses.dataclass(frozen=True, slots=True)
class Score:
    """A number with the signature that says how it was made; never rescaled."""

    metric: str
    value: float
    signature: str
    higher_is_better: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Alternative:
    """A wording for a proposal's span; alternative 0 is always the original wording.

    generators: every way of proposing that came to this wording; one that joins several names them all with ``+``.
    back_translation: the whole segment, with this wording, translated back into the source language.
    broken_guards: names of the guards that forbid choosing it, with what broke them.
    """

    replacement: str
    generators: tuple[str, ...]
    applicability: Applicability
    back_translation: str | None = None
    scores: tuple[Score, ...] = ()
    broken_guards: tuple[str, ...] = ()

    def score(self, metric: str) -> float | None:
        """The value of a metric, or None when it was not computed."""
        return next((score.value for score in self.scores if score.metric == metric), None)


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """A finding, the span that its alternatives replace (it covers the finding's), and the alternatives.

    also: other findings that touch the span, settled by the same alternatives.
    """

    finding: Finding
    span: Span
    alternatives: tuple[Alternative, ...]
    also: tuple[Finding, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """Which alternative was taken for the proposal at the same place in the review, by whom and why.

    chosen: index into the alternatives (0 keeps the original); decided_by: auto | translator | ledger.
    """

    chosen: int
    decided_by: str
    note: str


@dataclasses.dataclass(frozen=True, slots=True)
class Review:
    """Everything that a report needs. ``decisions[i]`` settles ``proposals[i]``.

    signature: version, settings and models that produced it; same input + same signature = same bytes.
    missing: what the review had to do without, one plain clause each.
    back_translations: Russian of the original wording of each flagged segment, by seg_id.
    """

    document: Document
    proposals: tuple[Proposal, ...]
    decisions: tuple[Decision, ...]
    signature: str
    missing: tuple[str, ...] = ()
    back_translations: Mapping[int, str] = dataclasses.field(default_factory=dict)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The accepted edits, in document order."""
        return tuple(
            Edit(p.finding.seg_id, p.span, p.alternatives[d.chosen].replacement)
            for p, d in zip(self.proposals, self.decisions, strict=True)
            if d.chosen
        )

    @property
    def cleaned(self) -> str:
        """The document's text with the accepted edits and nothing else changed."""
        return self.document.apply(self.edits)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, the ones settled together included."""
        return tuple(f for p in self.proposals for f in (p.finding, *p.also))


def finding_key(rule: str, quote: str, before: str, after: str) -> str:
    """What a finding is known by: its rule, the words quoted and CONTEXT_WORDS on either side, in lower case.

    Line numbers, white space, punctuation around it and the rest of the sentence do not count, so a key outlives moves
    and edits elsewhere.
    """
    heads, tails = _WORD.findall(before)[-CONTEXT_WORDS:], _WORD.findall(after)[:CONTEXT_WORDS]
    text = " ".join((rule, *heads, "|", *quote.split(), "|", *tails)).lower()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def finding_context(before: str, after: str) -> tuple[str, str]:
    """As much of the text on either side as :func:`finding_key` looks at, white space made single."""
    heads, tails = list(_WORD.finditer(before))[-CONTEXT_WORDS:], list(_WORD.finditer(after))[:CONTEXT_WORDS]
    head = before[heads[0].start() :] if heads else ""
    return " ".join(head.split()), " ".join(after[: tails[-1].end()].split()) if tails else ""


def to_json(record: Any) -> Any:
    """Plain dicts, lists, strings and numbers of a record, ready for ``json.dumps``."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, Mapping):
        return {str(key): to_json(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [to_json(item) for item in record]
    return record
