"""What changed between two wordings, word by word, in a form that a person can read.

The alignment is a longest common subsequence over words and punctuation (white space never
aligns by itself, so it cannot pull unrelated words together). :func:`word_edits` is minimal;
:func:`readable_edits` then joins edits that would chop a phrase into crumbs, in the spirit of the
semantic clean-up of Neil Fraser's diff-match-patch. Positions are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

_MARKS = "\u0300-\u036f\u0483-\u0489\u00ad\u200c\u200d\ufe00-\ufe0f"
_TOKEN = re.compile(
    rf"[\w{_MARKS}]+"  # a word or a number, combining marks included
    rf"(?:(?:['’‑-]|(?<=\d)[.,:/](?=\d)|(?<=\b\w)\.(?=\w\b))[\w{_MARKS}]+)*"  # don't, cease-fire, 1,000.5, U.S.
    r"|[^\w\s]"
)
_SENTENCE_END = frozenset(".!?…")
_CLAUSE_END = frozenset(',;:–—()[]«»“”"')
# Bead sizes and the share of common words that each must exceed, so that chance overlap joins nothing.
_BEADS = {(1, 1): 0.3, (2, 1): 0.4, (1, 2): 0.4, (1, 0): 0.0, (0, 1): 0.0}
_BAND = 60  # sentences that a long rewritten stretch may drift from the diagonal
_MAX_BRIDGE_WORDS = 3
_FUNCTION_WORD_LENGTH = 3


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """Replace ``before[start:end]``; an empty range inserts, an empty replacement deletes."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both wordings share, that only the first has, or that only the second has."""

    kind: Literal["same", "deleted", "inserted"]
    text: str


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(match.group(), *match.span()) for match in _TOKEN.finditer(text)]


