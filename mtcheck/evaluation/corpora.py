"""Texts to be cleaned, with people's versions of every sentence: what a cleaned text is measured against.

The data folder is the public bundle described in ``docs/evaluation.md``. Every corpus has a development and a test half
that share no document; which documents those are stands in :mod:`mtcheck.evaluation.texts`.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from mtcheck.engines import Translator
from mtcheck.evaluation import texts
from mtcheck.evaluation.texts import ARTICLES, HELD_OUT, NEWS, TAGGED, read_lines, read_rows
from mtcheck.schema import Document

POST_EDIT, REFERENCE = "post-edit", "reference"
SYSTEMS_A_TEXT = 1  # of the thirteen of 2015, by turns
LINES_A_TEXT = 20  # of a run of held-out lines, where documents cannot be told apart
SHARE = 4  # every fourth document of human news and of good translations: enough lines, and minutes saved
T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A sentence to be cleaned, what it translates (empty when unknown), and people's versions by kind."""

    text: str
    source: str = ""
    versions: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Corpus:
    """Documents and their lines, one a segment, in order. data: names it with its hash and size, for signatures."""

    name: str
    documents: tuple[Document, ...]
    lines: tuple[Line, ...]
    data: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of versions that every line has; none for text that needs no cleaning."""
        return tuple(self.lines[0].versions) if self.lines else ()

    @property
    def words(self) -> int:
        """Words separated by white space."""
        return sum(len(line.text.split()) for line in self.lines)

    def references(self, kind: str) -> list[list[str]]:
        """The versions of one kind as sacrebleu wants them: shape (versions a line, lines)."""
        return [list(stream) for stream in zip(*(line.versions[kind] for line in self.lines), strict=True)]


def corpus(name: str, by_document: Mapping[str, Sequence[Line]], files: Iterable[Path], *, with_source: bool) -> Corpus:
    """A corpus of documents by id; ``with_source`` shows the source to whatever cleans them."""
    documents = [
        texts.document(doc_id, [x.text for x in some], [x.source or None for x in some] if with_source else None)
        for doc_id, some in by_document.items()
    ]
    lines = tuple(line for some in by_document.values() for line in some)
    words = sum(len(line.text.split()) for line in lines)
    return Corpus(name, tuple(documents), lines, texts.signature(name, files, len(lines), words))


def articles(data: Path, which: str, *, with_source: bool) -> tuple[Corpus, ...]:
    """Editor-marked articles of 2015 news translation: against the editor's least post-edit and the reference."""
    by_document, files = {}, []
    for number in ARTICLES[which]:
        marks, table = _article_files(data, number)
        marked = [json.loads(line) for line in read_lines(marks)]
        by_document[f"nt15_{number}"] = [
            Line(mark["mt"], row["src"], {POST_EDIT: (mark["post_edit"],), REFERENCE: (row["ref"],)})
            for mark, row in zip(marked, read_rows(table), strict=True)
        ]
        files += [marks, table]
    return (corpus(f"articles {which}", by_document, files, with_source=with_source),)


def news2015(data: Path, which: str, *, with_source: bool) -> tuple[Corpus, ...]:
    """Outputs of the systems of 2015 on held-out documents and on the marked articles, against the references."""
    outputs = data / "qe" / "wmt15_16_ru-en_outputs.tsv.xz"
    by_system: dict[str, dict[int, Line]] = {}
    for row in read_rows(outputs):
        if row["set"] == "newstest2015":
            by_system.setdefault(row["system"], {})[int(row["seg"])] = _translated_line(row, row["mt"])
    systems = _turns(sorted(by_system))
    by_document = {
        f"{some[0]}-{system}": [by_system[system][at] for at in some]
        for first, last in HELD_OUT[which]
        for some in _runs([at for at in by_system[next(systems)] if first <= at <= last])
        for system in islice(systems, SYSTEMS_A_TEXT)
    }
    files = [outputs]
    for number in ARTICLES[which]:
        marks, table = _article_files(data, number)
        marked, rows = [json.loads(line)["mt"] for line in read_lines(marks)], list(read_rows(table))
        others = [name for name in rows[0] if name not in ("seg", "src", "ref") and marked != [r[name] for r in rows]]
        for system in islice(_turns(others, int(number)), SYSTEMS_A_TEXT):
            by_document[f"{number}-{system}"] = [_translated_line(row, row[system]) for row in rows]
        files.append(table)
    return (corpus(f"news of 2015 {which}", by_document, files, with_source=with_source),)


def mlqe(data: Path, which: str, *, with_source: bool) -> tuple[Corpus, ...]:
    """MLQE-PE ru-en against its post-edits, whole and without proverbs; what nobody edited is its own version."""
    split = TAGGED[which]
    files = [data / "qe" / f"mlqe_pe.ru-en.{name}.tsv.xz" for name in (split, "genre")]
    genres = [row for row in read_rows(files[1]) if row["split"] == split]
    by_document: dict[str, list[Line]] = {}
    others: dict[str, list[Line]] = {}
    for row, genre in zip(read_rows(files[0]), genres, strict=True):
        edited = row["pe_tok"] != row["mt_tok"]
        version = detokenised(row["pe_tok"]) if edited else row["mt_raw"]
        doc_id = f"{genre['genre']}-{genre['doc_id']}"
        by_document.setdefault(doc_id, []).append(Line(row["mt_raw"], row["src_raw"], {POST_EDIT: (version,)}))
        if genre["genre"] != "proverb":
            others[doc_id] = by_document[doc_id]
    name = f"MLQE-PE ru-en {split}"
    return (
        corpus(f"{name} with proverbs", by_document, files, with_source=with_source),
        corpus(f"{name} without proverbs", others, files, with_source=with_source),
    )


