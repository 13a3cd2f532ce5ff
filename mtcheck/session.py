"""A person's way through a review: one proposal after the other, every answer kept at once, any of them taken back.

Nothing here knows of a terminal. A desk (:mod:`mtcheck.desk`) shows where the session stands and passes on what a
person asks for; the file of decisions is what lasts, so a session may end at any moment and be taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mtcheck.alternatives import BY_HAND
from mtcheck.answers import Answer, AnswerFile, Answers
from mtcheck.reports._entries import Entry
from mtcheck.schema import Alternative, Applicability, Decision, Proposal, Review, Severity

Judge = Callable[[Proposal, str], Alternative]
"""What a wording comes to in a proposal's place: its guards and scores."""
_GRADES = list(Severity)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many proposals there are, and what became of them so far."""

    total: int
    changed: int
    kept: int

    @property
    def left(self) -> int:
        """How many nobody decided yet."""
        return self.total - self.changed - self.kept


@dataclass(frozen=True, slots=True)
class _State:
    answers: Answers
    at: int


class Session:
    """The proposals of a review, in document order, and the answers to them.

    review: made without the decisions in the file, which the session itself goes by; path: that file.
    judge: what a wording of a person's own is held to; it is asked at once, so it should not take long.
    Raises SettingsError when the file is damaged. Giving an answer raises OutputError when the file cannot be written;
    the answer is then not taken.
    """

    def __init__(self, review: Review, path: Path, judge: Judge) -> None:
        self._file, self._judge = AnswerFile(path, review), judge
        self.entries: tuple[Entry, ...] = self._file.entries
        self.at_least = Severity.NEUTRAL
        self._own: dict[int, list[Alternative]] = {}
        self._state = _State(self._file.begun, 0)
        self._done: list[_State] = []
        self._undone: list[_State] = []
        self.next_open(0)

    # ---- where it stands

    @property
    def path(self) -> Path:
        """The file of decisions."""
        return self._file.path

    @property
    def at(self) -> int:
        """Index of the present entry; 0 when there is none."""
        return self._state.at

    @property
    def entry(self) -> Entry:
        """The present entry. Raises IndexError when nothing was found."""
        return self.entries[self.at]

    @property
    def answers(self) -> Answers:
        """The answer to each entry; None where nobody decided."""
        return self._state.answers

    @property
    def answer(self) -> Answer | None:
        """The answer to the present entry."""
        return self.answers[self.at]

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Wordings of the present entry: the original, those of the review, those written by hand."""
        return self._alternatives(self.at)

    @property
    def chosen(self) -> int | None:
        """Which alternative of the present entry was decided on (0 keeps); None when nobody decided."""
        return self._chosen(self.at)

    @property
    def locked(self) -> bool:
        """True when markup stands inside the words of the present entry, so that nothing may replace them."""
        return self.entry.segment.crosses_markup(self.entry.proposal.span)

    @property
    def shown(self) -> tuple[int, ...]:
        """Indices of the entries that are grave enough for the filter."""
        grade = _GRADES.index(self.at_least)
        return tuple(i for i, entry in enumerate(self.entries) if _GRADES.index(entry.severity) >= grade)

    @property
    def progress(self) -> Progress:
        """Counts over every entry, filtered or not."""
        given = [answer for answer in self.answers if answer]
        changed = sum(answer.wording is not None for answer in given)
        return Progress(len(self.entries), changed, len(given) - changed)

    @property
    def safe(self) -> tuple[int, ...]:
        """Entries not decided yet whose change needs no judgement: mtcheck chose it, and it is right every time."""
        return tuple(i for i, entry in enumerate(self.entries) if self.answers[i] is None and is_safe(entry))

    @property
    def original(self) -> Review:
        """The review as it was before anybody answered."""
        return self._file.review

    @property
    def review(self) -> Review:
        """The review as the person left it; what nobody decided stays as it was."""
        proposals, decisions = [], []
        for i, entry in enumerate(self.entries):
            answer, chosen = self.answers[i], self._chosen(i) or 0
            proposals.append(replace(entry.proposal, alternatives=self._alternatives(i)))
            note = (answer.reason or ("changed" if chosen else "kept")) if answer else "not decided"
            decisions.append(Decision(chosen, "translator", note))
        return replace(self._file.review, proposals=tuple(proposals), decisions=tuple(decisions))

    # ---- moving about

    def move(self, steps: int) -> bool:
        """Go forward or, with a negative number, back among the entries shown; False at the end."""
        shown = self.shown
        ahead = [i for i in shown if i > self.at] if steps > 0 else [i for i in reversed(shown) if i < self.at]
        if ahead:
            self._go(ahead[min(abs(steps), len(ahead)) - 1])
        return bool(ahead)

    def jump(self, number: int) -> bool:
        """Go to the entry of a number, from 1, even one that the filter hides; False when there is none."""
        if not 1 <= number <= len(self.entries):
            return False
        self._go(number - 1)
        return True

    def next_open(self, start: int | None = None) -> bool:
        """Go to the next entry shown that nobody decided, from the top again at the end; False when none is left."""
        begin = self.at + 1 if start is None else start
        waiting = [i for i in self.shown if self.answers[i] is None]
        if waiting:
            self._go(next((i for i in waiting if i >= begin), waiting[0]))
        return bool(waiting)

    def show_from(self, severity: Severity) -> None:
        """Pass over what is milder, and go on to the nearest entry that is shown."""
        self.at_least = severity
        shown = self.shown
        if shown and self.at not in shown:
            self._go(next((i for i in shown if i > self.at), shown[-1]))

    def _go(self, index: int) -> None:
        self._state = replace(self._state, at=index)

    # ---- answers

    def accept(self, index: int) -> None:
        """Take an alternative of the present entry; 0 keeps the original. Raises ValueError for one not to be taken."""
        if index and not self.may_take(index):
            raise ValueError(f"alternative {index} cannot be taken")
        self._give({self.at: Answer(self.alternatives[index].replacement if index else None)})

    def keep(self, reason: str = "") -> None:
        """Let the original wording stand, whatever is said against it; with a reason, the finding is dismissed."""
        self._give({self.at: Answer(None, " ".join(reason.split()))})

    def may_take(self, index: int) -> bool:
        """Whether an alternative may be accepted; of a wording by hand, the person is the judge, whatever it breaks."""
        if self.locked or not 0 < index < len(self.alternatives):
            return False
        by_hand = index >= len(self.entry.proposal.alternatives)
        return by_hand or is_offered(self.alternatives[index])

    def judged(self, wording: str) -> Alternative:
        """What a wording by hand comes to in the present entry, without adding it."""
        return self._judge(self.entry.proposal, wording)

    def edit(self, wording: str) -> int:
        """Add a wording by hand to the present entry; returns its index, which may be that of one known already.

        Raises ValueError where markup stands inside the words.
        """
        if self.locked:
            raise ValueError("markup stands inside these words")
        for index, alternative in enumerate(self.alternatives):
            if alternative.replacement == wording and (index == 0 or self.may_take(index)):
                return index
        self._own.setdefault(self.at, []).append(self.judged(wording))
        return len(self.alternatives) - 1

    def scored(self, index: int, alternative: Alternative) -> None:
        """Give a wording by hand of an entry its scores, once a model has made them."""
        mine = self._own.get(index, [])
        self._own[index] = [alternative if known.replacement == alternative.replacement else known for known in mine]

    def accept_safe(self) -> int:
        """Take every safe change that is not decided yet; returns how many."""
        taken = {i: Answer(chosen.replacement) for i in self.safe if (chosen := self.entries[i].chosen)}
        if taken:
            self._give(taken)
        return len(taken)

    def undo(self) -> bool:
        """Take the last answer back and go where it was given; False when there is none."""
        return self._travel(self._done, self._undone)

    def redo(self) -> bool:
        """Give the answer again that was taken back last; False when there is none."""
        return self._travel(self._undone, self._done)

    def _give(self, given: Mapping[int, Answer]) -> None:
        by_key = {self._file.key(index): answer for index, answer in given.items()}
        answers = tuple(by_key.get(self._file.key(index), answer) for index, answer in enumerate(self.answers))
        self._file.save(answers)
        for index, answer in enumerate(answers):
            if answer and answer.wording is not None and answer.wording not in self._wordings(index):
                added = Alternative(answer.wording, (BY_HAND,), Applicability.REVIEW)
                self._own.setdefault(index, []).append(added)
        self._done.append(self._state)
        self._undone.clear()
        self._state = _State(answers, self.at)

    def _travel(self, source: list[_State], target: list[_State]) -> bool:
        if not source:
            return False
        state = source[-1]
        self._file.save(state.answers)
        target.append(_State(self.answers, source.pop().at))
        self._state = state
        return True

    # ---- wordings

    def _alternatives(self, index: int) -> tuple[Alternative, ...]:
        return (*self.entries[index].proposal.alternatives, *self._own.get(index, ()))

    def _wordings(self, index: int) -> list[str]:
        return [alternative.replacement for alternative in self._alternatives(index)[1:]]

    def _chosen(self, index: int) -> int | None:
        answer, wordings = self.answers[index], self._wordings(index)
        if answer is None or answer.wording is None:
            return None if answer is None else 0
        return len(wordings) - wordings[::-1].index(answer.wording)  # by hand comes last, and may equal a barred one


def is_offered(alternative: Alternative) -> bool:
    """Whether a person may take the alternative as it is: no guard broken, not for show only."""
    return not alternative.broken_guards and alternative.applicability is not Applicability.DISPLAY


def is_safe(entry: Entry) -> bool:
    """Whether mtcheck itself makes a change here that is right every time."""
    chosen = entry.chosen
    return chosen is not None and chosen.applicability is Applicability.SAFE and is_offered(chosen)
