"""Other checkers and rewriters, for ``mtcheck evaluate flags --rivals`` and ``mtcheck evaluate clean --rivals``.

Needs ``pip install -e '.[bench]'``. Each checker reads one segment at a time, with its default rules; since spelling
accounts for most of their alarms on news full of names, each stands in the table with and without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from mtcheck import store
from mtcheck.engines import Engines
from mtcheck.engines.cache import FILE_NAME, CachedRewriter, OutputCache
from mtcheck.engines.pivot import RoundTrip
from mtcheck.evaluation.cleaners import Cleaner
from mtcheck.evaluation.systems import System, finding
from mtcheck.prose_diff import TextEdit, apply_edits
from mtcheck.schema import Document, Finding, Span

LLM = "qwen2.5-coder-1.5b-instruct"
LLM_LINES = 100  # at seconds a sentence; its outputs are cached


@dataclass(frozen=True, slots=True)
class Lint:
    """What a checker says of ``text[span]``, and its first suggestion, None when it has none."""

    span: Span
    rule: str
    suggestion: str | None


class Checker:
    """A rule-based checker: flags what it lints, and cleans by taking its first suggestion everywhere."""

    timed = True
    most_lines: int | None = None
    name: str
    signature: str

    def lints(self, text: str) -> Iterable[Lint]:
        """What it says of one segment."""
        raise NotImplementedError

    def flags(self, document: Document) -> list[Finding]:
        """As :meth:`mtcheck.evaluation.systems.System.flags`."""
        return [
            finding(segment.seg_id, lint.span, lint.rule)
            for segment in document.segments
            for lint in self.lints(segment.hypothesis)
        ]

    def clean(self, document: Document) -> list[str]:
        """As :meth:`mtcheck.evaluation.cleaners.Cleaner.clean`; of suggestions that overlap, the first is taken."""
        return [first_suggestions(segment.hypothesis, self.lints(segment.hypothesis)) for segment in document.segments]


def first_suggestions(text: str, lints: Iterable[Lint]) -> str:
    """The text with the first suggestion of every lint made; of those that overlap, the first."""
    edits: list[TextEdit] = []
    for lint in sorted(lints, key=lambda lint: lint.span):
        if lint.suggestion is not None and (not edits or edits[-1].end <= lint.span.start):
            edits.append(TextEdit(lint.span.start, lint.span.end, lint.suggestion))
    return apply_edits(text, edits)


class Harper(Checker):
    """Harper, the rule-based checker of Automattic (harper-core through harper-py), American dialect, plain text."""

    def __init__(self, *, spelling: bool) -> None:
        """Load the dictionary; without ``spelling``, lints of that kind are dropped."""
        from harper import Dialect, Linter

        self._linter = Linter(Dialect.AMERICAN)
        self._spelling = spelling
        self.name = "Harper" if spelling else "Harper less spelling"
        self.signature = f"harper-py:{version('harper-py')}|American|plaintext|spelling:{spelling}"

    def lints(self, text: str) -> Iterator[Lint]:
        """As :meth:`Checker.lints`."""
        for rule, lints in self._linter.organized_lints(text, language="plaintext").items():
            for lint in lints:
                if self._spelling or lint.lint_kind != "Spelling":
                    span = Span(lint.span.start, lint.span.end)
                    kept = {"INSERT_AFTER": text[span.start : span.end]}
                    first = next(
                        (kept.get(s.kind.name, "") + (s.replacement_text or "") for s in lint.suggestions), None
                    )
                    yield Lint(span, rule, first)


class LanguageTool(Checker):
    """LanguageTool's English rules as ported by lingotweaker, American English, default rules (not picky)."""

    def __init__(self, *, spelling: bool) -> None:
        """Load the rules; without ``spelling``, what its dictionary rule says is dropped."""
        from lt_py import Engine

        self._engine = Engine("en-US")
        self._spelling = spelling
        self.name = "LanguageTool" if spelling else "LanguageTool less spelling"
        self.signature = (
            f"lingotweaker:{version('lingotweaker')}|data:{version('lingotweaker-data-en')}|en-US|spelling:{spelling}"
        )

    def lints(self, text: str) -> Iterator[Lint]:
        """As :meth:`Checker.lints`; offsets of lingotweaker are UTF-8 bytes."""
        raw = text.encode()
        for match in self._engine.check(text):
            if self._spelling or not match["rule_id"].startswith("MORFOLOGIK"):
                start, end = match["offset"], match["offset"] + match["length"]
                span = Span(len(raw[:start].decode()), len(raw[:end].decode()))
                yield Lint(span, match["rule_id"], next(iter(match["suggestions"]), None))


class PlainRoundTrip:
    """Every sentence there and back: no span edits, no guards, no choice."""

    most_lines: int | None = None

    def __init__(self, trip: RoundTrip) -> None:
        """Name the way."""
        self.name, self.signature = f"round trip through {trip.pivot_lang}", f"round-trip:{trip.signature}"
        self._trip = trip

    def clean(self, document: Document) -> list[str]:
        """As :meth:`mtcheck.evaluation.cleaners.Cleaner.clean`; a sentence that fails stays as it was."""
        texts = [segment.hypothesis for segment in document.segments]
        return [best[0].text if best else text for text, best in zip(texts, self._trip(texts), strict=True)]


class InstructRewrite:
    """Every sentence as a small instruct model edits it when it is shown five examples."""

    name = "LLM rewrite"
    most_lines: int | None = LLM_LINES

    def __init__(self) -> None:
        """Name the model. Raises ModelError when it was not fetched."""
        from mtcheck.engines.instruct import instruct_model
        from mtcheck.engines.rewriter import InstructRewriter

        model = instruct_model(store.locate(LLM), store.entry(LLM).digest)
        self._rewriter = CachedRewriter(InstructRewriter(model), OutputCache(store.cache_folder() / FILE_NAME))
        self.signature = self._rewriter.signature

    def clean(self, document: Document) -> list[str]:
        """As :meth:`mtcheck.evaluation.cleaners.Cleaner.clean`; a sentence that fails stays as it was."""
        texts = [segment.hypothesis for segment in document.segments]
        sources = [segment.source for segment in document.segments]
        return [made or text for text, made in zip(texts, self._rewriter.rewrite(texts, sources), strict=True)]


def _checkers() -> list[Checker]:
    return [kind(spelling=spelling) for kind in (Harper, LanguageTool) for spelling in (True, False)]


def systems() -> list[System]:
    """Every rival that flags, with and without spelling. Raises ImportError when a package is missing."""
    return list(_checkers())


def cleaners(engines: Engines) -> list[Cleaner]:
    """Every rival that cleans: first suggestions, round trips, and the instruct model where it was fetched.

    Raises ImportError when a package is missing.
    """
    found: list[Cleaner] = [*_checkers(), *map(PlainRoundTrip, engines.round_trips)]
    return [*found, InstructRewrite()] if store.present(LLM) else found
