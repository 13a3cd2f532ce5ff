"""How much nearer to an editor's text does cleaning bring 2015 news MT? Prints one table.

Usage: python benchmarks/clean.py DATA [--set dev|test] [--translator ID] [--with-source]

DATA is the folder that holds ``articles/`` with the editor-marked documents. Every document is reviewed
whole; hypotheses are compared segment by segment with the editor's minimal post-edit and with the human
reference: chrF2++, BLEU and TER of sacrebleu, with signatures
and, with ``--resamples``, paired bootstrap p-values (Koehn 2004).
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

from mtcheck import pipeline
from mtcheck.engines.load import open_engines
from mtcheck.schema import Document, Review, Segment
from mtcheck.settings import Settings

SETS = {"dev": ("0017", "0959", "1188", "1748", "2685"), "test": ("0037", "1181", "1766", "2440")}


@dataclass(frozen=True)
class Line:
    """One sentence: as machine-translated, as cleaned, and what people made of it."""

    document: str
    original: str
    cleaned: str
    post_edit: str
    reference: str


def article(data: Path, number: str, *, with_source: bool) -> tuple[Document, list[dict[str, str]]]:
    """The document of one editor-marked article, one segment a line, and its rows of people's versions."""
    marks = (data / "articles" / f"nt15_{number}.edit.jsonl").read_text(encoding="utf-8").splitlines()
    with (data / "articles" / f"nt15_{number}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    people = [
        {
            "mt": (mark := json.loads(line))["mt"],
            "post_edit": mark["post_edit"],
            "reference": row["ref"],
            "source": row["src"],
        }
        for line, row in zip(marks, rows, strict=True)
    ]
    raw = (data / "articles" / f"nt15_{number}.mt.txt").read_text(encoding="utf-8")
    segments, at = [], 0
    for i, row in enumerate(people):
        at = raw.index(row["mt"], at)
        segments.append(Segment(i, at, row["mt"], source=row["source"] if with_source else None))
        at += len(row["mt"])
    return Document(f"nt15_{number}", raw, tuple(segments)), people


def cleaned_segments(review: Review) -> list[str]:
    """Each segment's text after the accepted edits."""
    texts = []
    for segment in review.document.segments:
        alone = Document("", segment.hypothesis, (replace(segment, seg_id=0, start=0, gaps=()),))
        texts.append(alone.apply(replace(edit, seg_id=0) for edit in review.edits if edit.seg_id == segment.seg_id))
    return texts


def run(data: Path, numbers: tuple[str, ...], translator: str | None, *, with_source: bool) -> Iterator[Line]:
    """Review each article and yield its lines."""
    engines = open_engines(translator, fast=translator is None)
    for number in numbers:
        document, people = article(data, number, with_source=with_source)
        review = pipeline.review(document, engines, Settings())
        for row, cleaned in zip(people, cleaned_segments(review), strict=True):
            yield Line(number, row["mt"], cleaned, row["post_edit"], row["reference"])


def errors(hypothesis: str, reference: str) -> int:
    """Word-level Levenshtein distance."""
    return int(Levenshtein.distance(hypothesis.split(), reference.split()))


def table(lines: list[Line], resamples: int) -> Iterator[str]:
    """Rows of the Markdown table, then the counts of segments better, same and worse, then signatures."""
    metrics = {"chrF2++": CHRF(word_order=2), "BLEU": BLEU(), "TER": TER()}
    yield "| against | text | chrF2++ | BLEU | TER |"
    yield "|---|---|---|---|---|"
    for name in ("post_edit", "reference"):
        references = [[getattr(line, name) for line in lines]]
        systems = [(kind, [getattr(line, kind) for line in lines]) for kind in ("original", "cleaned")]
        for kind, texts in systems:
            scores = (f"{metric.corpus_score(texts, references).score:.2f}" for metric in metrics.values())
            yield f"| {name} | {kind} | {' | '.join(scores)} |"
        if resamples:
            test = PairedTest(systems, metrics, references, test_type="bs", n_samples=resamples)
            _, results = test()
            yield f"| {name} | p | " + " | ".join(f"{results[metric][1].p_value:.4f}" for metric in metrics) + " |"
    for name in ("post_edit", "reference"):
        gains = [
            errors(line.original, getattr(line, name)) - errors(line.cleaned, getattr(line, name)) for line in lines
        ]
        better, worse = sum(g > 0 for g in gains), sum(g < 0 for g in gains)
        yield f"segments against {name}: {better} better, {len(gains) - better - worse} same, {worse} worse"
    for name, metric in metrics.items():
        yield f"{name}: {metric.get_signature()}"


def main() -> None:
    """Parse the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", choices=sorted(SETS), default="dev")
    parser.add_argument("--translator", help="back-translate with this model; without it, do without (fast)")
    parser.add_argument("--with-source", action="store_true")
    parser.add_argument(
        "--resamples", type=int, default=0, help="bootstrap resamples of the paired test; 0 leaves it out"
    )
    parser.add_argument("--show", action="store_true", help="print every changed segment with the editor's version")
    options = parser.parse_args()
    started = time.perf_counter()
    lines = list(run(options.data, SETS[options.set], options.translator, with_source=options.with_source))
    if options.show:
        for line in lines:
            if line.original != line.cleaned:
                print(f"- {line.original}\n+ {line.cleaned}\n= {line.post_edit}\n")
    print("\n".join(table(lines, options.resamples)))
    words = sum(len(line.original.split()) for line in lines)
    print(f"{len(lines)} segments, {words} words, {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
