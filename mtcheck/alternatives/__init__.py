"""Ways of proposing another wording for a phrase, one file each, and how their edits come together.

Every generator returns span edits, never sentences: a rewritten sentence is taken apart first, so
that its good half can be used without its bad half. :func:`phrases` gathers the edits that touch a
finding into one phrase and composes them into alternative wordings of that phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mtcheck.prose_diff import word_edits
from mtcheck.schema import Applicability, Finding, Segment, Severity, Span

KEEP, BY_HAND = "original", "translator"
"""Generators of the wording as it stands, and of a person's own."""
MAX_PHRASE_WORDS = 14  # a longer phrase is a rewrite, which nobody can check at a glance
_APPLICABILITY = list(Applicability)
_SEVERITY = list(Severity)


@dataclass(frozen=True, slots=True)
class ProposedEdit:
    """Replace ``text[span]`` of one segment; ``generator`` says who proposes it.

    group: edits of one generator that belong to one whole-sentence rewrite share a group.
    probability: that the edit is right, in [0, 1], where the generator tells it.
    """

    seg_id: int
    span: Span
    replacement: str
    generator: str
    applicability: Applicability = Applicability.REVIEW
    group: int = 0
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A replacement of a phrase, and every way that led to it; applicability is the most cautious of its edits'.

    generators: one entry a way; a way that joins edits of several generators names them all, joined by ``+``.
    probability: that of the least sure of its edits whose generator tells one; of several ways, the surest.
    """

    replacement: str
    generators: tuple[str, ...]
    applicability: Applicability
    probability: float | None = None


def made_by_rules(generators: Iterable[str]) -> bool:
    """True when at least one way to the wording took nothing but rules' own fixes."""
    return any(all(part.startswith("rule:") for part in way.split("+")) for way in generators)


Group = tuple[Span, list[Finding], list[ProposedEdit]]
"""A phrase in the making: its hull so far, its findings, the edits that touch it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The hull of a finding and the edits that touch it, with its alternative wordings (the original excluded).

    guarded: what a machine changed in them has passed the guards on machines already, step by step.
    """

    finding: Finding
    also: tuple[Finding, ...]
    span: Span
    wordings: tuple[Wording, ...]
    edits: tuple[ProposedEdit, ...] = ()
    guarded: bool = False


def phrases(text: str, findings: Sequence[Finding], edits: Iterable[ProposedEdit]) -> list[Phrase]:
    """Group the findings of one segment, and the edits that touch them, into phrases that do not overlap.

    Findings with ready edits make the phrases; the others join a phrase they touch, as further evidence, or make one of
    their own. Edits that touch no finding are dropped: what nobody flagged is not touched.
    """
    groups: list[Group] = []
    for finding in sorted((f for f in findings if f.fixes), key=lambda f: f.span):
        if groups and groups[-1][0].overlaps(finding.span):
            span, members, _ = groups[-1]
            groups[-1] = (span.hull(finding.span), [*members, finding], [])
        else:
            groups.append((finding.span, [finding], []))
    for finding in sorted((f for f in findings if not f.fixes), key=usefulness, reverse=True):
        touched = [group for group in groups if group[0].overlaps(finding.span)]
        if not touched:
            groups.append((finding.span, [finding], []))
        elif finding.severity is not Severity.NEUTRAL:
            touched[0][1].append(finding)
    groups.sort(key=lambda group: group[0])
    for edit in sorted(edits, key=lambda e: (e.span.end - e.span.start, e.span, e.generator, e.replacement)):
        groups = _join(text, groups, edit)
    return [_phrase(text, span, members, inside) for span, members, inside in groups]


def _join(text: str, groups: list[Group], edit: ProposedEdit) -> list[Group]:
    """Add an edit to the groups it touches, joining them.

    It is left out when the phrase would grow too long, or when it would chain two ready edits to one another.
    """
    touched = [group for group in groups if group[0].overlaps(edit.span)]
    if not touched or sum(any(finding.fixes for finding in group[1]) for group in touched) > 1:
        return groups
    hull = edit.span
    for span, _, _ in touched:
        hull = hull.hull(span)
    widest = max(_words(text[span.start : span.end]) for span, _, _ in touched)
    if _words(text[hull.start : hull.end]) > max(MAX_PHRASE_WORDS, widest):
        return groups
    joined = (hull, [f for group in touched for f in group[1]], [*(e for group in touched for e in group[2]), edit])
    rest = [group for group in groups if group not in touched]
    if any(span.overlaps(hull) for span, _, _ in rest):  # a neighbour that only the hull reaches
        return groups
    return sorted([*rest, joined], key=lambda group: group[0])


