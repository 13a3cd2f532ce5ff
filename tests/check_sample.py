"""One rich run of ``mtcheck check``, built by hand, that every report of it is tested on.

Articles with several findings, with nothing, with remarks only, and one that cannot be read; findings that are known,
that repeat, that span lines, with fixes of every kind; and hostile text in words, messages and paths.
"""

from __future__ import annotations

import dataclasses

from mtcheck.checking import Checked, CheckRun
from mtcheck.checking.baseline import Entry
from mtcheck.checking.placing import place
from mtcheck.schema import Applicability, Document, Finding, Fix, Gap, Segment, Severity, Span

SAFE, REVIEW, DISPLAY = Applicability

_TEXT = (
    "\ufeffLavrov said about the absence of plans.\r\n\r\n"
    "In interview to **TV** channel 𝒞𝒩𝒩 the\r\nforeign Minister spoke. In interview to everyone.\r\n"
)
_PROSE = "In interview to TV channel 𝒞𝒩𝒩 the\r\nforeign Minister spoke."
_TWICE = "A doubled doubled word. A doubled doubled word."
_HOSTILE = (
    "::error file=x::%0A<script>alert(1)</script> & ]]> \x1b[31mred\x1b[0m \u202egnihtemos {0} "
    '[click](http://evil.example/?a=1,b) ![i](x) @everyone #12 `code` "quoted", www.evil.example | '
    "\ud800 \x00\uffff end."
)


def _finding(
    segment: Segment, quote: str, rule: str, grade: Severity, message: str, *fixes: Fix, confidence: float = 0.9
) -> Finding:
    start = segment.hypothesis.index(quote)
    category = "fluency/grammar" if grade is Severity.NEUTRAL else "style/unidiomatic"
    return Finding(rule, category, grade, segment.seg_id, Span(start, start + len(quote)), message, confidence, fixes)


def _plain() -> Checked:
    at = _TEXT.index("In interview")
    segments = (
        Segment(0, 1, "Lavrov said about the absence of plans."),
        Segment(1, at, _PROSE, gaps=(Gap(_PROSE.index("TV"), 2), Gap(_PROSE.index(" channel"), 2))),
        Segment(2, _TEXT.index("In interview to every"), "In interview to everyone."),
    )
    document = Document("news/lavrov.md", _TEXT, segments, format="markdown")
    calque = Fix("there were no", SAFE), Fix("denied", REVIEW)
    settled = [
        (
            _finding(segments[0], "about the absence of", "said-about-noun", Severity.MAJOR, "a calque", *calque),
            ("of-chain",),
        ),
        (_finding(segments[1], "In interview to", "lost-article", Severity.MINOR, "needs “an”", Fix("", REVIEW)), ()),
        (
            _finding(segments[1], "to TV channel", "generic-noun", Severity.MINOR, "holds markup", Fix("to", SAFE)),
            (),
        ),
        (
            _finding(segments[1], "the\r\nforeign Minister", "half-capitalised", Severity.CRITICAL, "over two lines"),
            (),
        ),
        (_finding(segments[2], "interview to", "lost-article", Severity.MINOR, "again", Fix("with", DISPLAY)), ()),
    ]
    checked = Checked(document.doc_id, place(document, settled), words=21, rules=("lost-article",))
    findings = [dataclasses.replace(f, known=f.rule == "generic-noun") for f in checked.findings]
    return dataclasses.replace(checked, findings=tuple(findings))


def _twice() -> Checked:
    """The same words twice on one line: equal keys."""
    segments = (Segment(0, 0, _TWICE[:23]), Segment(1, 24, _TWICE[24:]))
    document = Document("./news//twice 50%, a:b.txt", _TWICE, segments)
    settled = [
        (
            _finding(
                one, "doubled doubled", "doubled-word", Severity.MINOR, "the word is doubled", Fix("doubled", SAFE)
            ),
            (),
        )
        for one in segments
    ]
    return Checked(document.doc_id, place(document, settled), words=8)


def _hostile() -> Checked:
    segment = Segment(0, 0, _HOSTILE)
    document = Document("Новости @team #1 <b>|x`y`](z)\x1b[0m\udce9.txt", _HOSTILE, (segment,))
    fix = Fix("</ins>::warning::%25 ]]> \u202d@here `x` {1}", REVIEW)
    settled = [
        (
            _finding(
                segment,
                _HOSTILE[:-6],
                "fluency-dip",
                Severity.NEUTRAL,
                "<b>in</b>\n::error::x\r\n%0A, [x](y) @everyone\x07 {0}",
                fix,
                confidence=0.5,
            ),
            (),
        )
    ]
    return Checked(document.doc_id, place(document, settled), words=17)


RUN = CheckRun(
    articles=(
        _plain(),
        _twice(),
        _hostile(),
        Checked("C:/news/clean.txt", words=120),
        Checked("/srv/russian.txt", warnings=("/srv/russian.txt: skipped, looks like Russian",)),
        Checked("lost.txt", error="lost.txt: no such file; check the path"),
    ),
    signature="mtcheck:0|schema:1.0",
    missing=("no tagger: run mtcheck models fetch",),
    gone=(
        (
            "news/lavrov.md",
            Entry(
                rule="lost-article", quote="gone", before="it is", after="now", severity=Severity.MINOR, confidence=0.9
            ),
        ),
    ),
)
"""The run that tests render: 8 findings, one of them known, in 3 of 5 readable articles."""

TEXTS = dict(zip((article.path for article in RUN.articles), (_TEXT, _TWICE, _HOSTILE), strict=False))
"""The texts of the articles with findings, by path."""

EMPTY = CheckRun((), RUN.signature)
"""A run over nothing."""

CLEAN = CheckRun((Checked("clean.txt", words=120),), RUN.signature)
"""A run that found nothing."""

FAILED = CheckRun((Checked("lost.txt", error="lost.txt: no such file; check the path"),), RUN.signature)
"""A run that could read nothing."""
