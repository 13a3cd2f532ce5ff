"""Fit the numbers of ``mtcheck.detectors.article_reading`` and ``reads_as_machine_translation``, and print them.

Usage: ``python -m models.recipes.article_reading`` (about six minutes on one core)

Raw translation: runs of 12 to 15 consecutive sentences of each system of WMT 2015-16, none from the article documents.
Human news: newstest2020 references and a sample of BBC news. Both are seen whole and in pieces of 1, 2, 4 and 8
sentences, so that the weights hold for short texts too. Words: the editor's marks on the development articles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.recipes.corpora import data_folder, rows
from mtcheck.detection import analyse
from mtcheck.detectors import article_reading
from mtcheck.detectors.article_reading import logit, strangeness
from mtcheck.detectors.rule import Analysis
from mtcheck.engines.load import Engines, open_engines
from mtcheck.evaluation import texts
from mtcheck.evaluation.texts import TARGET, Judged, document
from mtcheck.schema import Document

Array = NDArray[np.float64]
RUN, SHORTEST_RUN, RUNS_A_SYSTEM = 15, 12, 4
LENGTHS, PIECES = (1, 2, 4, 8, RUN), 2
HUMAN_BBC_SEED = 2  # not the sample on which false alarms are reported
SEED = 7
PENALTY = 0.5


def raw_documents() -> Iterator[Document]:
    """A few runs of consecutive sentences of every system's output."""
    by_system: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for row in rows("qe/wmt15_16_ru-en_outputs.tsv.xz"):
        by_system[row["set"], row["system"]][int(row["seg"])] = row["mt"]
    chance = np.random.default_rng(SEED)
    for (year, system), outputs in sorted(by_system.items()):
        runs = list(_consecutive(sorted(outputs)))
        for i in chance.permutation(len(runs))[:RUNS_A_SYSTEM]:
            yield document(f"{year} {system} {runs[i][0]}", [outputs[number] for number in runs[i]])


def _consecutive(numbers: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in [*numbers, -1]:
        if run and (number != run[-1] + 1 or len(run) == RUN):
            if len(run) >= SHORTEST_RUN:
                yield run
            run = []
        run.append(number)


def sums(analysis: Analysis) -> Array:
    """Sum and number of each of the three averages over one segment, shape (3, 2)."""
    strange = [value for value in strangeness(analysis) if value is not None]
    surprisal = [min(-value, article_reading._MOST_SURPRISED) for _, value in analysis.surprisal]
    tagger = [logit(probability) for _, probability in analysis.bad]
    return np.array([[sum(values), len(values)] for values in (tagger, surprisal, strange)], dtype=float)


def pieces(articles: Iterable[Sequence[Analysis]]) -> Array:
    """Sums over random pieces of every length of the articles, shape (pieces, 3, 2)."""
    chance = np.random.default_rng(SEED)
    found = []
    for article in articles:
        by_segment = np.array([sums(analysis) for analysis in article])
        for length in LENGTHS:
            for _ in range(PIECES):
                first = chance.integers(0, max(1, len(article) - length + 1))
                found.append(by_segment[first : first + length].sum(axis=0))
    return np.array(found)


def logistic(inputs: Array, truth: Array, weights: Array, penalty: float) -> Array:
    """Weights and, last, the bias of a logistic model with a ridge penalty on standardised inputs (Newton's method)."""
    mean = np.average(inputs, axis=0, weights=weights)
    scale = np.sqrt(np.average((inputs - mean) ** 2, axis=0, weights=weights))
    design = np.column_stack([(inputs - mean) / scale, np.ones(len(inputs))])
    ridge = np.diag([penalty] * len(mean) + [0.0])
    fitted = np.zeros(design.shape[1])
    for _ in range(30):
        guess = 1 / (1 + np.exp(-design @ fitted))
        slope = design.T @ (weights * (truth - guess)) - ridge @ fitted
        curve = (design * (weights * guess * (1 - guess))[:, None]).T @ design + ridge
        fitted += np.linalg.solve(curve, slope)
    return np.append(fitted[:-1] / scale, fitted[-1] - fitted[:-1] @ (mean / scale))


def fit_article(raw: Array, human: Array) -> tuple[Array, Array]:
    """Middles of the averages, and their weights with the bias last; both kinds count alike."""
    kinds = [kind.sum(axis=0) for kind in (raw, human)]
    middle = np.mean([total[:, 0] / total[:, 1] for total in kinds], axis=0)
    both = np.concatenate([raw, human])
    distance = (both[:, :, 0] - both[:, :, 1] * middle) / (both[:, :, 1] + article_reading._SHORT)
    truth = np.repeat([1.0, 0.0], [len(raw), len(human)])
    weights = np.where(truth > 0, len(human) / len(raw), 1.0)
    return middle, logistic(distance, truth, weights, PENALTY)


def fit_words(judged: Iterable[Judged], articles: Iterable[Sequence[Analysis]]) -> Array:
    """Weights of the tagger's logit and of strangeness, and the bias, for a word of raw translation."""
    inputs, truth = [], []
    for text, article in zip(judged, articles, strict=True):
        for analysis, marks in zip(article, text.marks, strict=True):
            strange = dict(zip((span for span, _ in analysis.surprisal), strangeness(analysis), strict=True))
            for span, probability in analysis.bad:
                inputs.append([logit(probability), strange.get(span) or 0.0])
                truth.append(float(any(span.overlaps(m.span) for m in marks if m.visible == TARGET)))
    return logistic(np.array(inputs), np.array(truth), np.ones(len(truth)), 1.0)


def main() -> None:
    """Analyse, fit, print."""
    engines: Engines = replace(open_engines(fast=True), parser=None)
    data = data_folder()
    news = [texts.newstest(data, "refA"), texts.newstest(data, "refB"), texts.bbc(data, seed=HUMAN_BBC_SEED)]
    human = [text.document for part in news for text in part.texts]
    raw, edited = (pieces(analyse(one, engines) for one in some) for some in (raw_documents(), human))
    middle, weights = fit_article(raw, edited)
    print("article: middles", middle.round(2), "weights", weights[:-1].round(2), "bias", weights[-1].round(2))
    dev = texts.articles(data, "dev").texts
    words = fit_words(dev, [analyse(text.document, engines) for text in dev])
    print("word: tagger, strangeness, bias", words.round(2))


if __name__ == "__main__":
    main()
