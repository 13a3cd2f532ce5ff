"""Export a trained post-editor for CTranslate2 (int8), calibrate it, and set its threshold, all on dev.

Calibration is logistic: the logit of the edit, the logit of leaving the place alone, the mean doubt of the
sentence, and a constant for each kind of edit. Its target: a version confirms the edit, which means that the
sentence comes nearer to it and every new pair of neighbouring words stands in it (deleting a wrong word inside
a passage that needs rewriting comes nearer too, but is no repair). On clean text nothing is right.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.recipes import post_editor_model
from models.recipes.corpora import ROOT, work_folder
from models.recipes.post_editor_measure import (
    Line,
    article_lines,
    clean_lines,
    confirmed,
    document_lines,
    outcome,
    post_edit_lines,
    post_edited,
)
from models.recipes.post_editor_model import HEADS, PostEditorNetwork
from models.recipes.tagger_export import CalibrationSet, fit_calibration
from models.recipes.tagger_model import LONGEST_PIECES
from mtcheck.engines.edit_tags import Token, kind_of, rewritten
from mtcheck.engines.post_editor import SIGNS, Candidate, EditTagger

SHARES = (6.0, 2.0, 1.0, 2.0)
RIDGE, MOST_KINDS = 1e-4, 40
HARM = 0.0075
LIKELY = -0.8  # logit of the probability of a neighbouring edit
Array = NDArray[np.float64]


def write_ctranslate2(network: PostEditorNetwork, trained: Path, out: Path) -> None:
    """The int8 encoder, the heads and the tokenizer, as ``mtcheck.engines.post_editor`` reads them."""
    from ctranslate2.converters import TransformersConverter

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name)
        network.encoder.save_pretrained(plain)
        shutil.copy(trained / "tokenizer.json", plain / "tokenizer.json")
        (plain / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizerFast"}))
        TransformersConverter(str(plain)).convert(str(out / "encoder"), quantization="int8", force=True)
    arrays = {}
    for name, head in zip(HEADS, network.heads, strict=True):
        arrays[f"{name}_weight"] = head.weight.detach().numpy().astype(np.float16)
        arrays[f"{name}_bias"] = head.bias.detach().numpy().astype(np.float32)
    np.savez_compressed(out / "head.npz", **arrays)
    shutil.copy(trained / "tokenizer.json", out / "tokenizer.json")


def write_settings(tags: dict[str, list[str]], calibration: dict[str, float], threshold: float, out: Path) -> None:
    """``post_editor.json``: tags, calibration, threshold, longest text."""
    settings = {"threshold": threshold, "longest_pieces": LONGEST_PIECES, "calibration": calibration, **tags}
    (out / "post_editor.json").write_text(json.dumps(settings, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def uncalibrated() -> dict[str, float]:
    """The network's own probability of the edit."""
    return {**dict.fromkeys(SIGNS, 0.0), "tag": 1.0}


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """Lines of one kind of text, and what the network sees in them."""

    lines: list[Line]
    seen: list[tuple[list[Token], list[Candidate]]]


def dev_sets(engine: EditTagger) -> list[Read]:
    """Dev documents (a third of the outputs), dev articles, MLQE-PE dev outside proverbs, clean text of all these."""
    documents = document_lines("dev")[::3]
    groups = (documents, article_lines("dev"), post_edit_lines("dev", proverbs=False), clean_lines("dev"))
    return [Read(lines, engine.candidates([line.text for line in lines])) for lines in groups]


def calibration_set(read: Read, kinds: list[str]) -> CalibrationSet:
    """Signs of every candidate edit, and 1 where a version confirms it, alone or with its neighbours; 0 elsewhere.

    New kinds are added to ``kinds``.
    """
    signs, truth, numbers = [], [], []
    for line, (tokens, candidates) in zip(read.lines, read.seen, strict=True):
        likely = [c.change for c in candidates if c.signs[0] > LIKELY]
        for candidate in candidates:
            place = candidate.change.place
            beside = [c for c in likely if abs(c.place - place) <= 1 and c != candidate.change]
            texts = [rewritten(line.text, tokens, [candidate.change, *more]) for more in ([], beside)]
            signs.append((*candidate.signs, 1.0))
            truth.append(float(any(confirmed(line.text, text, v) for text in set(texts) for v in line.versions)))
            kind = kind_of(tokens, candidate.change)
            if kind not in kinds:
                kinds.append(kind)
            numbers.append(kinds.index(kind))
    return CalibrationSet(np.column_stack([np.array(signs), np.eye(MOST_KINDS)[numbers]]), np.array(truth))


def calibrate(reads: Sequence[Read]) -> dict[str, float]:
    """The weights of the signs and of the kinds."""
    kinds: list[str] = []
    sets = [calibration_set(read, kinds) for read in reads]
    columns = range(len(SIGNS) + len(kinds))
    weights = fit_calibration(sets, SHARES, columns, RIDGE)
    return {name: round(float(w), 4) for name, w in zip((*SIGNS, *kinds), weights, strict=True)}


def outcomes(engine: EditTagger, reads: Sequence[Read], threshold: float) -> list[dict[str, float]]:
    """What the edits that reach the threshold do to each set."""
    return [
        outcome(
            read.lines,
            [
                post_edited(line.text, engine.settled(line.text, *seen, threshold))
                for line, seen in zip(read.lines, read.seen, strict=True)
            ],
        )
        for read in reads
    ]


def choose_threshold(engine: EditTagger, reads: Sequence[Read], ratio: float, unchanged: float) -> float:
    """The lowest threshold with ``ratio`` lines better for one worse on dev, and ``unchanged`` clean lines kept.

    On good translations (MLQE-PE) it may do harm on balance to a share HARM of the lines.
    """
    best = 1.0
    for threshold in np.arange(0.8, 0.18, -0.02).round(3).tolist():
        results = outcomes(engine, reads, threshold)
        print(threshold, [tuple(result.values()) for result in results], flush=True)
        documents, articles, edited, clean = results
        fits = documents["better"] + articles["better"] >= ratio * (documents["worse"] + articles["worse"])
        harmless = edited["worse"] - edited["better"] <= HARM * edited["lines"]
        if fits and harmless and clean["changed"] <= (1 - unchanged) * clean["lines"]:
            best = threshold
    return best


def main() -> None:
    """Export ``--run`` to ``--out``, calibrated on the int8 form itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=work_folder() / "post-editor" / "run")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "post-editor-en")
    parser.add_argument("--ratio", type=float, default=3.3, help="lines better for one worse, on dev")
    parser.add_argument("--unchanged", type=float, default=0.96, help="share of clean lines left alone, on dev")
    given = parser.parse_args()
    network, _, tags = post_editor_model.load(given.run)
    write_ctranslate2(network, given.run, given.out)
    write_settings(tags, uncalibrated(), 0.5, given.out)
    reads = dev_sets(EditTagger(given.out, threads=1))
    calibration = calibrate(reads)
    print(calibration, flush=True)
    write_settings(tags, calibration, 0.5, given.out)
    threshold = choose_threshold(EditTagger(given.out, threads=1), reads, given.ratio, given.unchanged)
    write_settings(tags, calibration, threshold, given.out)
    print("threshold", threshold)


if __name__ == "__main__":
    main()
