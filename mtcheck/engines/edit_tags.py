"""The closed set of word edits that the post-editor knows, and how a sentence looks after them.

A tag of a token is ``""`` (keep), ``DELETE``, ``UPPER`` and ``LOWER`` (first letter), ``SWAP`` (exchange
with the next token), ``=word`` (replace) or ``-a+b`` (ending a becomes b). A tag of a gap, the place
before a token, is ``""`` or the words to insert there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from mtcheck.schema import Span

KEEP, OTHER, DELETE, UPPER, LOWER, SWAP = "", "OTHER", "DELETE", "UPPER", "LOWER", "SWAP"
PLAIN = frozenset((DELETE, UPPER, LOWER, SWAP))
"""OTHER: an edit is due that no tag can name; it is never made."""
_MARKS = "\u0300-\u036f\u0483-\u0489\u00ad\u200c\u200d\ufe00-\ufe0f"
_TOKEN = re.compile(
    rf"[\w{_MARKS}]+(?:(?:['’‑-]|(?<=\d)[.,:/](?=\d)|(?<=\b\w)\.(?=\w\b))[\w{_MARKS}]+)*|[^\w\s]"
)  # as in prose_diff: don't, cease-fire, 1,000.5, U.S.
_SUFFIX = re.compile(r"-([^+]*)\+(.*)")
_CLOSING = frozenset(",.;:!?%)]}…")
_OPENING = frozenset("([{$#“«‘")
ARTICLES = frozenset(("a", "an", "the"))
PREPOSITIONS = frozenset(
    "of in on at to for from with by about into over against under between after before during as than per via".split()
)
AUXILIARIES = frozenset("is are was were be been being am has have had do does did will would".split())
_KEPT = frozenset("not no never none nor neither without n't \" “ ” « » ' ‘ ’ ( ) [ ]".split())
"""Never deleted: what they say is lost, or their partner is left alone."""


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """A word or a punctuation mark: half-open code points of the text."""

    start: int
    end: int
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A tag other than keep at one place: of the token with that index, or of the gap before it."""

    place: int
    gap: bool
    tag: str

    @property
    def last(self) -> int:
        """The last token that the change touches; of an insertion, the one before it."""
        return self.place - 1 if self.gap else self.place + (self.tag == SWAP)


def tokens_of(text: str) -> list[Token]:
    """Words (with inner apostrophes, hyphens, separators of numbers) and single punctuation marks."""
    return [Token(*match.span(), match.group()) for match in _TOKEN.finditer(text)]


def possible(tokens: Sequence[Token], change: Change) -> bool:
    """Whether the tag changes anything there, touches no number, and takes no name away."""
    if change.gap:
        before = tokens[change.place - 1].text if change.place else ""
        inserted = change.tag.split()
        if inserted[0] in _CLOSING and (not before or not before[-1].isalnum()):
            return False
        return inserted[-1].lower() != tokens[change.place].text.lower() and inserted[0].lower() != before.lower()
    text = tokens[change.place].text
    if any(character.isdigit() for character in text):
        return False
    if change.tag == SWAP:
        follower = tokens[change.place + 1].text if change.place + 1 < len(tokens) else ""
        return change.place > 0 and text.isalpha() and follower.isalpha()
    if change.tag == DELETE and (text.lower() in _KEPT or change.place == len(tokens) - 1):
        return False
    named = change.place > 0 and text[0].isupper() and text.lower() not in ARTICLES | PREPOSITIONS | AUXILIARIES
    if named and (change.tag == DELETE or change.tag.startswith("=")):
        return False
    if change.tag == DELETE:
        return len(tokens) > 1
    return _reworded(text, change.tag) not in (None, text)


def _reworded(text: str, tag: str) -> str | None:
    """The token after a tag that rewords it; None where the tag does not fit."""
    if tag.startswith("="):
        if text.isalnum() != tag[1:].isalnum() and not (text[0].isalnum() and tag[1].isalnum()):
            return None
        return tag[1:]
    if match := _SUFFIX.fullmatch(tag):
        old, new = match.groups()
        stem = text[: len(text) - len(old)]
        fits = text.endswith(old) and stem[-1:].islower() and len(stem) > 2
        return stem + new if fits else None
    if tag in (UPPER, LOWER):
        return (text[0].upper() if tag == UPPER else text[0].lower()) + text[1:]
    return text


