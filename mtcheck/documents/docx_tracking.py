"""A Word document with changes tracked and explained, beside whatever earlier authors tracked and remarked."""

from __future__ import annotations

from itertools import count

from mtcheck.documents.container import Change, Changes
from mtcheck.documents.docx_comments import Comments, ids
from mtcheck.documents.docx_edits import Tracker, word_edits
from mtcheck.documents.docx_lines import Line
from mtcheck.documents.docx_names import name_of
from mtcheck.documents.docx_package import Package
from mtcheck.documents.docx_reader import lines

_ELSEWHERE = {"footnotes": "this footnote", "endnotes": "this endnote", "hdr": "a header", "ftr": "a footer"}
"""Where a change is on which Word shows no comment in place, by the root of the part."""


def track(package: Package, changes: Changes, *, author: str, initials: str) -> set[str]:
    """Make the changes, tracked, with a comment on each that has one; the names of the parts that are touched.

    The same input gives the same ids. What Word keeps of a text box for old programs is changed alike.
    """
    read, comments = lines(package), Comments(package)
    touched = {read[number].part for number in changes}
    used = ids(package.root(name) for name in {package.main, *touched, *comments.parts})
    fresh = (str(number) for number in count(1) if str(number) not in used)
    tracker = Tracker(lambda: {"id": next(fresh), "author": author})
    made = []
    for line, mine in ((read[number], changes[number]) for number in sorted(changes)):
        worded = [(change, edits) for change in mine if (edits := word_edits(line, change))]
        for change, edits in reversed(worded):  # from the end, so that what is before keeps its place
            made.append((line, change, tracker.make(line, edits)))
            for twin in line.twins:
                tracker.make(twin, edits)
    made.sort(key=lambda one: (one[0].number, one[0].column, one[1].start))
    for line, change, ends in made:
        if not change.comment:
            continue
        if line.anchor is not None:
            ends = (line.anchor.getparent(), line.anchor.getparent())
        identity = {"id": next(fresh), "author": author, "initials": initials}
        start, end, reference = comments.add(identity, _said(package, line, change))
        tracker.surround(*ends, start, (end, reference))
        touched |= {package.main, *comments.parts}
    return touched


def _said(package: Package, line: Line, change: Change) -> str:
    """The comment; when it cannot stand beside the change, what the change is comes first."""
    if line.anchor is None:
        return change.comment
    where = _ELSEWHERE.get(name_of(package.root(line.part)), "this text box")
    old = line.text[change.start : change.end]
    return f"In {where}: “{old}” becomes “{change.replacement}”\n{change.comment}"
