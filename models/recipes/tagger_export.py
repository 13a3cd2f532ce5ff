"""Calibrate a trained tagger on the dev sets and export it for CTranslate2 (int8) and for transformers.

Calibration is Platt's method with two inputs, a word's worst logit and its sentence's mean logit; or
with the surprisal of a language model besides. It is fitted on three kinds of text: the editor's marks
on awkward MT (dev articles), MLQE-PE ru-en dev outside proverbs (good MT), and the human references of
the dev articles (no fault).
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
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from transformers import BertForTokenClassification

from models.recipes.corpora import DEV_ARTICLES, ROOT, marked_article, tagged_lines, work_folder
from models.recipes.tagger_measure import language_model
from models.recipes.tagger_model import LONGEST_PIECES, TaggerNetwork, load_average, token_logits
from mtcheck.engines import FluencyModel
from mtcheck.engines.tagger import SURPRISAL_WEIGHTS, EncoderTagger, surprisal_signs

SHARES = (9.0, 1.0, 1.0)
Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class CalibrationSet:
    """Words of one kind of text: ``signs`` (words, 6), ordered as SURPRISAL_WEIGHTS, and ``truth`` (words,)."""

    signs: Array
    truth: Array


def calibration_sets(engine: EncoderTagger, fluency: FluencyModel) -> list[CalibrationSet]:
    """Dev articles with the editor's marks; MLQE-PE ru-en dev outside proverbs; references of the dev articles."""
    marked = [line for doc in DEV_ARTICLES for line in marked_article(doc)]
    tagged = [line for line in tagged_lines("ru-en", "dev") if not line.proverb]
    kinds: list[tuple[list[str], list[list[tuple[int, int]]]]] = [
        ([line.mt for line in marked], [list(line.target_marks) for line in marked]),
        ([line.mt for line in tagged], [[(s, e) for s, e, bad in line.tokens if bad] for line in tagged]),
        ([line.reference for line in marked], [[] for _ in marked]),
    ]
    return [_calibration_set(engine, fluency, texts, ranges) for texts, ranges in kinds]


def _calibration_set(
    engine: EncoderTagger, fluency: FluencyModel, texts: list[str], ranges: list[list[tuple[int, int]]]
) -> CalibrationSet:
    signs, truth = [], []
    surprised = surprisal_signs(fluency, texts)
    for words, surprisals, bad in zip(engine.word_signs(texts), surprised, ranges, strict=True):
        for word in words:
            signs.append((word.worst, word.sentence, *surprisals.get(word.span, (0.0, 0.0, 0.0)), 1.0))
            truth.append(float(any(s < word.span.end and e > word.span.start for s, e in bad)))
    return CalibrationSet(np.array(signs), np.array(truth))


def fit_calibration(
    sets: Sequence[CalibrationSet], shares: Sequence[float], columns: Sequence[int], ridge: float = 1e-4
) -> Array:
    """Logistic weights of the chosen columns of the signs; set i carries ``shares[i]`` of the weight."""
    x = np.concatenate([s.signs for s in sets])[:, list(columns)]
    y = np.concatenate([s.truth for s in sets])
    total = sum(shares)
    w = np.concatenate([np.full(len(s.truth), g / total / len(s.truth)) for s, g in zip(sets, shares, strict=True)])
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + ridge * np.eye(x.shape[1])
        weights -= np.linalg.solve(hessian, x.T @ (w * (p - y)) + ridge * weights)
    return weights


def write_transformers(network: TaggerNetwork, trained: Path, out: Path) -> None:
    """A BertForTokenClassification checkpoint (labels OK, BAD; fp16 safetensors): softmax gives sigmoid(logit)."""
    config = network.encoder.config
    config.num_labels = 2
    config.id2label, config.label2id = {0: "OK", 1: "BAD"}, {"OK": 0, "BAD": 1}
    config.architectures = ["BertForTokenClassification"]
    model = BertForTokenClassification(config)
    model.bert.load_state_dict(network.encoder.state_dict())
    with torch.no_grad():
        model.classifier.weight.copy_(torch.cat([torch.zeros_like(network.head.weight), network.head.weight]))
        model.classifier.bias.copy_(torch.cat([torch.zeros_like(network.head.bias), network.head.bias]))
    out.mkdir(parents=True, exist_ok=True)
    config.save_pretrained(out)
    weights = {k: v.half().contiguous() for k, v in model.state_dict().items() if v.is_floating_point()}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(trained / "tokenizer.json", out / "tokenizer.json")
    (out / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizerFast", "do_lower_case": True, "model_max_length": 512}) + "\n"
    )


def write_ctranslate2(network: TaggerNetwork, trained: Path, out: Path) -> None:
    """The int8 encoder, the head and the tokenizer, as ``mtcheck.engines.tagger`` reads them."""
    from ctranslate2.converters import TransformersConverter

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name)
        network.encoder.save_pretrained(plain)
        shutil.copy(trained / "tokenizer.json", plain / "tokenizer.json")
        (plain / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizerFast"}))
        TransformersConverter(str(plain)).convert(str(out / "encoder"), quantization="int8", force=True)
    np.savez(
        out / "head.npz",
        weight=network.head.weight.detach().numpy()[0].astype(np.float32),
        bias=np.float32(network.head.bias.item()),
    )
    shutil.copy(trained / "tokenizer.json", out / "tokenizer.json")


def write_settings(alone: Array, with_surprisal: Array, out: Path) -> None:
    """``tagger.json``: the weights of both calibrations and the window length."""
    settings = {
        "calibration": _named(("logit", "sentence", "bias"), alone),
        "with_surprisal": _named(SURPRISAL_WEIGHTS, with_surprisal),
        "longest_pieces": LONGEST_PIECES,
    }
    (out / "tagger.json").write_text(json.dumps(settings, indent=1) + "\n")


def _named(names: Sequence[str], weights: Array) -> dict[str, float]:
    return dict(zip(names, (round(float(w), 6) for w in weights), strict=True))


def main() -> None:
    """Export ``--run`` to ``--out`` (both forms), calibrated on the int8 form itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, action="append", help="repeat it to average the weights of several runs")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "tagger-en")
    parser.add_argument("--transformers", action="store_true", help="also write the fp16 checkpoint for transformers")
    given = parser.parse_args()
    runs = given.run or [work_folder() / "tagger" / "run"]
    network, tokenizer = load_average(runs)
    write_ctranslate2(network, runs[0], given.out)
    write_settings(np.array([1.0, 0.0, 0.0]), np.zeros(6), given.out)
    if given.transformers:
        write_transformers(network, runs[0], given.out / "transformers")
    engine = EncoderTagger(given.out, threads=1)
    sets = calibration_sets(engine, language_model())
    write_settings(fit_calibration(sets, SHARES, (0, 1, 5)), fit_calibration(sets, SHARES, range(6)), given.out)
    sample = ["It is expected that the opening of experts will let you search among the stars related."]
    wide = [value for *_, value in token_logits(network, tokenizer, sample)[0]]
    small = [value for _, value in engine.token_logits(sample)[0]]
    print(
        "largest difference of int8 from fp32 logits on one sentence:", np.abs(np.subtract(wide, small)).max().round(3)
    )


if __name__ == "__main__":
    main()
