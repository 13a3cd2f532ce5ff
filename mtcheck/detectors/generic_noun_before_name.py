"""A bare generic noun before a name: *TV channel CNN*, *newspaper Izvestia*, *company Apple*.

What it flags
    ``in interview to TV channel CNN``, ``reports newspaper Kommersant``, ``by company Apple``.

Why it reads as machine translation
    Russian names a medium or a firm with the noun first and without an article (*телеканалу CNN*). English
    needs the article (*the TV channel CNN*), puts the noun last (*the CNN television channel*), or leaves it out.

Example
    He gave an interview to TV channel CNN.

Better
    He gave an interview to CNN.

Known limits
    With an article (*the newspaper Izvestia*) the phrase is good English and is left alone. Titles without
    articles (headlines) are left alone: only sentences with a final mark are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_NOUNS = (
    r"TV[ -]channel|television channel|TV company|radio station|newspaper|magazine|news agency|information agency|"
    r"internet portal|company|corporation|airline|social network|search engine|tournament|festival|football club"
)
# The noun stands bare right after one of these words: nothing there could be its article.
_BEFORE = (
    r"to|by|of|with|for|from|in|on|at|told|reports|reported|writes|wrote|and|quotes|according to|"
    r"between|against|via|through|as|about|joined|bought|visited"
)
_BARE = re.compile(
    rf"(?<![\w-])(?P<before>(?i:{_BEFORE})) (?P<noun>{_NOUNS}) "
    r"(?P<name>[“\"«]?[A-Z][\w&'’.-]*(?: [A-Z][\w&'’-]*)*[”\"»]?)"
)
_FAMOUS = frozenset(
    "CNN BBC CBS NBC ABC Reuters Bloomberg Interfax TASS Forbes Apple Google Microsoft Facebook Twitter".split()
)
_NOT_NAMES = frozenset(
    "I Chairman President Chief Director CEO Executive Inc Ltd Co Corp The A An And In On At Of For".split()
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag noun and name."""
    text = analysis.text
    if text.rstrip("”\"’')] ")[-1:] not in tuple(".!?…:;,"):
        return
    for match in _BARE.finditer(text):
        name, noun = match["name"].rstrip("."), match["noun"]
        bare = name.strip('“”"«»')
        if not bare[0].isupper() or bare.split()[0] in _NOT_NAMES or (noun[0].isupper() and noun[:2] != "TV"):
            continue
        start, end = match.start("noun"), match.start("name") + len(name)
        if text[end : end + 2] in ("'s", "’s"):
            choices: tuple[str, ...] = (f"the {noun} {name}",)
        else:
            choices = (name, f"the {noun} {name}") if bare in _FAMOUS else (f"the {noun} {name}", name)
        yield Flag(start, end, f"“{noun}” before a name needs an article, or is left out", choices)


RULE = Rule(
    name="generic-noun-before-name",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.92,
    must_flag=(
        Example("He gave an interview to TV channel CNN.", "He gave an interview to CNN."),
        Example("This was reported by newspaper Izvestia.", "This was reported by the newspaper Izvestia."),
        Example(
            "The phone was shown by company “Megafon” today.", "The phone was shown by the company “Megafon” today."
        ),
    ),
    must_pass=(
        "He told the TV channel Rossiya about it.",
        "The company Apple showed a phone.",
        "A deal with company Chairman John Smith was signed.",
        "New contract for company Apple",
    ),
)
