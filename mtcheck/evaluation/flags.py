"""``mtcheck evaluate flags``: run every system on every part, and measure them alike."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtcheck.evaluation import texts
from mtcheck.evaluation.measures import (
    ALARM_METRICS,
    SEED,
    SPAN_METRICS,
    WORD_METRICS,
    Array,
    Metric,
    covered_share,
    interval,
    joined,
    segment_counts,
)
from mtcheck.evaluation.systems import Mtcheck, System
from mtcheck.evaluation.texts import TARGET, Judged, Part
from mtcheck.schema import Finding, Score, Span

KINDS = ("articles", "news", "tags")
_WORD = "word:flagged or marked when a flag or mark touches it|overlapping flags count once"


@dataclass(frozen=True, slots=True)
class Measured:
    """A score of one system on one part, with its bootstrap 95 % interval; ``count`` is what it is a share of."""

    part: str
    system: str
    score: Score
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule on the articles and on human news.

    right: flags that touch a mark visible from the English; right_all: any mark; credit: mean marked share of a flag.
    alarms: flags on human news.
    """

    rule: str
    flags: int
    right: int
    right_all: int
    credit: float
    alarms: int


@dataclass(frozen=True, slots=True)
class Flagged:
    """A part with one system's findings, by text, and how long it took."""

    system: System
    part: Part
    findings: tuple[tuple[Finding, ...], ...]
    seconds: float

    def segments(self) -> Iterator[tuple[Judged, int, list[Finding]]]:
        """Every text with the index of each of its segments and that segment's findings."""
        for text, findings in zip(self.part.texts, self.findings, strict=True):
            for i, segment in enumerate(text.document.segments):
                yield text, i, [found for found in findings if found.seg_id == segment.seg_id]


def flag(system: System, part: Part, progress: Callable[[str], None] = lambda line: None) -> Flagged:
    """Run a system over a part, timed."""
    progress(f"{system.name}: {part.name}")
    started = time.process_time()
    findings = tuple(tuple(system.flags(text.document)) for text in part.texts)
    return Flagged(system, part, findings, time.process_time() - started)


def narrowed(flagged: Flagged, part: Part) -> Flagged:
    """The same run, seen on a part that holds some of its texts."""
    found = {
        text.document.doc_id: findings for text, findings in zip(flagged.part.texts, flagged.findings, strict=True)
    }
    return Flagged(flagged.system, part, tuple(found[text.document.doc_id] for text in part.texts), 0.0)


