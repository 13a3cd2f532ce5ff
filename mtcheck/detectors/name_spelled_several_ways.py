"""One name spelled in several ways in the same article.

What it flags
    ``Dzhabhat`` beside ``Jabhat``, ``Sergei`` beside ``Sergey``, ``Meimarakis`` beside ``Mejmarakis``, and
    Russian case endings: ``Maslakova`` beside ``Maslakov``.

Why it reads as machine translation
    The system translates sentence by sentence and spells a name anew each time, from whatever case ending it meets.

Example
    Jabhat left the city. He spoke of Dzhabhat again.

Better
    Jabhat left the city. He spoke of Jabhat again.

Known limits
    The spelling English uses most is proposed, or the one this article uses most; a house style may want another. Two
    people whose names differ by a letter (*Carl* and *Karl*) are told apart only by the names beside theirs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtcheck.detectors.lexicon import is_name
from mtcheck.detectors.name_key import name_key
from mtcheck.detectors.phrase_table import adjoining
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity
from mtcheck.word_frequency import zipf

_SHORTEST = 4
_CLEARLY_BETTER = 0.5  # difference on the Zipf scale (log10 of frequency) that settles which spelling is established
_COMMON = 4.5  # Zipf; both spellings above it are two English words
_RARE = 1.5  # Zipf; a case form is no name of its own in English text
_CASE_ENDINGS = ("a", "u", "ym", "om", "oy", "e", "em")
_GRADE = re.compile(r"[A-Z]{1,3}[-‑](?:[a-z]|[A-Z]+\b)")  # B-minus, TV-channel: no name
_SURNAME_ENDINGS = ("ov", "ev", "in", "yn", "ko")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: number of its segment, range in it, its spelling, and the capitalised words beside it."""

    index: int
    start: int
    end: int
    spelling: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A spelling that is not the best one, and where it stands. established: mentions of the best one."""

    spelling: str
    best: str
    mentions: tuple[Mention, ...]
    established: tuple[Mention, ...]
    message: str
    confidence: float | None = None


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag every mention that is not in the best spelling."""
    for variant in variants(article):
        for mention in variant.mentions:
            flag = Flag(mention.start, mention.end, variant.message, (variant.best,), confidence=variant.confidence)
            yield mention.index, flag


def variants(article: Sequence[Analysis]) -> Iterator[Variant]:
    """Every spelling that is not the best one of its name."""
    mentions = [mention for index, analysis in enumerate(article) for mention in _mentions(index, analysis)]
    by_spelling: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_spelling[mention.spelling].append(mention)
    by_key: dict[str, list[str]] = defaultdict(list)
    for spelling in by_spelling:
        by_key[name_key(spelling)].append(spelling)
    for spellings in by_key.values():
        if len(spellings) > 1:
            yield from _variants(spellings, by_spelling)
    yield from _case_forms(by_spelling)


def _mentions(index: int, analysis: Analysis) -> Iterator[Mention]:
    words = analysis.words
    for at, word in enumerate(words):
        text = word.text.replace("’", "'")
        bare = text.removesuffix("'s").removesuffix("'")
        if (
            not is_name(word)
            or len(bare) < _SHORTEST
            or any(letter.isdigit() for letter in bare)
            or "." in bare
            or _GRADE.match(bare)
        ):
            continue
        before = words[at - 1].text if at and adjoining(analysis, at - 1) else ""
        after = words[at + 1].text if at + 1 < len(words) and adjoining(analysis, at) else ""
        start = word.span.start
        yield Mention(
            index,
            start,
            start + len(bare),
            bare,
            before if before[:1].isupper() else "",
            after if after[:1].isupper() else "",
        )


def _variants(spellings: list[str], found: dict[str, list[Mention]]) -> Iterator[Variant]:
    best = _established(spellings, found)
    for spelling in spellings:
        if spelling.lower() == best.lower() or (zipf(spelling) > _COMMON and zipf(best) > _COMMON):
            continue
        if _different_people(found[spelling], found[best]):
            continue
        message = f"“{spelling}” and “{best}” are spellings of one name"
        yield Variant(spelling, best, tuple(found[spelling]), tuple(found[best]), message)


def _established(spellings: list[str], found: dict[str, list[Mention]]) -> str:
    """The spelling English uses clearly more, else the more frequent one here, else the first."""
    ranked = sorted(spellings, key=zipf, reverse=True)
    if zipf(ranked[0]) - zipf(ranked[1]) >= _CLEARLY_BETTER:
        return ranked[0]
    counts = Counter({spelling: len(found[spelling]) for spelling in spellings})
    return counts.most_common(1)[0][0]


def _different_people(left: list[Mention], right: list[Mention]) -> bool:
    """True when both have names beside them and share none of those."""
    for side in ("before", "after"):
        here = {name_key(name) for mention in left if (name := getattr(mention, side))}
        there = {name_key(name) for mention in right if (name := getattr(mention, side))}
        if here and there and not here & there:
            return True
    return False


def _case_forms(found: dict[str, list[Mention]]) -> Iterator[Variant]:
    """A surname and the same surname with a Russian case ending."""
    for spelling, mentions in found.items():
        base = next(
            (spelling.removesuffix(ending) for ending in _CASE_ENDINGS if _is_case_form(spelling, ending, found)), ""
        )
        if not base:
            continue
        # After a given name or Mrs the ending may be a woman's.
        bare = tuple(one for one in mentions if not one.before or one.before.lower() in ("the", "of"))
        if bare:
            message = f"“{spelling}” looks like “{base}” with a Russian case ending"
            yield Variant(spelling, base, bare, tuple(found[base]), message, confidence=0.75)


def _is_case_form(spelling: str, ending: str, found: dict[str, list[Mention]]) -> bool:
    base = spelling.removesuffix(ending)
    if not spelling.endswith(ending) or base not in found or not base.endswith(_SURNAME_ENDINGS) or len(base) < 5:
        return False
    women = any(mention.before for mention in found[spelling])
    return not women and (zipf(spelling) < _RARE or zipf(base) - zipf(spelling) > 2)


RULE = DocumentRule(
    name="name-spelled-several-ways",
    category="terminology/inconsistent",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.9,
    must_flag=(
        Example(
            "Jabhat left the city.\nHe spoke of Dzhabhat again.", "Jabhat left the city.\nHe spoke of Jabhat again."
        ),
        Example("Sergei Ivanov came.\nThen Sergey Ivanov left.", "Sergei Ivanov came.\nThen Sergei Ivanov left."),
        Example(
            "Coach Valentin Maslakov is pleased.\nAthletes did well, in the words of Maslakova.",
            "Coach Valentin Maslakov is pleased.\nAthletes did well, in the words of Maslakov.",
        ),
    ),
    must_pass=(
        "Carl Lewis ran.\nThen Karl Marx wrote.",
        "Ivanov came.\nThen Maria Ivanova left.\nIvanova was pleased.",
        "The Mark was strong.\nThe Marks were many.",
    ),
)
