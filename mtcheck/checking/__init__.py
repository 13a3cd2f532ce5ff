"""Check many articles, in the manners of a linter: which files, what was found, what of it is new.

:func:`check_files` is the whole run: collect -> look up -> check -> keep what was asked for. Each step has its file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mtcheck import __version__
from mtcheck.checking.article import Checked, check_document, settle
from mtcheck.checking.baseline import Entry, read_baseline
from mtcheck.checking.changes import Changes
from mtcheck.checking.files import collect
from mtcheck.checking.fixing import Fixed, fix_document, fix_paths
from mtcheck.checking.placing import PlacedFinding, place
from mtcheck.checking.processes import Job
from mtcheck.checking.running import Options, check_paths
from mtcheck.documents.files import read_bytes
from mtcheck.schema import SCHEMA_VERSION, Severity, finding_key
from mtcheck.settings import Settings

__all__ = [
    "CheckRun",
    "Checked",
    "Fixed",
    "Options",
    "PlacedFinding",
    "check_document",
    "check_files",
    "finding_key",
    "fix_document",
    "fix_files",
    "jobs_of",
    "place",
    "settle",
    "signature",
]


@dataclass(frozen=True, slots=True)
class CheckRun:
    """Every article of one run, in the order of their paths.

    fail_on: the mildest severity that fails the run, where an article has no other.
    max_findings: how many such findings are let pass.
    signature: version and models; missing: what the run did without, one plain clause each.
    remarks: what is said of paths that were named and not checked, one line each.
    gone: entries of the baseline that are no longer found in these articles, each with the article's name in it.
    """

    articles: tuple[Checked, ...]
    signature: str
    fail_on: Severity = Severity.MINOR
    max_findings: int = 0
    missing: tuple[str, ...] = ()
    gone: tuple[tuple[str, Entry], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[PlacedFinding, ...]:
        """Every finding of every article, known ones included."""
        return tuple(finding for article in self.articles for finding in article.findings)

    @property
    def new(self) -> tuple[PlacedFinding, ...]:
        """The findings that no baseline lists."""
        return tuple(finding for finding in self.findings if not finding.known)

    @property
    def errors(self) -> tuple[str, ...]:
        """Why articles could not be checked, one line each."""
        return tuple(article.error for article in self.articles if article.error)

    @property
    def failed(self) -> bool:
        """True when more new findings than are let pass are grave enough."""
        return sum(map(self._grave, self.articles)) > self.max_findings

    def _grave(self, article: Checked) -> int:
        grades = list(Severity)
        mildest = grades.index(article.fail_on or self.fail_on)
        return sum(grades.index(f.severity) >= mildest and not f.known for f in article.findings)


def check_files(
    paths: Iterable[str],
    settings_of: Callable[[str], Settings],
    options: Options,
    stdin_name: str = "<stdin>",
    *,
    since: str | None = None,
) -> CheckRun:
    """Check the articles that the paths stand for; see :func:`collect` for which those are.

    settings_of: the settings in force for a path; the run's own (fail_on, max_findings) are those of the first path.
    stdin_name: what ``-`` is called; its ending decides the format, its folder the settings.
    since: a git revision, for findings in sentences changed since then only.
    Raises InputError, SettingsError and ModelError.
    """
    jobs = jobs_of(paths, settings_of, stdin_name)
    first = jobs[0].settings if jobs else Settings()
    changes = Changes.since(since, jobs[0].path) if since and jobs else None
    known = read_baseline(Path(first.baseline)) if first.baseline else None
    if changes:
        jobs = [job for job in jobs if job.path == stdin_name or changes.touched(job.path)]
    models, missing = _models(jobs)
    articles = tuple(check_paths(jobs, options, models, lambda path: _read(path, stdin_name)))
    gone: tuple[tuple[str, Entry], ...] = ()
    if known:
        articles, gone = known.apply([(one, job.settings) for one, job in zip(articles, jobs, strict=True)])
    if changes:
        articles = tuple(changes.within(one, job.settings) for one, job in zip(articles, jobs, strict=True))
    return CheckRun(
        articles=tuple(replace(one, fail_on=job.settings.fail_on) for one, job in zip(articles, jobs, strict=True)),
        signature=signature(models),
        fail_on=Severity(first.fail_on),
        max_findings=first.max_findings,
        missing=missing,
        gone=gone,
        remarks=tuple(line for one, job in zip(articles, jobs, strict=True) if job.skipped for line in one.warnings),
    )


def fix_files(
    paths: Iterable[str],
    settings_of: Callable[[str], Settings],
    processes: int = 0,
    stdin_name: str = "<stdin>",
    *,
    unsafe: bool = False,
) -> tuple[tuple[str, ...], Iterator[Fixed]]:
    """What the run does without, and the articles that the paths stand for, mended one by one, nothing written.

    Parameters and errors as :func:`check_files`.
    """
    jobs = jobs_of(paths, settings_of, stdin_name)
    _, missing = _models(jobs)
    return missing, fix_paths(jobs, processes, lambda path: _read(path, stdin_name), unsafe=unsafe)


def jobs_of(paths: Iterable[str], settings_of: Callable[[str], Settings], stdin_name: str = "<stdin>") -> list[Job]:
    """One job for each article that the paths stand for. Raises InputError and SettingsError."""
    met = collect(paths, settings_of, stdin_name)
    return [Job(one.path, one.named, settings_of(one.path), one.skipped) for one in met]


def signature(models: str) -> str:
    """What makes findings: this version, the schema and the models, by their own signature (empty for rules alone)."""
    return " ; ".join(filter(None, (f"mtcheck:{__version__}", f"schema:{SCHEMA_VERSION}", models)))


def _models(jobs: Iterable[Job]) -> tuple[str, tuple[str, ...]]:
    if all(job.settings.fast for job in jobs):
        return "", ()
    from mtcheck.engines.load import detecting_models

    return detecting_models()


def _read(path: str, stdin_name: str) -> bytes:
    return sys.stdin.buffer.read() if path == stdin_name else read_bytes(path)
