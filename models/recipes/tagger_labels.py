"""Soft word labels for machine translation that comes with a reference and other systems' outputs.

A single reference is too noisy to label words: a good translation differs from it. Thirteen systems
on the same source tell more: a word, or a pair of neighbours, that neither the reference nor the
other systems produced is suspicious; one that most of them share is not. A logistic model with
two-way products weighs these signs; its few weights are fitted on the editor's target-visible marks
of the dev articles (never the test articles), so that the labels mean what the editor meant.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.recipes.corpora import DEV_ARTICLES, MarkedLine, marked_article

TOKEN = re.compile(r"\w+|[^\w\s]")
SIGNS = 14


def tokens_of(text: str) -> list[tuple[int, int, str]]:
    """Words and single punctuation marks: start, end (code points) and lower-cased form."""
    return [(m.start(), m.end(), m.group().lower()) for m in TOKEN.finditer(text)]


def stem(word: str) -> str:
    """A crude stem that joins most English inflections of one word."""
    return word if len(word) <= 4 else word[: max(4, len(word) - 3)]


def _grams(words: Sequence[str]) -> set[tuple[str, ...]]:
    padded = ["<s>", *words, "</s>"]
    grams: set[tuple[str, ...]] = {(w,) for w in words} | {("~", stem(w)) for w in words}
    grams |= set(itertools.pairwise(padded))
    grams |= set(zip(padded, padded[1:], padded[2:], strict=False))
    return grams


@dataclasses.dataclass(frozen=True, slots=True)
class Support:
    """What the reference and the outputs of all systems say for one source sentence.

    shared counts, over distinct outputs, those that hold each word, stem, bigram and trigram.
    """

    reference: frozenset[tuple[str, ...]]
    shared: Counter[tuple[str, ...]]
    outputs: frozenset[str]

    @classmethod
    def collect(cls, references: Sequence[str], outputs: Sequence[str]) -> Support:
        """Count the n-grams of every distinct output; a word that any reference has is in the reference."""
        shared: Counter[tuple[str, ...]] = Counter()
        distinct = frozenset(" ".join(w for *_, w in tokens_of(text)) for text in outputs)
        for text in distinct:
            shared.update(_grams(text.split()))
        known = frozenset(gram for text in references for gram in _grams([w for *_, w in tokens_of(text)]))
        return cls(known, shared, distinct)

    def signs(self, mt: str) -> NDArray[np.float32]:
        """Signs of every token of ``mt``: shape (tokens, SIGNS), each in [0, 1]. ``mt`` itself does not count."""
        words = [w for *_, w in tokens_of(mt)]
        own = _grams(words) if " ".join(words) in self.outputs else set()
        others = max(1, len(self.outputs) - bool(own))

        def share(gram: tuple[str, ...]) -> float:
            return (self.shared[gram] - (gram in own)) / others

        padded = ["<s>", *words, "</s>"]
        table = np.zeros((len(words), SIGNS), np.float32)
        for i, word in enumerate(words):
            left, right, both = (padded[i], word), (word, padded[i + 2]), tuple(padded[i : i + 3])
            table[i, :12] = (
                (word,) in self.reference,
                ("~", stem(word)) in self.reference,
                left in self.reference,
                right in self.reference,
                both in self.reference,
                share((word,)),
                share(("~", stem(word))),
                share(left),
                share(right),
                share(both),
                not word[0].isalnum(),
                len(word) <= 3,
            )
        if words:
            table[:, 12] = 1 - table[:, 0].mean()
            table[:, 13] = 1 - table[:, 7].mean()
        return table


def _products(signs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Signs, their two-way products, and a constant: shape (tokens, 1 + SIGNS + SIGNS (SIGNS + 1) / 2)."""
    upper = np.triu_indices(SIGNS)
    pairs = (signs[:, :, None] * signs[:, None, :])[:, upper[0], upper[1]]
    return np.concatenate([np.ones((len(signs), 1), np.float32), signs, pairs], axis=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Labeller:
    """Logistic model from signs to the probability that the editor marked the token."""

    weights: NDArray[np.float64]

    def probabilities(self, support: Support, mt: str) -> NDArray[np.float64]:
        """One probability a token of ``mt``, in the order of :func:`tokens_of`."""
        logits = _products(support.signs(mt)).astype(np.float64) @ self.weights
        return np.asarray(1 / (1 + np.exp(-logits)))

    @classmethod
    def fit(cls, lines: Sequence[MarkedLine], ridge: float = 30) -> Labeller:
        """Newton's method on the ridge-penalised likelihood of the editor's target-visible marks."""
        tables, targets = zip(*(_labelled(line) for line in lines), strict=True)
        x = _products(np.concatenate(tables)).astype(np.float64)
        y = np.concatenate(targets)
        weights = np.zeros(x.shape[1])
        penalty = np.full(x.shape[1], ridge)
        penalty[0] = 1e-6
        for _ in range(30):
            p = 1 / (1 + np.exp(-x @ weights))
            gradient = x.T @ (p - y) + penalty * weights
            hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
            weights -= np.linalg.solve(hessian, gradient)
        return cls(weights)

    @classmethod
    def load_or_fit(cls, path: Path) -> Labeller:
        """The labeller kept at ``path``, or one fitted on the dev articles and then kept there."""
        if not path.exists():
            fitted = cls.fit([line for doc in DEV_ARTICLES for line in marked_article(doc)])
            np.save(path, fitted.weights)
        return cls(np.load(path))


def marked_tokens(mt: str, ranges: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """1.0 for every token of ``mt`` that touches one of the character ranges, else 0.0."""
    return np.array([float(any(s < z and e > a for a, z in ranges)) for s, e, _ in tokens_of(mt)])


def _labelled(line: MarkedLine) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    support = Support.collect([line.reference], [*line.systems, line.mt])
    return support.signs(line.mt), marked_tokens(line.mt, line.target_marks)


def area_under_roc(scores: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Probability that a random marked token scores above a random unmarked one (ties count half)."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    _, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks[order] = ((ends - counts + 1 + ends) / 2)[inverse]
    positive = truth.sum()
    return float((ranks[truth > 0].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))


def main() -> None:
    """Print how well the labeller does on each dev article when fitted on the others."""
    scores, truth = [], []
    for held_out in DEV_ARTICLES:
        rest = [line for doc in DEV_ARTICLES if doc != held_out for line in marked_article(doc)]
        labeller = Labeller.fit(rest)
        for line in marked_article(held_out):
            support = Support.collect([line.reference], [*line.systems, line.mt])
            scores.append(labeller.probabilities(support, line.mt))
            truth.append(marked_tokens(line.mt, line.target_marks))
    p, y = np.concatenate(scores), np.concatenate(truth)
    print(f"tokens {len(y)}, marked {y.mean():.3f}, area under ROC {area_under_roc(p, y):.3f} (leave one article out)")
    for cut in (0.3, 0.4, 0.5, 0.6):
        hit = (p >= cut) & (y > 0)
        print(f"p >= {cut}: precision {hit.sum() / max(1, (p >= cut).sum()):.2f} recall {hit.sum() / y.sum():.2f}")


if __name__ == "__main__":
    main()
