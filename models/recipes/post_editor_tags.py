"""From a sentence and a person's version of it to the edit tags that lead from one to the other.

Tokens are aligned on their longest common subsequence; inside what differs, likely substitutions (same
stem, both function words) are paired first. Spelling variants and kinds of quotes are no difference. A
word that is only elsewhere in the other version was moved, which no tag can do: it is tagged OTHER, so
that nobody learns to delete it. So are all changes of a rewording that tags cannot name to its end.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

from rapidfuzz.distance import Indel

from models.recipes.tagger_labels import stem
from mtcheck.engines.edit_tags import (
    AUXILIARIES,
    DELETE,
    KEEP,
    LOWER,
    OTHER,
    PREPOSITIONS,
    SWAP,
    UPPER,
    Change,
    tokens_of,
)
from mtcheck.guards import FUNCTION_WORDS

GRAMMAR = (
    FUNCTION_WORDS | AUXILIARIES | PREPOSITIONS | {"not", "no", "been", "because", "than", "me", "him", "them", "us"}
)

_STRAIGHT = str.maketrans({**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’`′", "'"), **dict.fromkeys("–—‑", "-")})
LONGEST_INSERTION, LONGEST_REWORDING = 2, 3
SHORTEST_STEM, LONGEST_ENDING = 3, 4


@cache
def canonical(word: str) -> str:
    """The form by which words are equal: lower case, straight quotes, American spelling."""
    word = word.lower().translate(_STRAIGHT)
    word = re.sub(r"is(e|ed|es|er|ers|ing|ation|ations)$", r"iz\1", word) if len(word) > 6 else word
    word = re.sub(r"(?<=\w{3})our(?=s?$|ed$|ing$|able$|al$|ite)", "or", word) if len(word) > 5 else word
    word = re.sub(r"(cent|theat|lit|met|kilomet)re(s?)$", r"\1er\2", word)
    word = re.sub(r"(defen|offen|licen)ce", r"\1se", word)
    word = re.sub(r"(rouble)(s?)$", r"ruble\2", word)
    return re.sub(r"ll(ed|ing|er|ers)$", r"l\1", word) if len(word) > 7 else word


def _cost(old: str, new: str) -> float:
    """Of pairing two different words; a deletion and an insertion cost 2 together."""
    left, right = canonical(old), canonical(new)
    if left[0].isalnum() != right[0].isalnum() or (left in GRAMMAR) != (right in GRAMMAR):
        return 2.5
    return 1.0 if left in GRAMMAR else 1.2 - 0.7 * Indel.normalized_similarity(left, right)


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Cheapest pairing of two short runs of words that have nothing in common (indices into each)."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old), -1, -1):
        for j in range(len(new), -1, -1):
            ways = []
            if i < len(old):
                ways.append(best[i + 1][j] + 1)
            if j < len(new):
                ways.append(best[i][j + 1] + 1)
            if i < len(old) and j < len(new):
                ways.append(best[i + 1][j + 1] + _cost(old[i], new[j]))
            best[i][j] = min(ways, default=0.0)
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j + 1] + _cost(old[i], new[j]):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j] + 1:
            i += 1
        else:
            j += 1
    return pairs


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Increasing pairs of indices of tokens that correspond, equal or replaced."""
    pairs: list[tuple[int, int]] = []
    for op in Indel.opcodes([canonical(w) for w in old], [canonical(w) for w in new]):
        if op.tag == "equal":
            pairs += zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True)
    anchors = [(-1, -1), *pairs, (len(old), len(new))]
    for (i, j), (k, m) in itertools.pairwise(anchors):
        if k > i + 1 and m > j + 1:
            inner = _pairs(old[i + 1 : k], new[j + 1 : m])
            pairs += [(i + 1 + a, j + 1 + b) for a, b in inner]
    return sorted(pairs)


def _replacement(old: str, new: str) -> str:
    """The tag that turns one token into another: of case, of ending, or by the whole word."""
    if canonical(old) == canonical(new):
        same = old[1:] == new[1:] and old[0].lower() == new[0].lower() and old[0] != new[0]
        return KEEP if not same else UPPER if new[0].isupper() else LOWER
    prefix = 0
    while prefix < min(len(old), len(new)) and old[prefix] == new[prefix]:
        prefix += 1
    ending, other = old[prefix:], new[prefix:]
    if prefix >= SHORTEST_STEM and max(len(ending), len(other)) <= LONGEST_ENDING and old[prefix - 1].islower():
        return f"-{ending}+{other}"
    return f"={new}"


class Truecaser:
    """Tells which words keep a capital inside a sentence, from counts over clean text."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the forms of every word that does not open its sentence."""
        self._forms: Counter[str] = Counter(t.text for text in texts for t in tokens_of(text)[1:])

    def __call__(self, word: str) -> str:
        """The word as it would be written inside a sentence."""
        low = word[0].lower() + word[1:]
        return low if self._forms[low] > self._forms[word] or low in GRAMMAR else word


