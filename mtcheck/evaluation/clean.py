"""``mtcheck evaluate clean``: clean every corpus with every system, and measure what came of it alike.

Corpus scores, their intervals and the paired bootstrap test against doing nothing (Koehn 2004) are sacrebleu's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from mtcheck.engines.edit_tags import tokens_of
from mtcheck.evaluation import facts
from mtcheck.evaluation.cleaners import Cleaner
from mtcheck.evaluation.corpora import Corpus, Line
from mtcheck.evaluation.measures import SEED
from mtcheck.prose_diff import word_edits
from mtcheck.schema import Score

NOTHING = "doing nothing"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A corpus as one system cleaned it: a text a line, and processor seconds of all threads, None where not known."""

    system: str
    signature: str
    corpus: Corpus
    texts: tuple[str, ...]
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Tested:
    """A corpus score with half of its 95 % interval; p: of the difference from doing nothing, None for that itself."""

    score: Score
    half_interval: float
    p: float | None


@dataclass(frozen=True, slots=True)
class Against:
    """What one kind of version says: corpus scores, and lines that came nearer to it, stayed as near, went away."""

    kind: str
    scores: tuple[Tested, ...]
    better: int
    same: int
    worse: int


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one corpus. edits: runs of words changed; broken: lines in which a fact was lost or gained."""

    corpus: str
    system: str
    lines: int
    words: int
    changed: int
    edits: int
    broken: int
    seconds: float | None
    against: tuple[Against, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line that a system changed, for a person to read."""

    corpus: str
    system: str
    line: Line
    cleaned: str
    broken: tuple[str, ...]


def clean(cleaner: Cleaner, corpus: Corpus) -> Cleaned:
    """Run a system over a corpus, timed. Raises ValueError when it does not return a text for every segment."""
    started = time.process_time()
    texts = [text for document in corpus.documents for text in cleaner.clean(document)]
    if len(texts) != len(corpus.lines):
        raise ValueError(f"{cleaner.name}: {len(texts)} texts for the {len(corpus.lines)} lines of {corpus.name}")
    return Cleaned(cleaner.name, cleaner.signature, corpus, tuple(texts), time.process_time() - started)


def untouched(corpus: Corpus) -> Cleaned:
    """What every system must beat."""
    return Cleaned(NOTHING, NOTHING, corpus, tuple(line.text for line in corpus.lines), 0.0)


def narrowed(cleaned: Cleaned, part: Corpus) -> Cleaned:
    """The same run, seen on a corpus that holds some of its documents; its share of the time is not known."""
    kept: list[str] = []
    texts = iter(cleaned.texts)
    wanted = {document.doc_id for document in part.documents}
    for document in cleaned.corpus.documents:
        some = [next(texts) for _ in document.segments]
        kept += some if document.doc_id in wanted else []
    return Cleaned(cleaned.system, cleaned.signature, part, tuple(kept), None)


def evaluate(
    cleaners: Sequence[Cleaner],
    corpora: Sequence[tuple[Corpus, ...]],
    *,
    resamples: int,
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[list[Row], list[Change]]:
    """A row for every corpus and system, doing nothing first, and every changed line.

    corpora: each with the parts of it that are to be measured too.
    """
    rows, changes = [], []
    for whole, *parts in corpora:
        runs = [untouched(whole)]
        for cleaner in cleaners:
            if cleaner.most_lines is None or len(whole.lines) <= cleaner.most_lines:
                progress(f"{cleaner.name}: {whole.name}")
                runs.append(clean(cleaner, whole))
        for part in parts:
            rows += measure([narrowed(run, part) for run in runs], resamples)
        rows += measure(runs, resamples)
        changes += [change for run in runs for change in changed(run)]
    return rows, changes


def measure(runs: Sequence[Cleaned], resamples: int) -> list[Row]:
    """A row a run; all runs are of one corpus, and the first one is the baseline of the tests."""
    corpus = runs[0].corpus
    tested = {kind: scores(runs, kind, resamples) for kind in corpus.kinds}
    rows = []
    for i, run in enumerate(runs):
        against = tuple(Against(kind, tested[kind][i], *verdicts(run, kind)) for kind in corpus.kinds)
        made = list(changed(run))
        edits = sum(len(word_edits(change.line.text, change.cleaned)) for change in made)
        broken = sum(bool(change.broken) for change in made)
        about = f"system:{run.signature} ; {corpus.data}"
        size = len(corpus.lines), corpus.words
        rows.append(Row(corpus.name, run.system, *size, len(made), edits, broken, run.seconds, against, about))
    return rows


def changed(run: Cleaned) -> Iterator[Change]:
    """The lines that a run changed, with the facts that each broke."""
    for line, text in zip(run.corpus.lines, run.texts, strict=True):
        if text != line.text:
            yield Change(run.corpus.name, run.system, line, text, facts.broken(line.text, text, line.source or None))


def verdicts(run: Cleaned, kind: str) -> tuple[int, int, int]:
    """Lines better, same and worse: fewer, as many or more word errors against the nearest version."""
    gains = [
        word_errors(line.text, line.versions[kind]) - word_errors(text, line.versions[kind]) if text != line.text else 0
        for line, text in zip(run.corpus.lines, run.texts, strict=True)
    ]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return better, len(gains) - better - worse, worse


def word_errors(text: str, versions: Sequence[str]) -> int:
    """Levenshtein distance in words and marks, capitals counted, to the nearest version."""
    return min(int(Levenshtein.distance(_words(text), _words(version))) for version in versions)


@cache
def _words(text: str) -> list[str]:
    return [token.text for token in tokens_of(text)]


def scores(runs: Sequence[Cleaned], kind: str, resamples: int) -> list[tuple[Tested, ...]]:
    """chrF2++, BLEU and TER of every run, with intervals and p-values unless there are no resamples."""
    corpus, metrics = runs[0].corpus, _metrics()
    references = corpus.references(kind)
    results: list[list[Tested]] = [[] for _ in runs]
    found = _paired(runs, metrics, references, resamples) if resamples else {}
    for name, metric in metrics.items():
        for i, run in enumerate(runs):
            value = found[name][i].score if found else metric.corpus_score(list(run.texts), references).score
            interval, p = (found[name][i].ci, found[name][i].p_value) if found else (0.0, None)
            if i and found and value == found[name][0].score:
                p = 1.0  # sacrebleu says 0.001 where every resample has the difference 0, as with capitals in TER
            made = f"metric:{name}|{metric.get_signature()}|against:{kind}"
            made += f" ; bootstrap:paired, sacrebleu|resamples:{resamples}|seed:{SEED}" * bool(resamples)
            score = Score(name, float(value), f"system:{run.signature} ; {corpus.data} ; {made}", name != "TER")
            results[i].append(Tested(score, float(interval), p))
    return [tuple(tested) for tested in results]


def _metrics() -> dict[str, Any]:
    from sacrebleu.metrics import BLEU, CHRF, TER

    return {"chrF2++": CHRF(word_order=2), "BLEU": BLEU(), "TER": TER()}


def _paired(
    runs: Sequence[Cleaned], metrics: Mapping[str, Any], references: Sequence[Sequence[str]], resamples: int
) -> dict[str, Any]:
    """sacrebleu's results by metric, one a run; its seed is 12345 unless SACREBLEU_SEED says otherwise."""
    from sacrebleu.significance import PairedTest

    systems = [(f"{i}", list(run.texts)) for i, run in enumerate(runs)]
    test = PairedTest(systems, metrics, references, test_type="bs", n_samples=resamples)
    return dict(test()[1])
