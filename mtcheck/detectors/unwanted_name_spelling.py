"""A spelling of a name that your list of names does not want.

What it flags
    A name in the column *variant* of your list, with or without a possessive ending.

Why it reads as machine translation
    A system transliterates by its own lights; a house has one spelling for each name.

Example
    Zelenskiy spoke.

Better
    Zelensky spoke.

Known limits
    Needs a list of names (see docs/glossary.md). Capitals must be those of the list, or all capitals.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.detectors.wanted_terms import unwanted
from mtcheck.glossary import Glossary, Name
from mtcheck.schema import Applicability, Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the spelling, with the preferred one as its fix."""
    if not analysis.glossary:
        return
    names = analysis.glossary.names
    pairs = [(name.variant, name.preferred, f"the list of names has “{name.preferred}”") for name in names]
    for flag in unwanted(analysis, pairs, [name.preferred for name in names], safe=True):
        if analysis.text[flag.start].isupper():
            yield flag


_NAMES = Glossary(
    names=(Name("Zelenskiy", "Zelensky"), Name("Kiev", "Kyiv"), Name("Dzhabhat en-Nusra", "Jabhat al-Nusra"))
)

RULE = Rule(
    name="unwanted-name-spelling",
    category="terminology/inconsistent",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.98,
    needs=("glossary",),
    must_flag=(
        Example("Zelenskiy’s plan for Kiev.", "Zelensky’s plan for Kyiv.", glossary=_NAMES),
        Example("Dzhabhat en-Nusra left.", "Jabhat al-Nusra left.", glossary=_NAMES),
    ),
    must_pass=(Example("Zelensky’s plan for Kyiv.", glossary=_NAMES), Example("Kiev.")),
)
