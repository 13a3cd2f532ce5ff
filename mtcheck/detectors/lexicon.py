"""Word lists that several rules share, read from ``mtcheck/detectors/data`` when first needed."""

from __future__ import annotations

from functools import cache

from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.rule import Analysis, Word

# Capitalised words that begin a sentence or stand in dates, and are therefore no evidence of a name.
NOT_NAMES = frozenset(
    "the a an this that these those his her its their our my your he she it they we i in on at of for to from by with "
    "as but and or if when while after before since until however also there here what who which where how why "
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday yes no not now then thus mr mrs ms dr".split()
)


@cache
def country_adjectives() -> dict[str, str]:
    """Adjective of each country or region, such as ``{"Russia": "Russian"}``."""
    return {country: adjective for country, adjective, _ in table_lines("countries.tsv")}


@cache
def nationalities() -> frozenset[str]:
    """Adjectives and names of peoples, capitalised as English writes them."""
    found: set[str] = set()
    for _, adjective, others in table_lines("countries.tsv"):
        found |= {adjective, *others.split()}
    return frozenset(found)


@cache
def titles() -> frozenset[str]:
    """Titles of office and rank that are capitalised before a name, in lower case."""
    return frozenset(cells[0] for cells in table_lines("titles.tsv"))


def is_name(word: Word) -> bool:
    """True for a capitalised word that is neither all capitals nor a common sentence opener."""
    text = word.text
    return len(text) > 1 and text[0].isupper() and any(map(str.islower, text)) and word.lower not in NOT_NAMES


def starts_sentence(analysis: Analysis, word: Word) -> bool:
    """True when only punctuation stands between the word and the start of its sentence."""
    before = analysis.text[: word.span.start].rstrip(" \u00a0“\"'‘«([")
    return not before or before[-1] in '.!?:…—–-”"' or before[-1] == "\n"
