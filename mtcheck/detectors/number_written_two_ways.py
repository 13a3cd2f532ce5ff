"""A large number without commas, in an article that groups its digits with commas.

What it flags
    *15000 people* beside *12,000 soldiers*.

Why it reads as machine translation
    A system copies one number as it stands in the source and edits the next.

Example
    About 12,000 soldiers came. They met 15000 people.

Better
    About 12,000 soldiers came. They met 15,000 people.

Known limits
    Numbers of four digits may be years and are left alone, as are numbers of laws, flights, rooms and telephones as far
    as the word before them tells. Spaces between thousands are the business of *spaced-thousands*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d])")
_PLAIN = re.compile(r"(?<![\w.,/:+#№$€£-])[1-9]\d{4,8}(?![\w/:-]|[.,]\d)|(?<=[$€£])[1-9]\d{4,8}(?![\w/:-]|[.,]\d)")
_CODE = re.compile(
    r"\b(?:No|[Nn]umber|[Pp]hone|[Ll]aw|[Cc]ode|[Ii]ndex|[Aa]rticle|[Ff]light|[Rr]oom|[Uu]nit|zip|ID|[A-Z]{2})\.?\s$"
)


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the whole number."""
    if not any(_GROUPED.search(analysis.text) for analysis in article):
        return
    for index, analysis in enumerate(article):
        for match in _PLAIN.finditer(analysis.text):
            if not _CODE.search(analysis.text, max(0, match.start() - 12), match.start()):
                better = f"{int(match.group()):,}"
                yield index, Flag(*match.span(), "no commas here, commas elsewhere in the article", (better,))


RULE = DocumentRule(
    name="number-written-two-ways",
    category="locale/number-format",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.9,
    must_flag=(
        Example(
            "About 12,000 soldiers came.\nThey met 15000 people.",
            "About 12,000 soldiers came.\nThey met 15,000 people.",
        ),
    ),
    must_pass=(
        "They met 15000 people.",
        "About 12,000 soldiers came.\nIn 2014 law No. 15000 passed.",
        "About 12,000 soldiers came.\nCall +74951234567 or 12-34567.",
    ),
)