def changes_between(
    text: str, version: str, truecase: Truecaser, known: Callable[[Change], bool] = lambda change: True
) -> list[Change]:
    """The changes that lead from ``text`` to ``version``, as far as ``known`` tags can name them; OTHER elsewhere."""
    old, new = [t.text for t in tokens_of(text)], [t.text for t in tokens_of(version)]
    if not old or not new:
        return []
    if new[0][0].isupper():
        new[0] = truecase(new[0])
    pairs = align(old, new)
    swapped = _swaps(old, new, pairs)
    partner, used = dict(pairs), {j for _, j in pairs}
    lost = Counter(stem(canonical(new[j])) for j in range(len(new)) if j not in used)
    changes, at = [], 0
    for i, word in enumerate(old):
        if i in partner:
            inserted = [new[j] for j in range(at, partner[i]) if j not in used]
            at = partner[i] + 1
            if inserted and i not in swapped.gaps:
                changes.append(Change(i, True, _insertion(inserted, old)))
            tag = _replacement(word, new[partner[i]])
            if tag in (UPPER, LOWER) and (i == 0 or partner[i] == 0):
                tag = LOWER if i == 0 and partner[0] > 0 and tag == LOWER else KEEP
            if tag.startswith("=") and lost[stem(canonical(word))]:
                tag = OTHER
        else:
            tag = OTHER if lost[stem(canonical(word))] or any(c.isdigit() for c in word) else DELETE
        if i in swapped.tokens:
            tag = SWAP
        elif i in swapped.gone:
            continue
        if tag != KEEP:
            changes.append(Change(i, False, tag))
    named = [c if known(c) else Change(c.place, c.gap, OTHER) for c in changes]
    return _whole_only(named, old, new, pairs)


def _whole_only(
    changes: Sequence[Change], old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> list[Change]:
    """OTHER for the changes between two equal words that do not, all together, lead to the version's wording there.

    Part of a rewording is no repair: a word of it that is merely deleted brings the sentence nearer to the version by
    every count of words, and breaks it. So what differs must be short, between words that surely correspond, and
    nameable to its end.
    """
    equal = [(i, j) for i, j in pairs if canonical(old[i]) == canonical(new[j])]
    edges = [(-1, -1), *equal, (len(old), len(new))]
    known = set(equal) | {edges[0], edges[-1]}
    result = []
    for (i, j), (k, m) in itertools.pairwise(edges):
        inside = [c for c in changes if i < c.place < k or (c.gap and c.place == k)]
        sure = _sure(old, known, i, j, -1) and _sure(old, known, k, m, 1) and max(k - i, m - j) <= LONGEST_REWORDING + 1
        at_end = k == len(old) and m - j > k - i
        nameable = sure and not at_end and all(c.tag != OTHER for c in inside)
        result += inside if nameable else [Change(c.place, c.gap, OTHER) for c in inside]
        result += [c for c in changes if c.place == k and not c.gap]  # an equal word: its case, or an exchange
    return result


def _sure(old: Sequence[str], known: set[tuple[int, int]], i: int, j: int, step: int) -> bool:
    """Whether equal words correspond: content words do, others where the next ones outwards are equal too."""
    if not 0 <= i < len(old):
        return True
    content = old[i][0].isalnum() and canonical(old[i]) not in GRAMMAR
    return content or (i + step, j + step) in known


def _insertion(words: Sequence[str], old: Sequence[str]) -> str:
    """The words to insert, or OTHER where they are too many, a number, or were moved from elsewhere."""
    if len(words) > LONGEST_INSERTION or any(c.isdigit() for word in words for c in word):
        return OTHER
    stems = {stem(canonical(word)) for word in old}
    if any(len(word) > 3 and stem(canonical(word)) in stems for word in words):
        return OTHER
    return " ".join(words)


class _Swaps:
    """Tokens to exchange with their followers, and the deletions and insertions that this explains."""

    def __init__(self) -> None:
        self.tokens: set[int] = set()
        self.gone: set[int] = set()
        self.gaps: set[int] = set()


def _swaps(old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]) -> _Swaps:
    """``A B`` against ``B A``: the alignment keeps one word and moves the other by one place."""
    found, partner = _Swaps(), dict(pairs)
    equal = {i: j for i, j in pairs if canonical(old[i]) == canonical(new[j])}
    for i in range(1, len(old) - 1):
        if not (old[i].isalpha() and old[i + 1].isalpha()) or i in found.gone or i - 1 in found.tokens:
            continue
        before, after = partner.get(i - 1), partner.get(i + 2)
        if before is None or canonical(old[i]) == canonical(old[i + 1]):
            continue
        ends = after is not None and after == before + 3
        matched = before + 3 <= len(new) and [canonical(w) for w in new[before + 1 : before + 3]] == [
            canonical(old[i + 1]),
            canonical(old[i]),
        ]
        if ends and matched and (i in equal) != (i + 1 in equal):
            found.tokens.add(i)
            found.gone.add(i + 1)
            found.gaps |= {i, i + 1, i + 2}
    return found