def word_edits(before: str, after: str) -> tuple[TextEdit, ...]:
    """The minimal word-level edits that turn ``before`` into ``after``, in order.

    Making all of them gives exactly ``after``. No edit starts or ends inside a word, and two
    edits always have an unchanged word or punctuation mark between them.
    """
    if before == after:
        return ()
    old, new = _tokens(before), _tokens(after)
    edits, old_at, new_at = [], 0, 0
    for i, j in [*_matches(old, new), (len(old), len(new))]:
        old_to = old[i].start if i < len(old) else len(before)
        new_to = new[j].start if j < len(new) else len(after)
        edit = _trimmed(before[old_at:old_to], after[new_at:new_to], old_at)
        if edit is not None:
            edits.append(edit)
        if i < len(old):
            old_at, new_at = old[i].end, new[j].end
    return tuple(edits)


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences of the first text, by index range, and those of the second that they became (Gale & Church 1993)."""

    before: range
    after: range


def align_sentences(before: Sequence[str], after: Sequence[str]) -> tuple[Bead, ...]:
    """Pair the sentences of two versions, in order: 1-1, 2-1, 1-2, 1-0 and 0-1 beads that cover both.

    Equal sentences anchor the alignment; between anchors, dynamic programming maximises word overlap.
    """
    old, new = [_words(text) for text in before], [_words(text) for text in after]
    beads: list[Bead] = []
    for op in Indel.opcodes([" ".join(words) for words in old], [" ".join(words) for words in new]):
        if op.tag == "equal":
            pairs = zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True)
            beads += [Bead(range(i, i + 1), range(j, j + 1)) for i, j in pairs]
    made, i, j = [], 0, 0
    for anchor in [*beads, Bead(range(len(old), len(old)), range(len(new), len(new)))]:
        made += _align_block(old, new, range(i, anchor.before.start), range(j, anchor.after.start))
        i, j = anchor.before.stop, anchor.after.stop
        made += [anchor] if anchor.before else []
    return tuple(made)


def apply_edits(before: str, edits: Iterable[TextEdit]) -> str:
    """The text with the edits made. Raises ValueError when two edits overlap."""
    out, done = [], 0
    for edit in sorted(edits):
        if edit.start < done:
            raise ValueError(f"edits overlap at {edit.start}")
        out += [before[done : edit.start], edit.replacement]
        done = edit.end
    return "".join([*out, before[done:]])


def readable_edits(before: str, after: str) -> tuple[TextEdit, ...]:
    """As :func:`word_edits`, but a short run of shared words between two larger edits joins them."""
    edits = list(word_edits(before, after))
    joined = True
    while joined:
        joined = False
        for at in range(len(edits) - 1):
            left, right = edits[at], edits[at + 1]
            if _is_crumb(before[left.end : right.start], left, right):
                new = left.replacement + before[left.end : right.start] + right.replacement
                whole = _trimmed(before[left.start : right.end], new, left.start)
                edits[at : at + 2] = [whole] if whole else []
                joined = True
                break
    return tuple(edits)


def pieces(before: str, edits: Sequence[TextEdit]) -> tuple[Piece, ...]:
    """The text as runs to show: what stays, what goes, what comes. ``edits`` are in order."""
    runs, done = [], 0
    for edit in edits:
        runs += [
            Piece("same", before[done : edit.start]),
            Piece("deleted", before[edit.start : edit.end]),
            Piece("inserted", edit.replacement),
        ]
        done = edit.end
    return tuple(run for run in [*runs, Piece("same", before[done:])] if run.text)


def similarity(before: str, after: str) -> float:
    """Share of words that two texts have in common, in order, in [0, 1]."""
    return Indel.normalized_similarity(_words(before), _words(after))


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _align_block(old: list[list[str]], new: list[list[str]], rows: range, columns: range) -> list[Bead]:
    """Best beads between two anchors. A bead earns the words it shares less a price for all it holds."""
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    height, width = len(rows), len(columns)
    for i in range(height + 1):
        middle = i * width // height if height else 0
        low, high = (max(0, middle - _BAND), min(width, middle + _BAND)) if height > _BAND < width else (0, width)
        for j in range(low, high + 1):
            for (di, dj), price in _BEADS.items():
                if (i - di, j - dj) not in best:
                    continue
                gain = best[i - di, j - dj][0]
                if di and dj:
                    left = [word for words in old[rows.start + i - di : rows.start + i] for word in words]
                    right = [word for words in new[columns.start + j - dj : columns.start + j] for word in words]
                    size = len(left) + len(right)
                    gain += size - Indel.distance(left, right) - price * size
                if (i, j) not in best or gain > best[i, j][0]:
                    best[i, j] = (gain, (di, dj))
    beads, i, j = [], height, width
    while i or j:
        di, dj = best[i, j][1]
        old_end, new_end = rows.start + i, columns.start + j
        beads.append(Bead(range(old_end - di, old_end), range(new_end - dj, new_end)))
        i, j = i - di, j - dj
    return beads[::-1]


def _is_crumb(bridge: str, left: TextEdit, right: TextEdit) -> bool:
    """Tell whether shared words are too few to stand between two edits, each at least as long as they are."""
    words = _TOKEN.findall(bridge)
    if "\n" in bridge or len(words) > _MAX_BRIDGE_WORDS or any(word in _SENTENCE_END for word in words):
        return False
    if sum(len(word) > _FUNCTION_WORD_LENGTH for word in words) > 1:
        return False
    size = len(bridge.strip())
    return all(size <= max(edit.end - edit.start, len(edit.replacement)) for edit in (left, right))


def _matches(old: list[_Token], new: list[_Token]) -> list[tuple[int, int]]:
    """Pairs of token indices that stay, increasing on both sides."""
    a, b = [token.text for token in old], [token.text for token in new]
    pairs: list[tuple[int, int]] = []
    runs = [op for op in Indel.opcodes(a, b) if op.tag == "equal"]
    for run in runs:
        pairs += zip(range(run.src_start, run.src_end), range(run.dest_start, run.dest_end), strict=True)
    return _slide(a, b, pairs)


def _slide(a: list[str], b: list[str], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Move pure insertions and deletions, where the words allow it, to the nicest boundary.

    ``of the X [of the Y]`` and ``of [the X of] the Y`` cost the same; readers want the first.
    """
    slid = [*pairs, (len(a), len(b))]
    for at in range(len(slid)):
        # The hole is between pair at-1 and pair at, empty on one side: pull it left while its last token repeats.
        before_i, before_j = slid[at - 1] if at else (-1, -1)
        i, j = slid[at]
        gone, come = i - before_i - 1, j - before_j - 1
        if (gone > 0) == (come > 0):
            continue
        text, end, length = (a, i, gone) if gone else (b, j, come)
        best, best_grade = 0, _grade(text, end - length, end)
        steps = _room(slid, at, text, end, length)
        for step in range(1, steps + 1):
            grade = _grade(text, end - length - step, end - step)
            if grade > best_grade:
                best, best_grade = step, grade
        for step in range(1, best + 1):
            k = at - step
            slid[k] = (slid[k][0] + gone, slid[k][1] + come)
    return slid[:-1]


def _room(pairs: list[tuple[int, int]], at: int, text: list[str], end: int, length: int) -> int:
    """How many tokens the hole before pair ``at`` may move to the left over contiguous matches."""
    steps = 0
    while steps < at:
        k = at - 1 - steps
        contiguous = steps == 0 or (pairs[k][0] + 1, pairs[k][1] + 1) == pairs[k + 1]
        left = end - length - 1 - steps
        if not contiguous or left < 0 or text[left] != text[end - 1 - steps]:
            break
        steps += 1
    return steps


def _grade(text: list[str], start: int, end: int) -> int:
    """How natural it is to cut the run ``text[start:end]`` out: higher is better."""
    before = text[start - 1] if start else "."
    last = text[end - 1]
    grade = 4 if before in _SENTENCE_END else 2 if before in _CLAUSE_END else 0
    grade += 4 if last in _SENTENCE_END else 1 if last in _CLAUSE_END else 0
    return grade - (3 if text[start] in _SENTENCE_END or text[start] in ",;:)" else 0)


def _trimmed(old: str, new: str, offset: int) -> TextEdit | None:
    """The edit from ``old`` to ``new`` without the white space they share at either edge."""
    if old == new:
        return None
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head] and old[head].isspace():
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail] and old[-1 - tail].isspace():
        tail += 1
    return TextEdit(offset + head, offset + len(old) - tail, new[head : len(new) - tail])
