"""The Russian original, sentence by sentence, beside the English under check.

Dynamic programming over beads of one or two sentences a side, after Gale and Church, "A Program for
Aligning Sentences in Bilingual Corpora" (Computational Linguistics 19(1), 1993), with their length
model and, on top of it, the words that the two sides have in common (see anchors), each
worth the more the rarer it is.
"""

from __future__ import annotations

import dataclasses
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mtcheck.alignment.anchors import keys, words
from mtcheck.documents import text as plain_text
from mtcheck.documents.language import other_language
from mtcheck.errors import InputError
from mtcheck.schema import Document
from mtcheck.segmentation import segments

Similarity = Callable[[Sequence[str], Sequence[str]], list[float]]
"""``SentenceEncoder.similarity``: cosine of each left text with the right text at the same place."""

_PRIORS = {(1, 1): 0.89, (1, 0): 0.02, (0, 1): 0.02, (2, 1): 0.045, (1, 2): 0.045}
"""(English, Russian) sentences of a bead and its weight: table 5 of the paper, with more for cuts and additions."""
_VARIANCE = 6.8
"""Variance of the length of a translation per code point of the original, from the paper."""
_ANCHOR_WEIGHT = 0.6
_CHANCE_SHARE = 0.4
"""Share of the words' weight that an English sentence must find in the Russian to count as its translation."""
_SIMILARITY_WEIGHT = 2.0
_BAND = 40
"""How many sentences an alignment may stray from the diagonal."""

MIN_ALIGNED = 0.5
"""Share of English segments below which the source is refused."""
MIN_AGREEMENT = 0.28
"""Share of the English words' weight that must be found in the source for it to be this article's."""


@dataclass(frozen=True, slots=True)
class Bead:
    """English segments ``english[0]:english[1]`` and the Russian sentences ``russian[0]:russian[1]`` they render."""

    english: tuple[int, int]
    russian: tuple[int, int]


@dataclass(frozen=True, slots=True)
class AlignmentReport:
    """How well a source fits: all the numbers needed to say so in one line.

    aligned: share of English segments that got a source, in [0, 1]; unused: Russian sentences left over.
    agreement: share of the English words, by weight, that the aligned Russian has too, in [0, 1]; None without words.
    similarity: mean cosine of the aligned pairs, None without an encoder.
    """

    segments: int
    sentences: int
    aligned: float
    unused: int
    agreement: float | None
    similarity: float | None
    beads: tuple[Bead, ...]

    def __str__(self) -> str:
        """One clause for progress and reports."""
        left = f", {self.unused} source sentences left over" if self.unused else ""
        return f"source aligned with {self.aligned:.0%} of {self.segments} segments{left}"


def attach_source(
    document: Document, source_text: str, *, where: str = "", similarity: Similarity | None = None
) -> tuple[Document, AlignmentReport]:
    """The document with the original of each segment as ``source`` (None where there is none), and how well it fits.

    A sentence of the original that no segment renders goes to the segment before its place, as ``omitted``.

    where: names the source in errors. similarity: a cross-lingual encoder, for a surer alignment.
    Raises InputError when the source is empty, not Russian, or clearly not this article's.
    """
    russian = [" ".join(s.hypothesis.split()) for s in segments(plain_text.passages(source_text), "ru")]
    if not russian:
        raise InputError("the source holds no sentence", where=where, repair="give the Russian original")
    if found := other_language("\n".join(russian), "ru"):
        raise InputError(f"the source looks like {found}", where=where, repair="give the Russian original")
    report = align([segment.hypothesis for segment in document.segments], russian, similarity)
    _require_fit(report, where)
    attached = list(document.segments)
    for bead in report.beads:
        joined = " ".join(russian[slice(*bead.russian)])
        for at in range(*bead.english):
            attached[at] = dataclasses.replace(attached[at], source=joined or None)
        if bead.english[0] == bead.english[1]:
            before = attached[max(0, bead.english[0] - 1)]
            omitted = (*before.omitted, *russian[slice(*bead.russian)])
            attached[before.seg_id] = dataclasses.replace(before, omitted=omitted)
    return dataclasses.replace(document, segments=tuple(attached)), report


def _require_fit(report: AlignmentReport, where: str) -> None:
    """Raise InputError when the numbers say that the source is another text."""
    strange = report.agreement is not None and report.agreement < MIN_AGREEMENT
    if report.aligned < MIN_ALIGNED or strange:
        what = f"the source does not fit the article ({report.sentences} sentences against {report.segments} segments"
        shared = "" if report.agreement is None else f", {report.agreement:.0%} of names and numbers in common"
        raise InputError(f"{what}{shared})", where=where, repair="give the original of this very article")


def align(english: Sequence[str], russian: Sequence[str], similarity: Similarity | None = None) -> AlignmentReport:
    """Align sentences in order and say how well they fit. Raises nothing; unfit pairs give a poor report."""
    evidence = _Evidence(english, russian)
    beads = _best_path(evidence)
    mean = None
    if similarity is not None:
        evidence.add_similarity(similarity, beads)
        beads = _best_path(evidence)
        pairs = [b for b in beads if b.english[0] < b.english[1] and b.russian[0] < b.russian[1]]
        left = [" ".join(english[slice(*b.english)]) for b in pairs]
        cosines = similarity(left, [" ".join(russian[slice(*b.russian)]) for b in pairs]) if pairs else []
        mean = sum(cosines) / len(cosines) if cosines else None
    with_source = sum(b.english[1] - b.english[0] for b in beads if b.russian[0] < b.russian[1])
    unused = sum(b.russian[1] - b.russian[0] for b in beads if b.english[0] == b.english[1])
    return AlignmentReport(
        segments=len(english),
        sentences=len(russian),
        aligned=with_source / len(english) if english else 0.0,
        unused=unused,
        agreement=evidence.agreement(beads),
        similarity=mean,
        beads=tuple(beads),
    )


