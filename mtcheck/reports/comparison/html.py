"""The two versions side by side on one self-contained page, paragraph by paragraph, without any script."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from mtcheck.comparison import Comparison, Kind, Pair
from mtcheck.prose_diff import Piece, pieces
from mtcheck.reports._entries import score_text
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.comparison._summary import headline
from mtcheck.reports.html import asset, csp_hash


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph: what the first version shows of it, and what the second does."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    moved: str

    @property
    def changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.kind != "same" for piece in (*self.before, *self.after))


def render(comparison: Comparison) -> str:
    """The page; its style is inline and its policy allows nothing else."""
    css = asset("review.css")
    return _template().render(
        comparison=comparison, rows=_rows(comparison), headline=headline(comparison), css=css, css_hash=csp_hash(css)
    )


def _rows(comparison: Comparison) -> list[Row]:
    """Pairs joined until a line ends in either version."""
    rows: list[Row] = []
    group: list[Pair] = []
    for pair in comparison.pairs:
        group.append(pair)
        texts = _both(comparison, pair)
        if any("\n" in text[len(text.rstrip()) :] for text in texts) or "moved" in pair.kind:
            rows.append(_row(comparison, group))
            group = []
    return [*rows, _row(comparison, group)] if group else rows


def _both(comparison: Comparison, pair: Pair) -> tuple[str, str]:
    return (
        comparison.before.text[pair.before.start : pair.before.end],
        comparison.after.text[pair.after.start : pair.after.end],
    )


def _row(comparison: Comparison, group: list[Pair]) -> Row:
    runs = [piece for pair in group for piece in pieces(_both(comparison, pair)[0], pair.edits)]
    return Row(
        tuple(piece for piece in runs if piece.kind != "inserted"),
        tuple(piece for piece in runs if piece.kind != "deleted"),
        next((pair.kind.value for pair in group if pair.kind in (Kind.MOVED_AWAY, Kind.MOVED_HERE)), ""),
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(visible=visible, one_line=one_line, score=score_text)
    return environment.from_string(asset("comparison.html"))
