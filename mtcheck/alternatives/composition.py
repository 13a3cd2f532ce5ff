"""Edits of different generators brought together: a beam search over sets of span edits that do not touch.

A rewrite is seldom good as a whole, and its good edits are seldom all there is; what single edits were found worth says
which sets deserve to be scored together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtcheck.alternatives import Phrase, ProposedEdit, Wording, apply_edits, wording_of
from mtcheck.schema import Span

WIDTH = 8
"""Sets of edits kept at each step."""


@dataclass(frozen=True, slots=True)
class _State:
    worth: float
    edits: tuple[ProposedEdit, ...]


def compose(text: str, phrase: Phrase, worth: Mapping[str, float], least: float, most: int) -> tuple[Wording, ...]:
    """At most ``most`` new wordings of a phrase, each of two edits or more, best first.

    worth: log-odds that a wording is better, for the wordings that single edits lead to; edits worth less than
    ``least``, and those that are missing there, take no part. The worth of a set is the sum of its edits'.
    """
    known = {wording.replacement for wording in phrase.wordings}
    states = [_State(0.0, ())]
    for edit, value in _hopeful(text, phrase, worth, least):
        grown = [
            _State(state.worth + value, (*state.edits, edit))
            for state in states
            if not state.edits or state.edits[-1].span.end < edit.span.start
        ]
        states = sorted((*states, *grown), key=lambda state: -state.worth)[:WIDTH]
    found: dict[str, Wording] = {}
    for state in states:
        if len(state.edits) > 1:
            wording = wording_of(text, phrase.span, state.edits)
            if wording.replacement not in known:
                found.setdefault(wording.replacement, wording)
    return tuple(found.values())[:most]


def _hopeful(
    text: str, phrase: Phrase, worth: Mapping[str, float], least: float
) -> Sequence[tuple[ProposedEdit, float]]:
    """The distinct edits that may take part, with their worth, in order of place."""
    found: dict[tuple[Span, str], tuple[ProposedEdit, float]] = {}
    for edit in sorted(phrase.edits, key=lambda edit: (edit.span, edit.replacement, edit.generator)):
        value = worth.get(apply_edits(text, phrase.span, [edit]))
        if value is not None and value >= least:
            found.setdefault((edit.span, edit.replacement), (edit, value))
    return list(found.values())
