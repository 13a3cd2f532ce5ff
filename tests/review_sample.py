"""One rich review, built by hand, that every report is tested on.

A Markdown article with inline markup, a code block, CRLF line ends in one place, hostile text
(a script element, the end of a CDATA section, terminal escapes), Russian back-translations, and
proposals of every kind: changed, offered, flagged only, broken guards, several findings at once.
"""

from __future__ import annotations

import re

from mtcheck.schema import (
    Alternative,
    Applicability,
    Decision,
    Document,
    Finding,
    Gap,
    Proposal,
    Review,
    Score,
    Segment,
    Severity,
    Span,
)

CHRF = "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0"
TER = "nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0"
LM = "lm:smollm2-135m|sha256:5a1395716f79|unit:nats/word|engine:ct2-int8"
BACK = "back:opus-mt-en-ru|sha256:9f86d0818800|beam:4|ct2-int8"
_MARKUP = re.compile(r"\*\*|\]\([^)]*\)|\[(?=Full)")

_TITLE = "Lavrov said about the absence of plans to seize Aleppo"
_BLOCKS = (
    "# ",
    _TITLE,
    "\n\n",
    "This was stated by foreign Minister of Russia **Sergey** Lavrov in interview to TV channel CNN.",
    " ",
    "[Full text](https://example.org/a?b=<c>) of the interview published on the website.",
    "\r\n\r\n",
    'The editor typed <script>alert("1")</script> and ]]> and \x1b[31mred\x1b[0m and \u202egnihtemos in comment.',
    "\n\n```\nx = '</script><!--' # not prose\nprint(x)\n```\n\n",
    "- ",
    "Despite the block in the UN security Council of the Russian resolution, 3,000 people left | stayed.",
    "\n- ",
    "Nothing is wrong here.",
    "\n",
)
_PROSE = frozenset((1, 3, 5, 7, 10, 12))


def _document() -> Document:
    text, segments = "", []
    for at, block in enumerate(_BLOCKS):
        if at in _PROSE:
            head = 1 if block.startswith("[") else 0
            segments.append(_segment(len(segments), len(text) + head, block[head:]))
        text += block
    return Document("news/lavrov.md", text, tuple(segments), format="markdown")


def _segment(seg_id: int, start: int, raw: str) -> Segment:
    gaps, hidden = [], 0
    for match in _MARKUP.finditer(raw):
        gaps.append(Gap(match.start() - hidden, len(match.group())))
        hidden += len(match.group())
    source = "Лавров сказал об отсутствии планов захвата Алеппо" if seg_id == 0 else None
    return Segment(seg_id, start, _MARKUP.sub("", raw), source=source, gaps=tuple(gaps))


DOCUMENT = _document()


def _span(seg_id: int, quote: str) -> Span:
    start = DOCUMENT.segments[seg_id].hypothesis.index(quote)
    return Span(start, start + len(quote))


def _finding(seg_id: int, quote: str, rule: str, category: str, severity: Severity, message: str) -> Finding:
    return Finding(rule, category, severity, seg_id, _span(seg_id, quote), message, 0.87)


def _scores(chrf: float, ter: float, fluency: float, size: float = 0.0) -> tuple[Score, ...]:
    return (
        Score("edit.TER", size, TER, False),
        Score("fluency.gain", fluency, LM, True),
        Score("meaning.chrF2++", chrf, f"{CHRF}|{BACK}|against:back-translation", True),
        Score("meaning.TER", ter, f"{TER}|{BACK}|against:back-translation", False),
    )


def _keep(text: str, back: str | None = None) -> Alternative:
    return Alternative(text, ("original",), Applicability.SAFE, back, _scores(100.0, 0.0, 0.0) if back else ())


_SAID = "Лавров заявил об отсутствии планов захвата Алеппо"
_STATED = "Об этом заявил министр иностранных дел России Сергей Лавров в интервью телеканалу CNN."
_TYPED = 'Редактор набрал <script>alert("1")</script> и ]]> и \x1b[31mкрасный\x1b[0m в комментарии.'
_BLOCKED = "Несмотря на блокирование в СБ ООН российской резолюции, 3000 человек уехали | остались."

