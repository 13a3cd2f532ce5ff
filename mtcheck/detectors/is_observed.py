"""*Black ice is observed*, where English has *there is*.

What it flags
    ``on the roads black ice is observed``, ``Growth of prices is observed``, ``snow will be observed``.

Why it reads as machine translation
    *наблюдается* is how official Russian says that something is there; in English one observes on purpose.

Example
    In the city a shortage of fuel is observed.

Better
    In the city there is a shortage of fuel.

Known limits
    Only weather, changes and lacks; *a minute of silence was observed* is good English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_WHAT = (
    r"(?:increase|decrease|growth|decline|reduction|fall|rise|slowdown|improvement|deterioration|shortage|lack|"
    r"deficit|outflow|inflow|tendency|trend|dynamics|ice|ice-slick|fog|mist|snow|snowfall|rain|rains|showers|"
    r"thunderstorms|frost|frosts|wind|winds|precipitation|smog|smoke|jams|queues|interruptions|difficulties|"
    r"congestion)"
)
_PLURAL = re.compile(r"(?:jams|queues|interruptions|difficulties|frosts|winds|showers|thunderstorms|rains)$", re.I)
_OBSERVED = re.compile(
    rf"(?:^|, |[.!?] |\b(?:region|regions|country|city|market|markets|roads?|capital|places|sector|areas|"
    rf"industry|Moscow|Russia|year|month|time) )(?P<what>(?:(?:the|a|"
    rf"an) )?(?:(?!that\b)[\w-]+ )?(?P<noun>{_WHAT})(?: (?:of|in) (?:the )?(?:[\w-]+ )?[\w-]+)?) (?P<be>is|are|"
    rf"was|were|will be|has been) (?:also )?(?P<done>observed|noted|marked)(?=[.,;]| (?:in|on|at|during|"
    r"since|from)\b)",
    re.I,
)
_MESSAGE = "a calque of наблюдается: English says “there is”"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag what is observed and the verb; the fix opens with *there*."""
    for match in _OBSERVED.finditer(analysis.text):
        what = match["what"]
        before = analysis.text[: match.start("what")].rstrip()
        opens = not before or before[-1] in ".!?"
        if opens and what[0].isupper() and not what.split()[0].isupper():
            what = what[0].lower() + what[1:]
        be = match["be"]
        if _PLURAL.search(match["noun"]):
            be = {"is": "are", "was": "were", "has been": "have been"}.get(be, be)
        better = f"there {be} {what}"
        end = match.end("done")
        yield Flag(match.start("what"), end, _MESSAGE, (capitalised(better) if opens else better,))


RULE = Rule(
    name="is-observed",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("In the city a shortage of fuel is observed.", "In the city there is a shortage of fuel."),
        Example("Growth of prices is observed.", "There is growth of prices."),
        Example("It is cold, on the roads black ice is observed.", "It is cold, on the roads there is black ice."),
    ),
    must_pass=(
        "A minute of silence was observed.",
        "The rain was observed by the scientists.",
        "The feast is observed in May.",
    ),
    confidence=0.85,
)
