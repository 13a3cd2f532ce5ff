"""From an article to its record: what was found and, for ``clean``, the text and its edits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from mtcheck import documents, pipeline
from mtcheck.alignment import attach_source
from mtcheck.batch import parts
from mtcheck.batch.articles import Article, Shard, load
from mtcheck.batch.parts import Record
from mtcheck.checking.article import check_document
from mtcheck.checking.placing import PlacedFinding, place
from mtcheck.checking.processes import detecting_engines
from mtcheck.engines import Engines
from mtcheck.errors import EmptyError, InputError, ModelError, MtcheckError, OtherLanguageError
from mtcheck.schema import Applicability, Document, Review, Severity
from mtcheck.settings import Settings

ENDED = "the process that worked on it ended unexpectedly (too little memory?); the same command tries it again"
KILLED = "the process that worked on it was killed again and again; the same command tries it again"
_ACCIDENTS = (ENDED, KILLED)
"""Errors that tell of a machine as much as of an article: the next run tries again."""
_DIGESTS = 1 << 256


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some articles; tallies add up.

    failing: findings as grave as ``fail_on``. digest: the sum of the records' hashes, which is the same in whatever
    order, parts and format they are. missing: what the run did without or passed over, one plain clause each.
    """

    articles: int = 0
    words: int = 0
    findings: int = 0
    edits: int = 0
    failing: int = 0
    skipped: int = 0
    errors: int = 0
    digest: int = 0
    missing: frozenset[str] = frozenset()

    def __add__(self, other: Tally) -> Tally:
        sums = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        return Tally(**sums, digest=(self.digest + other.digest) % _DIGESTS, missing=self.missing | other.missing)


COUNTS = ("articles", "words", "findings", "edits", "failing", "skipped", "errors")


@dataclass(frozen=True, slots=True)
class Done:
    """A shard that is finished: the name of its part, and what came of its articles."""

    part: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with every shard.

    clean: review each article too; form: of the parts; signature: of all that decides results but the articles and
    their settings.
    """

    folder: Path
    clean: bool
    form: str
    signature: str

    def __call__(self, shard: Shard) -> Done:
        """Make the shard's part, or what it lacks. Raises OutputError, SettingsError and ModelError."""
        loaded = load(shard)
        records = self.finished(loaded)
        if len(records) == len(loaded.articles):
            return Done(self._path(loaded).name, _tally(loaded, list(records.values())))
        done = self.finish(loaded, [records.get(at) or self.record(one) for at, one in enumerate(loaded.articles)])
        without = frozenset(self._engines(loaded.articles[0].settings).missing)
        return replace(done, tally=replace(done.tally, missing=without))

    def finished(self, loaded: Shard) -> dict[int, Record]:
        """The records of a part that is there, by their places; not those that tell of an accident."""
        records = parts.read(self._path(loaded)) or ()
        if len(records) != len(loaded.articles):
            return {}
        return {at: record for at, record in enumerate(records) if record["error"] not in _ACCIDENTS}

    def finish(self, loaded: Shard, records: Sequence[Record]) -> Done:
        """Write the records as the shard's part."""
        path = self._path(loaded)
        parts.write(path, records)
        return Done(path.name, _tally(loaded, records))

    def record(self, article: Article) -> Record:
        """The record of an article that was loaded; whatever goes wrong with this article alone is said in it.

        Raises SettingsError and ModelError, which concern every article.
        """
        try:
            if article.error:
                raise InputError(article.error)
            return self._examined(article, _document(article))
        except (EmptyError, OtherLanguageError) as error:
            return self.empty(article, skipped=error.what)
        except InputError as error:
            return self.empty(article, error="; ".join(filter(None, (error.what, error.repair))))
        except MtcheckError:
            raise
        except Exception as error:  # a fault of ours, or too little memory for this one: the others go on
            return self.empty(article, error=f"internal error ({type(error).__name__}: {error})")

    def empty(self, article: Article, *, skipped: str | None = None, error: str | None = None) -> Record:
        """The record of an article that was passed over, or could not be worked on."""
        return _record(article, 0, (), skipped=skipped, error=error) | (
            {"text": None, "edits": []} if self.clean else {}
        )

    def _examined(self, article: Article, document: Document) -> Record:
        engines = self._engines(article.settings)
        if not self.clean:
            checked = check_document(document, engines, article.settings)
            return _record(article, checked.words, checked.findings, checked.warnings)
        review = pipeline.review(document, engines, article.settings)
        placed = place(document, ((one.finding, tuple(f.rule for f in one.also)) for one in review.proposals))
        words = sum(len(segment.hypothesis.split()) for segment in document.segments)
        return _record(article, words, placed) | {"text": review.cleaned, "edits": _edits(review)}

    def _engines(self, settings: Settings) -> Engines:
        if self.clean:
            return _reviewing(settings.translator, settings.fast)
        return Engines() if settings.fast else detecting_engines()

    def _path(self, loaded: Shard) -> Path:
        """Its name tells whether a part is made of these very articles in this very way."""
        made_from = hashlib.sha256(self.signature.encode())
        for article in loaded.articles:
            for piece in (article.id, article.source, article.error, article.settings.fingerprint()):
                made_from.update(hashlib.sha256(piece.encode("utf-8", "surrogatepass")).digest())
            made_from.update(hashlib.sha256(article.data).digest())
        return parts.path_of(self.folder, loaded.number, made_from.hexdigest(), self.form)