PROPOSALS = (
    Proposal(
        _finding(
            0, "said about", "said-about-noun", "style/unidiomatic", Severity.MAJOR, "“said about” + noun is a calque"
        ),
        _span(0, "said about"),
        (
            _keep("said about", _SAID),
            Alternative(
                "spoke of",
                ("rule-fix",),
                Applicability.SAFE,
                "Лавров говорил об отсутствии планов захвата Алеппо",
                _scores(88.31, 12.5, 2.214, 11.11),
            ),
            Alternative(
                "denied",
                ("round-trip", "language-model"),
                Applicability.DISPLAY,
                "Лавров отрицал наличие планов захвата Алеппо",
                _scores(71.02, 37.5, 3.402, 22.22)[:2],
                ("negation: “absence” needs the verb to stay positive",),
            ),
        ),
    ),
    Proposal(
        _finding(
            1,
            "foreign Minister",
            "lower-case-title",
            "fluency/grammar",
            Severity.MINOR,
            "Half-capitalised title before a name",
        ),
        _span(1, "foreign Minister of Russia"),
        (
            _keep("foreign Minister of Russia", _STATED),
            Alternative(
                "Russian Foreign Minister",
                ("rule-fix", "round-trip"),
                Applicability.SAFE,
                _STATED,
                _scores(100.0, 0.0, 5.377, 18.75),
            ),
        ),
        (
            _finding(
                1, "of Russia", "genitive-chain", "style/awkward", Severity.MINOR, "Post-posed genitive before a name"
            ),
        ),
    ),
    Proposal(
        _finding(
            1,
            "in interview to",
            "preposition-calque",
            "style/unidiomatic",
            Severity.MAJOR,
            "English gives interviews with",
        ),
        _span(1, "in interview to"),
        (
            _keep("in interview to", _STATED),
            Alternative(
                "in an interview with", ("rule-fix",), Applicability.REVIEW, None, _scores(99.1, 0.0, -0.05, 33.33)[:2]
            ),
        ),
    ),
    Proposal(
        _finding(
            2, "interview published on", "missing-copula", "fluency/grammar", Severity.MAJOR, "A finite verb is missing"
        ),
        _span(2, "interview published on"),
        (
            _keep("interview published on"),
            Alternative("interview was published on", ("rule-fix",), Applicability.SAFE),
        ),
    ),
    Proposal(
        _finding(
            3,
            "\u202egnihtemos in comment",
            "fluency-dip",
            "fluency",
            Severity.NEUTRAL,
            "Unlikely words: <b>in</b> comment\x07",
        ),
        _span(3, "in comment"),
        (
            _keep("in comment", _TYPED),
            Alternative(
                'in "]]></script><script>alert(2)</script>',
                ("language-model",),
                Applicability.DISPLAY,
                None,
                (),
                ("url: new",),
            ),
        ),
    ),
    Proposal(
        _finding(
            4,
            "security Council",
            "half-capitalised-name",
            "fluency/spelling",
            Severity.CRITICAL,
            "Half-capitalised body",
        ),
        _span(4, "the block in the UN security Council of the Russian resolution"),
        (
            _keep("the block in the UN security Council of the Russian resolution", _BLOCKED),
            Alternative(
                "the blocking of the Russian resolution in the UN Security Council",
                ("round-trip",),
                Applicability.REVIEW,
                "Несмотря на блокирование российской резолюции в СБ ООН, 3000 человек уехали | остались.",
                _scores(83.4, 11.1, 4.519, 43.75),
            ),
            Alternative("", ("language-model",), Applicability.REVIEW, None, _scores(40.2, 55.6, 9.9, 62.5)),
        ),
    ),
)

DECISIONS = (
    Decision(1, "auto", "safe rule fix; meaning kept (chrF2++ 88.3), fluency +2.21"),
    Decision(1, "auto", "best total"),
    Decision(0, "auto", "gain below the threshold; offered"),
    Decision(1, "ledger", "accepted by a translator before"),
    Decision(0, "auto", "every alternative breaks a guard"),
    Decision(1, "translator", "word order"),
)

REVIEW = Review(
    DOCUMENT,
    PROPOSALS,
    DECISIONS,
    "mtcheck:0.1.0|settings:6c1f0e9a77aa|back:opus-en-ru#1a2b3c|lm:smollm2-135m#5a13957",
    ("no tagger: run mtcheck models fetch tagger-en",),
    {0: _SAID, 1: _STATED, 3: _TYPED, 4: _BLOCKED},
)
"""The review that tests render."""

EMPTY = Review(DOCUMENT, (), (), REVIEW.signature)
"""The same article with nothing found."""
