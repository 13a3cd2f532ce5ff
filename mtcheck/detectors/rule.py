"""What a rule is, and the view of a segment that rules read.

A rule is one file of this package. Its docstring is its page, under the headings
*What it flags*, *Why it reads as machine translation*, *Example*, *Better*, *Known limits*.
The file defines ``RULE``, whose name is the file's name in kebab-case and states the fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mtcheck.schema import Applicability, Finding, Fix, Segment, Severity, Span

if TYPE_CHECKING:
    from mtcheck.glossary import Glossary

_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a segment: letters and digits, with inner apostrophes, hyphens and dots.

    lower: the word in lower case, typographic apostrophes made plain; made once, because every rule asks for it.
    """

    text: str
    span: Span
    lower: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", self.text.lower().replace("’", "'"))


@dataclass(frozen=True, slots=True)
class Analysis:
    """One segment as rules see it.

    doc: spaCy parse of the text, for rules with ``needs=("parser",)``; None otherwise.
    surprisal: (span, natural log-probability) of each whitespace word, for ``needs=("fluency",)``.
    bad: (span, probability of BAD) of each word, for ``needs=("tagger",)``.
    glossary: the user's terms and names, for ``needs=("glossary",)``.
    text: the segment's hypothesis, with a space for each line end: where a sentence is wrapped is no rule's concern.
    """

    segment: Segment
    words: tuple[Word, ...]
    doc: Any = None
    surprisal: tuple[tuple[Span, float], ...] = ()
    bad: tuple[tuple[Span, float], ...] = ()
    glossary: Glossary | None = None
    text: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.segment.hypothesis.replace("\n", " "))

    @classmethod
    def of(cls, segment: Segment, **evidence: Any) -> Analysis:
        """Split the segment into words and attach what the engines found."""
        words = tuple(Word(m.group(), Span(*m.span())) for m in _WORD.finditer(segment.hypothesis))
        return cls(segment, words, **evidence)


@dataclass(frozen=True, slots=True)
class Flag:
    """What a rule reports about a segment; the rule's own fields complete it to a Finding.

    replacements: ready wordings for ``text[start:end]``, best first; () when the rule has none.
    """

    start: int
    end: int
    message: str
    replacements: tuple[str, ...] = ()
    applicability: Applicability | None = None
    confidence: float | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that must be flagged, and what it should become with the rule's first fixes (None: no fix).

    source: the Russian, line by line, for rules that need one; a line that the English leaves out stands between ``[``
    and ``]`` after the one before it. glossary: for rules that need one. fixed is None in a good example.
    """

    text: str
    fixed: str | None = None
    source: str = ""
    glossary: Glossary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A detector that looks at one segment at a time.

    name: kebab-case, states the fault; category: MQM path; confidence: its precision as measured or judged.
    applicability: of its fixes unless a Flag says otherwise (safe = right every time in context).
    needs: what it reads, of "parser", "fluency", "tagger", "source", "glossary"; rules without needs run everywhere.
    """

    name: str
    category: str
    severity: Severity
    find: Callable[[Analysis], Iterable[Flag]]
    must_flag: tuple[Example, ...]
    must_pass: tuple[str | Example, ...]
    applicability: Applicability = Applicability.REVIEW
    confidence: float = 0.9
    needs: tuple[str, ...] = ()
    page: str = field(default="", compare=False)

    def findings(self, article: Sequence[Analysis]) -> Iterable[Finding]:
        """Every finding of this rule in the article, in order."""
        for analysis in article:
            for flag in self.find(analysis):
                yield self._finding(analysis, flag)

    def _finding(self, analysis: Analysis, flag: Flag) -> Finding:
        applicability = flag.applicability or self.applicability
        return Finding(
            rule=self.name,
            category=self.category,
            severity=flag.severity or self.severity,
            seg_id=analysis.segment.seg_id,
            span=Span(flag.start, flag.end),
            message=flag.message,
            confidence=self.confidence if flag.confidence is None else flag.confidence,
            fixes=tuple(Fix(text, applicability) for text in flag.replacements),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRule(Rule):
    """A detector that compares segments: ``find_all`` gets every analysis and yields (index, Flag).

    ``find`` is unused; examples hold several sentences separated by newlines, one segment each.
    """

    find: Callable[[Analysis], Iterable[Flag]] = lambda analysis: ()
    find_all: Callable[[Sequence[Analysis]], Iterable[tuple[int, Flag]]] = lambda article: ()

    def findings(self, article: Sequence[Analysis]) -> Iterable[Finding]:
        """Every finding of this rule in the article."""
        for index, flag in self.find_all(article):
            yield self._finding(article[index], flag)