def newstest2020(data: Path, which: str, *, with_source: bool) -> tuple[Corpus, ...]:
    """Recorded good translations, one of three systems a document by turns, against both references."""
    files = [data / "dev" / "newstest2020.ru-en.tsv", data / "dev" / "mt_outputs.tsv.xz"]
    outputs: dict[str, dict[str, str]] = {}
    for row in read_rows(files[1]):
        if (row["direction"], row["set"]) == ("ru-en", "newstest2020"):
            outputs.setdefault(row["system"], {})[row["seg"]] = row["mt"]
    systems = _turns(sorted(outputs))
    by_document = {}
    for doc_id, rows in _share(list(_by_document(files[0]).items()), which):
        system = next(systems)
        by_document[doc_id] = [
            Line(outputs[system][row["seg"]], row["src"], {"references": (row["refA"], row["refB"])}) for row in rows
        ]
    return (corpus(f"newstest2020 {which}", by_document, files, with_source=with_source),)


def human(data: Path, which: str, *, with_source: bool) -> tuple[Corpus, ...]:
    """News that people wrote or translated, in which little should be edited: whole, then each part."""
    path = data / "dev" / "newstest2020.ru-en.tsv"
    documents = _share(list(_by_document(path).items()), which)
    parts = {
        f"newstest2020 {column}": {
            f"{column}-{doc_id}": [Line(row[column], row["src"]) for row in rows if row[column]]
            for doc_id, rows in documents
        }
        for column in ("refA", "refB")
    }
    parts["BBC"] = {
        text.document.doc_id: [Line(segment.hypothesis) for segment in text.document.segments]
        for text in _share(texts.bbc(data).texts, which)
    }
    whole = {doc_id: some for part in parts.values() for doc_id, some in part.items()}
    files = [path, data / NEWS]
    return (
        corpus(f"human news {which}", whole, files, with_source=with_source),
        *(corpus(f"human news {which}: {name}", part, files, with_source=with_source) for name, part in parts.items()),
    )


READERS: Mapping[str, Callable[..., tuple[Corpus, ...]]] = {
    reader.__name__: reader for reader in (articles, news2015, mlqe, newstest2020, human)
}
"""Readers by name: (data folder, dev or test, with_source) to a corpus and then parts of it, which share its texts."""


def translated(whole: Corpus, translator: Translator) -> Corpus:
    """The corpus as this translator puts it into English, against the same references; failures are left out.

    Post-edits are dropped: they belong to the translation that was edited.
    """
    outputs = translator.translate([line.source for line in whole.lines])
    made = iter(zip(whole.lines, outputs, strict=True))
    by_document = {
        document.doc_id: [
            Line(best[0].text, line.source, {REFERENCE: line.versions[REFERENCE]})
            for line, best in islice(made, len(document.segments))
            if best
        ]
        for document in whole.documents
    }
    with_source = any(segment.source for document in whole.documents for segment in document.segments)
    made_anew = corpus(f"{whole.name}, translated anew", by_document, [], with_source=with_source)
    return dataclasses.replace(made_anew, data=f"{whole.data}|translator:{translator.signature}")


def detokenised(text: str) -> str:
    """Tokens of MLQE-PE joined as its sentences are written: marks and clitics close up, straight quotes in pairs."""
    text = re.sub(r" ([,.;:!?%)\]}])", r"\1", f" {text} ")
    text = re.sub(r"([(\[{$#]) ", r"\1", text)
    text = re.sub(r" ?n 't\b", "n't", text)
    text = re.sub(r" '(s|re|ve|ll|d|m|t)\b", r"'\1", text)
    text = re.sub(r'" ([^"]*?) "', r'"\1"', text)
    return " ".join(text.split())


def _translated_line(row: Mapping[str, str], text: str) -> Line:
    return Line(text, row["src"], {REFERENCE: (row["ref"],)})


def _article_files(data: Path, number: str) -> tuple[Path, Path]:
    stem = data / "articles" / f"nt15_{number}"
    return stem.with_suffix(".edit.jsonl"), stem.with_suffix(".tsv")


def _by_document(path: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(path):
        found.setdefault(row["doc"], []).append(row)
    return found


def _runs(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + LINES_A_TEXT] for start in range(0, len(items), LINES_A_TEXT)]


def _share(items: Sequence[T], which: str) -> Sequence[T]:
    """Every fourth one: the first, fifth … for development, those after them for test."""
    return items[0::SHARE] if which == "dev" else items[1::SHARE]


def _turns(items: Sequence[T], start: int = 0) -> Iterator[T]:
    """The items over and over, so that each gets its turn."""
    while True:
        yield items[start % len(items)]
        start += 1
