"""A title of office in lower case right before the name of its holder.

What it flags
    ``president Barack Obama``, ``general Ivanov``.

Why it reads as machine translation
    Russian writes offices in lower case, and the system keeps them so; English capitalises a formal
    title that stands directly before a name.

Example
    On Monday president Vladimir Putin met general Gerasimov.

Better
    On Monday President Vladimir Putin met General Gerasimov.

Known limits
    A title after an article, a possessive, *former* or *then* (*the president Vladimir Putin chose*) is left
    alone, as is one after a comma, a nationality or a country (*Russian president Vladimir Putin*): some
    newspapers write so, and heads of companies are written so everywhere.
    Job descriptions (*coach*, *director*) are lower-case in English too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from mtcheck.detectors.lexicon import is_name, nationalities, titles
from mtcheck.detectors.phrase_table import adjoining
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_LONGEST = 3  # words of the longest title in the table


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the title, its words capitalised in the fix."""
    words, done = analysis.words, 0
    for start in range(len(words) - 1):
        if start < done or words[start].text not in _first_words():
            continue
        for size in range(_LONGEST, 0, -1):
            end = start + size
            title = words[start:end]
            if end >= len(words) or not all(adjoining(analysis, index) for index in range(start, end)):
                continue
            if " ".join(word.text for word in title) not in titles() or not is_name(words[end]):
                continue
            if _stands_alone(analysis, start) and not _is_adjective(words[end].text):
                text = analysis.text[title[0].span.start : title[-1].span.end]
                better = " ".join(part if part == "of" else part.capitalize() for part in text.split())
                yield Flag(title[0].span.start, title[-1].span.end, "a title before a name is capitalised", (better,))
            done = end
            break


@cache
def _first_words() -> frozenset[str]:
    return frozenset(title.split()[0] for title in titles())


def _is_adjective(text: str) -> bool:
    return text in nationalities()


def _stands_alone(analysis: Analysis, start: int) -> bool:
    """True after a preposition, a conjunction or a verb of meeting; elsewhere lower case may be right."""
    return adjoining(analysis, start - 1) and analysis.words[start - 1].lower in _OPENERS


_OPENERS = frozenset(
    "of to from with by for in on at against between under about after before since until but when while that if "
    "because said told met asked called replaced elected "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)

RULE = Rule(
    name="lower-case-title",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    confidence=0.85,
    must_flag=(
        Example(
            "On Monday president Vladimir Putin met general Gerasimov.",
            "On Monday President Vladimir Putin met General Gerasimov.",
        ),
        Example("The talks with foreign minister Sergey Lavrov.", "The talks with Foreign Minister Sergey Lavrov."),
    ),
    must_pass=(
        "The former president Bill Clinton spoke.",
        "Russian president Vladimir Putin spoke.",
        "He met the president Monday.",
        "The coach Valentin Maslakov is pleased.",
        "The election of president was put off.",
    ),
)
