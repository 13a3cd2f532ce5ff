"""Two versions paired sentence by sentence, diffed word by word, and the distance between them scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from mtcheck.prose_diff import Bead, TextEdit, align_sentences, readable_edits, similarity
from mtcheck.schema import Document, Score, Span

if TYPE_CHECKING:
    from mtcheck.comparison.measuring import Measure
    from mtcheck.comparison.tracing import Turnover

_MOVED = 0.8  # word overlap from which a deleted and an inserted sentence are one that moved


class Kind(StrEnum):
    """What became of a bead's sentences; respaced ones differ in white space alone."""

    SAME = "same"
    CHANGED = "changed"
    RESPACED = "respaced"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved away"
    MOVED_HERE = "moved here"


@dataclass(frozen=True, slots=True)
class Pair:
    """Paired text of the two versions, up to the next sentence; all pairs in order make up both texts.

    before, after: raw ranges; edits: relative to ``before.start``.
    partner: for the two ends of a moved sentence, the index of the pair that is the other end.
    """

    kind: Kind
    before: Span
    after: Span
    edits: tuple[TextEdit, ...]
    partner: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions, their pairs in order, and the scores of the distance between them.

    findings: what became of them, None when nobody looked; measures: what models make of either version.
    """

    before: Document
    after: Document
    pairs: tuple[Pair, ...]
    scores: tuple[Score, ...]
    findings: Turnover | None = None
    measures: tuple[Measure, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the two texts are equal to the last character."""
        return self.before.text == self.after.text

    @property
    def words(self) -> tuple[int, int]:
        """Words deleted and words inserted, as white space divides them; a word that only moved is neither."""
        once = [pair for pair in self.pairs if pair.kind is not Kind.MOVED_HERE]
        edits = [(self.texts(pair)[0], edit) for pair in once for edit in self.edits(pair)]
        gone = sum(len(text[edit.start : edit.end].split()) for text, edit in edits)
        return gone, sum(len(edit.replacement.split()) for _, edit in edits)

    def texts(self, pair: Pair) -> tuple[str, str]:
        """The text of a pair in either version; a moved sentence's where it was and where it is."""
        other = pair if pair.partner is None else self.pairs[pair.partner]
        before, after = (pair, other) if pair.kind is not Kind.MOVED_HERE else (other, pair)
        return self.before.text[before.before.start : before.before.end], self.after.text[
            after.after.start : after.after.end
        ]

    def edits(self, pair: Pair) -> tuple[TextEdit, ...]:
        """The edits of a pair; those of a moved sentence span the move, but leave out the space after it."""
        if pair.partner is None:
            return pair.edits
        before, after = self.texts(pair)
        return readable_edits(before, after.rstrip() + before[len(before.rstrip()) :])

    def deleted(self, pair: Pair, edit: TextEdit) -> str:
        """The text that an edit takes away."""
        return self.before.text[pair.before.start + edit.start : pair.before.start + edit.end]

    def count(self, kind: Kind) -> int:
        """How many pairs are of a kind."""
        return sum(pair.kind is kind for pair in self.pairs)


def compare(before: Document, after: Document) -> Comparison:
    """Pair the sentences of two versions of one article and diff them word by word."""
    old, new = _units(before), _units(after)
    old_texts = [before.text[unit.start : unit.end] for unit in old]
    new_texts = [after.text[unit.start : unit.end] for unit in new]
    beads = align_sentences(old_texts, new_texts)
    moved = _moved(beads, old_texts, new_texts)
    pairs, old_at, new_at = [], 0, 0
    for at, bead in enumerate(beads):
        span = Span(old_at, old[bead.before[-1]].end if bead.before else old_at)
        onto = Span(new_at, new[bead.after[-1]].end if bead.after else new_at)
        old_at, new_at = span.end, onto.end
        old_text, new_text = before.text[span.start : span.end], after.text[onto.start : onto.end]
        edits = readable_edits(old_text, new_text)
        respaced = old_text.split() == new_text.split()
        pairs.append(Pair(_kind(bead, bool(edits), respaced, at in moved), span, onto, edits, moved.get(at)))
    return Comparison(before, after, tuple(pairs), _scores(beads, old_texts, new_texts))


def _units(document: Document) -> list[Span]:
    """Each sentence with what follows it up to the next; the first with what precedes it."""
    starts = [0, *(segment.start for segment in document.segments[1:]), len(document.text)]
    return [Span(start, end) for start, end in pairwise(starts)]


def _moved(beads: Sequence[Bead], old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """From either end of a moved sentence to the other, by index of their beads; each end is used once."""
    gone = [(at, old[bead.before.start]) for at, bead in enumerate(beads) if not bead.after]
    come = [(at, new[bead.after.start]) for at, bead in enumerate(beads) if not bead.before]
    moved: dict[int, int] = {}
    for at, text in gone:
        likely = [(similarity(text, other), -to, to) for to, other in come if to not in moved]
        if likely and max(likely)[0] >= _MOVED:
            to = max(likely)[2]
            moved |= {at: to, to: at}
    return moved


def _kind(bead: Bead, edited: bool, respaced: bool, moved: bool) -> Kind:
    if not bead.after:
        return Kind.MOVED_AWAY if moved else Kind.DELETED
    if not bead.before:
        return Kind.MOVED_HERE if moved else Kind.INSERTED
    if not edited:
        return Kind.SAME
    return Kind.RESPACED if respaced else Kind.CHANGED


def _scores(beads: Sequence[Bead], old: Sequence[str], new: Sequence[str]) -> tuple[Score, ...]:
    from sacrebleu.metrics import BLEU, CHRF, TER

    hypotheses = [" ".join("".join(old[at] for at in bead.before).split()) for bead in beads]
    references = [" ".join("".join(new[at] for at in bead.after).split()) for bead in beads]
    # Capitals are among the corrections, hence a case-sensitive TER.
    metrics = (("chrF2++", CHRF(word_order=2), True), ("TER", TER(case_sensitive=True), False), ("BLEU", BLEU(), True))
    scores = []
    for name, metric, higher in metrics:
        value = metric.corpus_score(hypotheses, [references]).score
        scores.append(Score(name, round(value, 2), str(metric.get_signature()), higher))
    return tuple(scores)
