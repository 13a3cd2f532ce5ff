"""The committed sample as parts and corpora that ``mtcheck.evaluation`` measures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from mtcheck.evaluation import corpora
from mtcheck.evaluation.corpora import POST_EDIT, Corpus, Line
from mtcheck.evaluation.texts import Judged, Part, faultless, marked_document

FOLDER = Path(__file__).parent
LINES_A_DOCUMENT = 20


def part(name: str) -> Part:
    """``articles`` with the editor's marks; ``post-edits`` of them and ``human``, in which nothing is marked."""
    file = FOLDER / ("human.txt" if name == "human" else "articles.jsonl")
    texts: list[Judged] = []
    if name == "human":
        lines = file.read_text(encoding="utf-8").splitlines()
        for at in range(0, len(lines), LINES_A_DOCUMENT):
            texts.append(faultless(f"human-{at}", lines[at : at + LINES_A_DOCUMENT]))
    else:
        for doc_id, rows in _documents(file):
            edited = faultless(doc_id, [row["post_edit"] for row in rows])
            texts.append(marked_document(doc_id, rows, None) if name == "articles" else edited)
    return Part(name, tuple(texts), f"data:{file.name}|sha256:{digest(file)}")


def corpus(name: str) -> Corpus:
    """``articles`` or ``nt15_0959`` alone, with post-edits; ``human``, which needs no cleaning, or its ``human-0``."""
    if name.startswith("human"):
        judged = (text.document for text in part("human").texts)
        found = {d.doc_id: [Line(segment.hypothesis) for segment in d.segments] for d in judged}
    else:
        found = {
            doc_id: [Line(row["mt"], versions={POST_EDIT: (row["post_edit"],)}) for row in rows]
            for doc_id, rows in _documents(FOLDER / "articles.jsonl")
        }
    return corpora.corpus(name, {name: found[name]} if name in found else found, [], with_source=False)


def digest(file: Path) -> str:
    """The sha256 of a file, its first twelve digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _documents(file: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for doc_id, some in groupby(rows, key=lambda row: str(row["document"])):
        yield doc_id, list(some)
