"""The evaluation table of the shipped post-editor, alone and before any guard; dev, and with ``--test`` the test sets.

Every edit that reaches the threshold is made. Lines count as better or worse by word-level Levenshtein
distance to the person's version; TER is sacrebleu's, cased, with a bootstrap over sources.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sacrebleu.metrics import TER

from models.recipes.corpora import ROOT
from models.recipes.post_editor_measure import (
    Line,
    article_lines,
    clean_lines,
    document_lines,
    outcome,
    post_edit_lines,
    post_edited,
    translation_edit_rate,
)
from mtcheck.engines.post_editor import EditTagger


def test_sets(part: str) -> Iterator[tuple[str, list[Line]]]:
    """Names and lines of the sets of one part, ``dev`` or ``test``."""
    split = "dev" if part == "dev" else "test20"
    yield f"{part} documents of 2015, all systems, against the reference", document_lines(part)
    yield f"{part} articles, against the post-edit", article_lines(part)
    yield f"{part} articles, against the reference", article_lines(part, "reference")
    yield f"MLQE-PE ru-en {split}, against the post-edit", post_edit_lines(split)
    yield f"clean {part}: references and post-edits", clean_lines(part)


def numbers(engine: EditTagger, lines: Sequence[Line]) -> dict[str, float | str]:
    """Outcome, TER before and after, share unchanged, and speed on these lines."""
    texts = [line.text for line in lines]
    wall, used = time.perf_counter(), time.process_time()
    made = engine.edits(texts)
    seconds = {"by the clock": time.perf_counter() - wall, "by processor time": time.process_time() - used}
    after = [post_edited(text, edits) for text, edits in zip(texts, made, strict=True)]
    counts = outcome(lines, after)
    words = sum(len(text.split()) for text in texts)
    return {
        **counts,
        "edits": sum(map(len, made)),
        "unchanged": round(1 - counts["changed"] / len(lines), 3),
        **translation_edit_rate(lines, after),
        **{f"words/s {name}": round(words / value) for name, value in seconds.items()},
    }


def main() -> None:
    """Print the table as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "post-editor-en")
    parser.add_argument("--test", action="store_true", help="the test sets too")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N changed lines of each dev set")
    given = parser.parse_args()
    engine = EditTagger(given.model, threads=1)
    metric = TER(case_sensitive=True, references=[[""]])
    print(json.dumps({"signature": engine.signature, "TER": str(metric.get_signature())}))
    for part in ("dev", "test")[: 1 + given.test]:
        for name, lines in test_sets(part):
            print(json.dumps({"set": name, **numbers(engine, lines)}), flush=True)
            if given.show and part == "dev":
                show(engine, lines, given.show)


def show(engine: EditTagger, lines: Sequence[Line], count: int) -> None:
    """Print ``count`` changed lines, spread over the set, with the person's version."""
    texts = [line.text for line in lines]
    changed = [
        (line, post_edited(line.text, edits)) for line, edits in zip(lines, engine.edits(texts), strict=True) if edits
    ]
    for line, after in changed[:: max(1, len(changed) // count)]:
        print(f"- {line.text}\n+ {after}\n= {line.versions[0]}\n")


if __name__ == "__main__":
    main()