def _tally(loaded: Shard, records: Sequence[Record]) -> Tally:
    """What came of a shard's articles, by their records."""
    grades = list(Severity)
    failing = (
        grades.index(Severity(finding["severity"])) >= grades.index(article.settings.fail_on)
        for article, record in zip(loaded.articles, records, strict=True)
        for finding in record["findings"]
    )
    return Tally(
        articles=len(records),
        words=sum(record["words"] for record in records),
        findings=sum(len(record["findings"]) for record in records),
        edits=sum(len(record.get("edits", ())) for record in records),
        failing=sum(failing),
        skipped=sum(record["skipped"] is not None for record in records),
        errors=sum(record["error"] is not None for record in records),
        digest=sum(int(hashlib.sha256(parts.line(record).encode()).hexdigest(), 16) for record in records) % _DIGESTS,
    )


@cache
def _reviewing(translator: str | None, fast: bool) -> Engines:
    """The engines of a review, opened once in each process."""
    from mtcheck.engines.load import open_engines

    engines = open_engines(translator, fast)
    if not engines.back_translator and not fast:
        raise ModelError("no model to back-translate with", repair="run: mtcheck models fetch, or use --fast")
    return engines


def _document(article: Article) -> Document:
    form = documents.format_of(article.path, article.settings) if article.path else "text"
    document = documents.read_data(article.data, article.id, format_name=form)
    return attach_source(document, article.source)[0] if article.source else document


def _record(
    article: Article,
    words: int,
    findings: Iterable[PlacedFinding],
    warnings: Sequence[str] = (),
    *,
    skipped: str | None = None,
    error: str | None = None,
) -> Record:
    return {
        "id": article.id,
        "words": words,
        "skipped": skipped,
        "error": error,
        "warnings": list(warnings),
        "findings": [_finding(finding) for finding in findings],
    }


def _finding(finding: PlacedFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "message": finding.message,
        "quote": finding.quote,
        "offset": finding.start,
        "end_offset": finding.end,
        "line": finding.line,
        "column": finding.column,
        "fixes": [fix.replacement for fix in finding.fixes if fix.applicability is not Applicability.DISPLAY],
    }


def _edits(review: Review) -> list[dict[str, Any]]:
    """The edits made, in document order, with who proposed each."""
    made = []
    for proposal, decision in zip(review.proposals, review.decisions, strict=True):
        if decision.chosen:
            raw = review.document.segments[proposal.finding.seg_id].raw_span(proposal.span)
            chosen = proposal.alternatives[decision.chosen]
            made.append(
                {
                    "offset": raw.start,
                    "end_offset": raw.end,
                    "original": review.document.text[raw.start : raw.end],
                    "replacement": chosen.replacement,
                    "generators": list(chosen.generators),
                }
            )
    return sorted(made, key=lambda edit: (edit["offset"], edit["end_offset"]))
