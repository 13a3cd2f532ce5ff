"""The word tagger on CTranslate2: an int8 BERT encoder, a linear head in numpy, calibrated probabilities.

A model folder holds ``encoder/`` (CTranslate2), ``tokenizer.json``, ``head.npz`` (``weight`` of shape
(hidden,), ``bias`` a scalar) and ``tagger.json`` (calibration and limits). Neither torch nor
transformers is needed. ``models/recipes`` trains and exports such folders.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtcheck.engines import FluencyModel
from mtcheck.engines.content import content_digest
from mtcheck.engines.cores import usable_cores
from mtcheck.errors import ModelError
from mtcheck.schema import Span

FILES = ("encoder/model.bin", "encoder/config.json", "tokenizer.json", "head.npz", "tagger.json")
BATCH_PIECES = 2048
NOTHING_THERE = -20.0
MOST_SURPRISED = 20.0
SURPRISAL_WEIGHTS = ("logit", "sentence", "surprisal", "next_surprisal", "sentence_surprisal", "bias")
_WORD = re.compile(r"\S+")
# (text index, piece ids, for each token that starts here: its piece index and its span in the text)
_Window = tuple[int, list[int], list[tuple[int, int, int]]]


@dataclasses.dataclass(frozen=True, slots=True)
class WordSign:
    """A word's worst token logit, and the mean token logit of its sentence."""

    span: Span
    worst: float
    sentence: float


def signature(folder: Path) -> str:
    """Hash and engine of a tagger's folder, without loading it. Raises ModelError when a file is missing."""
    digest = content_digest(folder, FILES, "word tagger")
    return f"tagger:{folder.name}|sha256:{digest}|int8|ct2:{version('ctranslate2')}"


