"""*This was stated by X*, where English says *X said this*.

What it flags
    ``This was stated by the minister``, ``It was reported by the press service``, ``This is reported by TASS``.

Why it reads as machine translation
    *Об этом заявил X* is the stock second sentence of Russian news; English puts the speaker first.

Example
    This was stated by the head of the ministry in an interview.

Better
    The head of the ministry said this in an interview.

Known limits
    Better still is to name the speaker in the sentence before; that is an editor's decision. *It was announced by* is
    flagged only with *this* or *that*, because *It was announced by the king that ...* is good English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PASSIVE = re.compile(
    r"\b(?P<this>This|It|That|this) (?P<be>was|is|has been) (?P<also>also )?"
    r"(?P<verb>stated|said|reported|told|declared|informed|noted|announced|written|mentioned|communicated)"
    r"(?: (?:about|on|to \w+(?: \w+)?))? by "
)
_ACTIVE = {"told": "said", "informed": "reported", "communicated": "reported", "declared": "said", "stated": "said"}
_PRESENT = {
    "said": "says",
    "reported": "reports",
    "noted": "notes",
    "announced": "announces",
    "written": "writes",
    "mentioned": "mentions",
}
_STOPS = frozenset(
    {"in", "on", "at", "during", "after", "before", "with", "to", "when", "who", "which", "as", "while", "citing"}
)
_PARTS = frozenset({"NN", "NNS", "NNP", "NNPS", "DT", "JJ", "PRP$", "CD", "POS", "CC", "HYPH", "''", "``"})
_BODIES = frozenset("service directorate department office ministry committee administration police".split())
_IT = frozenset({"announced", "written", "mentioned", "noted", "said"})


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the passive; when the speaker's phrase is plain, flag all of it with the active wording."""
    text = analysis.text
    for match in _PASSIVE.finditer(text):
        if match.group("this").lower() == "it" and match.group("verb") in _IT:
            continue
        if text[: match.start()].endswith((" of ", "Of ")):
            continue  # "all of this was told by"
        message = "calque of «Об этом заявил»: English puts the speaker first"
        end = _speaker_end(analysis.doc, match.end())
        if end is None or text[end : end + 5] == " that":
            yield Flag(match.start(), match.end() - 1, message)
            continue
        yield Flag(match.start(), end, message, (_active(match, text[match.end() : end]),))


def _active(match: re.Match[str], speaker: str) -> str:
    verb = _ACTIVE.get(match.group("verb"), match.group("verb"))
    if match.group("be") == "is":
        verb = _PRESENT.get(verb, verb)
    elif verb == "written":
        verb = "wrote"
    opens = match.group("this")[0].isupper()
    return f"{capitalised(speaker) if opens else speaker} {match.group('also') or ''}{verb} this"


def _speaker_end(doc: Any, start: int) -> int | None:
    """Where the phrase that begins at ``start`` ends, or None when that is not plain."""
    tokens = [token for token in doc if token.idx >= start]
    end = None
    for token in tokens:
        inside = token.tag_ in _PARTS or token.lower_ in ("of", "for") or _of_region(doc, token, start)
        if inside and token.lower_ == "in":
            continue
        if token.lower_ in _STOPS or token.text in (".", ";", ")") or not inside:
            return end if token.lower_ in _STOPS or token.text in (".", ";") else None
        end = token.idx + len(token)
    return end


def _of_region(doc: Any, token: Any, start: int) -> bool:
    """True for the *in* of *the directorate in Chuvashia*: the place belongs to the body, not to its saying."""
    if token.lower_ != "in" or token.i + 1 >= len(doc) or doc[token.i + 1].tag_ != "NNP":
        return False
    return any(word.lower_ in _BODIES for word in doc[: token.i] if word.idx >= start)


RULE = Rule(
    name="passive-reporting",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example(
            "This was stated by the head of the ministry in an interview.",
            "The head of the ministry said this in an interview.",
        ),
        Example(
            "This is reported by the press service of the directorate in Chuvashia.",
            "The press service of the directorate in Chuvashia reports this.",
        ),
        Example("This is reported by the agency.", "The agency reports this."),
    ),
    must_pass=("This was done by the ministry.", "It was announced by the king that the war was over."),
    confidence=0.92,
    needs=("parser",),
)
