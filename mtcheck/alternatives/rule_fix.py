"""The ready replacements that rules bring with their findings."""

from __future__ import annotations

from collections.abc import Iterable

from mtcheck.alternatives import ProposedEdit
from mtcheck.schema import Finding

GENERATOR = "rule"


def edits(findings: Iterable[Finding]) -> list[ProposedEdit]:
    """One edit for every fix of every finding."""
    return [
        ProposedEdit(finding.seg_id, finding.span, fix.replacement, f"{GENERATOR}:{finding.rule}", fix.applicability)
        for finding in findings
        for fix in finding.fixes
    ]
