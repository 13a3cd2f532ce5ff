"""Words that a tagger, trained on what people change in machine translation, would have an editor change.

What it flags
    Runs of words that our word tagger finds likely to be marked by an editor, the more readily the more surprising
    they are to a language model, in an article that as a whole reads like unedited translation.

Why it reads as machine translation
    The tagger learned from news translated by many systems, aligned with human translations, and from
    post-edits: it has seen which words people keep and which they change. It gives no reason of its own.

Example
    They dig entrenchments, build posts and strengthenings.

Better
    They are digging trenches and building posts and fortifications.

Known limits
    It sees the English alone: a fluent mistranslation stays hidden. In an article that reads as edited it keeps
    silent but for the surest words. Confidence is the share of such flags that touch an editor's mark on the
    development articles (docs/evaluation.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.detectors.article_reading import logit, sigmoid, strangeness, unedited
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.word_surprisal import EDGES
from mtcheck.schema import Severity

_BIAS, _TAGGER, _STRANGENESS = -0.38, 0.80, 0.35  # a word's odds of being marked in unedited translation
_REPORTED = 0.36  # from here on a word is reported
_RAISED = 0.25  # a run takes in its neighbours from here on
_CERTAIN = 0.9  # by the tagger alone: no word of 57,000 of human news reached it
_SUSPECT = 0.3  # by the tagger alone: only worth a look for a better wording, so of neutral severity
_LIKELY = 0.4  # neighbouring suspects from here on are one
_FLOOR, _SLOPE, _MOST_CONFIDENCE = 0.25, 0.85, 0.95  # line through the precision of flags by their surest word
_CLAUSE_ENDS = tuple(",;:.!?»”)—")


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag each run of raised words that holds a reported one, and suspects elsewhere."""
    raw = unedited(article) or 0.0
    for index, analysis in enumerate(article):
        tagger = [probability for _, probability in analysis.bad]
        marked = _marked(analysis, raw)
        reported: set[int] = set()
        for run in _runs([value >= _RAISED for value in marked], _clause_ends(analysis)):
            if (surest := max(marked[i] for i in run)) >= _REPORTED:
                reported.update(run)
                yield from ((index, flag) for flag in _flag(analysis, run, _confidence(surest), None))
        likely = [value >= _LIKELY and i not in reported for i, value in enumerate(tagger)]
        alone = [_SUSPECT <= value < _LIKELY and i not in reported for i, value in enumerate(tagger)]
        for run in (*_runs(likely, [False] * len(likely)), *_runs(alone, [True] * len(alone))):
            mean = round(sum(tagger[i] for i in run) / len(run), 2)
            yield from ((index, flag) for flag in _flag(analysis, run, mean, Severity.NEUTRAL))


def _marked(analysis: Analysis, raw: float) -> list[float]:
    """Probability that an editor marks each word: that the article is raw, times that the word is bad if so."""
    strange = {span: value or 0.0 for (span, _), value in zip(analysis.surprisal, strangeness(analysis), strict=True)}
    values = []
    for span, probability in analysis.bad:
        word = sigmoid(_BIAS + _TAGGER * logit(probability) + _STRANGENESS * strange.get(span, 0.0))
        values.append(probability if probability >= _CERTAIN else raw * word)
    return values


def _clause_ends(analysis: Analysis) -> list[bool]:
    return [analysis.text[span.start : span.end].endswith(_CLAUSE_ENDS) for span, _ in analysis.bad]


def _runs(raised: Sequence[bool], ends: Sequence[bool]) -> Iterator[list[int]]:
    """Indices of neighbouring raised words; a run stops after a word that ends one."""
    run: list[int] = []
    for i, (is_raised, is_end) in enumerate(zip(raised, ends, strict=True)):
        if is_raised:
            run.append(i)
        if run and (is_end or not is_raised):
            yield run
            run = []
    if run:
        yield run


def _flag(analysis: Analysis, run: Sequence[int], confidence: float, severity: Severity | None) -> Iterator[Flag]:
    """The flag of a run without the punctuation at its edges, none when nothing else is there."""
    first, last = analysis.bad[run[0]][0].start, analysis.bad[run[-1]][0].end
    quote = analysis.text[first:last]
    start, end = last - len(quote.lstrip(EDGES)), first + len(quote.rstrip(EDGES))
    if start < end:
        message = "editors change words like these in machine translation"
        yield Flag(start, end, message, confidence=confidence, severity=severity)


def _confidence(surest: float) -> float:
    """Share of flags with such a surest word that touch an editor's mark on the development articles."""
    return round(min(_MOST_CONFIDENCE, _FLOOR + _SLOPE * surest), 2)


RULE = DocumentRule(
    name="reads-as-machine-translation",
    category="style/awkward",
    severity=Severity.MINOR,
    find_all=find_all,
    must_flag=(Example("They dig entrenchments, build posts and strengthenings."),),
    must_pass=("The minister said on Tuesday that the talks would continue next week.",),
    confidence=0.75,
    needs=("tagger",),
)
