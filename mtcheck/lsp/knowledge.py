"""What is known of an open article: what rules say of the text as it stands, and what models said of its sentences.

Rules read the whole text at every change. Models are slow, so what they find is kept by sentence: it stays true of a
sentence wherever that moves, until its words change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from mtcheck import documents
from mtcheck.checking import Checked, PlacedFinding, place, settle
from mtcheck.checking.article import reported
from mtcheck.checking.baseline import read_baseline
from mtcheck.detectors import rules
from mtcheck.engines import Engines
from mtcheck.lsp.positions import Positions
from mtcheck.schema import Document, Finding, Proposal, Review, Segment
from mtcheck.settings import Settings

_MODELS = frozenset(("parser", "fluency", "tagger"))
"""What rules may need that only models give."""
Thing = TypeVar("Thing", Finding, Proposal)


@dataclass(frozen=True, slots=True)
class Memory:
    """What models said, by the text of the sentence.

    settings: fingerprint of those it holds under. findings: of the rules that need a model; proposals: of reviews, with
    their alternatives. signature: of the last review; it names every model behind a score.
    """

    settings: str = ""
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    proposals: Mapping[str, tuple[Proposal, ...]] = field(default_factory=dict)
    signature: str = ""

    def under(self, settings: Settings) -> Memory:
        """This memory, or an empty one when it comes from other settings; decisions about findings are no matter."""
        fingerprint = replace(settings, decisions=None).fingerprint()
        return self if self.settings == fingerprint else Memory(fingerprint)

    def with_findings(self, document: Document, found: Iterable[Finding]) -> Memory:
        """Remember a check with models; what an older one said of the same sentences is forgotten."""
        deep = [finding for finding in found if finding.rule in _rules_with_models()]
        return replace(self, findings={**self.findings, **_by_sentence(document, deep, lambda finding: finding)})

    def with_review(self, review: Review) -> Memory:
        """Remember a review; what an older one said of the same sentences is forgotten."""
        made = _by_sentence(review.document, review.proposals, lambda proposal: proposal.finding)
        return replace(self, proposals={**self.proposals, **made}, signature=review.signature)


@dataclass(frozen=True)
class Knowledge:
    """What is known of one text.

    document: None when there is nothing to check in it. found: every finding, overlapping ones included; findings: the
    settled ones. proposals: of earlier reviews of its sentences; signature: of the last one.
    """

    text: str
    settings: Settings
    document: Document | None = None
    found: tuple[Finding, ...] = ()
    findings: tuple[PlacedFinding, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    signature: str = ""
    encoding: str = "utf-16"

    @cached_property
    def positions(self) -> Positions:
        """Offsets of the text as the client counts them."""
        return Positions(self.text, self.encoding)

    def segment(self, about: Finding) -> Segment:
        """The sentence that a finding is about."""
        assert self.document is not None
        return self.document.segments[about.seg_id]

    def finding(self, key: str | None) -> PlacedFinding | None:
        """The first finding that is known by a key."""
        return next((finding for finding in self.findings if finding.key == key), None)

    def proposals_at(self, start: int, end: int) -> list[Proposal]:
        """The proposals whose words touch a raw range."""
        raw = [(proposal, self.segment(proposal.finding).raw_span(proposal.span)) for proposal in self.proposals]
        return [proposal for proposal, span in raw if span.start <= end and start <= span.end]


def read(text: str, path: str, language_id: str | None) -> Document | None:
    """The article in a text, or None when there is no sentence in it, or its places are not those of the text.

    The file's ending decides its format; where that says nothing, the client's name of the language does.
    Raises InputError, and OtherLanguageError when the text is not English.
    """
    form = documents.format_of(path)
    if form == "text" and language_id in documents.FORMATS:
        form = language_id
    document = documents.parse(text, path, form)
    if not document.segments or document.container:
        return None
    return documents.read_data(text, path, format_name=form)


def know(document: Document, settings: Settings, memory: Memory, encoding: str) -> Knowledge:
    """Run the rules, recall what models said under these settings, and mark what the baseline lists.

    Raises SettingsError for an unknown rule and InputError for a baseline that cannot be read.
    """
    memory = memory.under(settings)
    recalled = _recalled(document, memory.findings, lambda finding, seg_id: replace(finding, seg_id=seg_id))
    found = tuple(reported(document, Engines(), settings, recalled))
    return Knowledge(
        text=document.text,
        settings=settings,
        document=document,
        found=found,
        findings=_marked(place(document, settle(found)), document.doc_id, settings),
        proposals=_recalled(document, memory.proposals, _moved),
        signature=memory.signature,
        encoding=encoding,
    )


def _marked(findings: tuple[PlacedFinding, ...], path: str, settings: Settings) -> tuple[PlacedFinding, ...]:
    if not settings.baseline:
        return findings
    (checked,), _ = read_baseline(Path(settings.baseline)).apply([(Checked(path, findings), settings)])
    return checked.findings


@cache
def _rules_with_models() -> frozenset[str]:
    return frozenset(rule.name for rule in rules() if _MODELS.intersection(rule.needs))


def _by_sentence(
    document: Document, things: Iterable[Thing], finding_of: Callable[[Thing], Finding]
) -> dict[str, tuple[Thing, ...]]:
    """Things by the sentence they are about; a sentence without any has an empty entry."""
    made: dict[int, list[Thing]] = {segment.seg_id: [] for segment in document.segments}
    for thing in things:
        made[finding_of(thing).seg_id].append(thing)
    return {document.segments[seg_id].hypothesis: tuple(mine) for seg_id, mine in made.items()}


def _recalled(
    document: Document, memory: Mapping[str, tuple[Thing, ...]], moved: Callable[[Thing, int], Thing]
) -> tuple[Thing, ...]:
    return tuple(
        moved(thing, segment.seg_id) for segment in document.segments for thing in memory.get(segment.hypothesis, ())
    )


def _moved(proposal: Proposal, seg_id: int) -> Proposal:
    also = tuple(replace(finding, seg_id=seg_id) for finding in proposal.also)
    return replace(proposal, finding=replace(proposal.finding, seg_id=seg_id), also=also)
