"""Small facts about tagged English that several grammar rules share (Penn Treebank tags, as spaCy gives them)."""

from __future__ import annotations

from functools import cache
from typing import Any

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
NAMES = frozenset({"NNP", "NNPS"})
CLAUSE_WORDS = frozenset({"WDT", "WP", "WP$", "WRB"})
QUOTES = frozenset("\"“”«»„'‘’`") | {"``", "''"}
_PLURAL_VERBS = {"is": "are", "was": "were", "has": "have", "isn't": "aren't", "wasn't": "weren't", "does": "do"}


def text_span(doc: Any, first: int, last: int) -> tuple[int, int]:
    """Code points of the tokens from index ``first`` to index ``last``, both included."""
    return doc[first].idx, doc[last].idx + len(doc[last])


def is_sentence(text: str) -> bool:
    """True when the text ends as a sentence does; titles drop articles and verbs legitimately."""
    return text.rstrip().rstrip("\"”’»')")[-1:] in (".", "!", "?", "…")


def plural_verb(verb: str) -> str:
    """The plural of *is*, *was*, *has*, *does* and their negations."""
    return _PLURAL_VERBS[verb.lower()]


def capitalised(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def indefinite_article(word: str) -> str:
    """*a* or *an*, by the sound of the word that follows."""
    return str(_inflect().a(word or "x")).split()[0]


@cache
def _inflect() -> Any:
    import typeguard  # rewrites each function of inflect to check its arguments: two seconds before the first word

    checked: Any = typeguard.typechecked
    typeguard.typechecked = lambda function: function  # type: ignore[assignment]
    try:
        import inflect
    finally:
        typeguard.typechecked = checked
    return inflect.engine()


def lower_first(doc: Any, index: int) -> str:
    """The text of a token that stops being the first of its sentence: lower case unless it is a name."""
    token = doc[index]
    keep = token.tag_ in NAMES or token.text == "I" or token.text.isupper() or token.ent_type_ == "NORP"
    return str(token.text if keep else token.lower_)
