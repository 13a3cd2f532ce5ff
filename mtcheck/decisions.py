"""What people decided about findings, remembered: which wordings stay as they are.

A decision is known by its rule, the words quoted and the words around them, never by a line number, so it holds
when the sentence moves and lapses when its words change (as Harper's ignored lints do). The file is JSON, sorted, one
decision a block, so that two people's files merge as text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.errors import SettingsError
from mtcheck.schema import SCHEMA_VERSION, Document, Finding, finding_context, finding_key
from mtcheck.settings import Settings

FILE_NAME = "mtcheck-decisions.json"
_OPTIONAL = ("reason", "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """Somebody's decision that some words stay as they are, whatever a rule says.

    quote, before, after: the words in question and up to three on either side, in the same sentence.
    reason, article: why and where it was decided, for people to read only.
    """

    rule: str
    quote: str
    before: str
    after: str
    reason: str = ""
    article: str = ""

    @property
    def key(self) -> str:
        """What it is known by; see :func:`finding_key`."""
        return finding_key(self.rule, self.quote, self.before, self.after)

    @classmethod
    def of(cls, rule: str, quote: str, before: str, after: str, **rest: Any) -> Dismissal:
        """A decision, its context cut to the words that count."""
        head, tail = finding_context(before, after)
        return cls(rule=rule, quote=quote, before=head, after=tail, **rest)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Decisions by key."""

    by_key: Mapping[str, Dismissal] = field(default_factory=dict)

    @property
    def decisions(self) -> tuple[Dismissal, ...]:
        """Every decision, sorted so that files of two people merge well."""
        return tuple(sorted(self.by_key.values(), key=lambda d: (d.article, d.rule, d.quote.lower(), d.key)))

    def dismisses(self, finding: Finding, document: Document) -> bool:
        """Whether somebody decided that the words of a finding stay."""
        if not self.by_key:
            return False
        span, text = finding.span, document.segments[finding.seg_id].hypothesis
        key = finding_key(finding.rule, text[span.start : span.end], text[: span.start], text[span.end :])
        return key in self.by_key

    def adding(self, decisions: Iterable[Dismissal]) -> Ledger:
        """This ledger with more decisions; a later one takes the place of an earlier one on the same words."""
        return Ledger({**self.by_key, **{decision.key: decision for decision in decisions}})


def read_ledger(path: Path) -> Ledger:
    """The decisions in a file; none when there is no file.

    Raises SettingsError when the file is not what :func:`write_ledger` writes.
    """
    if not path.exists():
        return Ledger()
    try:
        stored = json.loads(read_bytes(path))
        return Ledger().adding(_decision(one) for one in stored["decisions"])
    except (ValueError, KeyError, TypeError) as error:
        repair = "restore it from version control, or delete it to begin anew"
        raise SettingsError(f"not a file of decisions ({error})", where=str(path), repair=repair) from error


def ledger_of(settings: Settings) -> Ledger:
    """The decisions that a run honours. Raises SettingsError as :func:`read_ledger`."""
    if not settings.decisions or not os.path.exists(settings.decisions):
        return Ledger()
    state = os.stat(settings.decisions)
    return _ledger_once(settings.decisions, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _ledger_once(path: str, _size: int, _changed: int) -> Ledger:
    return read_ledger(Path(path))


def write_ledger(path: Path, ledger: Ledger) -> None:
    """Replace the file in one step. Raises OutputError when it cannot be written."""
    stored = {"schema_version": SCHEMA_VERSION, "decisions": [_stored(decision) for decision in ledger.decisions]}
    replace_file(path, (json.dumps(stored, ensure_ascii=False, indent=2) + "\n").encode())


def _stored(decision: Dismissal) -> dict[str, Any]:
    return {name: value for name, value in asdict(decision).items() if value or name not in _OPTIONAL}


def _decision(stored: dict[str, Any]) -> Dismissal:
    unknown = set(stored) - {one.name for one in fields(Dismissal)}
    if unknown:
        raise ValueError(f"unknown key “{min(unknown)}”")
    if not all(isinstance(value, str) for value in stored.values()):
        raise ValueError("a value that is no text")
    return Dismissal(**stored)
