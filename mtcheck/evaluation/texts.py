"""Texts with people's verdicts: editor-marked articles, human news in which nothing should be flagged, MLQE-PE tags.

The data folder is the public bundle described in ``docs/evaluation.md``; it is no part of the repository.
Which documents are for development and which are for test is written here once.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtcheck.errors import InputError
from mtcheck.schema import Document, Segment, Span

ARTICLES = {"dev": ("0017", "0959", "1188", "1748", "2685"), "test": ("0037", "1181", "1766", "2440")}
TAGGED = {"dev": "dev", "test": "test20"}
HELD_OUT = {
    "dev": ((1820, 2002), (2435, 2461), (29, 54), (349, 373), (1, 5)),
    "test": ((2189, 2397), (116, 158), (205, 220), (269, 301)),
}
"""Runs of newstest2015 lines between the articles, first and last; no recipe trains on them, no document is in both."""
NEWS = "mono/en_news.txt.xz"
BBC_FIRST = "Quarterly profits at US media giant TimeWarner"  # first line of the BBC part of NEWS,
BBC_AFTER = "The Prime Minister has denied he knew AWB"  # and the first line after it
BBC_RUN, BBC_RUNS, BBC_SEED = 20, 50, 20  # consecutive lines taken as one document; how many; seed of the sample
TARGET = "target"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person would change. visible: ``target`` when the English alone shows it, else ``source``."""

    span: Span
    category: str
    severity: str
    visible: str = TARGET


