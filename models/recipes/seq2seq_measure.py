"""Measure an exported translator: BLEU, chrF2++ and TER with signatures and intervals, copying, speed.

Every number is of the int8 CTranslate2 form with beam 4, as it is shipped.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ctranslate2
import sentencepiece
from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics import BLEU, CHRF, TER

from models.recipes.seq2seq_data import TestSet, dev_sets, folder_of
from models.recipes.seq2seq_plans import PLANS
from mtcheck.engines import Translator
from mtcheck.engines.load import open_translator

FALLBACK = "qwen2.5-coder-1.5b-instruct"
BOOTSTRAP = 1000
_NUMBER = re.compile(r"\d+(?:[.,\s]\d+)*")
_NAME = re.compile(r"(?<=[\w,;] )(?:[A-Z][a-z]+|[А-ЯЁ][а-яё]+)\w*")


def numbers_kept(sources: Sequence[str], outputs: Sequence[str]) -> float:
    """Share of the numbers of the sources whose digits stand in the output, separators ignored."""
    kept = [
        re.sub(r"\D", "", number) in re.sub(r"(?<=\d)[.,\s](?=\d)", "", output)
        for source, output in zip(sources, outputs, strict=True)
        for number in _NUMBER.findall(source)
    ]
    return sum(kept) / max(1, len(kept))


def names_kept(references: Sequence[str], outputs: Sequence[str]) -> float:
    """Share of the capitalised words inside the references found in the output, give or take two letters."""
    kept = []
    for reference, output in zip(references, outputs, strict=True):
        words = re.findall(r"\w+", output)
        for name in _NAME.findall(reference):
            kept.append(
                any(word[0].isupper() and Levenshtein.distance(word, name, score_cutoff=2) <= 2 for word in words)
            )
    return sum(kept) / max(1, len(kept))


class Shipped:
    """The CTranslate2 form of a model, beam 4."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Load an int8 folder with its SentencePiece models."""
        self._engine = ctranslate2.Translator(str(folder), device="cpu", intra_threads=threads, compute_type="int8")
        self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))

    def translate(self, texts: Sequence[str], beams: int = 4) -> list[str]:
        """The best output of each text; with less patience the search can settle on whatever ends first."""
        batch = [[*self._source.encode(text, out_type=str), "</s>"] for text in texts]
        made = self._engine.translate_batch(
            batch, beam_size=beams, max_batch_size=2048, batch_type="tokens", patience=2
        )
        return [self._target.decode([p for p in result.hypotheses[0] if p != "</s>"]) for result in made]


def measure(model: str, folder: Path, fallback_lines: int = 0) -> list[dict[str, object]]:
    """One record a dev set and system: the model where it is trained, and beside it what a review does without it.

    fallback_lines: lines, evenly spread over each set, on which the instruct model that stands in is measured too
    (seconds a sentence); the model is then measured on these lines as well. Doing nothing is a post-editor's rival.
    """
    engine = Shipped(folder) if folder.exists() else None
    records = []
    for test in dev_sets(model):
        if engine:
            records.append(_record(test, model, engine.translate))
        if model == "post-editor":
            records.append(_record(test, "nothing done", list))
        elif fallback_lines:
            some = _spread(test, fallback_lines)
            fallback = open_translator(FALLBACK, *model.split("-"))
            records.append(_record(some, FALLBACK, lambda texts, own=fallback: _best(own, texts)))
            if engine:
                records.append(_record(some, model, engine.translate))
    return records


def _record(test: TestSet, system: str, translate: Callable[[Sequence[str]], list[str]]) -> dict[str, object]:
    began = time.perf_counter()
    texts = translate(test.sources)
    spent = time.perf_counter() - began
    record: dict[str, object] = {"set": test.name, "system": system, "sentences": len(texts)}
    for metric in (BLEU(), CHRF(word_order=2), TER()):
        score = metric.corpus_score(texts, [list(test.references)], n_bootstrap=BOOTSTRAP)
        record[score.name] = f"{score.score:.2f} ± {score._ci:.2f} | {metric.get_signature()}"
    record["empty"] = sum(not text for text in texts)
    record["numbers kept"] = round(numbers_kept(test.sources, texts), 3)
    record["names kept"] = round(names_kept(test.references, texts), 3)
    record["source words/s"] = round(sum(len(source.split()) for source in test.sources) / spent, 1)
    return record


def _spread(test: TestSet, lines: int) -> TestSet:
    """As many lines of a set, evenly spread."""
    step = max(1, len(test.sources) // lines)
    name = f"{test.name}, every {step}th line"
    return TestSet(name, test.sources[::step][:lines], test.references[::step][:lines])


def _best(translator: Translator, texts: Sequence[str]) -> list[str]:
    return [best[0].text if best else "" for best in translator.translate(texts)]


def main() -> None:
    """``python -m models.recipes.seq2seq_measure [MODEL ...] [--fallback LINES]``: print one JSON record a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=list(PLANS))
    parser.add_argument("--fallback", type=int, default=0, metavar="LINES")
    options = parser.parse_args()
    for model in options.models:
        for record in measure(model, folder_of(PLANS[model]) / "int8", options.fallback):
            print(json.dumps(record, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
