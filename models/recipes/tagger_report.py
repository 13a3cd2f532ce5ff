"""The evaluation table of the shipped word tagger, on dev and, for the final report only, on test documents.

Compares, on the same words: the tagger, language-model surprisal alone (when a language model is
given), and both. Cuts are chosen on dev and applied to test unchanged.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from models.recipes.corpora import DEV_ARTICLES, ROOT, TEST_ARTICLES, MarkedLine, marked_article, tagged_lines
from models.recipes.tagger_labels import area_under_roc
from models.recipes.tagger_measure import (
    Scorer,
    Scores,
    best_cut,
    calibration_error,
    cut_at_precision,
    language_model,
    mark_table,
    marks_found,
    matthews,
    prefers_post_edit,
    range_score,
    tag_table,
    words_of,
)
from mtcheck.engines import FluencyModel
from mtcheck.engines.tagger import EncoderTagger, SurprisalTagger
from mtcheck.schema import Span

Numbers = dict[str, float | str]


def engine_scorer(probabilities: Callable[[Sequence[str]], list[list[tuple[Span, float]]]]) -> Scorer:
    """An engine's calibrated probabilities as a scorer."""

    def scorer(texts: Sequence[str]) -> Scores:
        return [[(span.start, span.end, p) for span, p in words] for words in probabilities(texts)]

    return scorer


def flag_rate(texts: Sequence[str], scorer: Scorer, cut: float) -> float:
    """Share of the words of texts that score at least ``cut``."""
    flags = [
        range_score(tokens, s, e) >= cut
        for text, tokens in zip(texts, scorer(texts), strict=True)
        for s, e in words_of(text)
    ]
    return float(np.mean(flags))


def article_numbers(docs: Sequence[str], scorer: Scorer, cut: float) -> Numbers:
    """The editor's target-visible marks on the articles at a given cut, and false alarms on faultless text."""
    lines = [line for doc in docs for line in marked_article(doc)]
    scores = scorer([line.mt for line in lines])
    values, truth = mark_table(lines, scores)
    flags = values >= cut
    edited = [line for line in lines if line.mt != line.post_edit]
    return {
        "words": len(truth),
        "marked": round(float(truth.mean()), 3),
        "area under ROC": round(area_under_roc(values, truth), 3),
        "precision at cut": round(float(truth[flags].mean()), 3),
        "marks found at cut": round(marks_found(lines, scores, cut), 3),
        "best possible: marks found at precision 0.6": round(
            marks_found(lines, scores, cut_at_precision(values, truth, 0.6)), 3
        ),
        "words flagged": round(float(flags.mean()), 3),
        "words flagged in the references": round(flag_rate([line.reference for line in lines], scorer, cut), 3),
        "words flagged in the post-edits": round(flag_rate([line.post_edit for line in lines], scorer, cut), 3),
        "prefers post-edit": round(_prefers(edited, scorer), 3),
        "expected calibration error": round(calibration_error(values, truth), 3),
    }


def _prefers(lines: Sequence[MarkedLine], scorer: Scorer) -> float:
    before, after = scorer([line.mt for line in lines]), scorer([line.post_edit for line in lines])
    return float(
        np.mean([np.mean([p for *_, p in b]) > np.mean([p for *_, p in a]) for b, a in zip(before, after, strict=True)])
    )


def tag_numbers(split: str, scorer: Scorer, proverbs: bool, cut: float | None) -> tuple[Numbers, float]:
    """MLQE-PE ru-en word tags at a cut (or at the best one, which is returned)."""
    lines = [line for line in tagged_lines("ru-en", split) if proverbs or not line.proverb]
    values, truth = tag_table(lines, scorer([line.mt for line in lines]))
    cut = best_cut(values, truth) if cut is None else cut
    preference, edited = prefers_post_edit(lines, scorer)
    numbers: Numbers = {
        "tokens": len(truth),
        "bad": round(float(truth.mean()), 3),
        "area under ROC": round(area_under_roc(values, truth), 3),
        "MCC": round(matthews(values >= cut, truth), 3),
        "prefers post-edit": round(preference, 3),
        "edited sentences": edited,
        "expected calibration error": round(calibration_error(values, truth), 3),
    }
    return numbers, cut


def article_cut(scorer: Scorer) -> float:
    """The cut that gives precision 0.6 on the dev articles."""
    lines = [line for doc in DEV_ARTICLES for line in marked_article(doc)]
    values, truth = mark_table(lines, scorer([line.mt for line in lines]))
    return cut_at_precision(values, truth, 0.6)


def speed(engine: EncoderTagger) -> Numbers:
    """Words a second over MLQE-PE ru-en dev, by wall clock and by processor time of one thread."""
    texts = [line.mt for line in tagged_lines("ru-en", "dev")]
    engine.bad_probabilities(texts[:20])
    wall, used = time.perf_counter(), time.process_time()
    words = sum(map(len, engine.bad_probabilities(texts)))
    return {
        "words/s by the clock": round(words / (time.perf_counter() - wall)),
        "words/s by processor time": round(words / (time.process_time() - used)),
    }


def surprisal_scorer(model: FluencyModel) -> Scorer:
    """Minus the log-probability of every word, for comparison."""

    def scorer(texts: Sequence[str]) -> Scores:
        return [[(span.start, span.end, -value) for span, value in words] for words in model.word_log_probs(texts)]

    return scorer


def systems(engine: EncoderTagger, surprisal: bool) -> dict[str, Scorer]:
    """The scorers to compare: the tagger alone, and with the language model surprisal alone and both."""
    chosen = {"tagger": engine_scorer(engine.token_probabilities)}
    if surprisal:
        model = language_model()
        chosen["tagger + surprisal"] = engine_scorer(SurprisalTagger(engine, model).bad_probabilities)
        chosen["surprisal"] = surprisal_scorer(model)
    return chosen


def main() -> None:
    """Print the table as JSON lines; cuts are chosen on dev. ``--test`` adds the test documents and test20."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "tagger-en")
    parser.add_argument("--surprisal", action="store_true", help="with the language model too")
    parser.add_argument("--test", action="store_true", help="report on the test documents and test20 too")
    given = parser.parse_args()
    engine = EncoderTagger(given.model, threads=1)
    print(json.dumps({"signature": engine.signature, **speed(engine)}))
    for name, scorer in systems(engine, given.surprisal).items():
        cut = article_cut(scorer)
        for label, docs in (("dev articles", DEV_ARTICLES), ("test articles", TEST_ARTICLES))[: 1 + given.test]:
            print(json.dumps({"system": name, "set": label, "cut": cut, **article_numbers(docs, scorer, cut)}))
        for proverbs in (False, True) if name == "tagger" else (False,):
            best = None
            for split in ("dev", "test20")[: 1 + given.test]:
                numbers, best = tag_numbers(split, scorer, proverbs, best)
                label = f"MLQE-PE ru-en {split}" + (" with proverbs" if proverbs else "")
                print(json.dumps({"system": name, "set": label, "cut": best, **numbers}), flush=True)


if __name__ == "__main__":
    main()
