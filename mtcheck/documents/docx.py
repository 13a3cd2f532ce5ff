"""Word documents (.docx): paragraphs in, and out again as a cleaned document or with tracked changes and comments.

A line is a paragraph that holds text, counted from 1 through body, notes, headers and footers, table cells included; a
column is a character of it. Formatting is a border that no edit may cross: what half a phrase in bold should look like
when it is worded anew is the translator's to say.

Tracked changes and comments carry no date: a clock would give other bytes for the same input, and any fixed date would
be false. Word itself writes them so when it removes personal data.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.documents.container import Changes, ContainerFormat, Unit

AUTHOR, INITIALS = "mtcheck", "mt"


def units(data: bytes, where: str) -> Sequence[Unit]:
    """The lines of a Word document. Raises InputError for anything else."""
    from mtcheck.documents.docx_package import Package
    from mtcheck.documents.docx_reader import lines

    return [
        Unit(line.text, line.number, line.column, breaks=line.breaks, protected=line.protected)
        for line in lines(Package(data, where))
    ]


def rewrite(data: bytes, changes: Changes) -> bytes:
    """The document with the changes made: the touched texts are new, all else is as it was."""
    from mtcheck.documents.docx_edits import make, word_edits
    from mtcheck.documents.docx_package import Package
    from mtcheck.documents.docx_reader import lines

    package = Package(data)
    read = lines(package)
    for number, mine in changes.items():
        for line in (read[number], *read[number].twins):
            make(line, [edit for change in mine for edit in word_edits(line, change)])
    return package.packed(read[number].part for number in changes)


def annotate(data: bytes, changes: Changes) -> bytes:
    """The document with every change tracked, and a comment on it."""
    from mtcheck.documents.docx_package import Package
    from mtcheck.documents.docx_tracking import track

    package = Package(data)
    return package.packed(track(package, changes, author=AUTHOR, initials=INITIALS))


FORMAT = ContainerFormat("docx", (".docx",), units, rewrite, annotate)