def evaluate(
    systems: Sequence[System],
    data: Path,
    which: str,
    *,
    resamples: int,
    with_source: bool = False,
    kinds: Collection[str] = KINDS,
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[list[Measured], dict[str, list[RuleRow]]]:
    """Every measure of every system on the dev or test set of the data folder, and the rows of mtcheck's rules.

    kinds: those of :data:`KINDS` to measure on. Raises InputError when a file of the data bundle is missing.
    """
    articles = [texts.articles(data, which, with_source=with_source)] if "articles" in kinds else []
    news = [texts.newstest(data, "refA"), texts.newstest(data, "refB"), texts.bbc(data)] if "news" in kinds else []
    tags = [texts.tagged(data, which, proverbs=True, with_source=with_source)] if "tags" in kinds else []
    plain = [texts.tagged(data, which, proverbs=False, with_source=with_source) for _ in tags]
    measured, rules = [], {}
    for system in systems:
        runs = [[flag(system, part, progress) for part in some] for some in (articles, news, tags)]
        without_proverbs = [narrowed(run, part) for run, part in zip(runs[-1], plain, strict=True)]
        for run in (*runs[0], *runs[1], *without_proverbs, *runs[2]):
            measured += measure(run, resamples)
        if system.timed:
            measured.append(speed([run for some in runs for run in some]))
        if isinstance(system, Mtcheck):
            rules[system.name] = by_rule(runs[0], runs[1])
    return measured, rules


def counts(flagged: Flagged, *, all_marks: bool = False) -> Array:
    """Counts of every segment, shape (segments, 10)."""
    return np.array(
        [
            segment_counts(text.words[i], text.marks[i], [f.span for f in found], all_marks=all_marks)
            for text, i, found in flagged.segments()
        ]
    )


def measure(flagged: Flagged, resamples: int) -> list[Measured]:
    """Every measure that suits the part: marks and their kinds, or false alarms where nothing is marked."""
    by_segment = counts(flagged)
    if not any(marks for text in flagged.part.texts for marks in text.marks):
        return _measured(flagged, by_segment, ALARM_METRICS, resamples)
    results = _measured(flagged, by_segment, (*WORD_METRICS, *SPAN_METRICS, ALARM_METRICS[1]), resamples)
    if any(mark.visible != TARGET for text in flagged.part.texts for marks in text.marks for mark in marks):
        results += _measured(flagged, counts(flagged, all_marks=True), WORD_METRICS, resamples, " (all marks)")
        results += _kinds_touched(flagged)
    return results


def _measured(
    flagged: Flagged, by_segment: Array, metrics: Sequence[Metric], resamples: int, suffix: str = ""
) -> list[Measured]:
    truth = "every mark" if suffix else "marks visible in the English"
    results = []
    for metric in metrics:
        value, low, high = interval(metric, by_segment, resamples)
        made = f"metric:{metric.name}={metric.definition}|truth:{truth}|{_WORD}"
        made += f" ; bootstrap:segments|resamples:{resamples}|seed:{SEED}"
        score = Score(metric.name + suffix, value, _signature(flagged, made), metric.higher_is_better)
        results.append(Measured(flagged.part.name, flagged.system.name, score, low, high, flagged.part.word_count))
    return results


def _kinds_touched(flagged: Flagged) -> list[Measured]:
    """Share of the visible marks touched, by severity and by category."""
    there: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    for text, i, found in flagged.segments():
        for mark in text.marks[i]:
            if mark.visible == TARGET:
                kinds = (f"severity {mark.severity}", f"category {mark.category}")
                there.update(kinds)
                if any(mark.span.overlaps(finding.span) for finding in found):
                    touched.update(kinds)
    results = []
    for kind in sorted(there, key=lambda kind: (kind.startswith("category"), -there[kind], kind)):
        value = touched[kind] / there[kind]
        made = _signature(flagged, "metric:marks touched=share of the visible marks of this kind touched by a flag")
        score = Score(f"touched: {kind}", value, made, True)
        results.append(Measured(flagged.part.name, flagged.system.name, score, value, value, there[kind]))
    return results


def speed(runs: Sequence[Flagged]) -> Measured:
    """Words a second of one system over all its parts: processor time of all threads, without loading."""
    words = sum(run.part.word_count for run in runs)
    value = words / max(sum(run.seconds for run in runs), 1e-9)
    made = f"system:{runs[0].system.signature} ; metric:words per second of processor time, loading left out"
    return Measured(
        "time", runs[0].system.name, Score("words per processor second", value, made, True), value, value, words
    )


def by_rule(articles: Sequence[Flagged], news: Sequence[Flagged]) -> list[RuleRow]:
    """How each rule does, worst first: by wrong flags and alarms together."""
    flags: Counter[str] = Counter()
    right: Counter[str] = Counter()
    right_all: Counter[str] = Counter()
    credit: dict[str, float] = {}
    for text, i, found in (segment for run in articles for segment in run.segments()):
        every = [mark.span for mark in text.marks[i]]
        visible = [mark.span for mark in text.marks[i] if mark.visible == TARGET]
        for finding in found:
            flags[finding.rule] += 1
            right[finding.rule] += _touches(finding.span, visible)
            right_all[finding.rule] += _touches(finding.span, every)
            credit[finding.rule] = credit.get(finding.rule, 0.0) + covered_share(finding.span, joined(visible))
    alarms = Counter(f.rule for run in news for findings in run.findings for f in findings)
    rows = [
        RuleRow(
            rule, flags[rule], right[rule], right_all[rule], credit.get(rule, 0.0) / max(1, flags[rule]), alarms[rule]
        )
        for rule in sorted(flags | alarms)
    ]
    return sorted(rows, key=lambda row: (row.right - row.flags - row.alarms, row.rule))


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.overlaps(other) for other in others)


def _signature(flagged: Flagged, made: str) -> str:
    return f"system:{flagged.system.signature} ; {flagged.part.data} ; {made}"