@dataclass(frozen=True, slots=True)
class Judged:
    """A document, and for each segment the words that are judged and the marks people made in it."""

    document: Document
    words: tuple[tuple[Span, ...], ...]
    marks: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A set of judged documents. data: names it with its hash and size, for signatures."""

    name: str
    texts: tuple[Judged, ...]
    data: str

    @property
    def word_count(self) -> int:
        """Judged words of all segments."""
        return sum(len(words) for text in self.texts for words in text.words)


def whitespace_words(text: str) -> tuple[Span, ...]:
    """Spans of the whitespace-separated words."""
    return tuple(Span(*match.span()) for match in re.finditer(r"\S+", text))


def document(doc_id: str, texts: Sequence[str], sources: Sequence[str | None] | None = None) -> Document:
    """One segment a line, with the sources when they are given."""
    segments, at = [], 0
    for i, text in enumerate(texts):
        segments.append(Segment(i, at, text, source=sources[i] if sources else None))
        at += len(text) + 1
    return Document(doc_id, "\n".join(texts), tuple(segments))


def articles(data: Path, which: str, *, with_source: bool = False) -> Part:
    """The editor-marked articles of 2015 news translation; ``which`` is dev or test."""
    texts, files = [], []
    for number in ARTICLES[which]:
        marks, table = (data / "articles" / f"nt15_{number}.{end}" for end in ("edit.jsonl", "tsv"))
        rows = [json.loads(line) for line in read_lines(marks)]
        sources = [row["src"] for row in read_rows(table)] if with_source else None
        texts.append(marked_document(f"nt15_{number}", rows, sources))
        files += [marks, table]
    return _part(f"articles {which}", texts, files)


def marked_document(doc_id: str, rows: Sequence[dict[str, object]], sources: Sequence[str | None] | None) -> Judged:
    """A document from rows ``{mt, marks: [{quote, occurrence, category, severity, visible}]}``."""
    texts = [str(row["mt"]) for row in rows]
    marks = tuple(
        tuple(_mark(text, **mark) for mark in row["marks"])  # type: ignore[attr-defined]
        for text, row in zip(texts, rows, strict=True)
    )
    return Judged(document(doc_id, texts, sources), tuple(map(whitespace_words, texts)), marks)


def _mark(
    text: str, *, quote: str, occurrence: int, category: str, severity: str, visible: str, **others: object
) -> Mark:
    start = -1
    for _ in range(occurrence):
        start = text.index(quote, start + 1)
    return Mark(Span(start, start + len(quote)), category, severity, visible)


def newstest(data: Path, column: str) -> Part:
    """Human translations of Russian news, whole documents: ``refA`` or ``refB`` of newstest2020."""
    path = data / "dev" / "newstest2020.ru-en.tsv"
    by_document: dict[str, list[str]] = {}
    for row in read_rows(path):
        if row[column]:
            by_document.setdefault(row["doc"], []).append(row[column])
    texts = [faultless(doc_id, lines) for doc_id, lines in by_document.items()]
    return _part(f"newstest2020 {column}", texts, [path])


def bbc(data: Path, runs: int = BBC_RUNS, seed: int = BBC_SEED) -> Part:
    """BBC news of 2004-05: a seeded sample of runs of consecutive lines, since documents cannot be told apart."""
    path = data / NEWS
    lines = list(read_lines(path))
    first, after = (next(i for i, line in enumerate(lines) if line.startswith(head)) for head in (BBC_FIRST, BBC_AFTER))
    starts = np.arange(first, after - BBC_RUN, BBC_RUN)
    chosen = np.random.default_rng(seed).choice(starts, runs, replace=False)
    texts = [faultless(f"bbc-{at - first}", lines[at : at + BBC_RUN]) for at in sorted(chosen.tolist())]
    return _part(f"BBC {runs}x{BBC_RUN} lines seed {seed}", texts, [path])


def faultless(doc_id: str, lines: Sequence[str]) -> Judged:
    """A document in which nothing should be flagged."""
    return Judged(document(doc_id, lines), tuple(map(whitespace_words, lines)), ((),) * len(lines))


def tagged(data: Path, which: str, *, proverbs: bool, with_source: bool = False) -> Part:
    """MLQE-PE ru-en (Reddit and proverbs): its tokens are the words, runs of BAD tokens the marks.

    Tags of gaps between words are not used. Without ``proverbs``, documents of that genre are left out.
    """
    split = TAGGED[which]
    files = [data / "qe" / f"mlqe_pe.ru-en.{name}.tsv.xz" for name in (split, "genre")]
    genres = [row for row in read_rows(files[1]) if row["split"] == split]
    by_document: dict[str, list[dict[str, str]]] = {}
    for row, genre in zip(read_rows(files[0]), genres, strict=True):
        if proverbs or genre["genre"] != "proverb":
            by_document.setdefault(genre["doc_id"], []).append(row)
    texts = [_tagged_document(doc_id, rows, with_source) for doc_id, rows in by_document.items()]
    return _part(f"MLQE-PE ru-en {split} {'with' if proverbs else 'without'} proverbs", texts, files)


def _tagged_document(doc_id: str, rows: Sequence[dict[str, str]], with_source: bool) -> Judged:
    words, marks = [], []
    for row in rows:
        spans, at = [], 0
        for token in row["mt_tok"].split():
            at = row["mt_raw"].index(token, at)
            spans.append(Span(at, at := at + len(token)))
        bad = [tag == "BAD" for tag in row["word_tags"].split()]
        words.append(tuple(spans))
        marks.append(tuple(Mark(span, "bad", "unknown") for span in _runs(spans, bad)))
    sources = [row["src_raw"] for row in rows] if with_source else None
    return Judged(document(doc_id, [row["mt_raw"] for row in rows], sources), tuple(words), tuple(marks))


def _runs(spans: Sequence[Span], bad: Sequence[bool]) -> Iterator[Span]:
    """Hulls of the unbroken runs of bad tokens."""
    run: Span | None = None
    for span, is_bad in zip(spans, bad, strict=True):
        if is_bad:
            run = run.hull(span) if run else span
        elif run:
            yield run
            run = None
    if run:
        yield run


def _part(name: str, texts: Sequence[Judged], files: Iterable[Path]) -> Part:
    segments = sum(len(text.document.segments) for text in texts)
    words = sum(len(words) for text in texts for words in text.words)
    return Part(name, tuple(texts), signature(name, files, segments, words))


def signature(name: str, files: Iterable[Path], segments: int, words: int) -> str:
    """What names a set of texts in the signature of a number: the hash of its files, and its size."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return f"data:{name}|sha256:{digest.hexdigest()[:12]}|segments:{segments}|words:{words}"


def read_lines(path: Path) -> Iterator[str]:
    """Lines of a plain or xz file. Raises InputError when it is not there."""
    try:
        packed = path.suffix == ".xz"
        with (lzma.open if packed else open)(path, "rt", encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\n")
    except FileNotFoundError as error:
        raise InputError("no such file of the data bundle", where=str(path), repair="name its folder") from error


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a TSV file, plain or xz, by its header line. Raises InputError when it is not there."""
    return csv.DictReader(read_lines(path), delimiter="\t", quoting=csv.QUOTE_NONE)
