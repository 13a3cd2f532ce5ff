"""The left edge of a noun phrase, read from tags rather than from the parse tree.

On broken English the attachments of a parser are often wrong while its tags mostly hold, so
the rules about articles walk left from a noun over what may stand between it and its determiner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DETERMINER_TAGS = frozenset({"DT", "PRP$", "WP$", "PDT", "CD", "WDT", "POS", "$", "WP"})
_DETERMINERS = frozenset(
    "no such what which each another every any some either neither whose enough much more less most all "
    "both half".split()
)
_NAME_TAGS = frozenset({"NNP", "NNPS"})
_MODIFIER_TAGS = frozenset({"JJ", "JJR", "JJS", "NN", "VBN", "HYPH", "AFX"})
_ADVERB_TAGS = frozenset({"RB", "RBR", "RBS"})
_NOT_A_HEAD_BEFORE = frozenset({"NN", "NNS", "NNP", "NNPS", "HYPH", "CD", "JJ"})
_NOT_A_HEAD = frozenset({"compound", "amod", "nmod", "npadvmod"})


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """How a noun phrase begins.

    first: index of its first token; before: index of the token before it, -1 at the start of the text.
    determiner: the determiner in lower case, "" when there is none; named: a proper name stands in its place.
    """

    first: int
    before: int
    determiner: str = ""
    named: bool = False

    @property
    def bare(self) -> bool:
        """True when the phrase has neither a determiner nor a name that could act as one."""
        return not self.determiner and not self.named


def noun_phrase_start(doc: Any, noun: int) -> NounPhrase:
    """Walk left from the noun at index ``noun`` over its modifiers to its determiner, if any."""
    at = noun - 1
    while at >= 0:
        token = doc[at]
        if token.tag_ in _DETERMINER_TAGS or token.lower_ in _DETERMINERS:
            return NounPhrase(at + 1, at, determiner=token.lower_)
        if token.tag_ in _NAME_TAGS:
            return NounPhrase(at + 1, at, named=True)
        if not _modifies(doc, at):
            break
        at -= 1
    return NounPhrase(at + 1, at)


def _modifies(doc: Any, at: int) -> bool:
    token = doc[at]
    if token.tag_ in _MODIFIER_TAGS:
        return True
    if token.tag_ == "VBG":
        return token.dep_ in ("amod", "compound")
    return token.tag_ in _ADVERB_TAGS and doc[at + 1].tag_ in ("JJ", "VBN")


def head_nouns(doc: Any) -> Iterator[Any]:
    """Singular lower-case common nouns that head their phrase."""
    for token in doc:
        if token.tag_ != "NN" or not token.text.isalpha() or not token.text.islower() or token.dep_ in _NOT_A_HEAD:
            continue
        after = doc[token.i + 1] if token.i + 1 < len(doc) else None
        if after is None or not (after.tag_ in _NOT_A_HEAD_BEFORE or after.text in ("-", "/")):
            yield token
