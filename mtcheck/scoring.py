"""Scores of alternatives, kept apart: meaning kept, fluency gained, size of edit.

Meaning is compared in the source language: the back-translation of the alternative against the
source when the user has one, else against the back-translation of the original wording. BLEU is
not used there, since it judges round trips poorly (Moon et al. 2020, arXiv 2004.13937).
chrF2++ after Popović (2017), TER after Snover et al. (2006), both from sacrebleu (Post 2018).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from mtcheck.schema import Score

FLUENCY = "fluency.gain"
FLUENCY_PER_WORD = "fluency.gain-per-word"
BAD_DROP = "tagger.bad-drop"
PIVOT = "pivot.chrF2++"
SOURCE = "source.similarity"
MEANING_CHRF = "meaning.chrF2++"
MEANING_TER = "meaning.TER"
EDIT_SIZE = "edit.TER"
CONSENSUS = "consensus.chrF2++"
POST_EDITOR = "post-editor.probability"
RESCORED = "rescorer.gain"


BEST = {
    FLUENCY: Score(FLUENCY, math.inf, "best", True),
    RESCORED: Score(RESCORED, math.inf, "best", True),
    MEANING_CHRF: Score(MEANING_CHRF, 100.0, "best", True),
    MEANING_TER: Score(MEANING_TER, 0.0, "best", False),
}
"""What no wording can do better than, for those that are not worth a model's time even so."""


def fluency_gain(
    before: float, after: float, words_before: int, words_after: int, signature: str
) -> tuple[Score, Score]:
    """Gain of language-model log-probability of the whole segment, in nats: in all, and of the mean per word.

    before, after: natural log-probabilities of the two texts. Positive gains read better.
    """
    per_word = after / max(words_after, 1) - before / max(words_before, 1)
    return (
        Score(FLUENCY, round(after - before, 3), signature, higher_is_better=True),
        Score(FLUENCY_PER_WORD, round(per_word, 4), signature, higher_is_better=True),
    )


def rescored(before: float, after: float, signature: str) -> Score:
    """Gain of the whole segment's log-probability by the larger language model, in nats; positive reads better."""
    return Score(RESCORED, round(after - before, 3), signature, higher_is_better=True)


def pivot_similarity(hypothesis: str, reference: str, signature: str) -> Score:
    """Sentence chrF2++ in [0, 100] between two forward translations: a cheap hint that meaning is kept."""
    return _sentence_score(_chrf(), PIVOT, hypothesis, reference, signature, higher_is_better=True)


def suggestion(probability: float, signature: str) -> Score:
    """How sure the post-editor is of its least sure edit in a wording, in [0, 1]."""
    return Score(POST_EDITOR, probability, signature, higher_is_better=True)


def bad_drop(before: Sequence[float], after: Sequence[float], signature: str) -> Score:
    """How far the mean probability of BAD words falls from one segment to the other, in [-1, 1]; more is better."""
    drop = sum(before) / max(1, len(before)) - sum(after) / max(1, len(after))
    return Score(BAD_DROP, round(drop, 4), signature, higher_is_better=True)


def source_similarity(cosine: float, signature: str) -> Score:
    """Cosine, in [-1, 1], between a segment and its source in a space that both languages share."""
    return Score(SOURCE, round(cosine, 3), signature, higher_is_better=True)


def meaning(back_translation: str, reference: str, signature: str, *, against: str) -> tuple[Score, Score]:
    """chrF2++ in [0, 100] (higher is better) and TER (0 is identical, lower is better) of a back-translation.

    against: "source" when the reference is the user's own source, "back-translation" when it is that of the original.
    """
    made = f"{signature}|against:{against}"
    return (
        _sentence_score(_chrf(), MEANING_CHRF, back_translation, reference, made, higher_is_better=True),
        _sentence_score(_ter(), MEANING_TER, back_translation, reference, made, higher_is_better=False),
    )


def consensus(wordings: Sequence[tuple[str, float]]) -> list[Score]:
    """Expected chrF2++ in [0, 100] of each wording when another of them, by its probability, is the right one.

    wordings: texts with positive weights, which need not sum to one. Choosing the highest is minimum Bayes risk
    decoding (Kumar & Byrne 2004) with the utility of Eikema & Aziz 2022 (arXiv 2108.04718) for a list of candidates.
    """
    total = sum(weight for _, weight in wordings)
    expected = [
        sum(weight * _chrf().sentence_score(text, [other]).score for other, weight in wordings) / total
        for text, _ in wordings
    ]
    made = f"{_chrf().get_signature()}|candidates:{len(wordings)}"
    return [Score(CONSENSUS, round(value, 2), made, higher_is_better=True) for value in expected]


def edit_size(alternative: str, original: str) -> Score:
    """TER of the alternative segment against the original one: 100 times word edits per original word."""
    after, before = alternative.split(), original.split()
    if _differ_in_one_place(after, before):
        # one edit, whatever TER's search for shifted blocks would find: most alternatives, at a thousandth of its time
        value = 100.0 * (after != before) / len(before)
        return Score(EDIT_SIZE, round(value, 2), _ter_signature(), higher_is_better=False)
    return _sentence_score(_ter(), EDIT_SIZE, alternative, original, "", higher_is_better=False)


def _differ_in_one_place(after: Sequence[str], before: Sequence[str]) -> bool:
    """Whether at most one word of either has no counterpart, in order, in the other; never when one is empty."""
    shorter = min(len(after), len(before))
    if not shorter or max(len(after), len(before)) > shorter + 1:
        return False
    start = next((i for i in range(shorter) if after[i] != before[i]), shorter)
    most = shorter - start
    end = next((i for i in range(most) if after[-1 - i] != before[-1 - i]), most)
    return max(len(after), len(before)) - start - end <= 1


def _sentence_score(
    metric: Any, name: str, hypothesis: str, reference: str, signature: str, *, higher_is_better: bool
) -> Score:
    value = metric.sentence_score(hypothesis, [reference]).score
    made = f"{metric.get_signature()}|{signature}".strip("|")
    return Score(name, round(value, 2), made, higher_is_better)


@cache
def _chrf() -> Any:
    from sacrebleu.metrics import CHRF

    return CHRF(word_order=2)


@cache
def _ter() -> Any:
    from sacrebleu.metrics import TER

    return TER(case_sensitive=True)


@cache
def _ter_signature() -> str:
    _ter().sentence_score("a", ["a"])  # which tells it how many references there are
    return str(_ter().get_signature())
