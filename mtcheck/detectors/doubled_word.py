"""The same word twice in a row.

What it flags
    ``the the``, ``in in``, ``was was``.

Why it reads as machine translation
    Systems that glue phrases together repeat the word at the seam.

Example
    He lived in in the city.

Better
    He lived in the city.

Known limits
    Doubles that English allows (*had had*, *that that*, *very very*, *no, no*), names (*Duran Duran*) and numbers
    are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.lexicon import starts_sentence
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_ALLOWED = frozenset(
    "had that very many much long far no bye ha hey oh so really again never ever now there please go yes knock blah "
    "well more over boom tut hear is do did you her it la da wa na ye old s t m d".split()
)

# Never doubled in good English, unlike prepositions (*the state it was in in May*), verbs (*what happened happened*)
# and many nouns (*Pan troglodytes troglodytes*).
_NEVER_DOUBLED = frozenset("the a an of and or than from their its his our your my been into between because".split())


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the second word with the space before it."""
    for first, second in zip(analysis.words, analysis.words[1:], strict=False):
        gap = analysis.text[first.span.end : second.span.start]
        if gap != " " or first.lower != second.lower or not second.text.isalpha() or not second.text.islower():
            continue
        if first.lower in _ALLOWED or second.text.isupper():
            continue
        if first.text != second.text and not starts_sentence(analysis, first):
            continue  # a name and a common noun
        sure = Applicability.SAFE if first.lower in _NEVER_DOUBLED else Applicability.REVIEW
        yield Flag(first.span.end, second.span.end, "the word is doubled", ("",), applicability=sure)


RULE = Rule(
    name="doubled-word",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    confidence=0.97,
    must_flag=(
        Example("He lived in in the city.", "He lived in the city."),
        Example("The the city burned.", "The city burned."),
    ),
    must_pass=("He had had enough.", "Duran Duran played.", "It was very very cold.", "He said that that was it."),
)
