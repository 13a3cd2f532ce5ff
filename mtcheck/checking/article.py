"""Check one article: read it, find what is wrong, settle what overlaps, place it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mtcheck.allowances import Allowed, allow
from mtcheck.alternatives import usefulness
from mtcheck.checking.placing import PlacedFinding, place
from mtcheck.decisions import ledger_of
from mtcheck.detection import analyse, find, in_force
from mtcheck.engines import Engines
from mtcheck.schema import Document, Finding, Severity
from mtcheck.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one article.

    path: as it was given, with forward slashes; ``<stdin>`` for standard input. words: of the prose that was read.
    warnings: remarks on the file itself, one line each. error: why it could not be checked, or None.
    rules: the rules that looked for findings, in order of name. allowed: how many more findings comments in it, or
    remembered decisions, allow. fail_on: the mildest severity that fails a check of it; None leaves that to the run.
    """

    path: str
    findings: tuple[PlacedFinding, ...] = ()
    words: int = 0
    warnings: tuple[str, ...] = ()
    error: str | None = None
    rules: tuple[str, ...] = ()
    allowed: int = 0
    fail_on: Severity | None = None


def check_document(document: Document, engines: Engines, settings: Settings) -> Checked:
    """Findings of the rules in force, the overlapping ones settled, in document order.

    Raises SettingsError for an unknown rule and ModelError when a model fails.
    """
    words = sum(len(segment.hypothesis.split()) for segment in document.segments)
    rules = in_force(document, engines, settings)
    told = _told_apart(document, engines, settings, rules)
    findings = place(document, settle(told.standing))
    return Checked(document.doc_id, findings, words, told.warnings, rules=rules, allowed=len(told.allowed))


def reported(
    document: Document, engines: Engines, settings: Settings, recalled: Iterable[Finding] = ()
) -> list[Finding]:
    """Every finding that settings and comments let through, overlapping ones included, in document order.

    recalled: findings of an earlier run on the same sentences, of rules whose engines are not here now.
    """
    rules = in_force(document, engines, settings)
    return list(_told_apart(document, engines, settings, rules, recalled).standing)


def _told_apart(
    document: Document,
    engines: Engines,
    settings: Settings,
    rules: tuple[str, ...],
    recalled: Iterable[Finding] = (),
) -> Allowed:
    """Findings that stand and findings that are allowed, of those that are sure and grave enough.

    Allowances come first: one of a finding that is not sure enough today is not idle.
    """
    found = [*find(analyse(document, engines), engines, replace(settings, min_confidence=0.0)), *recalled]
    told, grades = allow(document, found, rules), list(Severity)
    ledger = ledger_of(settings)
    dismissed = tuple(finding for finding in told.standing if ledger.dismisses(finding, document))
    standing = tuple(finding for finding in told.standing if not ledger.dismisses(finding, document))
    told = replace(told, standing=standing, allowed=(*told.allowed, *dismissed))
    grave = grades.index(settings.severity)

    def counts(finding: Finding) -> bool:
        return finding.confidence >= settings.min_confidence and grades.index(finding.severity) >= grave

    return replace(told, standing=tuple(filter(counts, told.standing)), allowed=tuple(filter(counts, told.allowed)))


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
