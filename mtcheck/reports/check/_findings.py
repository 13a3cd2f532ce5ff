"""What the formats of a check say alike: what is new, how grave it is elsewhere, where it is, what would repair it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.reports._visible import one_line
from mtcheck.schema import Applicability, Fix, Severity

LEVELS = {Severity.CRITICAL: "error", Severity.MAJOR: "error", Severity.MINOR: "warning", Severity.NEUTRAL: "note"}
"""Severities in the words of tools that know three: what must be mended, what should be, what may be."""


def path_of(article: Checked) -> str:
    """The article's path without ``./`` and double slashes, as services that look it up in a checkout want it."""
    return PurePosixPath(article.path).as_posix()


def new_in(article: Checked) -> tuple[PlacedFinding, ...]:
    """The article's findings that no baseline lists."""
    return tuple(finding for finding in article.findings if not finding.known)


def identified(article: Checked) -> Iterator[tuple[PlacedFinding, str]]:
    """Each finding with an identity that no other of this article has: its key and which of its equals it is, from 1.

    It is as stable as the key; of several equal findings, the last number goes when any one of them is repaired.
    """
    seen: Counter[str] = Counter()
    for finding in article.findings:
        seen[finding.key] += 1
        yield finding, f"{finding.key}:{seen[finding.key]}"


def edits(finding: PlacedFinding) -> tuple[Fix, ...]:
    """The fixes that a tool may apply or a person take, best first; not those that are only shown."""
    return tuple(fix for fix in finding.fixes if fix.applicability is not Applicability.DISPLAY)


def safe(finding: PlacedFinding) -> bool:
    """True when ``mtcheck fix`` repairs it unasked."""
    return bool(finding.fixes) and finding.fixes[0].applicability is Applicability.SAFE


def said(finding: PlacedFinding) -> str:
    """The words flagged, the message and the best edit, on one line, for formats with a single text."""
    advice = f"; {better(best[0])}" if (best := edits(finding)) else ""
    return f"“{one_line(finding.quote)}”: {one_line(finding.message)}{advice}"


def flat(text: str) -> str:
    """The text on one line, controls visible, with one space left at an edge where it had any."""
    return one_line(f"|{text}|")[1:-1]


def context(finding: PlacedFinding, width: int) -> tuple[str, str]:
    """The words on either side, flat; at most ``width`` code points, cut at a space with an ellipsis."""
    before, after = flat(finding.before), flat(finding.after)
    if len(before) > width:
        before = "…" + before[-width:].partition(" ")[2]
    if len(after) > width:
        after = after[:width].rpartition(" ")[0] + "…"
    return before, after


def better(fix: Fix) -> str:
    """What to write instead."""
    wording = one_line(fix.replacement)
    return f"better “{wording}”" if wording else "leave it out"


def skipped(article: Checked) -> bool:
    """True when the article was passed over, for instance as one in another language; any that is read has words."""
    return not article.error and not article.words


def reason(article: Checked) -> str:
    """Why the article could not be checked, without its path in front."""
    return one_line((article.error or "").removeprefix(f"{article.path}: "))


def remarks(article: Checked) -> tuple[str, ...]:
    """What is to be said of the file itself, without its path in front."""
    return tuple(one_line(warning.removeprefix(f"{article.path}: ")) for warning in article.warnings)


def compared(run: CheckRun) -> bool:
    """True when a baseline told known findings from new ones."""
    return bool(run.gone) or any(finding.known for finding in run.findings)
