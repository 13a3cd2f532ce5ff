"""A speaker who *says* in an article whose other speakers *said*.

What it flags
    ``“…,” says Galt`` or ``Galt notes that …`` where at least twice as many of the article's attributions are in the
    past tense.

Why it reads as machine translation
    Russian news changes freely between *заявил* and *говорит*; a system translates each verb for itself. English news
    keeps to one tense, nearly always the past.

Example
    “We will win,” said Galt. “We have no choice,” says Taggart. Galt added that the line was safe.

Better
    “We will win,” said Galt. “We have no choice,” said Taggart. Galt added that the line was safe.

Known limits
    What is always true (*he believes*) is left alone, and so is an article that is mostly in the present, as features
    are. In 182 human translations of newstest2020's documents it flags one sentence, in their machine translations 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_PAST = {
    "says": "said",
    "adds": "added",
    "announces": "announced",
    "comments": "commented",
    "concludes": "concluded",
    "declares": "declared",
    "emphasises": "emphasised",
    "emphasizes": "emphasized",
    "explains": "explained",
    "notes": "noted",
    "recalls": "recalled",
    "reports": "reported",
    "states": "stated",
    "stresses": "stressed",
    "tells": "told",
    "writes": "wrote",
}
_FEWEST, _SHARE = 2, 2
"""So many attributions in the past, and so many times those in the present, make the past the article's tense."""
_SPEAKER = r"(?:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|he|she)"
_QUOTE = r"[”\"],? ?(?:[-–—] )?"


def _attributions(verbs: Sequence[str]) -> re.Pattern[str]:
    """A verb beside a quotation, or between a speaker and what he reports."""
    verb = "|".join(verbs)
    return re.compile(
        rf"{_QUOTE}(?P<inverted>{verb}) (?:{_SPEAKER}|the|an?)\b|{_QUOTE}{_SPEAKER} (?P<straight>{verb})\b"
        rf"|\b{_SPEAKER} (?P<reporting>{verb})(?= that\b|: [“\"])"
    )


_NOW, _THEN = _attributions(list(_PAST)), _attributions(list(_PAST.values()))


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the verbs in the present where the past prevails."""
    now = [(index, match) for index, analysis in enumerate(article) for match in _NOW.finditer(analysis.text)]
    then = sum(len(_THEN.findall(analysis.text)) for analysis in article)
    if then < max(_FEWEST, _SHARE * len(now)):
        return
    for index, match in now:
        verb = str(match.lastgroup)
        message = f"the article's other speakers speak in the past tense ({then} of {then + len(now)})"
        yield index, Flag(*match.span(verb), message, (_PAST[match[verb]],))


RULE = DocumentRule(
    name="attribution-in-two-tenses",
    category="style/inconsistent",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.8,
    must_flag=(
        Example(
            "“We will win,” said Galt.\n“We have no choice,” says Taggart.\nGalt added that the line was safe.",
            "“We will win,” said Galt.\n“We have no choice,” said Taggart.\nGalt added that the line was safe.",
        ),
        Example(
            "Galt notes that the line was safe.\n“We will win,” he said.\n“We must,” Taggart said.",
            "Galt noted that the line was safe.\n“We will win,” he said.\n“We must,” Taggart said.",
        ),
    ),
    must_pass=(
        "“We will win,” says Galt.\n“We must,” Taggart says.\nGalt said that the line was safe.",
        "“We will win,” said Galt.\n“We must,” Taggart said.\nGalt believes that the line is safe.",
        "“We will win,” said Galt.\nGalt says that the line is safe.",
    ),
)