class EncoderTagger:
    """A :class:`mtcheck.engines.Tagger` that sees the English alone; about 23 MB on disk.

    Each whitespace-separated word takes the probability of its worst token (words and punctuation
    marks are separate tokens). The calibrated probability reads two numbers: the token's logit and
    the mean logit of its sentence, since awkward words come in awkward sentences.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load the folder; ``threads`` are those of one batch (default: the cores there are).

        Raises ModelError when a file is missing or damaged.
        """
        import ctranslate2
        from tokenizers import Tokenizer

        self.signature = signature(folder)
        try:
            settings = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
            self._calibration = tuple(float(settings["calibration"][key]) for key in ("logit", "sentence", "bias"))
            self.with_surprisal = tuple(float(settings["with_surprisal"][key]) for key in SURPRISAL_WEIGHTS)
            self._longest = int(settings["longest_pieces"])
            with np.load(folder / "head.npz") as head:
                self._weight = head["weight"].astype(np.float32)
                self._bias = float(head["bias"])
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._encoder = ctranslate2.Encoder(
                str(folder / "encoder"), device="cpu", compute_type="int8", intra_threads=threads or usable_cores()
            )
        except (ValueError, KeyError, RuntimeError, OSError) as error:
            raise ModelError(f"the word tagger cannot be read ({error})", where=str(folder)) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._open, self._close = self._edge("[CLS]"), self._edge("[SEP]")

    def _edge(self, piece: str) -> int:
        number = self._tokenizer.token_to_id(piece)
        if number is None:
            raise ModelError(f"the tokenizer of the word tagger has no {piece}", repair="restore models/")
        return int(number)

    def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """For every whitespace-separated word: its span and the probability, in [0, 1], that an editor would mark it.

        A word in which the tokenizer finds nothing (control characters alone) gets 0.
        """
        logit, sentence, bias = self._calibration
        return [
            [(sign.span, _sigmoid(logit * sign.worst + sentence * sign.sentence + bias)) for sign in signs]
            for signs in self.word_signs(texts)
        ]

    def word_signs(self, texts: Sequence[str]) -> list[list[WordSign]]:
        """What the network says of every whitespace-separated word, before calibration."""
        result = []
        for text, tokens in zip(texts, self.token_logits(texts), strict=True):
            mean = sum(value for _, value in tokens) / len(tokens) if tokens else 0.0
            at, signs = 0, []
            for match in _WORD.finditer(text):
                worst = NOTHING_THERE
                while at < len(tokens) and tokens[at][0].start < match.end():
                    worst = max(worst, tokens[at][1])
                    at += 1
                signs.append(WordSign(Span(match.start(), match.end()), worst, mean))
            result.append(signs)
        return result

    def token_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """As :meth:`bad_probabilities`, for every token: a run of letters and digits, or one punctuation mark."""
        logit, sentence, bias = self._calibration
        result = []
        for tokens in self.token_logits(texts):
            mean = sum(value for _, value in tokens) / len(tokens) if tokens else 0.0
            result.append([(span, _sigmoid(logit * value + sentence * mean + bias)) for span, value in tokens])
        return result

    def token_logits(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """The raw logit of every token, before calibration."""
        windows = [w for number, text in enumerate(texts) for w in self._windows(number, text)]
        order = sorted(range(len(windows)), key=lambda i: len(windows[i][1]))
        logits: dict[int, NDArray[np.float32]] = {}
        batch: list[int] = []
        for i in [*order, -1]:
            if batch and (i < 0 or (len(batch) + 1) * len(windows[i][1]) > BATCH_PIECES):
                logits.update(zip(batch, self._forward([windows[j][1] for j in batch]), strict=True))
                batch = []
            batch.append(i)
        result: list[list[tuple[Span, float]]] = [[] for _ in texts]
        for i, (number, _, tokens) in enumerate(windows):
            result[number] += [(Span(start, end), float(logits[i][piece])) for piece, start, end in tokens]
        return result

    def _windows(self, number: int, text: str) -> list[_Window]:
        """The pieces of a text, in windows of at most ``longest_pieces`` that part no token which fits one."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        tokens = _tokens(encoding)
        windows: list[_Window] = []
        room = self._longest - 2
        begin = 0
        while begin < len(tokens):
            origin = tokens[begin][0]
            end = begin + 1
            while end < len(tokens) and _token_end(tokens, end, len(encoding.ids)) - origin <= room:
                end += 1
            last = min(_token_end(tokens, end - 1, len(encoding.ids)), origin + room)
            ids: list[int] = [self._open, *encoding.ids[origin:last], self._close]
            windows.append((number, ids, [(piece - origin + 1, s, e) for piece, s, e in tokens[begin:end]]))
            begin = end
        return windows

    def _forward(self, batch: Sequence[list[int]]) -> NDArray[np.float32]:
        """Logits of shape (sequences, longest) of piece ids."""
        import ctranslate2

        output = self._encoder.forward_batch(list(batch)).last_hidden_state
        hidden = np.asarray(output.to(ctranslate2.DataType.float32), dtype=np.float32)
        # the company a sentence keeps in its batch moves int8 sums by about 0.001: digits beyond that are noise
        logits: NDArray[np.float32] = np.round(hidden @ self._weight + self._bias, 3)
        return logits


class SurprisalTagger:
    """A :class:`mtcheck.engines.Tagger` that also reads how surprised a language model is, word by word.

    Better than the encoder alone, for the price of the language model, which a review runs anyway.
    """

    def __init__(self, tagger: EncoderTagger, fluency: FluencyModel) -> None:
        """Join the two with the weights that stand in the tagger's folder."""
        self._tagger, self._fluency = tagger, fluency
        self.signature = f"{tagger.signature}+{fluency.signature}"

    def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """For every whitespace-separated word: its span and the probability that an editor would mark it."""
        signs = self._tagger.word_signs(texts)
        surprisals = surprisal_signs(self._fluency, texts)
        weights = self._tagger.with_surprisal
        result = []
        for words, surprised in zip(signs, surprisals, strict=True):
            row = []
            for sign in words:
                inputs = (sign.worst, sign.sentence, *surprised.get(sign.span, (0.0, 0.0, 0.0)), 1.0)
                row.append((sign.span, _sigmoid(sum(w * x for w, x in zip(weights, inputs, strict=True)))))
            result.append(row)
        return result


def surprisal_signs(fluency: FluencyModel, texts: Sequence[str]) -> list[dict[Span, tuple[float, float, float]]]:
    """For every word: its surprisal in nats, that of the word after it (0 at the end), and the mean of the sentence."""
    result = []
    for words in fluency.word_log_probs(texts):
        values = [min(-value, MOST_SURPRISED) for _, value in words]
        mean = sum(values) / len(values) if values else 0.0
        following = [*values[1:], 0.0]
        result.append(
            {span: (own, after, mean) for (span, _), own, after in zip(words, values, following, strict=False)}
        )
    return result


def _tokens(encoding: Any) -> list[tuple[int, int, int]]:
    """(index of the first piece, start, end) of every pre-token."""
    tokens: list[tuple[int, int, int]] = []
    previous = None
    for piece, (word, (start, end)) in enumerate(zip(encoding.word_ids, encoding.offsets, strict=True)):
        if word is not None and word == previous:
            tokens[-1] = (tokens[-1][0], tokens[-1][1], end)
        elif word is not None:
            tokens.append((piece, start, end))
        previous = word
    return tokens


def _token_end(tokens: Sequence[tuple[int, int, int]], number: int, pieces: int) -> int:
    return tokens[number + 1][0] if number + 1 < len(tokens) else pieces


def _sigmoid(value: float) -> float:
    return round(float(1 / (1 + np.exp(-value))), 3)
