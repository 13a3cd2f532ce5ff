"""The name of an institution or an office capitalised in one place of the article and not in another.

What it flags
    *state duma* in an article that writes *State Duma*; *the Prime Minister* beside *the prime minister*.

Why it reads as machine translation
    A system decides on capitals anew in every sentence.

Example
    The State Duma met. The state duma agreed.

Better
    The State Duma met. The State Duma agreed.

Known limits
    Only names of several words, all of which are capitalised or none. A title right before a name (*Prime Minister
    Medvedev*) rightly has capitals and does not count. The way that is more frequent is proposed, of two as frequent
    the capitals. Names with some of their words capitalised are the business of *half-capitalised-institution*.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from mtcheck.detectors.drift import Mention, drift
from mtcheck.detectors.grammar import is_sentence
from mtcheck.detectors.lexicon import NOT_NAMES
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_SMALL = "of|the|and|for|on"
_LINK = r"(?: (?:of|and|for|on)(?: the)?)?"
_NAME = re.compile(rf"(?<![\w’'-])[A-Z][a-z]+(?:{_LINK} [A-Z][a-z]+)+(?![\w-])")
_LOWER_WORD = re.compile(r"[a-z]+")
_OPENER = re.compile(rf"(?:{'|'.join(word.capitalize() for word in NOT_NAMES)}) ")
_PERSON_AFTER = re.compile(r"[ ,]{1,2}(?:of [A-Z]|[A-Z])")
_WITH, _WITHOUT = "capitalised", "in lower case"
_TITLE_SHARE = 0.6


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the mentions that are not in the article's own way."""
    raised = [mention for index, analysis in enumerate(article) for mention in _raised(index, analysis)]
    by_first: defaultdict[str, set[str]] = defaultdict(set)
    for mention in raised:
        by_first[mention.thing.split()[0]].add(mention.thing)
    lowered = [mention for index, analysis in enumerate(article) for mention in _lowered(index, analysis, by_first)]
    both = {mention.thing for mention in lowered}
    found = [mention for mention in (*raised, *lowered) if mention.thing in both]
    yield from drift(sorted(found, key=lambda mention: (mention.index, mention.start)), on_tie=_WITH)


def _raised(index: int, analysis: Analysis) -> Iterator[Mention]:
    text = analysis.text
    words = [word for word in analysis.words if len(word.text) > 3]
    if not is_sentence(text) and sum(word.text[0].isupper() for word in words) > _TITLE_SHARE * len(words):
        return  # a headline
    for match in _NAME.finditer(text):
        opener = _OPENER.match(match.group())
        start = match.start() + (opener.end() if opener else 0)
        name = text[start : match.end()]
        opens = not text[:start].strip(" “\"'‘«([")
        if " " in name and not opens and not _PERSON_AFTER.match(text, match.end()):
            yield Mention(index, start, match.end(), _WITH, ((_WITHOUT, name.lower()),), name.lower())


def _lowered(index: int, analysis: Analysis, by_first: Mapping[str, set[str]]) -> Iterator[Mention]:
    words = by_first.keys() & set(_LOWER_WORD.findall(analysis.text))
    for thing in sorted(thing for word in words for thing in by_first[word]):
        for match in re.finditer(rf"(?<![\w-]){re.escape(thing)}(?![\w-])", analysis.text):
            better = re.sub(rf"\b(?!(?:{_SMALL})\b)[a-z]", lambda first: first.group().upper(), thing)
            yield Mention(index, *match.span(), _WITHOUT, ((_WITH, better),), thing)


RULE = DocumentRule(
    name="name-capitalised-two-ways",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.9,
    must_flag=(
        Example("He told the State Duma.\nThe state duma agreed.", "He told the State Duma.\nThe State Duma agreed."),
        Example(
            "The prime minister left.\nThen the prime minister met the Prime Minister.",
            "The prime minister left.\nThen the prime minister met the prime minister.",
        ),
        Example(
            "At the Ministry of Defence.\nNear the ministry of defence.",
            "At the Ministry of Defence.\nNear the Ministry of Defence.",
        ),
    ),
    must_pass=(
        "Then Prime Minister Medvedev met the prime minister.",
        "State Duma Agrees to New Law\\nThe state duma agreed.",
        "Near New York, the new york.",
    ),
)
