"""A place name of several words that is not capitalised, or only half.

What it flags
    ``the middle East``, ``north Korea``, ``the black Sea``, ``saudi Arabia``.

Why it reads as machine translation
    Russian writes the adjective of such names in its own way (*Ближний Восток* aside), and the system
    translates word by word; the English name is a fixed one with capitals.

Example
    Our partners in the middle East want peace.

Better
    Our partners in the Middle East want peace.

Known limits
    Directions that are not names (*eastern Ukraine*, *southern Russia*) are lower-case in English and left
    alone. Words that have another meaning (*black sea*, *white house*) count only when half capitalised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from mtcheck.detectors.phrase_table import adjoining, table_lines
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_OPENING = tuple("\"“«‘„'")


@cache
def _by_first() -> dict[str, list[tuple[list[str], str]]]:
    found: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
    for name, kind in table_lines("regions.tsv"):
        words = name.split()
        found[words[0].lower()].append((words, kind))
    return found


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the whole name."""
    names = _by_first()
    for start, first in enumerate(analysis.words):
        for words, kind in names.get(first.lower, ()):
            end = start + len(words)
            here = analysis.words[start:end]
            if [word.lower for word in here] != [word.lower() for word in words]:
                continue
            wrong = [word.text for word, right in zip(here, words, strict=True) if word.text != right]
            if not wrong or any(text.isupper() for text in wrong) or not all(map(str.islower, wrong)):
                continue
            if not all(adjoining(analysis, index) for index in range(start, end - 1)):
                continue
            if len(wrong) == len(words) and kind == "half":
                continue
            if start == 0 and len(wrong) == len(words) - 1 and kind == "half":
                continue  # only the sentence's own capital
            if kind == "quoted" and analysis.text[: here[0].span.start][-1:] not in _OPENING:
                continue
            name = " ".join(words)
            before = analysis.words[start - 1].lower if start else ""
            if before in ("a", "an") and wrong == [here[-1].text]:
                continue  # one of many: an Orthodox church, an Islamic state
            sure = Applicability.REVIEW if _may_be_another(name, before) else Applicability.SAFE
            message = "this name is capitalised in English"
            yield Flag(here[0].span.start, here[-1].span.end, message, (name,), sure)


def _may_be_another(name: str, before: str) -> bool:
    """*Eduardo de los Angeles*, *east and south Africa*, *to speak of European union*."""
    direction = name.split()[0].lower() in ("north", "south", "central", "west", "east")
    return before == "de" or name == "European Union" or (direction and before in ("and", "or"))


RULE = Rule(
    name="lower-case-region",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.97,
    must_flag=(
        Example("Our partners in the middle East want peace.", "Our partners in the Middle East want peace."),
        Example("Talks with north Korea began.", "Talks with North Korea began."),
        Example("The fleet left the black Sea.", "The fleet left the Black Sea."),
        Example("They fought “Islamic state” there.", "They fought “Islamic State” there."),
    ),
    must_pass=(
        "Fighting went on in eastern Ukraine.",
        "It was a white house by the sea.",
        "White house paint is cheap.",
        "THE MIDDLE EAST IS CALM.",
        "The Middle East is calm.",
        "They want to build an Islamic state.",
        "He was in Grozny, where an Orthodox church was attacked.",
    ),
)
