"""Measure an exported translator: BLEU, chrF2++ and TER with signatures and intervals, copying, speed.

Every number is of the int8 CTranslate2 form with beam 4, as it is shipped.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import sentencepiece
from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics import BLEU, CHRF, TER

from models.recipes.seq2seq_data import dev_sets, folder_of
from models.recipes.seq2seq_plans import PLANS

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


def measure(model: str, folder: Path) -> list[dict[str, object]]:
    """One record a dev set; doing nothing is measured too, for a post-editor."""
    engine = Shipped(folder)
    records: list[dict[str, object]] = []
    for test in dev_sets(model):
        began = time.perf_counter()
        outputs = engine.translate(test.sources)
        spent = time.perf_counter() - began
        systems = [(model, outputs)] + ([("nothing done", list(test.sources))] if model == "post-editor" else [])
        for system, texts in systems:
            record: dict[str, object] = {"set": test.name, "system": system, "sentences": len(texts)}
            for metric in (BLEU(), CHRF(word_order=2), TER()):
                score = metric.corpus_score(texts, [list(test.references)], n_bootstrap=BOOTSTRAP)
                record[score.name] = f"{score.score:.2f} ± {score._ci:.2f} | {metric.get_signature()}"
            record["numbers kept"] = round(numbers_kept(test.sources, texts), 3)
            record["names kept"] = round(names_kept(test.references, texts), 3)
            record["source words/s"] = round(sum(len(s.split()) for s in test.sources) / spent)
            records.append(record)
    return records


def main() -> None:
    """``python -m models.recipes.seq2seq_measure MODEL``: print one JSON record a line."""
    for model in sys.argv[1:] or PLANS:
        for record in measure(model, folder_of(PLANS[model]) / "int8"):
            print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
