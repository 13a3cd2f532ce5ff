"""Calibrate a trained tagger on the dev sets and export it for CTranslate2 (int8) and for transformers.

Calibration is Platt's method with two inputs, the token's logit and its sentence's mean logit. It is
fitted on three kinds of text weighted alike: the editor's marks on awkward MT (dev articles), MLQE-PE
ru-en dev outside proverbs (good MT), and the human references of the dev articles (no fault).
"""

from __future__ import annotations

import argparse
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
from models.recipes.tagger_measure import Scorer, range_score, words_of
from models.recipes.tagger_model import LONGEST_PIECES, TaggerNetwork, load_network, token_logits

Array = NDArray[np.float64]


def _word_signs(texts: Sequence[str], scorer: Scorer) -> list[list[tuple[int, int, float, float]]]:
    """(start, end, worst logit, mean logit of the sentence) of every whitespace word."""
    result = []
    for text, tokens in zip(texts, scorer(texts), strict=True):
        mean = float(np.mean([value for *_, value in tokens])) if tokens else 0.0
        result.append([(s, e, range_score(tokens, s, e), mean) for s, e in words_of(text)])
    return result


def calibration_sets(scorer: Scorer) -> list[tuple[Array, Array]]:
    """For each kind of dev text: signs of shape (words, 3) — logit, sentence mean, 1 — and truth of shape (words,)."""
    marked = [line for doc in DEV_ARTICLES for line in marked_article(doc)]
    tagged = [line for line in tagged_lines("ru-en", "dev") if not line.proverb]
    kinds: list[tuple[list[str], list[list[tuple[int, int]]]]] = [
        ([line.mt for line in marked], [list(line.target_marks) for line in marked]),
        ([line.mt for line in tagged], [[(s, e) for s, e, bad in line.tokens if bad] for line in tagged]),
        ([line.reference for line in marked], [[] for _ in marked]),
    ]
    sets = []
    for texts, ranges in kinds:
        signs, truth = [], []
        for words, bad in zip(_word_signs(texts, scorer), ranges, strict=True):
            for start, end, logit, mean in words:
                signs.append((logit, mean, 1.0))
                truth.append(float(any(s < end and e > start for s, e in bad)))
        sets.append((np.array(signs), np.array(truth)))
    return sets


def fit_calibration(sets: Sequence[tuple[Array, Array]], shares: Sequence[float]) -> Array:
    """Weights (logit, sentence, bias) of a logistic model; set i carries ``shares[i]`` of the total weight."""
    x = np.concatenate([signs for signs, _ in sets])
    y = np.concatenate([truth for _, truth in sets])
    w = np.concatenate([np.full(len(t), share / len(t)) for (_, t), share in zip(sets, shares, strict=True)])
    weights = np.zeros(3)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(3)
        weights -= np.linalg.solve(hessian, x.T @ (w * (p - y)))
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


def write_settings(weights: Array, out: Path) -> None:
    """``tagger.json``: the calibration and the window length."""
    calibration = dict(zip(("logit", "sentence", "bias"), (round(float(w), 6) for w in weights), strict=True))
    settings = {"calibration": calibration, "longest_pieces": LONGEST_PIECES}
    (out / "tagger.json").write_text(json.dumps(settings, indent=1) + "\n")


def main() -> None:
    """Export ``--run`` to ``--out`` (both forms), calibrated on the int8 form itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=work_folder() / "tagger" / "run")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "tagger-en")
    parser.add_argument("--transformers", action="store_true", help="also write the fp16 checkpoint for transformers")
    given = parser.parse_args()
    network, tokenizer = load_network(given.run)
    write_ctranslate2(network, given.run, given.out)
    write_settings(np.array([1.0, 0.0, 0.0]), given.out)
    if given.transformers:
        write_transformers(network, given.run, given.out / "transformers")

    from mtcheck.engines.tagger import EncoderTagger

    engine = EncoderTagger(given.out)

    def scorer(texts: Sequence[str]) -> list[list[tuple[int, int, float]]]:
        return [[(span.start, span.end, value) for span, value in tokens] for tokens in engine.token_logits(texts)]

    write_settings(fit_calibration(calibration_sets(scorer), (1.0, 1.0, 1.0)), given.out)
    sample = ["It is expected that the opening of experts will let you search among the stars related."]
    wide = [value for *_, value in token_logits(network, tokenizer, sample)[0]]
    small = [value for *_, value in scorer(sample)[0]]
    print(
        "largest difference of int8 from fp32 logits on one sentence:",
        round(max(map(abs, np.subtract(wide, small))), 3),
    )


if __name__ == "__main__":
    main()
