"""A sentence's parse as rules read it: tokens with tags, lemmas, heads and entities, and nothing of the parser's own.

Attributes bear spaCy's names and mean the same (https://spacy.io/api/token), so what is written for spaCy's ``Doc``
reads this as well. It is plain data: it can be kept, and reading it again needs neither spaCy nor its model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

PARSE_VERSION = "parse:1"
"""Of the rows: parses that were kept in another form are not read."""

Row = Sequence[Any]
"""text, whitespace_, tag_, pos_, lemma_, dep_, index of the head, ent_iob_, ent_type_, is_sent_start of one token."""


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """One token; ``i`` counts tokens, ``idx`` code points of the text, ``head`` is an index."""

    doc: Parse = field(repr=False)
    i: int
    idx: int
    text: str
    whitespace_: str
    tag_: str
    pos_: str
    lemma_: str
    dep_: str
    head: int
    ent_iob_: str
    ent_type_: str
    is_sent_start: bool
    lower_: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower_", self.text.lower())

    def __len__(self) -> int:
        return len(self.text)

    @property
    def text_with_ws(self) -> str:
        """The token with the space after it."""
        return self.text + self.whitespace_

    @property
    def is_alpha(self) -> bool:
        """Letters alone."""
        return self.text.isalpha()

    @property
    def is_space(self) -> bool:
        """White space alone."""
        return self.text.isspace()

    @property
    def is_punct(self) -> bool:
        """Punctuation alone, as Unicode has it."""
        return all(unicodedata.category(letter).startswith("P") for letter in self.text)

    @property
    def children(self) -> Iterator[Token]:
        """Tokens that this one is the head of, in order."""
        return (token for token in self.doc if token.head == self.i and token.i != self.i)

    def nbor(self, step: int = 1) -> Token:
        """The token ``step`` places on. Raises IndexError beyond the ends."""
        if self.i + step < 0:
            raise IndexError(self.i + step)
        return self.doc[self.i + step]


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity: its place in code points, and its kind."""

    start_char: int
    end_char: int
    label_: str


class Parse(Sequence[Token]):
    """The tokens of one text; made of rows that are plain enough to keep as JSON."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Number the tokens and find their places."""
        self.rows = rows
        self._tokens: list[Token] = []
        at = 0
        for i, row in enumerate(rows):
            self._tokens.append(Token(self, i, at, *row))
            at += len(row[0]) + len(row[1])
        self.text = "".join(token.text_with_ws for token in self._tokens)

    @classmethod
    def of(cls, doc: Any) -> Parse:
        """What a spaCy ``Doc`` says."""
        return cls([_row(token) for token in doc])

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> list[Token]: ...
    def __getitem__(self, place: int | slice) -> Token | list[Token]:
        return self._tokens[place]

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens)

    @cached_property
    def ents(self) -> tuple[Entity, ...]:
        """The named entities, in order."""
        found: list[Entity] = []
        for token in self._tokens:
            end = token.idx + len(token)
            if token.ent_iob_ == "B":
                found.append(Entity(token.idx, end, token.ent_type_))
            elif token.ent_iob_ == "I" and found:
                found[-1] = Entity(found[-1].start_char, end, found[-1].label_)
        return tuple(found)


def _row(token: Any) -> Row:
    words = token.text, token.whitespace_, token.tag_, token.pos_, token.lemma_, token.dep_
    return (*words, token.head.i, token.ent_iob_, token.ent_type_, bool(token.is_sent_start))
