"""What is written in two ways in one article: which way is the article's own, and which mentions stray from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mtcheck.detectors.rule import Flag

_CLEAR, _UNCLEAR = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that can be written in several ways.

    index: its segment's place in the article; way: the name of the way it is written in, for the message.
    other: its wording in each other way, by way; thing: what it mentions, compared with its like only.
    """

    index: int
    start: int
    end: int
    way: str
    other: tuple[tuple[str, str], ...] = ()
    thing: str = ""


def drift(mentions: Iterable[Mention], *, on_tie: str = "") -> Iterator[tuple[int, Flag]]:
    """Flag the mentions that are not written as most are; of two ways as frequent, ``on_tie``, else the first.

    A way is clear when at least twice as many mentions follow it as stray from it.
    """
    groups: dict[str, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(mention.thing, []).append(mention)
    for group in groups.values():
        counts = Counter(mention.way for mention in group)
        own, followers = counts.most_common(1)[0]
        own = on_tie if counts[on_tie] == followers else own
        strays = len(group) - followers
        for mention in group:
            if mention.way != own:
                better = tuple(wording for way, wording in mention.other if way == own)
                message = f"{mention.way} here, {own} elsewhere in the article"
                confidence = _CLEAR if followers >= 2 * strays else _UNCLEAR
                yield mention.index, Flag(mention.start, mention.end, message, better, confidence=confidence)
