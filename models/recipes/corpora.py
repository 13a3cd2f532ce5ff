"""Readers of the public data that every recipe trains on and is measured on.

The data folder is not part of the repository; ``MTCHECK_DATA`` names it (default ``../shared/data``
beside the checkout). Test documents and dev documents are named here once, so that no recipe can
train on them by accident.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import json
import lzma
import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEV_ARTICLES = ("0017", "0959", "1188", "1748", "2685")
TEST_ARTICLES = ("0037", "1181", "1766", "2440")


def data_folder() -> Path:
    """The folder that holds ``parallel``, ``qe``, ``mono``, ``dev`` and ``articles``.

    Raises FileNotFoundError when it is not there.
    """
    folder = Path(os.environ.get("MTCHECK_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        raise FileNotFoundError(f"no data folder at {folder}; set MTCHECK_DATA")
    return folder


def work_folder() -> Path:
    """Where recipes keep prepared data and checkpoints (git-ignored, made when missing)."""
    folder = Path(os.environ.get("MTCHECK_WORK", ROOT / ".data"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one TSV file of the bundle (plain or ``.xz``), keyed by its header line."""
    stream = lines(name)
    head = next(stream).split("\t")
    for line in stream:
        yield dict(zip(head, line.split("\t"), strict=False))


def lines(name: str) -> Iterator[str]:
    """The lines of one file of the bundle (plain or ``.xz``), without their ends."""
    path = data_folder() / name
    with contextlib.ExitStack() as stack:
        if path.suffix == ".xz":
            stream = stack.enter_context(lzma.open(path, "rt", encoding="utf-8", newline="\n"))
        else:
            stream = stack.enter_context(path.open(encoding="utf-8", newline="\n"))
        for line in stream:
            yield line.rstrip("\n")


@dataclasses.dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of machine translation, its post-edit, and what the editor marked in it.

    target_marks, source_marks: half-open character ranges of ``mt``; a reader sees the first from
    the English alone, the second only with the source in view.
    reference, systems: the human translation and the outputs of all systems for the same source.
    """

    doc: str
    mt: str
    post_edit: str
    target_marks: tuple[tuple[int, int], ...]
    source_marks: tuple[tuple[int, int], ...]
    source: str
    reference: str
    systems: tuple[str, ...]


def _mark_range(text: str, quote: str, occurrence: int) -> tuple[int, int]:
    starts = [match.start() for match in re.finditer(re.escape(quote), text)]
    start = starts[occurrence - 1]
    return start, start + len(quote)


def marked_article(doc: str) -> list[MarkedLine]:
    """The editor-marked lines of one article, in order; ``doc`` is its number, such as ``0017``."""
    folder = data_folder() / "articles"
    with (folder / f"nt15_{doc}.tsv").open(encoding="utf-8") as stream:
        table = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    marked = []
    edits = (folder / f"nt15_{doc}.edit.jsonl").read_text(encoding="utf-8").splitlines()
    for line, row in zip(edits, table, strict=True):
        record = json.loads(line)
        ranges: dict[str, list[tuple[int, int]]] = {"target": [], "source": []}
        for mark in record["marks"]:
            ranges[mark["visible"]].append(_mark_range(record["mt"], mark["quote"], mark["occurrence"]))
        marked.append(
            MarkedLine(
                doc,
                record["mt"],
                record["post_edit"],
                tuple(ranges["target"]),
                tuple(ranges["source"]),
                row[1],
                row[2],
                tuple(row[3:]),
            )
        )
    return marked


@dataclasses.dataclass(frozen=True, slots=True)
class TaggedLine:
    """A sentence of MLQE-PE: ``tokens`` are (start, end, is_bad) ranges of ``mt``; ``post_edit`` is detokenised."""

    source: str
    mt: str
    post_edit: str
    tokens: tuple[tuple[int, int, bool], ...]
    proverb: bool


def detokenise(text: str) -> str:
    """Join Moses-style tokens: no space before closing punctuation, after openers, or inside contractions."""
    text = re.sub(r" ([,.;:!?%)\]}])", r"\1", f" {text} ")
    text = re.sub(r"([(\[{$#]) ", r"\1", text)
    text = re.sub(r" n 't\b", "n't", text)
    text = re.sub(r"n 't\b", "n't", text)
    text = re.sub(r" '(s|re|ve|ll|d|m|t)\b", r"'\1", text)
    text = re.sub(r'" ([^"]*?) "', r'"\1"', text)
    return " ".join(text.split())


def tagged_lines(pair: str, split: str) -> list[TaggedLine]:
    """MLQE-PE word tags of one language pair (``ru-en`` …) and split; proverbs are known for ru-en only."""
    proverbs: set[int] = set()
    if pair == "ru-en":
        for row in rows("qe/mlqe_pe.ru-en.genre.tsv.xz"):
            if row["split"] == split and row["genre"] == "proverb":
                proverbs.add(int(row["row"]))
    result = []
    for number, row in enumerate(rows(f"qe/mlqe_pe.{pair}.{split}.tsv.xz")):
        mt, at = row["mt_raw"], 0
        tokens: list[tuple[int, int, bool]] = []
        for token, tag in zip(row["mt_tok"].split(), row["word_tags"].split(), strict=True):
            start = mt.find(token, at)
            if start < 0 or start - at > 3:
                tokens = []
                break
            at = start + len(token)
            tokens.append((start, at, tag == "BAD"))
        if tokens:
            result.append(TaggedLine(row["src_raw"], mt, detokenise(row["pe_tok"]), tuple(tokens), number in proverbs))
    return result
