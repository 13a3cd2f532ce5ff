"""Check one article: read it, find what is wrong, settle what overlaps, place it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from mtcheck.alternatives import usefulness
from mtcheck.checking.placing import PlacedFinding, place
from mtcheck.detection import analyse, find, in_force
from mtcheck.engines import Engines
from mtcheck.schema import Document, Finding, Severity
from mtcheck.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one article.

    path: as it was given, with forward slashes; ``<stdin>`` for standard input. words: of the prose that was read.
    warnings: remarks on the file itself, one line each. error: why it could not be checked, or None.
    rules: the rules that looked for findings, in order of name.
    """

    path: str
    findings: tuple[PlacedFinding, ...] = ()
    words: int = 0
    warnings: tuple[str, ...] = ()
    error: str | None = None
    rules: tuple[str, ...] = ()


def check_document(document: Document, engines: Engines, settings: Settings) -> Checked:
    """Findings of the rules in force, the overlapping ones settled, in document order.

    Raises SettingsError for an unknown rule and ModelError when a model fails.
    """
    words = sum(len(segment.hypothesis.split()) for segment in document.segments)
    findings = place(document, settle(reported(document, engines, settings)))
    return Checked(document.doc_id, findings, words, rules=in_force(document, engines, settings))


def reported(document: Document, engines: Engines, settings: Settings) -> list[Finding]:
    """Every finding that the settings let through, overlapping ones included, in document order."""
    grades = list(Severity)
    grave = grades.index(Severity(settings.severity))
    return [f for f in find(analyse(document, engines), engines, settings) if grades.index(f.severity) >= grave]


def settle(findings: Iterable[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """The most useful finding of each place, with the rules of the others that touch it (as Harper does)."""
    kept: defaultdict[int, list[tuple[Finding, list[str]]]] = defaultdict(list)
    for finding in sorted(findings, key=usefulness, reverse=True):
        here = kept[finding.seg_id]
        winner = next((one for one in here if one[0].span.overlaps(finding.span)), None)
        if winner is None:
            here.append((finding, []))
        elif finding.rule not in (winner[0].rule, *winner[1]):
            winner[1].append(finding.rule)
    return [(finding, tuple(also)) for here in kept.values() for finding, also in here]
