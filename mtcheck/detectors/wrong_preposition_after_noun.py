"""The preposition of the Russian noun after its English counterpart.

What it flags
    ``support to the initiative``, ``an agreement with the government about the ceasefire``, ``in interview to``.

Why it reads as machine translation
    Each Russian noun governs its own preposition (*интервью телеканалу*, *поддержка инициативе*), and the
    system translates the preposition apart from the noun.

Example
    They signed an agreement with the government about the ceasefire.

Better
    They signed an agreement with the government on the ceasefire.

Known limits
    Only the pairs of the table are known; their contexts were narrowed until human news passed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag noun and preposition."""
    return find_phrases(analysis, "wrong_preposition_after_noun.phrases.tsv")


RULE = Rule(
    name="wrong-preposition-after-noun",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.9,
    must_flag=(
        Example("In interview to the channel he spoke.", "In an interview with the channel he spoke."),
        Example("We had a strong support to the initiative.", "We had strong support for the initiative."),
        Example(
            "They signed an agreement with the government about the ceasefire.",
            "They signed an agreement with the government on the ceasefire.",
        ),
        Example("The prohibitions against transactions hold.", "The prohibitions on transactions hold."),
        Example("Participants of the meeting left.", "Participants in the meeting left."),
    ),
    must_pass=(
        "In an interview with the channel he spoke.",
        "He gave support to his brother.",
        "They have an agreement with him.",
        "The fight with his brother was long.",
    ),
)
