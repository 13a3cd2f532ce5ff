"""What people decided about findings, remembered: dismissed for good, or a wording of their own.

A decision is known by its rule, the words quoted and the words around them, never by a line number, so it holds
when the sentence moves and lapses when its words change (as Harper's ignored lints do). The file is JSON, sorted, one
decision a block, so that two people's files merge as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.errors import InputError
from mtcheck.schema import SCHEMA_VERSION, Finding, Segment, finding_context, finding_key

FILE_NAME = "mtcheck-decisions.json"
_OPTIONAL = ("reason", "article")


class Action(StrEnum):
    """Keep the wording and say no more of it, or write another one."""

    KEEP = "keep"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One decision.

    quote, before, after: the words in question and up to three on either side, in the same sentence.
    replacement: the wording to write, for REPLACE. article: where it was first decided, for people to read only.
    """

    rule: str
    quote: str
    before: str
    after: str
    action: Action
    replacement: str | None = None
    reason: str = ""
    article: str = ""

    @property
    def key(self) -> str:
        """What it is known by; see :func:`finding_key`."""
        return finding_key(self.rule, self.quote, self.before, self.after)

    @classmethod
    def of(cls, rule: str, quote: str, before: str, after: str, action: Action, **rest: Any) -> Remembered:
        """A decision, its context cut to the words that count."""
        head, tail = finding_context(before, after)
        return cls(rule=rule, quote=quote, before=head, after=tail, action=action, **rest)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Decisions by key."""

    by_key: Mapping[str, Remembered] = field(default_factory=dict)

    @property
    def decisions(self) -> tuple[Remembered, ...]:
        """Every decision, sorted so that files of two people merge well."""
        return tuple(sorted(self.by_key.values(), key=lambda d: (d.article, d.rule, d.quote.lower(), d.key)))

    def about(self, rule: str, quote: str, before: str, after: str) -> Remembered | None:
        """What was decided about these words, or None."""
        return self.by_key.get(finding_key(rule, quote, before, after)) if self.by_key else None

    def dismisses(self, finding: Finding, segment: Segment) -> bool:
        """Whether somebody decided to keep the words that a finding in this segment is about."""
        span, text = finding.span, segment.hypothesis
        made = self.about(finding.rule, text[span.start : span.end], text[: span.start], text[span.end :])
        return made is not None and made.action is Action.KEEP

    def adding(self, decisions: Iterable[Remembered]) -> Ledger:
        """This ledger with more decisions; a later one takes the place of an earlier one on the same words."""
        return Ledger({**self.by_key, **{decision.key: decision for decision in decisions}})


def read_ledger(path: Path) -> Ledger:
    """The decisions in a file; none when there is no file.

    Raises InputError when the file is not what :func:`write_ledger` writes.
    """
    if not path.exists():
        return Ledger()
    try:
        stored = json.loads(read_bytes(path))
        return Ledger().adding(_decision(one) for one in stored["decisions"])
    except (ValueError, KeyError, TypeError) as error:
        repair = "restore it from version control, or delete it to begin anew"
        raise InputError(f"not a file of decisions ({error})", where=str(path), repair=repair) from error


def write_ledger(path: Path, ledger: Ledger) -> None:
    """Replace the file in one step. Raises OutputError when it cannot be written."""
    stored = {"schema_version": SCHEMA_VERSION, "decisions": [_stored(decision) for decision in ledger.decisions]}
    replace_file(path, (json.dumps(stored, ensure_ascii=False, indent=2) + "\n").encode())


def _stored(decision: Remembered) -> dict[str, Any]:
    return {
        name: value
        for name, value in asdict(decision).items()
        if value is not None and (value or name not in _OPTIONAL)
    }


def _decision(stored: dict[str, Any]) -> Remembered:
    unknown = set(stored) - {one.name for one in fields(Remembered)}
    if unknown:
        raise ValueError(f"unknown key “{min(unknown)}”")
    return Remembered(**stored | {"action": Action(stored["action"])})