def kind_of(tokens: Sequence[Token], change: Change) -> str:
    """The kind of an edit, for calibration: such as ``insert article``, ``delete word``, ``ending``, ``case``."""
    if change.tag == SWAP:
        return "swap"
    if change.tag in (UPPER, LOWER):
        return "case"
    if change.tag.startswith("-"):
        return "ending"
    if change.gap:
        return f"insert {_class_of(change.tag.split())}"
    old = _class_of([tokens[change.place].text])
    if change.tag == DELETE:
        return f"delete {old}"
    new = _class_of([change.tag[1:]])
    return f"replace {old}" if old == new else "replace otherwise"


def _class_of(words: Sequence[str]) -> str:
    known = ((ARTICLES, "article"), (PREPOSITIONS, "preposition"), (AUXILIARIES, "auxiliary"))
    name = next((name for members, name in known if {word.lower() for word in words} <= members), "word")
    return name if words[0][0].isalnum() or words[0][0] == "'" else "punctuation"


def rewritten(text: str, tokens: Sequence[Token], changes: Sequence[Change]) -> str:
    """The text with the changes made; white space that no change touches stays as it is.

    A sentence that opened with a capital still does.
    """
    of_token = {change.place: change.tag for change in changes if not change.gap}
    of_gap = {change.place: change.tag for change in changes if change.gap}
    if not tokens:
        return text
    surfaces = _surfaces(tokens, of_token)
    begin = tokens[0].start
    out, done = text[:begin], begin
    lost: str | None = None  # the white space before the tokens deleted last
    for place, token in enumerate(tokens):
        lead, done = text[done : token.start], token.end
        inserted = of_gap.get(place, "").split()
        for word in inserted:
            out += word if word in _CLOSING or len(out) == begin or _opens(out) else f" {word}"
        if of_token.get(place) == DELETE:
            lost = lead if lost is None else lost
            continue
        if lost is not None and surfaces[place][0].isalnum():
            lead = lost or ("" if _opens(out) else lead)
        if inserted and not lead and surfaces[place][0].isalnum():
            lead = " "
        out += surfaces[place] if len(out) == begin else lead + surfaces[place]
        lost = None
    if tokens[0].text[0].isupper() and begin < len(out):
        out = out[:begin] + out[begin].upper() + out[begin + 1 :]
    return out + text[done:]


def span_edit(text: str, tokens: Sequence[Token], changes: Sequence[Change]) -> tuple[Span, str]:
    """Changes of neighbouring places as one replacement of a span that reaches no other token.

    At the start of a sentence it does reach the next one, which may have to change its capital.
    """
    first, last = min(c.place for c in changes), max(c.last for c in changes)
    start = tokens[first - 1].end if first else tokens[0].start
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    end = len(text) if following is None else following.end if first == 0 else following.start
    after = rewritten(text, tokens, changes)
    replacement = after[start : len(after) - (len(text) - end)]
    while start < end and replacement and text[start] == replacement[0] and text[start].isspace():
        start, replacement = start + 1, replacement[1:]
    while start < end and replacement and text[end - 1] == replacement[-1] and text[end - 1].isspace():
        end, replacement = end - 1, replacement[:-1]
    return Span(start, end), replacement


def _surfaces(tokens: Sequence[Token], tags: Mapping[int, str]) -> list[str]:
    surfaces = [token.text for token in tokens]
    for place, tag in tags.items():
        if tag == SWAP:
            surfaces[place], surfaces[place + 1] = surfaces[place + 1], surfaces[place]
        elif tag != DELETE:
            surfaces[place] = _reworded(surfaces[place], tag) or surfaces[place]
    return surfaces


def _opens(text: str) -> bool:
    """Whether the text ends with an opening bracket or quotation mark."""
    straight = text[-1:] in ('"', "'") and (text[-2:-1].isspace() or len(text) == 1)
    return straight or text[-1:] in _OPENING
