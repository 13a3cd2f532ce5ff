"""The ready replacements that rules bring with their findings, alone and one inside another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import permutations

from mtcheck.alternatives import ProposedEdit
from mtcheck.schema import Applicability, Finding

GENERATOR = "rule"
_CAUTION = list(Applicability)


def edits(text: str, findings: Iterable[Finding]) -> list[ProposedEdit]:
    """One edit for every fix of every finding in a text, and those of a fix within the words of a wider one."""
    made = [
        ProposedEdit(finding.seg_id, finding.span, fix.replacement, f"{GENERATOR}:{finding.rule}", fix.applicability)
        for finding in findings
        for fix in finding.fixes
    ]
    return [*made, *_nested(text, made)]


def _nested(text: str, made: Iterable[ProposedEdit]) -> Iterator[ProposedEdit]:
    """``This was stated by foreign Minister of Russia X``: the passive turned, and the office put right within it."""
    for outer, inner in permutations(made, 2):
        within = outer.span.start <= inner.span.start and inner.span.end <= outer.span.end
        words = text[inner.span.start : inner.span.end]
        if not within or outer.span == inner.span or not words.strip():
            continue
        standing = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", outer.replacement, re.IGNORECASE))
        if len(standing) == 1:
            start, end = standing[0].span()
            yield ProposedEdit(
                outer.seg_id,
                outer.span,
                outer.replacement[:start] + inner.replacement + outer.replacement[end:],
                f"{outer.generator}+{inner.generator}",
                max(outer.applicability, inner.applicability, key=_CAUTION.index),
            )
