"""*The city Novoazovsk*: a place noun joined to its name without *of*.

What it flags
    ``the city Novoazovsk``, ``in the republic Tatarstan``, ``the province Idlib``.

Why it reads as machine translation
    Russian sets the name beside the noun (*город Новоазовск*); English joins them with *of*, or names
    the place alone.

Example
    Near the city Novoazovsk fighting went on.

Better
    Near the city of Novoazovsk fighting went on.

Known limits
    Names of offices and bodies (*the city Council*), days, and *village* or *settlement*, which stand
    before a name in English too, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.lexicon import nationalities
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PLACE = re.compile(
    r"\b(?P<noun>[Tt]he (?:city|town|province|republic|peninsula|governorate)) (?P<name>[A-Z][a-z]+)(?P<next> \w+|\W|$)"
)
_NOT_PLACES = frozenset(
    "Council Hall Police Court Duma Administration Department Assembly Committee Government Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday January February March April May June July August September October "
    "November December "
    "Ministry Attorney Manager Commission Board School Hospital Council Centre "
    "Center Day Health Public First Second".split()
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the noun; the name is untouched."""
    for match in _PLACE.finditer(analysis.text):
        name, after = match["name"], match["next"].strip()
        if name in _NOT_PLACES or name in nationalities() or (after[:1].isupper()):
            continue
        yield Flag(*match.span("noun"), "a place noun is joined to its name with “of”", (f"{match['noun']} of",))


RULE = Rule(
    name="place-noun-without-of",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    confidence=0.9,
    must_flag=(
        Example("Near the city Novoazovsk fighting went on.", "Near the city of Novoazovsk fighting went on."),
        Example("They left the province Idlib.", "They left the province of Idlib."),
    ),
    must_pass=(
        "Near the city of Novoazovsk fighting went on.",
        "The city Council met in the town Monday.",
        "He likes the city Kiev Rus built.",
    ),
)