def _phrase(text: str, span: Span, findings: list[Finding], edits: list[ProposedEdit]) -> Phrase:
    ranked = sorted(findings, key=usefulness, reverse=True)
    found: dict[str, Wording] = {}
    for chosen in _combinations(edits):
        wording = wording_of(text, span, chosen)
        if wording.replacement != text[span.start : span.end]:
            known = found.get(wording.replacement)
            found[wording.replacement] = _joined(known, wording) if known else wording
    return Phrase(ranked[0], tuple(ranked[1:]), span, tuple(found.values()), tuple(edits))


def narrowed(segment: Segment, phrase: Phrase) -> Phrase:
    """A phrase that reaches over hidden markup, cut down to the words its wordings change, if that spares the markup.

    Wordings that would need more than that are left out.
    """
    if not segment.crosses_markup(phrase.span):
        return phrase
    span: Span | None = None
    kept: list[Wording] = []
    for wording in phrase.wordings:
        words = changed(segment.hypothesis, phrase.span, wording.replacement)
        hull = span.hull(words) if span else words
        if not segment.crosses_markup(hull):
            span = hull
            kept.append(wording)
    if span is None:
        return phrase
    head, tail = span.start - phrase.span.start, phrase.span.end - span.end
    cut = [replace(w, replacement=w.replacement[head : len(w.replacement) - tail]) for w in kept]
    inside = tuple(edit for edit in phrase.edits if span.start <= edit.span.start and edit.span.end <= span.end)
    return replace(phrase, span=span, wordings=tuple(cut), edits=inside)


def changed(text: str, span: Span, replacement: str) -> Span:
    """The words of the span that a replacement does not leave as they are."""
    edits = word_edits(text[span.start : span.end], replacement)
    return Span(span.start + edits[0].start, span.start + edits[-1].end)


def wording_of(text: str, span: Span, edits: Sequence[ProposedEdit]) -> Wording:
    """What a phrase becomes when these edits, which do not overlap, are made together."""
    way = "+".join(sorted({edit.generator for edit in edits}))
    applicability = max((edit.applicability for edit in edits), key=_APPLICABILITY.index)
    probability = min((edit.probability for edit in edits if edit.probability is not None), default=None)
    return Wording(apply_edits(text, span, edits), (way,), applicability, probability)


def _joined(left: Wording, right: Wording) -> Wording:
    """One wording to which two ways lead: as trusted as the more trusted of them."""
    applicability = min(left.applicability, right.applicability, key=_APPLICABILITY.index)
    probability = max((p for p in (left.probability, right.probability) if p is not None), default=None)
    generators = tuple(sorted({*left.generators, *right.generators}))
    return Wording(left.replacement, generators, applicability, probability)


def usefulness(finding: Finding) -> tuple[bool, int, float, int]:
    """The most useful message wins: one with a ready edit, then the graver, the surer, the wider."""
    return (
        bool(finding.fixes),
        _SEVERITY.index(finding.severity),
        finding.confidence,
        finding.span.end - finding.span.start,
    )


def _combinations(edits: Sequence[ProposedEdit]) -> list[list[ProposedEdit]]:
    """Single edits; each rewrite's edits together; the first rule fixes together; those with each rewrite's rest."""
    combinations: list[list[ProposedEdit]] = [[edit] for edit in edits]
    rewrites: dict[tuple[str, int], list[ProposedEdit]] = {}
    for edit in edits:
        if edit.group:
            rewrites.setdefault((edit.generator, edit.group), []).append(edit)
    fixes: list[ProposedEdit] = []
    for edit in edits:
        if not edit.group and not any(edit.span.overlaps(other.span) for other in fixes):
            fixes.append(edit)
    combinations += [[*rewrite] for rewrite in rewrites.values()]
    combinations.append(fixes)
    for rewrite in rewrites.values():
        rest = [edit for edit in rewrite if not any(edit.span.overlaps(fix.span) for fix in fixes)]
        combinations.append([*fixes, *rest])
    return [combination for combination in combinations if combination]


def apply_edits(text: str, span: Span, edits: Iterable[ProposedEdit]) -> str:
    """The words of ``text[span]`` with the edits made, which lie inside it and do not overlap."""
    pieces, done = [], span.start
    for edit in sorted(edits, key=lambda e: e.span):
        pieces += [text[done : edit.span.start], edit.replacement]
        done = edit.span.end
    return "".join([*pieces, text[done : span.end]])


def _words(text: str) -> int:
    return len(re.findall(r"\S+", text))
