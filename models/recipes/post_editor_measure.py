"""Yardsticks of the post-editor: does it bring machine translation nearer to people's versions, and leave the rest?

A *test set* is a list of lines with versions by people; clean lines are their own version.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics import TER

from models.recipes.corpora import DEV_ARTICLES, TEST_ARTICLES, marked_article, tagged_lines
from models.recipes.post_editor_data import system_outputs
from mtcheck.engines import SuggestedEdit
from mtcheck.engines.edit_tags import tokens_of
from mtcheck.prose_diff import TextEdit, apply_edits

RESAMPLES = 2000


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A sentence, people's versions of it (the first is the one to be measured against), and what it translates."""

    text: str
    versions: tuple[str, ...]
    source: str


def post_edited(text: str, edits: Sequence[SuggestedEdit]) -> str:
    """The text with every edit made, without any guard."""
    return apply_edits(text, [TextEdit(e.span.start, e.span.end, e.replacement) for e in edits])


def document_lines(part: str) -> list[Line]:
    """Outputs of all systems of 2015 on held-out documents, with the human reference (and later systems' outputs)."""
    return [Line(s.text, s.versions, s.source) for s in system_outputs(part)]


def article_lines(part: str, version: str = "post_edit") -> list[Line]:
    """Editor-marked articles, against the editor's post-edit or the human ``reference``."""
    docs = DEV_ARTICLES if part == "dev" else TEST_ARTICLES
    lines = [line for doc in docs for line in marked_article(doc)]
    return [Line(x.mt, (getattr(x, version),), x.source) for x in lines]


def post_edit_lines(split: str, proverbs: bool = True) -> list[Line]:
    """MLQE-PE ru-en against its post-edits; sentences that nobody edited are their own version."""
    lines = [line for line in tagged_lines("ru-en", split) if proverbs or not line.proverb]
    return [Line(x.mt, (x.post_edit if any(bad for *_, bad in x.tokens) else x.mt,), x.source) for x in lines]


def clean_lines(part: str) -> list[Line]:
    """Human references of the held-out documents and of the articles, and post-edits of MLQE-PE dev or test20."""
    references = {line.versions[0] for line in document_lines(part)}
    references |= {line.versions[0] for line in article_lines(part, "reference")}
    edited = {line.versions[0] for line in post_edit_lines("dev" if part == "dev" else "test20", proverbs=False)}
    chosen = random.Random(1).sample(sorted(edited), min(300, len(edited)))
    return [Line(text, (text,), text) for text in [*sorted(references), *chosen]]


@cache
def _words(text: str) -> list[str]:
    return [token.text for token in tokens_of(text)]


@cache
def errors(text: str, version: str) -> int:
    """Word-level Levenshtein distance, punctuation marks apart."""
    return int(Levenshtein.distance(_words(text), _words(version)))


def gain(before: str, after: str, version: str) -> int:
    """How many errors fewer."""
    return 0 if before == after else errors(before, version) - errors(after, version)


@cache
def _pairs(text: str) -> Counter[tuple[str, str]]:
    return Counter(itertools.pairwise(["", *(word.replace("’", "'") for word in _words(text)), ""]))


def confirmed(before: str, after: str, version: str) -> bool:
    """Whether the text comes nearer to the version and every new pair of neighbouring words stands in it."""
    if gain(before, after, version) <= 0:
        return False
    new = _pairs(after) - _pairs(before)
    return all(pair in _pairs(version) for pair in new)


def outcome(lines: Sequence[Line], after: Sequence[str]) -> dict[str, float]:
    """Counts of lines better, worse, changed, against the first version, by word-level distance."""
    gains = [gain(line.text, text, line.versions[0]) for line, text in zip(lines, after, strict=True)]
    return {
        "lines": len(lines),
        "changed": sum(line.text != text for line, text in zip(lines, after, strict=True)),
        "better": sum(g > 0 for g in gains),
        "worse": sum(g < 0 for g in gains),
        "errors removed": sum(gains),
    }


def translation_edit_rate(lines: Sequence[Line], after: Sequence[str]) -> dict[str, float | str]:
    """Corpus TER (cased) before and after, and the p-value of a paired bootstrap over sources (Koehn 2004).

    All translations of one source are drawn together, since they share their reference.
    """
    metric = TER(case_sensitive=True)
    totals: dict[str, list[float]] = {}
    for line, text in zip(lines, after, strict=True):
        old = metric.sentence_score(line.text, [line.versions[0]])
        new = old if text == line.text else metric.sentence_score(text, [line.versions[0]])
        row = totals.setdefault(line.source, [0.0, 0.0, 0.0])
        for i, value in enumerate((old.num_edits, new.num_edits, old.ref_length)):
            row[i] += value
    table = np.array(list(totals.values()))
    draws = np.random.default_rng(1).integers(0, len(table), (RESAMPLES, len(table)))
    sums = table[draws].sum(axis=1)
    gains = (sums[:, 0] - sums[:, 1]) / sums[:, 2]
    before, new_errors, length = table.sum(axis=0)
    return {
        "TER before": round(100 * before / length, 2),
        "TER after": round(100 * new_errors / length, 2),
        "p": round(float(np.mean(gains <= 0)), 4),
    }
