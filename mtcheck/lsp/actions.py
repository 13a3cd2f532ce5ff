"""What an editor offers about findings: fixes, wordings of a review, a review, letting them stand, all safe fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types

from mtcheck.checking import PlacedFinding
from mtcheck.checking.fixing import choose
from mtcheck.lsp import allowing, wordings
from mtcheck.lsp.diagnostics import diagnostic
from mtcheck.lsp.knowledge import Knowledge
from mtcheck.schema import Applicability

QUICK_FIX, FIX_ALL, REVIEW_ALL = "quickfix", "source.fixAll.mtcheck", "source.review.mtcheck"
REVIEW, DISMISS = "mtcheck.review", "mtcheck.dismiss"
Edit = tuple[int, int, str]  # raw range, replacement


@dataclass(frozen=True, slots=True)
class Target:
    """The version of the file that edits are made for; versioned: whether the client can be told of it."""

    uri: str
    version: int | None
    versioned: bool

    def edit(self, known: Knowledge, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        """Replacements of raw ranges as a workspace edit."""
        made = [types.TextEdit(known.positions.range(start, end), new) for start, end, new in edits]
        if not self.versioned:
            return types.WorkspaceEdit(changes={self.uri: made})
        of = types.OptionalVersionedTextDocumentIdentifier(self.uri, self.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(of, list(made))])


def actions(
    known: Knowledge, target: Target, within: types.Range, only: Sequence[str] | None
) -> list[types.CodeAction]:
    """What can be done about the findings that touch a range, best first, then what can be done for the whole file.

    only: kinds the client asks for, each standing for the kinds below it too; None asks for all.
    """
    start, end = known.positions.offset(within.start), known.positions.offset(within.end)
    made: list[types.CodeAction] = []
    for finding in known.findings:
        if finding.start <= end and start <= finding.end:
            made += _fixes(known, target, finding)
            made += _review(known, target, finding)
            made += _allow(known, target, finding)
    made += _wordings(known, target, start, end)
    made += _fix_all(known, target)
    made += _review_all(known, target)
    return [action for action in made if _wanted(action.kind or "", only)]


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    return only is None or any(kind == wide or kind.startswith(f"{wide}.") or not wide for wide in only)


def _fixes(known: Knowledge, target: Target, finding: PlacedFinding) -> Iterator[types.CodeAction]:
    """The finding's fixes; the first one is preferred when it is right every time."""
    fixes = [fix for fix in finding.fixes if fix.applicability is not Applicability.DISPLAY]
    for number, fix in enumerate(fixes):
        yield types.CodeAction(
            wordings.change(finding.quote, fix.replacement),
            kind=QUICK_FIX,
            diagnostics=[diagnostic(known, finding)],
            is_preferred=not number and fix.applicability is Applicability.SAFE,
            edit=target.edit(known, [(finding.start, finding.end, fix.replacement)]),
        )


def _wordings(known: Knowledge, target: Target, start: int, end: int) -> Iterator[types.CodeAction]:
    for proposal in known.proposals_at(start, end):
        segment = known.segment(proposal.finding)
        if segment.crosses_markup(proposal.span):
            continue
        raw = segment.raw_span(proposal.span)
        original = segment.hypothesis[proposal.span.start : proposal.span.end]
        for alternative in wordings.offered(proposal):
            yield types.CodeAction(
                wordings.change(original, alternative.replacement) + wordings.evidence(proposal, alternative),
                kind=QUICK_FIX,
                edit=target.edit(known, [(raw.start, raw.end, alternative.replacement)]),
            )


def _review(known: Knowledge, target: Target, finding: PlacedFinding) -> Iterator[types.CodeAction]:
    if any(known.proposals_at(finding.start, finding.end)):
        return
    title = f"Look for other wordings of {wordings.quoted(finding.quote)} (slow)"
    yield types.CodeAction(
        title,
        kind=QUICK_FIX,
        diagnostics=[diagnostic(known, finding)],
        command=types.Command(title, REVIEW, arguments=[target.uri, finding.key]),
    )


def _allow(known: Knowledge, target: Target, finding: PlacedFinding) -> Iterator[types.CodeAction]:
    """Let the finding stand, where the format has comments or the settings name a file of decisions."""
    about = [diagnostic(known, finding)]
    if place := allowing.comment(known, finding):
        at, added = place
        title, edit = f"Allow {finding.rule} here", target.edit(known, [(at, at, added)])
        yield types.CodeAction(title, kind=QUICK_FIX, diagnostics=about, edit=edit)
    if known.settings.decisions:
        title = f"Dismiss {finding.rule} for {wordings.quoted(finding.quote)}, wherever it stands"
        command = types.Command(title, DISMISS, arguments=[target.uri, finding.key])
        yield types.CodeAction(title, kind=QUICK_FIX, diagnostics=about, command=command)


def _fix_all(known: Knowledge, target: Target) -> Iterator[types.CodeAction]:
    """All safe fixes that can be made together, as ``mtcheck fix`` chooses them."""
    if known.document is None:
        return
    edits = []
    for finding in choose(known.document, known.found, {Applicability.SAFE}):
        raw = known.segment(finding).raw_span(finding.span)
        edits.append((raw.start, raw.end, finding.fixes[0].replacement))
    if edits:
        yield types.CodeAction("Make all safe fixes of mtcheck", kind=FIX_ALL, edit=target.edit(known, sorted(edits)))


def _review_all(known: Knowledge, target: Target) -> Iterator[types.CodeAction]:
    if known.document:
        title = "Review the whole article with mtcheck (slow)"
        yield types.CodeAction(title, kind=REVIEW_ALL, command=types.Command(title, REVIEW, arguments=[target.uri]))
