"""Other checkers behind the interface of ``mtcheck.evaluation.systems``, for ``mtcheck evaluate flags --rivals``.

Needs ``pip install -e '.[bench]'``. Each reads one segment at a time, with its default rules; since spelling
accounts for most of their alarms on news full of names, each stands in the table with and without it.
"""

from __future__ import annotations

from importlib.metadata import version

from mtcheck.evaluation.systems import System, finding
from mtcheck.schema import Document, Finding, Span


class Harper:
    """Harper, the rule-based checker of Automattic (harper-core through harper-py), American dialect, plain text."""

    timed = True

    def __init__(self, *, spelling: bool) -> None:
        """Load the dictionary; without ``spelling``, lints of that kind are dropped."""
        from harper import Dialect, Linter

        self._linter = Linter(Dialect.AMERICAN)
        self._spelling = spelling
        self.name = "Harper" if spelling else "Harper less spelling"
        self.signature = f"harper-py:{version('harper-py')}|American|plaintext|spelling:{spelling}"

    def flags(self, document: Document) -> list[Finding]:
        """As :meth:`mtcheck.evaluation.systems.System.flags`."""
        return [
            finding(segment.seg_id, Span(lint.span.start, lint.span.end), rule)
            for segment in document.segments
            for rule, lints in self._linter.organized_lints(segment.hypothesis, language="plaintext").items()
            for lint in lints
            if self._spelling or lint.lint_kind != "Spelling"
        ]


class LanguageTool:
    """LanguageTool's English rules as ported by lingotweaker, American English, default rules (not picky)."""

    timed = True

    def __init__(self, *, spelling: bool) -> None:
        """Load the rules; without ``spelling``, what its dictionary rule says is dropped."""
        from lt_py import Engine

        self._engine = Engine("en-US")
        self._spelling = spelling
        self.name = "LanguageTool" if spelling else "LanguageTool less spelling"
        self.signature = (
            f"lingotweaker:{version('lingotweaker')}|data:{version('lingotweaker-data-en')}|en-US|spelling:{spelling}"
        )

    def flags(self, document: Document) -> list[Finding]:
        """As :meth:`mtcheck.evaluation.systems.System.flags`; offsets of lingotweaker are UTF-8 bytes."""
        found = []
        for segment in document.segments:
            raw = segment.hypothesis.encode()
            for match in self._engine.check(segment.hypothesis):
                if self._spelling or not match["rule_id"].startswith("MORFOLOGIK"):
                    start, end = match["offset"], match["offset"] + match["length"]
                    span = Span(len(raw[:start].decode()), len(raw[:end].decode()))
                    found.append(finding(segment.seg_id, span, match["rule_id"]))
        return found


def systems() -> list[System]:
    """Every rival, with and without spelling. Raises ImportError when a package is missing."""
    return [kind(spelling=spelling) for kind in (Harper, LanguageTool) for spelling in (True, False)]
