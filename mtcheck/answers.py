"""Answers to the proposals of a review, kept in the file of decisions as soon as they are given."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mtcheck.decisions import Ledger, Ruling, placed, read_ledger, write_ledger
from mtcheck.reports._entries import Entry, entries
from mtcheck.schema import Review, Span
from mtcheck.settling import honour, rulings_on


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody decided about a proposal. wording: what its words become; None keeps them. reason: why."""

    wording: str | None
    reason: str = ""


Answers = tuple[Answer | None, ...]
"""One a proposal, in the order of the entries; None where nobody decided."""


class AnswerFile:
    """The file of decisions as the answers to one review.

    review: made without the decisions in the file; ``AnswerFile.review`` has the wordings of the file beside its own.
    What the file holds of other articles, and what others write to it meanwhile, is left alone.
    Raises SettingsError when the file is damaged.
    """

    def __init__(self, path: Path, review: Review) -> None:
        ledger = read_ledger(path)
        proposals, decisions = honour(review.document, review.proposals, review.decisions, ledger)
        self.path = path
        self.review = replace(review, proposals=tuple(proposals), decisions=tuple(decisions))
        self.entries: tuple[Entry, ...] = entries(self.review)
        decided = {(edit.seg_id, edit.span): ruling for edit, ruling in placed(review.document, ledger).edits}
        self.begun: Answers = tuple(_remembered(review, entry, ledger, decided) for entry in self.entries)
        self._saved = self.begun
        self._found = [
            [ledger.by_key[one.key] for one in self._all(entry) if one.key in ledger.by_key] for entry in self.entries
        ]

    def save(self, answers: Answers) -> None:
        """Make the file hold the answers. Raises OutputError, and SettingsError when it was damaged meanwhile."""
        changed = [i for i, answer in enumerate(answers) if answer != self._saved[i]]
        if not changed:
            return
        gone = {ruling.key for i in changed for ruling in self._all(self.entries[i])}
        new = [ruling for i, answer in enumerate(answers) for ruling in self._rulings(i, answer)]
        write_ledger(self.path, read_ledger(self.path).without(gone).adding(new))
        self._saved = answers

    def key(self, index: int) -> str:
        """Entries of one key are about the same words in the same context, so one decision settles them all."""
        return self._about(self.entries[index], "")[0].key

    def _rulings(self, index: int, answer: Answer | None) -> Sequence[Ruling]:
        if answer == self.begun[index]:
            return self._found[index]
        return self._about(self.entries[index], answer.wording, answer.reason) if answer else ()

    def _all(self, entry: Entry) -> tuple[Ruling, ...]:
        """Everything that an answer to an entry may put into the file."""
        return (*self._about(entry, ""), *self._about(entry, None))

    def _about(self, entry: Entry, wording: str | None, reason: str = "") -> tuple[Ruling, ...]:
        document = self.review.document
        made = rulings_on(document, entry.proposal, wording, reason)
        if document.doc_id.startswith("<"):  # standard input has no path
            return tuple(replace(ruling, article="") for ruling in made)
        article = Path(os.path.relpath(document.doc_id, self.path.parent)).as_posix()
        return tuple(replace(ruling, article=article) for ruling in made)


def _remembered(
    review: Review, entry: Entry, ledger: Ledger, decided: Mapping[tuple[int, Span], Ruling]
) -> Answer | None:
    """What the file says of an entry: a replacement, or that the words of every finding stay."""
    if ruling := decided.get((entry.segment.seg_id, entry.proposal.span)):
        return Answer(ruling.replacement, ruling.reason)
    if all(ledger.dismisses(finding, review.document) for finding in entry.findings):
        known = (ledger.by_key[one.key] for one in rulings_on(review.document, entry.proposal, None))
        return Answer(None, next(known).reason)
    return None
