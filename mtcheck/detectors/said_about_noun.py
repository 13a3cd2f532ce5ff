"""*Said about* before a noun phrase, where English says *spoke of* or uses a that-clause.

What it flags
    ``said about the absence of plans``, ``stated about the readiness``.

Why it reads as machine translation
    Russian *заявить о* / *сказать о* + noun is the normal way to report a statement. Translated
    word for word it gives *said about*, which English does not use with a noun of fact.

Example
    Lavrov said about the absence of plans to seize the city.

Better
    Lavrov said there were no plans to seize the city.

Known limits
    *What he said about her* is good English: clauses with a preceding *what*, *things*, *anything*
    are left alone, and so are passives (*it was said about him*) and numbers (*said about 300
    people*, *said about a dozen*), where *about* means *roughly*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_SAID = re.compile(
    r"\b(said|stated|declared|announced)\s+about\s+"
    r"(?=(?:the|its|his|her|their|a|an)\b"
    r"(?! (?:dozen|half|hundred|thousand|million|billion|third|quarter|fifth|score|fact)\b))",
    re.I,
)
_ASKED = re.compile(
    r"\b(what|whatever|things?|anything|something|nothing|everything|words?|much|little|more|also|was|were|is|be|been|being)\b",
    re.I,
)
_QUOTED = re.compile(r"[”\"][^”\"]{0,40}$")  # *“She is devastated,” O'Steen said about her daughter*
_ABSENCE = re.compile(r"\s+the (?:absence|lack) of (?:any )?(?=((?:[\w’'-]+ ){0,3}?[\w’'-]*[^s\W]s\b)?)", re.I)
_BETTER = {"said": "spoke of", "stated": "spoke of", "declared": "announced", "announced": "announced"}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb and its preposition."""
    asked = _ASKED.search(analysis.text)
    for match in _SAID.finditer(analysis.text):
        if asked and asked.end() <= match.start():
            return
        if _QUOTED.search(analysis.text[max(0, match.start() - 41) : match.start()]):
            continue
        end = match.start() + len(match.group().rstrip())
        verb = match.group(1).lower()
        better = _BETTER[verb]
        if absence := _ABSENCE.match(analysis.text, end):
            # «заявил об отсутствии планов»: English denies with a clause; a plural in *s* within four words decides
            better = f"{verb} there {'were' if absence.group(1) else 'was'} no"
            end += len(absence.group().rstrip())
        yield Flag(match.start(), end, f"“{verb} about” + noun is a calque of заявить о", (better,))


RULE = Rule(
    name="said-about-noun",
    category="style/unidiomatic",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "Lavrov said about the absence of plans to seize the city.",
            "Lavrov said there were no plans to seize the city.",
        ),
        Example("He said about the lack of money.", "He said there was no money."),
        Example(
            "The minister stated about the readiness of the army.", "The minister spoke of the readiness of the army."
        ),
    ),
    must_pass=(
        "That is what he said about the plan.",
        "The ministry said about a dozen families had returned.",
        "“She is devastated,” he said about the mother.",
        "Much has been said about the plan.",
        "He declared about the fact that prices rose.",
        "The police said about 300 people had come.",
    ),
)
