"""Findings as diagnostics."""

from __future__ import annotations

from lsprotocol import types

from mtcheck.checking import PlacedFinding
from mtcheck.lsp.knowledge import Knowledge
from mtcheck.schema import Severity, to_json

SOURCE = "mtcheck"
_SEVERITIES = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.MAJOR: types.DiagnosticSeverity.Warning,
    Severity.MINOR: types.DiagnosticSeverity.Information,
    Severity.NEUTRAL: types.DiagnosticSeverity.Hint,
}


def diagnostics(known: Knowledge) -> list[types.Diagnostic]:
    """One diagnostic a finding, in order."""
    return [diagnostic(known, finding) for finding in known.findings]


def diagnostic(known: Knowledge, finding: PlacedFinding) -> types.Diagnostic:
    """The finding's place, rule and message; ``data`` carries its key and its fixes.

    A finding that the baseline lists is only hinted at.
    """
    return types.Diagnostic(
        range=known.positions.range(finding.start, finding.end),
        message=finding.message,
        severity=types.DiagnosticSeverity.Hint if finding.known else _SEVERITIES[finding.severity],
        code=finding.rule,
        source=SOURCE,
        data={"key": finding.key, "fixes": to_json(finding.fixes)},
    )
