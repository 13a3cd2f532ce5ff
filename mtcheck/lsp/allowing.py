"""Letting a finding stand: by a comment beside it, or by a decision that is remembered."""

from __future__ import annotations

import os
from pathlib import Path

from mtcheck import documents
from mtcheck.checking import PlacedFinding
from mtcheck.decisions import Ruling, read_ledger, write_ledger
from mtcheck.errors import SettingsError
from mtcheck.lsp.knowledge import Knowledge


def comment(known: Knowledge, finding: PlacedFinding) -> tuple[int, str] | None:
    """An offset, and the comment that allows the finding when put there; None where the format has no comments.

    At the end of the line where that speaks of the finding, else right behind it, as in a table.
    """
    document, text = known.document, known.text
    assert document is not None
    line = text[finding.end :].splitlines()[:1]
    added = f" <!-- mtcheck: allow {finding.rule} -->"
    for at in (finding.end + len(line[0].rstrip()) if line else finding.end, finding.end):
        changed = documents.parse(text[:at] + added + text[at:], document.doc_id, document.format)
        allows = [one for one in changed.comments if one.text in added and one.about.start <= finding.start]
        if any(finding.end <= one.about.end for one in allows):
            return at, added
    return None


def dismiss(known: Knowledge, finding: PlacedFinding) -> None:
    """Remember that the words of a finding stay as they are.

    Raises SettingsError when no file of decisions is set or it is damaged, and OutputError when it cannot be written.
    """
    path = known.settings.decisions
    if not path or known.document is None:
        repair = 'add decisions = "mtcheck-decisions.json" to mtcheck.toml'
        raise SettingsError("no file of decisions is set", repair=repair)
    article = Path(os.path.relpath(known.document.doc_id, os.path.dirname(path))).as_posix()
    made = Ruling.of(finding.rule, finding.quote, finding.before, finding.after, article=article)
    write_ledger(Path(path), read_ledger(Path(path)).adding([made]))
