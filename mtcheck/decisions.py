"""What people decided, remembered: which wordings stay as they are, and which become others.

A decision is known by its rule, the words quoted and the words around them, never by a line number, so it holds
when the sentence moves and lapses when its words change (as Harper's ignored lints do). The file is JSON, sorted, one
decision a block, so that two people's files merge as text; docs/decisions.md describes it, decisions.schema.json
defines it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.errors import SettingsError
from mtcheck.schema import Document, Edit, Finding, Segment, Span, finding_context, finding_key
from mtcheck.settings import Settings

FILE_NAME = "mtcheck-decisions.json"
FILE_VERSION = "1.1"
"""Of the file. 1.0 had no replacements; a file of another first number is not read."""
_OPTIONAL = {"reason": "", "article": "", "replacement": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What somebody decided about some words: that they stay, whatever a rule says, or that they become others.

    quote, before, after: the words in question and up to three on either side, in the same sentence.
    replacement: what the quoted words become; None when they stay.
    reason, article: why and where it was decided, for people to read; ``mtcheck apply`` works on the articles named.
    """

    rule: str
    quote: str
    before: str
    after: str
    reason: str = ""
    article: str = ""
    replacement: str | None = None

    @property
    def key(self) -> str:
        """What it is known by; see :func:`finding_key`."""
        return finding_key(self.rule, self.quote, self.before, self.after)

    @classmethod
    def of(cls, rule: str, quote: str, before: str, after: str, **rest: Any) -> Ruling:
        """A decision, its context cut to the words that count."""
        head, tail = finding_context(before, after)
        return cls(rule=rule, quote=quote, before=head, after=tail, **rest)

    @classmethod
    def at(cls, rule: str, segment: Segment, span: Span, **rest: Any) -> Ruling:
        """A decision about the words of a span."""
        text = segment.hypothesis
        return cls.of(rule, text[span.start : span.end], text[: span.start], text[span.end :], **rest)

    def places(self, text: str) -> tuple[Span, ...]:
        """Where in a segment's text the quoted words stand, in the context they were decided in, still to be replaced.

        Letter case counts in the quoted words; the length of white space never does.
        """
        done = self.made(text)
        return tuple(span for span in self._standing(self.quote, text) if not any(map(span.overlaps, done)))

    def made(self, text: str) -> tuple[Span, ...]:
        """Where the replacement stands already, in the same context."""
        return self._standing(self.replacement, text) if self.replacement is not None else ()

    def _standing(self, words: str, text: str) -> tuple[Span, ...]:
        lower = text.lower()
        if not all(word in lower for word in re.findall(r"\w+", f"{self.before} {self.after}".lower())):
            return ()
        found = []
        anywhere = not words and re.search(r"\w", self.quote)  # what is left of words that went has spaces around it
        for match in re.finditer("", text) if anywhere else _pattern(words).finditer(text):
            before, after = text[: match.start()], text[match.end() :]
            if finding_key(self.rule, words, before, after) != finding_key(self.rule, words, self.before, self.after):
                continue
            # Words tell a place by themselves; marks and spaces need the marks beside them too.
            if re.search(r"\w", words) or _same(finding_context(before, after), (self.before, self.after)):
                found.append(Span(*match.span()))
        return tuple(found) if words.strip() else tuple(found[:1])


@dataclass(frozen=True, slots=True)
class Ledger:
    """Decisions by key."""

    by_key: Mapping[str, Ruling] = field(default_factory=dict)

    @property
    def decisions(self) -> tuple[Ruling, ...]:
        """Every decision, sorted so that files of two people merge well."""
        return tuple(sorted(self.by_key.values(), key=lambda d: (d.article, d.rule, d.quote.lower(), d.key)))

    @property
    def replacements(self) -> tuple[Ruling, ...]:
        """The decisions that change words, in the same order."""
        return tuple(decision for decision in self.decisions if decision.replacement is not None)

    def dismisses(self, finding: Finding, document: Document) -> bool:
        """Whether somebody decided that the words of a finding stay."""
        if not self.by_key:
            return False
        known = self.by_key.get(Ruling.at(finding.rule, document.segments[finding.seg_id], finding.span).key)
        return known is not None and known.replacement is None

    def adding(self, decisions: Iterable[Ruling]) -> Ledger:
        """This ledger with more decisions; a later one takes the place of an earlier one on the same words."""
        return Ledger({**self.by_key, **{decision.key: decision for decision in decisions}})

    def without(self, keys: Iterable[str]) -> Ledger:
        """This ledger less some decisions."""
        gone = set(keys)
        return Ledger({key: decision for key, decision in self.by_key.items() if key not in gone})


