"""What of an article changed since a revision: only findings in sentences that are new or worded anew are kept.

A line of prose is a whole paragraph, so lines are too coarse; sentences are compared instead. A sentence that only
moved, or was wrapped anew, is not changed.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mtcheck import documents
from mtcheck.checking.article import Checked
from mtcheck.checking.placing import PlacedFinding
from mtcheck.checking.revisions import Repository
from mtcheck.errors import InputError
from mtcheck.settings import Settings


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a working tree since a commit; ``files`` as :meth:`Repository.changed` gives them."""

    repository: Repository
    commit: str
    files: Mapping[str, str | None]

    @classmethod
    def since(cls, revision: str, path: str) -> Changes:
        """What changed in the repository around a path since HEAD and the revision parted (``git diff REV...``).

        Raises InputError when git cannot tell.
        """
        repository = Repository.around(path)
        commit = repository.merge_base(revision)
        return cls(repository, commit, repository.changed(commit))

    def touched(self, path: str) -> bool:
        """Whether a file changed at all. Raises InputError for a file outside of the repository."""
        return self.repository.name(path) in self.files

    def within(self, article: Checked, settings: Settings) -> Checked:
        """The article, read by its settings, with its findings in changed sentences only."""
        name = self.repository.name(article.path)
        before = self.files.get(name, name)
        data = self.repository.read(self.commit, before) if before else None
        if data is None or not article.findings:
            return article
        try:
            old = documents.parse(data, article.path, documents.format_of(article.path, settings))
        except InputError:  # no text then: all of it is new
            return article
        sentences = Counter(_plain(segment.hypothesis) for segment in old.segments)
        return dataclasses.replace(article, findings=tuple(_changed(article.findings, sentences)))


def _changed(findings: Iterable[PlacedFinding], old: Mapping[str, int]) -> Iterable[PlacedFinding]:
    """Findings in sentences that the old version has not, or has less often."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for finding in findings:
        sentence = _plain(finding.before + finding.quote + finding.after)
        seen[place := (sentence, finding.rule, len(finding.before))] += 1
        if seen[place] > old.get(sentence, 0):
            yield finding


def _plain(text: str) -> str:
    return " ".join(text.split())
