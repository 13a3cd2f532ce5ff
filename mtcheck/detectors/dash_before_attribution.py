"""A dash between quoted words and *said X*, as Russian punctuation wants it.

What it flags
    ``“…,” – said Lavrov``, ``"…", - noted the expert``, ``…, – concluded the Minister``.

Why it reads as machine translation
    Russian joins speech and speaker with a comma and a dash (*«…», – сказал он*). English uses the
    comma alone, inside the closing quotation mark.

Example
    “It will be easier for all of us,” – said Lavrov.

Better
    “It will be easier for all of us,” said Lavrov.

Known limits
    When the closing mark is missing it is put back only if the same sentence opened the quotation;
    a speech that began in an earlier sentence loses just its dash.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_SPEECH = frozenset(
    "said says say told tells added adds noted notes explained explains concluded concludes stressed stresses "
    "emphasized emphasized emphasises emphasizes believes thinks thought recalled "
    "recalls reported reports stated states "
    "declared "
    "declares announced announces asked asks replied replies answered answers admitted admits claimed claims "
    "commented comments continued continues confirmed confirms insisted insists warned warns promised promises "
    "wrote writes quotes quoted cites cited remarked remarks underlined underlines underscored complained complains "
    "suggested suggests recounted shared shares specified specifies clarified clarifies assured assures summed sums "
    "speaks spoke argues argued recollects remembers laughed smiled explains marked marks considers "
    "informed informs communicates transmits transfers objected exclaimed joked according".split()
)
_DASH = re.compile(r"[ \u00a0]?(?P<left>[,?!…”\"»])(?P<comma>,?)\s*(?:--?|[–—―])\s*(?=[^\W\d_])")
_NEAR = 6  # the verb of saying stands among the first words after the dash
_QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"'}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the punctuation between the speech and its attribution."""
    text = analysis.text
    for match in _DASH.finditer(text):
        left, comma = match["left"], match["comma"]
        quoted = left in '”"»' or text[match.start("left") - 1 : match.start("left")] in tuple('”"»')
        opens = left == '"' and not comma and text.count('"', 0, match.end()) % 2
        if opens and text[match.start("left") - 1 : match.start("left")] not in tuple(",.!?…"):
            continue  # the mark opens a quotation; after a comma or stop it closes one of an earlier sentence
        if not _attribution(analysis, match.end()):
            continue
        if not quoted and left not in ",":
            continue
        better = _better(text[: match.start()], left, comma)
        yield Flag(
            match.start(),
            match.end(),
            "English joins speech and speaker with a comma, without a dash",
            (f"{better} ",),
        )


def _attribution(analysis: Analysis, at: int) -> bool:
    """True when a verb of saying comes soon after the dash, before any punctuation."""
    first = bisect_left(analysis.words, at, key=lambda word: word.span.start)
    after = analysis.words[first : first + _NEAR]
    for index, word in enumerate(after):
        if index and not analysis.text[after[index - 1].span.end : word.span.start].isspace():
            return False
        if word.lower in _SPEECH:
            return True
    return False


def _better(before: str, left: str, comma: str) -> str:
    """The punctuation that replaces the dash and what stands before it."""
    if left == "”" and _open_quotation(before + left) == "”":
        return "’,”"  # the quotation just closed stands inside the speech
    if left in '”"»':
        inner = before[-1:]
        return left if inner and inner in ",?!…." else f",{left}"
    if left == "," and before[-1:] in tuple('”"»'):
        closing = _open_quotation(before)
        return f",{closing}" if closing else ","
    closing = _open_quotation(before)
    return f"{left}{closing}" if closing else left


def _open_quotation(before: str) -> str:
    """The mark that would close the quotation still open at the end of the text, or nothing."""
    for opening, closing in _QUOTES.items():
        if opening == closing:
            if before.count(opening) % 2:
                return closing
        elif before.count(opening) > before.count(closing):
            return closing
    return ""


RULE = Rule(
    name="dash-before-attribution",
    category="fluency/punctuation",
    severity=Severity.MINOR,
    find=find,
    confidence=0.98,
    must_flag=(
        Example(
            'On the roads there will be ice," – said the forecaster.',
            'On the roads there will be ice," said the forecaster.',
        ),
        Example(
            "“It will be easier for all of us,” – said Lavrov.",
            "“It will be easier for all of us,” said Lavrov.",
        ),
        Example('"We are ready", - noted the expert.', '"We are ready," noted the expert.'),
        Example(
            "“We really want to believe it, – concluded the Minister.",
            "“We really want to believe it,” concluded the Minister.",
        ),
        Example(
            '"There is no transit in the city ", - said the deputy.',
            '"There is no transit in the city," said the deputy.',
        ),
        Example("It was a hard year, - he said.", "It was a hard year, he said."),
        Example("“Why?” — asked the boy.", "“Why?” asked the boy."),
    ),
    must_pass=(
        "“It will be easier,” said Lavrov.",
        "The plan – said to be ready – was dropped.",
        "He won “the big one” – a cup.",
    ),
)