class _Evidence:
    """What speaks for a bead: lengths, anchors and, when an encoder is at hand, meaning."""

    def __init__(self, english: Sequence[str], russian: Sequence[str]) -> None:
        self.english, self.russian = english, russian
        self.band = _BAND + abs(len(english) - len(russian))
        self.english_length = [0, *accumulate(map(len, english))]
        self.russian_length = [0, *accumulate(map(len, russian))]
        self.ratio = max(0.5, min(2.0, self.english_length[-1] / max(1, self.russian_length[-1])))
        self.english_words = [{word: keys(word) for word in words(text)} for text in english]
        self.russian_keys = [frozenset().union(*map(keys, words(text))) for text in russian]
        seen = Counter(word for row in self.english_words for word in row)
        # Nats of surprise at meeting a word of this sentence in any other: a word that is everywhere proves nothing.
        self.weight = {word: math.log((len(english) + 1) / count) for word, count in seen.items()}
        self.total = [sum(self.weight[word] for word in row) for row in self.english_words]
        self.bonus: dict[tuple[int, int], float] = defaultdict(float)
        where: dict[str, list[int]] = defaultdict(list)
        for j, row in enumerate(self.russian_keys):
            for key in row:
                where[key].append(j)
        for i, known in enumerate(self.english_words):
            near = self.near(i)
            for word, its_keys in known.items():
                for j in {j for key in its_keys if key in where for j in _within(where[key], near)}:
                    self.bonus[i, j] += _ANCHOR_WEIGHT * self.weight[word]

    def near(self, i: int) -> range:
        """Russian positions, the end included, that may stand beside English position ``i``."""
        middle = i * len(self.russian) // max(1, len(self.english))
        return range(max(0, middle - self.band), min(len(self.russian), middle + self.band) + 1)

    def add_similarity(self, similarity: Similarity, beads: Sequence[Bead]) -> None:
        """Favour pairs near the path by how far their cosine stands above that of their neighbours."""
        near = sorted(
            {
                (i, j)
                for bead in beads
                for i in range(bead.english[0] - 1, bead.english[1] + 1)
                for j in range(bead.russian[0] - 1, bead.russian[1] + 1)
                if 0 <= i < len(self.english) and 0 <= j < len(self.russian)
            }
        )
        cosines = similarity([self.english[i] for i, _ in near], [self.russian[j] for _, j in near]) if near else []
        mean = sum(cosines) / max(1, len(cosines))
        spread = math.sqrt(sum((c - mean) ** 2 for c in cosines) / max(1, len(cosines))) or 1.0
        for pair, cosine in zip(near, cosines, strict=True):
            self.bonus[pair] += _SIMILARITY_WEIGHT * (cosine - mean) / spread

    def score(self, i: int, di: int, j: int, dj: int) -> float:
        """Log-likelihood, up to a constant, of the bead english[i:i+di] = russian[j:j+dj]."""
        prior = math.log(_PRIORS[di, dj])
        if not di or not dj:
            return prior
        length_en = self.english_length[i + di] - self.english_length[i]
        length_ru = self.russian_length[j + dj] - self.russian_length[j]
        delta = (length_en - length_ru * self.ratio) / math.sqrt(_VARIANCE * max(1.0, (length_ru + length_en) / 2))
        chance = max(math.erfc(abs(delta) / math.sqrt(2)), 1e-9)
        expected = _CHANCE_SHARE * _ANCHOR_WEIGHT * sum(self.total[i : i + di])
        bonus = sum(self.bonus.get((a, b), 0.0) for a in range(i, i + di) for b in range(j, j + dj))
        return prior + math.log(chance) + bonus - expected

    def agreement(self, beads: Sequence[Bead]) -> float | None:
        """Share of the English words' weight that the Russian of the same bead has too."""
        shared = total = 0.0
        for bead in beads:
            russian = frozenset().union(*self.russian_keys[slice(*bead.russian)])
            for row in self.english_words[slice(*bead.english)]:
                total += sum(self.weight[word] for word in row)
                shared += sum(self.weight[word] for word, its_keys in row.items() if its_keys & russian)
        return shared / total if total else None


def _within(sorted_positions: list[int], allowed: range) -> list[int]:
    """The positions that lie in a range."""
    return sorted_positions[bisect_left(sorted_positions, allowed.start) : bisect_left(sorted_positions, allowed.stop)]


def _best_path(evidence: _Evidence) -> list[Bead]:
    """The beads of highest total score, near the diagonal."""
    n, m = len(evidence.english), len(evidence.russian)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(n + 1):
        for j in evidence.near(i):
            options = [
                (best[i - di, j - dj][0] + evidence.score(i - di, di, j - dj, dj), (di, dj))
                for di, dj in _PRIORS
                if (i - di, j - dj) in best
            ]
            if options:
                best[i, j] = max(options)
    beads = []
    i, j = n, m
    while (i, j) != (0, 0):
        di, dj = best[i, j][1]
        beads.append(Bead((i - di, i), (j - dj, j)))
        i, j = i - di, j - dj
    return beads[::-1]
