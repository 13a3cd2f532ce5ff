"""Words that a tagger, trained on what people change in machine translation, would have an editor change.

What it flags
    Runs of words that our word tagger finds likely to be marked by an editor.

Why it reads as machine translation
    The tagger learned from news translated by many systems, aligned with human translations, and from
    post-edits: it has seen which words people keep and which they change. It gives no reason of its own.

Example
    They dig entrenchments, build posts and strengthenings.

Better
    They are digging trenches and building posts and fortifications.

Known limits
    It sees the English alone: a fluent mistranslation stays hidden. Rare names and terms may be flagged
    though they are right. See the model's card in models/ for its precision and recall.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_SURE = (
    0.55  # from here on a word is reported: on the development articles 77 of 100 such words are marked by the editor
)
_LIKELY = 0.4  # a run takes in its neighbours from here on
_SUSPECT = 0.3  # 53 of 100: only worth a look for a better wording, so of neutral severity
_EDGES = ".,;:!?\"“”‘’'()[]<>«»–—-…"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag each run of likely words that holds a sure one, and single suspects; confidence is the mean probability."""
    run: list[tuple[int, int, float]] = []
    for span, probability in (*analysis.bad, (None, 0.0)):
        if span is not None and probability >= _LIKELY:
            run.append((span.start, span.end, probability))
            continue
        if run:
            yield from _flag(analysis.text, run)
        if span is not None and probability >= _SUSPECT:
            yield from _flag(analysis.text, [(span.start, span.end, probability)])
        run = []


def _flag(text: str, run: list[tuple[int, int, float]]) -> Iterator[Flag]:
    quote = text[run[0][0] : run[-1][1]]
    start = run[0][0] + len(quote) - len(quote.lstrip(_EDGES))
    end = run[-1][1] - len(quote) + len(quote.rstrip(_EDGES))
    if start < end:
        confidence = round(sum(word[2] for word in run) / len(run), 2)
        severity = None if any(word[2] >= _SURE for word in run) else Severity.NEUTRAL
        message = "editors change words like these in machine translation"
        yield Flag(start, end, message, confidence=confidence, severity=severity)


RULE = Rule(
    name="reads-as-machine-translation",
    category="style/awkward",
    severity=Severity.MINOR,
    find=find,
    must_flag=(Example("They dig entrenchments, build posts and strengthenings."),),
    must_pass=("The minister said on Tuesday that the talks would continue next week.",),
    confidence=0.6,
    needs=("tagger",),
)
