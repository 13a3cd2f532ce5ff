"""A noun and an empty verb where English has a verb.

What it flags
    ``carry out the implementation of``, ``rendered assistance to``, ``made a decision about the holding of``.

Why it reads as machine translation
    Russian official style prefers nouns (*осуществить реализацию*, *оказать помощь*); English prefers the verb.

Example
    The army rendered assistance to farmers.

Better
    The army helped farmers.

Known limits
    Only the pairs of the table are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag verb and noun."""
    return find_phrases(analysis, "wordy_nominalisation.phrases.tsv")


RULE = Rule(
    name="wordy-nominalisation",
    category="style/awkward",
    severity=Severity.MINOR,
    find=find,
    confidence=0.8,
    must_flag=(
        Example("The army rendered assistance to farmers.", "The army helped farmers."),
        Example("They made a decision about the holding of a vote.", "They decided to hold a vote."),
        Example("Firms carried out the construction of roads.", "Firms built roads."),
    ),
    must_pass=(
        "The army helped farmers.",
        "They carried out the plan.",
    ),
)
