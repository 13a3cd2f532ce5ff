"""What is shown when hovering over a finding: what is wrong, what would be better, and the page of the rule."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from mtcheck.checking import PlacedFinding
from mtcheck.lsp import wordings
from mtcheck.lsp.knowledge import Knowledge
from mtcheck.reports._rule_pages import pages, sections
from mtcheck.reports.markdown import code, escape


def hover(known: Knowledge, position: types.Position) -> types.Hover | None:
    """The findings and the reviewed wordings at a position, as Markdown; None where there are none."""
    at = known.positions.offset(position)
    findings = [finding for finding in known.findings if finding.start <= at < max(finding.end, finding.start + 1)]
    parts = [part for finding in findings for part in _finding(finding)]
    parts += [
        wordings.details(known, proposal) for proposal in known.proposals_at(at, at + 1) if wordings.offered(proposal)
    ]
    parts += [_page(finding.rule) for finding in findings]
    if not parts:
        return None
    text = types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(parts))
    return types.Hover(text, known.positions.range(findings[0].start, findings[0].end) if findings else None)


def _finding(finding: PlacedFinding) -> Iterator[str]:
    yield f"**{finding.rule}** · {finding.severity} · {finding.category} · confidence {finding.confidence:.0%}"
    yield escape(finding.message)
    if finding.fixes:
        fixes = (f"{escape(wordings.quoted(fix.replacement))} ({fix.applicability})" for fix in finding.fixes)
        yield f"Better: {', '.join(fixes)}"
    if finding.also:
        yield f"Also flagged by {', '.join(map(code, finding.also))}."


def _page(rule: str) -> str:
    """The rule's page below a line; its double backticks are Markdown already."""
    parts = ["---"]
    for section in sections(pages()[rule]):
        first, *rest = section.paragraphs
        parts += [f"**{section.heading}.** {first}" if section.heading else first, *rest]
    return "\n\n".join(parts)
