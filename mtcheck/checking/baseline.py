"""What was wrong already when checking began, so that a run can tell the new from the known.

A finding is known by its article, its rule, the words quoted and three words on either side (:func:`finding_key`), so
moved lines, reordered paragraphs, new wrapping and edits elsewhere in the sentence leave it known. Occurrences are
counted: a second one of the same fault is new.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtcheck.checking.article import Checked
from mtcheck.checking.placing import PlacedFinding
from mtcheck.detectors import rules
from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.errors import InputError
from mtcheck.schema import Severity, finding_context, finding_key
from mtcheck.settings import Settings

FILE_NAME = "mtcheck-baseline.json"
VERSION = "1.0"
"""Of the file's form; one that begins with another number cannot be read."""
_GRADES = list(Severity)

Results = Sequence[tuple[Checked, Settings]]
"""The articles of a run, each with the settings that it was checked with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding known in one article.

    quote, before, after: the words flagged and up to three on either side, in the same sentence.
    severity, confidence: when it was listed; a run that leaves out what is so mild or unsure cannot call it gone.
    count: how often it occurs, at least 1.
    """

    rule: str
    quote: str
    before: str
    after: str
    severity: Severity
    confidence: float
    count: int = 1

    @classmethod
    def of(cls, finding: PlacedFinding) -> Entry:
        """The entry of one occurrence of a finding."""
        before, after = finding_context(finding.before, finding.after)
        return cls(
            rule=finding.rule,
            quote=" ".join(finding.quote.split()),
            before=before,
            after=after,
            severity=finding.severity,
            confidence=round(finding.confidence, 2),
        )

    @property
    def key(self) -> str:
        """What it is known by."""
        return finding_key(self.rule, self.quote, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A baseline brought up to date: how many findings came, how many went."""

    baseline: Baseline
    added: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known findings by article.

    path: of the file; articles: by path relative to the file's folder, with forward slashes.
    """

    path: Path
    articles: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(entry.count for entries in self.articles.values() for entry in entries)

    def apply(self, results: Results) -> tuple[tuple[Checked, ...], tuple[tuple[str, Entry], ...]]:
        """The articles with what is known in them marked, and what of it is gone, each entry with its article's name.

        Of several equal findings the first ones are known.
        """
        names, marked, gone = self._names(results), [], []
        for checked, settings in results:
            entries = self.articles.get(names[checked.path], ())
            known, left = _match(entries, checked.findings)
            pairs = zip(checked.findings, known, strict=True)
            findings = tuple(dataclasses.replace(finding, known=flag) for finding, flag in pairs)
            marked.append(dataclasses.replace(checked, findings=findings))
            stay = [_staying(entry, left[entry.key], checked, settings) for entry in entries]
            for entry, count in zip(entries, stay, strict=True):
                if count < entry.count:
                    gone.append((names[checked.path], dataclasses.replace(entry, count=entry.count - count)))
        return tuple(marked), tuple(gone)

    def renewed(self, results: Results, *, adding: bool) -> Renewal:
        """This baseline less what is gone and, when adding, with what is new.

        Articles that were not checked keep their entries, unless their file is no longer there.
        """
        names, added = self._names(results), 0
        checked_here = {names[checked.path] for checked, _ in results}
        articles = {
            name: entries for name, entries in self.articles.items() if name not in checked_here and self._exists(name)
        }
        for checked, settings in results:
            entries = self.articles.get(names[checked.path], ())
            known, left = _match(entries, checked.findings)
            stay = [
                dataclasses.replace(entry, count=count)
                for entry in entries
                if (count := _staying(entry, left[entry.key], checked, settings))
            ]
            fresh = [Entry.of(f) for f, flag in zip(checked.findings, known, strict=True) if adding and not flag]
            added += len(fresh)
            if merged := _merged([*stay, *fresh]):
                articles[self.name(checked.path)] = merged
        made = Baseline(self.path, articles)
        return Renewal(made, added, len(self) + added - len(made))

    def name(self, path: str) -> str:
        """What the baseline calls an article."""
        place = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        return Path(os.path.relpath(place, os.path.realpath(self.path.parent))).as_posix()

    def _exists(self, name: str) -> bool:
        return (self.path.parent / name).exists()

    def _names(self, results: Results) -> dict[str, str]:
        """Under which name each article of a run is listed.

        An article that is not listed goes by the name of one that is no longer there and has the most findings in
        common with it: it was renamed.
        """
        names = {checked.path: self.name(checked.path) for checked, _ in results}
        listing = defaultdict(set)
        for name in self.articles.keys() - set(names.values()):
            if not self._exists(name):
                for entry in self.articles[name]:
                    listing[entry.key].add(name)
        if not listing:
            return names
        shared: Counter[tuple[str, str]] = Counter()
        for checked, _ in results:
            if names[checked.path] not in self.articles:
                keys = {finding.key for finding in checked.findings}
                shared.update((checked.path, old) for key in keys for old in listing.get(key, ()))
        renamed: dict[str, str] = {}
        for (path, old), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            if path not in renamed and old not in renamed.values():
                renamed[path] = old
        return names | renamed


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises InputError when there is none, or it is not what :func:`write_baseline` writes."""
    where = str(path)
    if not path.exists():
        raise InputError("no such file", where=where, repair="make it: mtcheck baseline create")
    data = read_bytes(path)
    repair = "restore it from version control, or write it anew: mtcheck baseline create --force"
    try:
        stored = json.loads(data)
    except json.JSONDecodeError as error:
        place = f"{where}:{error.lineno}:{error.colno}"
        conflict = any(line.startswith(b"<<<<<<< ") for line in data.splitlines())
        fault = "holds a merge conflict" if conflict else f"not a baseline ({error.msg})"
        raise InputError(fault, where=place, repair="resolve it" if conflict else repair) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a baseline ({error})", where=where, repair=repair) from error
    try:
        version, articles = str(stored["schema_version"]), stored["articles"]
        if version.partition(".")[0] != VERSION.partition(".")[0]:
            fault = f"a baseline of form {version}, this mtcheck reads {VERSION}"
            raise InputError(fault, where=where, repair="use the mtcheck that wrote it, or write it anew")
        return Baseline(path, {name: _merged(map(_entry, entries)) for name, entries in articles.items()})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"not a baseline ({type(error).__name__}: {error})", where=where, repair=repair) from error


def write_baseline(baseline: Baseline) -> None:
    """Replace the file in one step, one finding a line and all sorted, so that changes to it can be read and merged.

    Raises OutputError when it cannot be written.
    """
    articles = [
        f"    {json.dumps(name, ensure_ascii=False)}: [\n"
        + ",\n".join(f"      {json.dumps(_stored(entry), ensure_ascii=False)}" for entry in entries)
        + "\n    ]"
        for name, entries in sorted(baseline.articles.items())
    ]
    listed = "{\n" + ",\n".join(articles) + "\n  }" if articles else "{}"
    text = f'{{\n  "schema_version": "{VERSION}",\n  "articles": {listed}\n}}\n'
    replace_file(baseline.path, text.encode("utf-8", "surrogatepass"))


def _match(entries: Iterable[Entry], findings: Iterable[PlacedFinding]) -> tuple[list[bool], Counter[str]]:
    """Whether each finding is listed, and how often each entry's is left over."""
    left = Counter({entry.key: entry.count for entry in entries})
    known = []
    for finding in findings:
        known.append(left[finding.key] > 0)
        left[finding.key] -= known[-1]
    return known, left


def _staying(entry: Entry, left: int, checked: Checked, settings: Settings) -> int:
    """How many occurrences of an entry are not gone: all of them, when this run would not have shown any."""
    unseen = (
        checked.error is not None
        or (entry.rule not in checked.rules and entry.rule in {rule.name for rule in rules()})
        or _GRADES.index(entry.severity) < _GRADES.index(Severity(settings.severity))
        or entry.confidence < settings.min_confidence
    )
    return entry.count if unseen else entry.count - left


def _merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One entry a key, sorted."""
    by_key: dict[str, Entry] = {}
    for entry in entries:
        listed = by_key.get(entry.key)
        by_key[entry.key] = dataclasses.replace(listed, count=listed.count + entry.count) if listed else entry
    return tuple(sorted(by_key.values(), key=lambda one: (one.rule, one.quote.lower(), one.key)))


def _stored(entry: Entry) -> dict[str, Any]:
    stored = dataclasses.asdict(entry)
    return stored if entry.count > 1 else {name: value for name, value in stored.items() if name != "count"}


def _entry(stored: dict[str, Any]) -> Entry:
    entry = Entry(**stored | {"severity": Severity(stored["severity"])})
    texts = (entry.rule, entry.quote, entry.before, entry.after)
    if not all(isinstance(text, str) for text in texts) or not isinstance(entry.count, int) or entry.count < 1:
        raise ValueError(f"bad entry {stored}")
    return dataclasses.replace(entry, confidence=float(entry.confidence))
