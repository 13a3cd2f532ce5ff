"""A review to read on a terminal: what, where, why, before and after, the alternatives and their evidence."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from mtcheck.reports._entries import Entry, Status, entries, headline, metric_notes, score_text
from mtcheck.reports._terminal import SEVERITY_STYLES, changed, printed
from mtcheck.reports._visible import one_line
from mtcheck.schema import Review

_STATUS_STYLE = {Status.CHANGED: "bold green", Status.OFFERED: "bold yellow", Status.FLAGGED: "bold"}


def render(review: Review, *, width: int = 80, color: bool = False) -> str:
    """Plain text wrapped at ``width`` columns; with ``color``, ANSI styles take the place of ``[-…-]{+…+}``."""
    notes = metric_notes(review)

    def show(console: Console) -> None:
        console.print(Text(f"{one_line(review.document.doc_id)}: {headline(review)}", style="bold"))
        for entry in entries(review):
            console.print()
            console.print(_entry(review, entry, notes, color))
        console.print()
        console.print(Group(*_footer(review, notes)))

    return printed(show, width, color)


def _entry(review: Review, entry: Entry, notes: dict[tuple[str, str], int], color: bool) -> RenderableType:
    head = Text.assemble((f"{entry.number}. ", "bold"), (entry.status.value.upper(), _STATUS_STYLE[entry.status]))
    head.append(f"  {one_line(review.document.doc_id)}:{entry.line}:{entry.column}", "dim")
    lines: list[RenderableType] = [Rule(style="dim", characters="─"), head]
    for finding in entry.findings:
        said = Text.assemble((finding.severity.value, SEVERITY_STYLES[finding.severity]), " ", (finding.rule, "bold"))
        said.append(f" ({finding.category}, confidence {finding.confidence:.2f}): {one_line(finding.message)}")
        lines.append(_indented(said))
    lines += [Text(), _indented(_in_context(entry, color)), Text()]
    if source := entry.segment.source:
        lines.append(_labelled("source", Text(one_line(source))))
    back = review.back_translations.get(entry.segment.seg_id)
    if back is not None:
        lines.append(_labelled("reads back as", Text(one_line(back))))
    for at in range(len(entry.proposal.alternatives)):
        lines.append(_alternative(entry, at, back, notes, color))
    lines.append(_labelled(f"decided ({entry.decision.decided_by})", Text(one_line(entry.decision.note))))
    return Group(*lines)


def _in_context(entry: Entry, color: bool) -> Text:
    """The wording in its sentence; with a suggestion, as a change."""
    before, after = entry.context(width=110)
    text = Text(one_line(before) + (" " if before.endswith((" ", "\n")) else ""))
    if entry.suggestion:
        text.append_text(changed(entry.original, entry.suggestion.replacement, color))
    else:
        text.append(one_line(entry.original) if color else f"[={one_line(entry.original)}=]", "underline")
    return text.append((" " if after.startswith((" ", "\n")) else "") + one_line(after))


def _alternative(
    entry: Entry, at: int, back: str | None, notes: dict[tuple[str, str], int], color: bool
) -> RenderableType:
    alternative, chosen = entry.proposal.alternatives[at], at == entry.decision.chosen
    mark = "✓" if chosen else "✗" if alternative.broken_guards else "·"
    wording = one_line(alternative.replacement) or "(nothing)"
    head = Text.assemble((f"{mark} ", "bold"), (f"“{wording}”", "bold" if chosen else ""))
    head.append(f"  {', '.join(alternative.generators)}, {alternative.applicability}", "dim")
    lines: list[RenderableType] = [_indented(head)]
    if alternative.back_translation is not None and alternative.back_translation == back and at:
        lines.append(_indented(Text("reads back the same", "italic dim"), 5))
    elif alternative.back_translation is not None and alternative.back_translation != back:
        russian = changed(back or alternative.back_translation, alternative.back_translation, color)
        lines.append(_labelled("reads back as", russian, indent=5))
    if alternative.scores:
        numbers = " · ".join(
            f"{score.metric} {score_text(score)} [{notes[score.metric, score.signature]}]"
            for score in alternative.scores
        )
        lines.append(_indented(Text(numbers, "dim"), 5))
    lines += [_labelled("breaks guard", Text(one_line(guard)), indent=5) for guard in alternative.broken_guards]
    return Group(*lines)


def _footer(review: Review, notes: dict[tuple[str, str], int]) -> Iterable[RenderableType]:
    yield Rule(style="dim", characters="─")
    if notes:
        better = {
            (score.metric, score.signature): "higher is better" if score.higher_is_better else "lower is better"
            for proposal in review.proposals
            for alternative in proposal.alternatives
            for score in alternative.scores
        }
        for (metric, signature), number in notes.items():
            yield Text(f"[{number}] {metric}, {better[metric, signature]}: {one_line(signature)}", "dim")
    for clause in review.missing:
        yield Text(f"Done without: {one_line(clause)}", "yellow")
    yield Text(f"Signature: {one_line(review.signature)}", "dim")


def _labelled(label: str, text: Text, indent: int = 3) -> RenderableType:
    return _indented(Text.assemble((f"{label}: ", "italic dim"), text), indent)


def _indented(text: Text, indent: int = 3) -> RenderableType:
    return Padding(text, (0, 0, 0, indent))
