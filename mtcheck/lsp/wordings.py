"""Alternatives of a review as an editor can show them: in one line of a menu, or in full when hovering."""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.lsp.knowledge import Knowledge
from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports import one_line
from mtcheck.reports.markdown import code, escape
from mtcheck.schema import Alternative, Applicability, Proposal, Score
from mtcheck.scoring import FLUENCY, MEANING_CHRF

_IN_TITLES = {MEANING_CHRF: "meaning {:.0f}", FLUENCY: "fluency {:+.1f}"}


def offered(proposal: Proposal) -> tuple[Alternative, ...]:
    """The alternatives that a person may take, best first: no guard broken, not for display only."""
    return tuple(
        alternative
        for alternative in proposal.alternatives[1:]
        if not alternative.broken_guards and alternative.applicability is not Applicability.DISPLAY
    )


def change(before: str, after: str) -> str:
    """What an edit does, in a line."""
    if not after.strip():
        return f"Remove {quoted(before)}"
    return f"Replace {quoted(before)} with {quoted(after)}" if before.strip() else f"Insert {quoted(after)}"


def evidence(proposal: Proposal, alternative: Alternative) -> str:
    """The scores of a wording and what of the back-translation changes with it, in brackets; empty without any."""
    values = ((form, alternative.score(metric)) for metric, form in _IN_TITLES.items())
    told = [form.format(value) for form, value in values if value is not None]
    told += _back(proposal.alternatives[0].back_translation, alternative.back_translation)
    return f" ({', '.join(told)})" if told else ""


def details(known: Knowledge, proposal: Proposal) -> str:
    """Every alternative with its back-translation, and its scores with their signatures, as Markdown."""
    original = known.segment(proposal.finding).hypothesis[proposal.span.start : proposal.span.end]
    notes: dict[str, int] = {}
    lines = [f"**Other wordings of** {escape(quoted(original))}", ""]
    for alternative in offered(proposal):
        back = alternative.back_translation
        lines.append(f"- **{escape(quoted(alternative.replacement))}**")
        lines += [f"  reads back as *{escape(back)}*"] if back else []
        lines.append("  " + " · ".join(_number(score, notes) for score in alternative.scores))
    signatures = [f"[{number}] {code(signature)}" for signature, number in notes.items()]
    return "  \n".join([*lines[:2], *lines[2:]]) + "\n\n" + "  \n".join([*signatures, code(known.signature)])


def quoted(text: str) -> str:
    """The words in quotes, on one line; what cannot be seen is named."""
    return f"“{one_line(text)}”" if text.strip() else "white space" if text else "nothing"


def _number(score: Score, notes: dict[str, int]) -> str:
    note = notes.setdefault(score.signature, len(notes) + 1) if score.signature else None
    return f"{score.metric} {score.value:.4g}" + (f" [{note}]" if note else "")


def _back(before: str | None, after: str | None) -> Iterator[str]:
    if before is None or after is None:
        return
    changed = [piece.text for piece in pieces(before, readable_edits(before, after)) if piece.kind == "inserted"]
    if before == after:
        yield "reads back the same"
    elif changed:
        yield f"reads back as «{one_line(' … '.join(changed))}»"
