"""Make the rules' own fixes, again and again until nothing is left to make.

Among fixes that overlap or touch, the safe one goes first, then the one whose finding is the most useful; the others
wait for the next pass, where the rules look at the mended text. Every fix is held to the guards of ``mtcheck.guards``.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from mtcheck import documents, guards
from mtcheck.alternatives import changed, usefulness
from mtcheck.checking.article import Checked, reported, settle
from mtcheck.checking.placing import place
from mtcheck.checking.processes import Job, Workers, done
from mtcheck.checking.running import engines_of, fetch, read_article
from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.engines import Engines
from mtcheck.errors import OutputError
from mtcheck.schema import Applicability, Document, Edit, Finding, Segment, Span
from mtcheck.settings import Settings

_MOST_PASSES = 20
"""Fixes that go on changing a text after this many passes undo one another."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """An article after its fixes.

    left: what is still found at the end, or why the article could not be read. mended: how many findings of each rule.
    old, new: its bytes before and after, equal when there was nothing to mend; before, after: its text, likewise.
    """

    left: Checked
    mended: Counter[str] = dataclasses.field(default_factory=Counter)
    old: bytes = b""
    new: bytes = b""
    before: str = ""
    after: str = ""

    @property
    def path(self) -> str:
        """As the article was named."""
        return self.left.path

    @property
    def changed(self) -> bool:
        """True when the file should be written."""
        return self.new != self.old

    @property
    def hidden(self) -> int:
        """Findings left that have a ready fix which only a person, or ``--unsafe``, may make."""
        return sum(bool(f.fixes) and f.fixes[0].applicability is Applicability.REVIEW for f in self.left.findings)


def fix_paths(jobs: Sequence[Job], processes: int, read: Callable[[str], bytes], *, unsafe: bool) -> Iterator[Fixed]:
    """Each job's article with its fixes made, in order, nothing written yet; errors as in :func:`check_paths`.

    processes: 0 takes as many as pay; unsafe: make those fixes too that ask for a person's judgement.
    """
    with Workers(processes, jobs) as workers:

        def start(job: Job) -> Future[Fixed]:
            data = fetch(job, read)
            if isinstance(data, Checked):
                return done(Fixed(data))
            return workers.submit(fix_bytes, job, data, unsafe)

        for _, fixed in workers.in_order(jobs, start):
            yield fixed


def fix_bytes(job: Job, data: bytes, unsafe: bool) -> Fixed:
    """One article mended in this process."""
    document = read_article(job, data)
    if isinstance(document, Checked):
        return Fixed(document)
    return fix_document(document, engines_of(job), job.settings, unsafe=unsafe)


def fix_document(
    document: Document, engines: Engines, settings: Settings, *, unsafe: bool, barred: frozenset[str] = frozenset()
) -> Fixed:
    """The article with every safe fix made; with ``unsafe``, also the first fix that asks for judgement.

    Fixes that are for show only, that break a guard or would swallow markup, are left, and so are those of the rules
    that are ``barred``: fixes that undo one another are found out and barred. Raises as ``check_document``.
    """
    wanted = {Applicability.SAFE, Applicability.REVIEW} if unsafe else {Applicability.SAFE}
    now, texts, passes = document, [document.text], list[Counter[str]]()
    while findings := reported(now, engines, settings):
        chosen = choose(now, (finding for finding in findings if finding.rule not in barred), wanted)
        if not chosen:
            break
        now = documents.parse(documents.write(now, map(_edit, chosen)), now.doc_id, now.format)
        passes.append(Counter(finding.rule for finding in chosen))
        if now.text in texts or len(passes) > _MOST_PASSES:
            back_to = texts.index(now.text) if now.text in texts else 0
            undoing = barred.union(*passes[back_to:])
            return fix_document(document, engines, settings, unsafe=unsafe, barred=undoing)
        texts.append(now.text)
    words = sum(len(segment.hypothesis.split()) for segment in now.segments)
    warnings = [f"{now.doc_id}: fixes undo one another: {', '.join(sorted(barred))}; please report it"] * bool(barred)
    left = Checked(now.doc_id, place(now, settle(findings)), words, tuple(warnings))
    old, new = documents.write(document), documents.write(now)
    return Fixed(left, sum(passes, Counter()), old, new, document.text, now.text)


def choose(document: Document, findings: Iterable[Finding], wanted: Collection[Applicability]) -> list[Finding]:
    """The findings whose first fix can be made now: none touches another, and a segment's together keep every fact."""
    taken: defaultdict[int, list[Finding]] = defaultdict(list)
    for found in sorted(findings, key=_precedence, reverse=True):
        here, segment = taken[found.seg_id], document.segments[found.seg_id]
        finding = _narrowed(segment, found)
        if (
            finding.fixes
            and finding.fixes[0].applicability in wanted
            and finding.fixes[0].replacement != segment.hypothesis[finding.span.start : finding.span.end]
            and not any(_touch(finding.span, other.span) for other in here)
            and _keeps_facts(segment, [*here, finding])
        ):
            here.append(finding)
    return [finding for here in taken.values() for finding in here]


def _narrowed(segment: Segment, finding: Finding) -> Finding:
    """The finding; where it reaches over markup, cut down to the words that its first fix changes."""
    if not finding.fixes or not segment.crosses_markup(finding.span):
        return finding
    span, first = finding.span, finding.fixes[0]
    if first.replacement == segment.hypothesis[span.start : span.end]:
        return finding
    words = changed(segment.hypothesis, span, first.replacement)
    head, tail = words.start - span.start, span.end - words.end
    cut = dataclasses.replace(first, replacement=first.replacement[head : len(first.replacement) - tail])
    return dataclasses.replace(finding, span=words, fixes=(cut,))


def write(fixed: Fixed) -> None:
    """Put the mended article in the place of its file; one with nothing mended is not touched.

    Raises OutputError when it cannot be written, or changed since it was read: the file then stands as it was.
    """
    if not fixed.changed:
        return
    if read_bytes(fixed.path) != fixed.old:
        raise OutputError("was changed while it was being mended", where=fixed.path, repair="run mtcheck fix again")
    replace_file(fixed.path, fixed.new)


def _precedence(finding: Finding) -> tuple[object, ...]:
    safe = bool(finding.fixes) and finding.fixes[0].applicability is Applicability.SAFE
    return safe, *usefulness(finding)


def _edit(finding: Finding) -> Edit:
    return Edit(finding.seg_id, finding.span, finding.fixes[0].replacement)


def _touch(left: Span, right: Span) -> bool:
    return left.start <= right.end and right.start <= left.end


def _keeps_facts(segment: Segment, findings: Sequence[Finding]) -> bool:
    """True when the fixes, made together, break no guard: one may need the other, as quotation marks do."""
    edits = sorted(map(_edit, findings), key=lambda edit: edit.span, reverse=True)
    if any(guards.touched_markup(segment, edit.span) for edit in edits):
        return False
    text = segment.hypothesis
    for edit in edits:
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    whole = dataclasses.replace(segment, gaps=(), protected=())
    return not guards.broken(whole, Span(0, len(segment.hypothesis)), text, machine=False)
