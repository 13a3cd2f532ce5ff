"""The panes of the full-screen desk as styled text; nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from mtcheck.desk import wording
from mtcheck.reports import one_line, visible
from mtcheck.reports._terminal import SEVERITY_STYLES
from mtcheck.schema import Alternative, Severity
from mtcheck.session import Session

AROUND = 6000
"""Code points of the article shown on either side of the present words."""
_PRESENT, _OPEN, _CHANGED = "bold reverse", "underline", "bold green"


def head(session: Session) -> Text:
    """Article, place, counts and filter in a line."""
    name = PurePath(session.original.document.doc_id).name
    parts = [wording.progress(session), one_line(name)]
    if session.entries:
        parts.insert(0, f"{session.entry.number} of {len(session.entries)}")
    if session.at_least is not Severity.NEUTRAL:
        parts.insert(1, f"{session.at_least} and graver")
    return Text("  ·  ".join(parts), "bold")


def article(session: Session) -> tuple[Text, int]:
    """The article around the present words, with the changes decided so far, and where in it those words begin."""
    raw = session.original.document.text
    begin, end = max(0, session.entry.raw.start - AROUND), session.entry.raw.end + AROUND
    text, done, at = Text(), begin, 0
    for index, entry in enumerate(session.entries):
        if not begin <= entry.raw.start <= entry.raw.end <= end:
            continue
        text.append(_plain(raw[done : entry.raw.start]))
        words, answer = _plain(raw[entry.raw.start : entry.raw.end]), session.answers[index]
        if index == session.at:
            at = len(text)
            text.append(words if words.strip() else "␣" * len(words) or "‸", _PRESENT)
        elif answer and answer.wording is not None:
            text.append(_plain(answer.wording), _CHANGED)
        else:
            text.append(words, "" if answer else _OPEN)
        done = entry.raw.end
    return text.append(_plain(raw[done:end])), at


def finding(session: Session) -> RenderableType:
    """What is wrong with the present words, and what was decided."""
    entry = session.entry
    lines: list[RenderableType] = [
        Text(f"line {entry.line}, column {entry.column}: {wording.standing(session, session.at)}")
    ]
    for found, line in zip(entry.findings, wording.found(entry), strict=True):
        grade, _, rest = line.partition(" ")
        lines.append(Text.assemble((grade, SEVERITY_STYLES[found.severity]), f" {rest}"))
    if session.locked:
        lines.append(Text("markup stands inside these words: keep them, and mend them in the file", "bold"))
    return Group(*lines)


def alternative(session: Session, index: int, one: Alternative, *, marked: bool) -> RenderableType:
    """One wording with its scores, guards and back-translation; what cannot be taken has an x."""
    sign = "=" if index == session.chosen else " " if index == 0 or session.may_take(index) else "x"
    head = Text(f"{'>' if marked else ' '}{sign}{index} ")
    head.append(f"{wording.quoted(one.replacement)}", "bold reverse" if marked else "bold")
    head.append("" if index else "  as it stands")
    lines = [Text(wording.verdict(one), "bold")] if one.broken_guards else []
    lines += [Text(wording.worth(one) if one.broken_guards else f"{wording.verdict(one)} · {wording.worth(one)}")][
        :index
    ]
    if back := wording.reads_back(session.original, session.entry, one):
        lines.append(Text.assemble("reads back: ", (back, "italic")))
    return Group(head, *(Padding(line, (0, 0, 0, 5)) for line in lines))


def height(blocks: Sequence[RenderableType], width: int) -> int:
    """How many lines the blocks take at a width."""
    console = Console(width=max(width, 1), color_system=None, _environ={})
    return len(console.render_lines(Group(*blocks), pad=False))


def _plain(text: str) -> str:
    return visible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))
