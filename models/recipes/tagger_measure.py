"""Yardsticks of the word tagger, all from public data or the editor's marks.

A *scorer* maps texts to (start, end, score) of every token, higher meaning worse, so that the
network, the exported model and plain language-model surprisal are measured by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.recipes.corpora import DEV_ARTICLES, MarkedLine, TaggedLine, marked_article, tagged_lines, work_folder
from models.recipes.tagger_labels import area_under_roc
from models.recipes.tagger_model import TaggerNetwork, token_logits
from mtcheck import store
from mtcheck.engines import FluencyModel
from mtcheck.engines.cache import CachedFluency, OutputCache
from mtcheck.engines.load import CONVERTED

Scores = list[list[tuple[int, int, float]]]
Scorer = Callable[[Sequence[str]], Scores]
Array = NDArray[np.float64]


def language_model() -> FluencyModel:
    """The language model that a review uses; raises FileNotFoundError when it was not fetched."""
    from mtcheck.engines.fluency import FluencyLM
    from mtcheck.engines.gguf_convert import CONVERTER_VERSION, convert_gguf

    model = store.best("fluency", "en")
    if model is None:
        raise FileNotFoundError("no language model; run: mtcheck models fetch smollm2-135m-instruct")
    lm = FluencyLM(store.derive(model.id, f"{CONVERTED}-{CONVERTER_VERSION}", convert_gguf), threads=1)
    return CachedFluency(lm, OutputCache(work_folder() / "surprisal.sqlite3"))


def words_of(text: str) -> list[tuple[int, int]]:
    """Half-open ranges of the whitespace-separated words."""
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        found.append((start, at))
    return found


def range_score(tokens: Sequence[tuple[int, int, float]], start: int, end: int) -> float:
    """The worst score of the tokens that touch the range."""
    return max((score for s, e, score in tokens if s < end and e > start), default=float("-inf"))


def mark_table(lines: Sequence[MarkedLine], scores: Scores) -> tuple[Array, Array]:
    """Score and truth (1 = touched by a target-visible mark) of every whitespace word of marked lines."""
    values, truth = [], []
    for line, tokens in zip(lines, scores, strict=True):
        for start, end in words_of(line.mt):
            values.append(range_score(tokens, start, end))
            truth.append(float(any(s < end and e > start for s, e in line.target_marks)))
    return np.array(values), np.array(truth)


def marks_found(lines: Sequence[MarkedLine], scores: Scores, cut: float) -> float:
    """Share of target-visible marks touched by a word that scores at least ``cut``."""
    found = [
        range_score(tokens, s, e) >= cut
        for line, tokens in zip(lines, scores, strict=True)
        for s, e in line.target_marks
    ]
    return float(np.mean(found))


def cut_at_precision(values: Array, truth: Array, precision: float) -> float:
    """The lowest cut at which the words at or above it are marked at least ``precision`` of the time (inf if none)."""
    order = np.argsort(-values, kind="stable")
    running = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(running >= precision)
    good = good[good >= 19]  # a precision over fewer than twenty words says nothing
    return float(values[order][good[-1]]) if len(good) else float("inf")


def tag_table(lines: Sequence[TaggedLine], scores: Scores) -> tuple[Array, Array]:
    """Score and truth of every MLQE-PE token."""
    values, truth = [], []
    for line, tokens in zip(lines, scores, strict=True):
        for start, end, bad in line.tokens:
            values.append(range_score(tokens, start, end))
            truth.append(float(bad))
    return np.array(values), np.array(truth)


def matthews(flags: NDArray[np.bool_], truth: Array) -> float:
    """Matthews correlation coefficient of flags with 0/1 truth."""
    if flags.all() or not flags.any():
        return 0.0
    return float(np.corrcoef(flags, truth)[0, 1])


def best_cut(values: Array, truth: Array) -> float:
    """The cut with the best Matthews correlation, to be found on dev and used elsewhere."""
    cuts = np.quantile(values, np.linspace(0.5, 0.99, 50))
    return float(max(cuts, key=lambda cut: matthews(values >= cut, truth)))


def prefers_post_edit(lines: Sequence[TaggedLine], scorer: Scorer) -> tuple[float, int]:
    """How often the mean word score of the post-edit is below that of its MT, over edited sentences; their number."""
    edited = [line for line in lines if any(bad for *_, bad in line.tokens)]

    def means(texts: list[str]) -> Array:
        return np.array([np.mean([score for *_, score in tokens]) for tokens in scorer(texts)])

    before, after = means([line.mt for line in edited]), means([line.post_edit for line in edited])
    return float(np.mean((after < before) + 0.5 * (after == before))), len(edited)


def calibration_error(probabilities: Array, truth: Array, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins, in [0, 1] (Naeini et al. 2015)."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(probabilities[which == b].mean() - truth[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def summary(scorer: Scorer, articles: Sequence[str], split: str, most: int = 10**9) -> dict[str, float]:
    """The main numbers on the given articles and on MLQE-PE ru-en (outside proverbs, ``most`` lines) of the split."""
    lines = [line for doc in articles for line in marked_article(doc)]
    scores = scorer([line.mt for line in lines])
    values, truth = mark_table(lines, scores)
    cut = cut_at_precision(values, truth, 0.6)
    tagged = [line for line in tagged_lines("ru-en", split) if not line.proverb][:most]
    tag_values, tag_truth = tag_table(tagged, scorer([line.mt for line in tagged]))
    return {
        "marks_auc": area_under_roc(values, truth),
        "marks_found_at_p60": marks_found(lines, scores, cut),
        "flagged_at_p60": float((values >= cut).mean()),
        "mlqe_auc": area_under_roc(tag_values, tag_truth),
        "mlqe_mcc": matthews(tag_values >= best_cut(tag_values, tag_truth), tag_truth),
        "prefers_post_edit": prefers_post_edit(tagged, scorer)[0],
    }


def dev_summary(network: TaggerNetwork, tokenizer: Any) -> str:
    """One line of dev numbers for the training log."""
    numbers = summary(lambda texts: token_logits(network, tokenizer, texts, coarse=True), DEV_ARTICLES, "dev", 400)
    return " ".join(f"{name} {value:.3f}" for name, value in numbers.items())
