"""The preposition of the Russian verb after its English counterpart.

What it flags
    ``participate at``, ``discussed about``, ``depends from``, ``declared about the fact that``.

Why it reads as machine translation
    Each Russian verb governs its own preposition (*зависеть от*, *участвовать на*), or needs one where
    English has none.

Example
    The result depends from the weather.

Better
    The result depends on the weather.

Known limits
    Only the pairs of the table are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag verb and preposition."""
    return find_phrases(analysis, "wrong_preposition_after_verb.phrases.tsv")


RULE = Rule(
    name="wrong-preposition-after-verb",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.9,
    must_flag=(
        Example("The result depends from the weather.", "The result depends on the weather."),
        Example("They participate at the games.", "They participate in the games."),
        Example("He declared about the fact that war began.", "He said that war began."),
        Example("They discussed about it.", "They discussed it."),
    ),
    must_pass=(
        "The result depends on the weather.",
        "The discussion about it was long.",
        "He worries about the fact that prices rise.",
        "There was no mention about it.",
    ),
)
