"""Findings that the file itself allows: ``mtcheck: allow RULE`` in a comment, about the prose beside it or below it.

A format of ``mtcheck.documents`` says what a comment is and which prose it is about; this module says what it allows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mtcheck.detection import rules_named, selectors
from mtcheck.detectors import rules
from mtcheck.errors import did_you_mean
from mtcheck.schema import Document, Finding, Segment, Span

_ALLOW = re.compile(r"mtcheck\s*:\s*(?P<verb>allow(?:-file)?)\s+(?P<names>[^:]+?)\s*(?::.*)?", re.DOTALL)
_GIVEN = frozenset({"source", "glossary"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """Findings in the order they came: those that stand, and those that a comment allows.

    warnings: what is wrong with the comments, one line each, with path and line.
    """

    standing: tuple[Finding, ...]
    allowed: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Allowance:
    """One name in a comment: the rules that it stands for, and the raw range in which they are allowed."""

    name: str
    rules: frozenset[str]
    about: Span
    line: int

    def covers(self, finding: Finding, segment: Segment) -> bool:
        at = segment.raw_span(finding.span).start
        return finding.rule in self.rules and self.about.start <= at < self.about.end


def allow(document: Document, findings: Iterable[Finding], in_force: Collection[str]) -> Allowed:
    """Tell allowed findings from those that stand.

    in_force: names of the rules that looked; of others nobody can say that an allowance of them is idle.
    """
    if not document.comments:
        return Allowed(tuple(findings))
    allowances, warnings = _read(document)
    standing: list[Finding] = []
    allowed: list[Finding] = []
    used: set[_Allowance] = set()
    for finding in findings:
        covering = [one for one in allowances if one.covers(finding, document.segments[finding.seg_id])]
        used.update(covering)
        (allowed if covering else standing).append(finding)
    idle = [one for one in allowances if one not in used and _looked_for(one.rules, in_force)]
    warnings += [(one.line, f"no finding to allow ({one.name}); remove it") for one in idle]
    lines = tuple(f"{document.doc_id}:{line}: {text}" for line, text in sorted(warnings))
    return Allowed(tuple(standing), tuple(allowed), lines)


def _read(document: Document) -> tuple[list[_Allowance], list[tuple[int, str]]]:
    """The allowances of a document, and what is wrong with its comments, by line."""
    found, warnings = [], []
    for comment in document.comments:
        parts = _ALLOW.fullmatch(" ".join(comment.text.split()))
        if not parts:
            warnings.append((comment.line, f"not understood: “{comment.text}”; write mtcheck: allow RULE"))
            continue
        about = Span(0, len(document.text)) if parts["verb"] == "allow-file" else comment.about
        for name in dict.fromkeys(re.split(r"[\s,]+", parts["names"].strip(", "))):
            if name in selectors():
                found.append(_Allowance(name, rules_named([name]), about, comment.line))
            else:
                warnings.append((comment.line, _unknown(name)))
    return found, warnings


def _unknown(name: str) -> str:
    return f"unknown rule or category “{name}”; {did_you_mean(name, selectors()) or 'see `mtcheck rules`'}"


def _looked_for(names: frozenset[str], in_force: Collection[str]) -> bool:
    """True when every one of the rules looked, but for those that need what only a user can give."""
    absent = names.difference(in_force)
    return absent != names and all(_GIVEN.intersection(rule.needs) for rule in rules() if rule.name in absent)