@dataclass(frozen=True, slots=True)
class Placed:
    """What the replacements of a ledger come to in one article.

    edits: those that can be made, each with its decision, in document order, none touching another.
    barred: those that cannot, each with the reason: another one was first, or markup is in the way.
    made: decisions whose words stand there already.
    """

    edits: tuple[tuple[Edit, Ruling], ...] = ()
    barred: tuple[tuple[Edit, Ruling, str], ...] = ()
    made: tuple[Ruling, ...] = ()


def placed(document: Document, ledger: Ledger) -> Placed:
    """Find the words of every replacement.

    Of overlapping ones the first in the document is made, of those that begin together the longest.
    """
    found: list[tuple[Edit, Ruling]] = []
    made = []
    for ruling in ledger.replacements:
        for segment in document.segments:
            spans = ruling.places(segment.hypothesis)
            found += [(Edit(segment.seg_id, span, ruling.replacement or ""), ruling) for span in spans]
            if ruling.made(segment.hypothesis):
                made.append(ruling)
    found.sort(key=lambda one: (one[0].seg_id, one[0].span.start, -one[0].span.end, one[1].key))
    edits: list[tuple[Edit, Ruling]] = []
    barred = []
    for edit, ruling in found:
        segment, last = document.segments[edit.seg_id], edits[-1][0] if edits else None
        if last and last.seg_id == edit.seg_id and last.span.overlaps(edit.span):
            barred.append((edit, ruling, f"overlaps “{edits[-1][1].quote}”, which comes first"))
        elif segment.crosses_markup(edit.span):
            barred.append((edit, ruling, "would swallow markup"))
        else:
            edits.append((edit, ruling))
    return Placed(tuple(edits), tuple(barred), tuple(dict.fromkeys(made)))


def read_ledger(path: Path) -> Ledger:
    """The decisions in a file; none when there is no file.

    Raises SettingsError when the file is not what :func:`write_ledger` writes.
    """
    if not path.exists():
        return Ledger()
    try:
        stored = json.loads(read_bytes(path))
        version = str(stored.get("schema_version", FILE_VERSION))
        if version.partition(".")[0] != FILE_VERSION.partition(".")[0]:
            raise SettingsError(f"version {version} of the file", where=str(path), repair="use a newer mtcheck")
        return Ledger().adding(_ruling(one) for one in stored["decisions"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
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
    replace_file(path, ledger_text(ledger).encode())


def ledger_text(ledger: Ledger) -> str:
    """The file of a ledger."""
    stored = {"schema_version": FILE_VERSION, "decisions": [_stored(decision) for decision in ledger.decisions]}
    return json.dumps(stored, ensure_ascii=False, indent=2) + "\n"


def _stored(decision: Ruling) -> dict[str, Any]:
    return {
        name: value for name, value in asdict(decision).items() if name not in _OPTIONAL or value != _OPTIONAL[name]
    }


def _ruling(stored: dict[str, Any]) -> Ruling:
    unknown = set(stored) - {one.name for one in fields(Ruling)}
    if unknown:
        raise ValueError(f"unknown key “{min(unknown)}”")
    if not all(isinstance(value, str) for value in stored.values()):
        raise ValueError("a value that is no text")
    "".join(stored.values()).encode()  # half a surrogate pair could not be written again
    return Ruling(**stored)


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    """Matches the words however far apart; white space at their edges must be all there is."""
    if not words:
        return re.compile(r"(?<!\s)(?!\s)")
    pieces = [r"\s+" if piece.isspace() else re.escape(piece) for piece in re.split(r"(\s+)", words) if piece]
    head, tail = r"(?<!\s)" if words[0].isspace() else "", r"(?!\s)" if words[-1].isspace() else ""
    return re.compile(head + "".join(pieces) + tail)


def _same(left: tuple[str, str], right: tuple[str, str]) -> bool:
    return [part.lower() for part in left] == [part.lower() for part in right]
