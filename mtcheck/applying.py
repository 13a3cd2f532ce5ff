"""Make the replacements that people decided, in the articles they decided them about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from mtcheck import documents
from mtcheck.decisions import Ledger, Placed, Ruling, placed, read_ledger
from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.errors import MtcheckError, OutputError, SettingsError
from mtcheck.schema import Document
from mtcheck.settings import load


@dataclass(frozen=True, slots=True)
class Applied:
    """An article with its replacements made, nothing written yet.

    path: as it was named; placed: what was made of the decisions; new: its bytes afterwards.
    error: why it could not be read; the rest is then empty.
    """

    path: str
    document: Document | None = None
    placed: Placed = field(default_factory=Placed)
    new: bytes = b""
    error: str = ""

    @property
    def old(self) -> bytes:
        """The article's bytes as they were read."""
        return documents.write(self.document) if self.document else b""

    @property
    def texts(self) -> tuple[str, str]:
        """The article's text before and after."""
        if not self.document:
            return "", ""
        return self.document.text, self.document.apply(edit for edit, _ in self.placed.edits)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """One line, with path, line and column, for each replacement that something is in the way of."""
        return tuple(self._conflict(at) for at in range(len(self.placed.barred)))

    def _conflict(self, at: int) -> str:
        edit, ruling, reason = self.placed.barred[at]
        assert self.document is not None
        line, column = self.document.line_column(self.document.segments[edit.seg_id].raw_span(edit.span).start)
        return f"{self.path}:{line}:{column}: “{ruling.quote}” was not replaced: {reason}"


def merged(paths: Iterable[Path]) -> Ledger:
    """The decisions of several files; a later file's takes the place of an earlier one's on the same words.

    Raises SettingsError for a file that is none, or is not there.
    """
    ledger = Ledger()
    for path in paths:
        if not path.exists():
            raise SettingsError("no such file of decisions", where=str(path), repair="check the path")
        ledger = ledger.adding(read_ledger(path).decisions)
    return ledger


def named_articles(ledger: Ledger, folder: Path) -> tuple[str, ...]:
    """The articles that decisions to replace words name: as they are named, or relative to the file's folder."""
    names = dict.fromkeys(ruling.article for ruling in ledger.replacements if ruling.article)
    return tuple(dict.fromkeys(_found(name, folder) for name in names))


def apply_to(path: str, ledger: Ledger) -> Applied:
    """One article with every replacement that fits; an article that cannot be read comes back with its error."""
    try:
        document = documents.read(path, format_name=documents.format_of(path, load(path)))
        made = placed(document, ledger)
        return Applied(path, document, made, documents.write(document, (edit for edit, _ in made.edits)))
    except MtcheckError as error:
        return Applied(path, error=str(error))


def lapsed(ledger: Ledger, articles: Sequence[Applied], folder: Path) -> tuple[Ruling, ...]:
    """Decisions to replace words that stand in none of the articles any more, of those that are about one of them."""
    standing = {
        ruling.key
        for article in articles
        for ruling in (
            *(ruling for _, ruling in article.placed.edits),
            *(ruling for _, ruling, _ in article.placed.barred),
            *article.placed.made,
        )
    }
    read = {os.path.realpath(article.path) for article in articles if not article.error}
    return tuple(
        ruling
        for ruling in ledger.replacements
        if ruling.key not in standing
        and (not ruling.article or os.path.realpath(_found(ruling.article, folder)) in read)
    )


def write(article: Applied, folder: Path | None = None) -> None:
    """Put the article in the place of its file, when it changed, or into a folder, where it keeps its relative path.

    Raises OutputError when it cannot be written, or changed since it was read: the file then stands as it was.
    """
    if folder is not None:
        target = folder / _inside(article.path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = f"cannot be created ({error.strerror})"
            raise OutputError(reason, where=str(target.parent), repair="choose another folder with --out") from error
        replace_file(target, article.new)
    elif article.new != article.old:
        if read_bytes(article.path) != article.old:
            raise OutputError("was changed meanwhile", where=article.path, repair="run mtcheck apply again")
        replace_file(article.path, article.new)


def _found(name: str, folder: Path) -> str:
    """A path in a file of decisions: from the current folder, else from that file's."""
    beside = folder / name
    return name if os.path.exists(name) or not beside.exists() else os.path.normpath(beside)


def _inside(path: str) -> PurePath:
    """The path below another folder: its own when it leads downwards, else its last part."""
    pure = PurePath(path)
    return PurePath(pure.name) if pure.is_absolute() or ".." in pure.parts else pure
