"""The two versions side by side on one self-contained page, paragraph by paragraph, without any script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from mtcheck.checking import PlacedFinding
from mtcheck.comparison import Comparison, Kind, Pair, Turnover
from mtcheck.prose_diff import Piece, pieces
from mtcheck.reports._changes import groups
from mtcheck.reports._entries import score_text
from mtcheck.reports._overview import changed, findings_line, overview, told
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.check._findings import said
from mtcheck.reports.comparison._summary import moved_to, quoted
from mtcheck.reports.html import asset, csp_hash
from mtcheck.schema import Review


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as the page shows it.

    fate: new, gone or kept; number: from 1 among those of its fate.
    """

    fate: str
    number: int
    finding: PlacedFinding

    @property
    def name(self) -> str:
        """What links call it."""
        return f"{self.fate}-{self.number}"


@dataclass(frozen=True, slots=True)
class Run:
    """Text to show in one way: same, deleted, inserted; inside a mark or not; ``ends`` a mark when it is its last."""

    kind: str
    text: str
    mark: Mark | None
    ends: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph: what the first version shows of it, and what the second does.

    moved: for an end of a moved sentence, where the other end is; number, other: what links call the two ends.
    """

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    moved: str
    number: int
    other: int | None

    @property
    def changed(self) -> bool:
        """Whether anything in it differs."""
        return bool(self.moved) or any(run.kind != "same" for run in (*self.before, *self.after))


def render(comparison: Comparison, *, review: Review | None = None) -> str:
    """The page; its style is inline and its policy allows nothing else. review: what the comparison comes from."""
    css = asset("comparison.css")
    found = comparison.findings
    return _template().render(
        comparison=comparison,
        review=review,
        overview=overview(comparison, review),
        groups=groups(comparison, review) if review else {},
        rows=list(_rows(comparison)),
        found=found,
        lists=_lists(found) if found else {},
        css=css,
        css_hash=csp_hash(css),
    )


def _lists(found: Turnover) -> dict[str, list[Mark]]:
    """The findings of each fate, by the title of their list; those kept as the second version has them."""
    lists = {
        "New findings": _numbered("new", found.new),
        "Findings gone": _numbered("gone", found.gone),
        "Findings kept": _numbered("kept", [now for _, now in found.kept]),
    }
    return {title: marks for title, marks in lists.items() if marks}


def _marks(found: Turnover | None) -> tuple[list[Mark], list[Mark]]:
    """What is marked in either version, in order."""
    if not found:
        return [], []
    before = [*_numbered("gone", found.gone), *_numbered("kept", [was for was, _ in found.kept])]
    after = [*_numbered("new", found.new), *_numbered("kept", [now for _, now in found.kept])]
    for marks in (before, after):
        marks.sort(key=lambda mark: mark.finding.start)
    return before, after


def _numbered(fate: str, findings: Iterable[PlacedFinding]) -> list[Mark]:
    return [Mark(fate, number, finding) for number, finding in enumerate(findings, 1)]


def _rows(comparison: Comparison) -> Iterator[Row]:
    """Pairs joined until a line ends in either version; either end of a moved sentence by itself."""
    before, after = _marks(comparison.findings)
    group: list[int] = []

    def row() -> Row:
        pairs = [comparison.pairs[at] for at in group]
        there = moved_to(comparison, pairs[0])
        return Row(
            tuple(run for pair in pairs for run in _side(comparison, pair, before, latter=False)),
            tuple(run for pair in pairs for run in _side(comparison, pair, after, latter=True)),
            f"line {there[0]}" if there else "",
            group[0],
            pairs[0].partner,
        )

    for at, pair in enumerate(comparison.pairs):
        if pair.partner is not None and group:
            yield row()
            group = []
        group.append(at)
        if pair.partner is not None or _ends_line(comparison, pair):
            yield row()
            group = []
    if group:
        yield row()


def _ends_line(comparison: Comparison, pair: Pair) -> bool:
    return any("\n" in text[len(text.rstrip()) :] for text in comparison.texts(pair))


def _side(comparison: Comparison, pair: Pair, marks: Sequence[Mark], *, latter: bool) -> Iterator[Run]:
    """What one version shows of a pair: nothing of a moved sentence where it is not."""
    if pair.kind is (Kind.MOVED_AWAY if latter else Kind.MOVED_HERE):
        return
    span = pair.after if latter else pair.before
    here = [mark for mark in marks if mark.finding.start < span.end and span.start < mark.finding.end]
    at = span.start
    for piece in pieces(comparison.texts(pair)[0], comparison.edits(pair)):
        if piece.kind != ("deleted" if latter else "inserted"):
            yield from _cut(piece, at, here)
            at += len(piece.text)


def _cut(piece: Piece, start: int, marks: Sequence[Mark]) -> Iterator[Run]:
    """A piece that begins at a raw offset, cut where marks begin and end."""
    at, end = start, start + len(piece.text)
    for mark in marks:
        first, last = max(at, mark.finding.start), min(end, mark.finding.end)
        if first < last:
            yield Run(piece.kind, piece.text[at - start : first - start], None, False)
            yield Run(piece.kind, piece.text[first - start : last - start], mark, last == mark.finding.end)
            at = last
    yield Run(piece.kind, piece.text[at - start :], None, False)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(asset),
    )
    environment.filters.update(visible=visible, one_line=one_line, score=score_text, said=said, quoted=quoted)
    environment.filters.update(told=told, changed=changed, findings_line=findings_line)
    return environment.get_template("comparison.html")
