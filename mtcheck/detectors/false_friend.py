"""A word that looks like the Russian one and means something else.

What it flags
    ``resonant murder``, ``perspective project``, ``excited a criminal case``, ``internal affairs bodies``.

Why it reads as machine translation
    The system chose the cognate or the first meaning of the dictionary (*резонансный*, *перспективный*, *орган*).

Example
    A criminal case was excited in the resonant murder.

Better
    A criminal case was opened in the high-profile murder.

Known limits
    Only contexts that make the wrong sense sure are in the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the word in its context."""
    return find_phrases(analysis, "false_friend.phrases.tsv")


RULE = Rule(
    name="false-friend",
    category="accuracy/mistranslation",
    severity=Severity.MINOR,
    find=find,
    confidence=0.8,
    must_flag=(
        Example("A criminal case was excited.", "A criminal case was opened."),
        Example("It is a resonant murder.", "It is a high-profile murder."),
        Example("He spoke of perspective projects.", "He spoke of promising projects."),
        Example("They bought military technics.", "They bought military equipment."),
    ),
    must_pass=(
        "The actual cost rose.",
        "From his perspective projects are good.",
        "The case was opened.",
    ),
)
