"""The post-editor on CTranslate2: an int8 BERT encoder that tags each word with the edit it needs.

An edit tagger in the manner of GECToR (Omelianchuk et al. 2020, arXiv 2005.12592) with two heads: one
says what becomes of a token, one what comes before it. It writes nothing freely: every edit is one of a
closed set learned from people's versions. A model folder holds ``encoder/`` (CTranslate2),
``tokenizer.json``, ``head.npz`` and ``post_editor.json`` (tags, calibration, limits). Neither torch nor
transformers is needed. ``models/recipes/post_editor_*.py`` trains and exports such folders.
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

from mtcheck.engines import SuggestedEdit
from mtcheck.engines.content import content_digest
from mtcheck.engines.cores import usable_cores
from mtcheck.engines.edit_tags import (
    KEEP,
    LOWER,
    OTHER,
    Change,
    Token,
    kind_of,
    possible,
    rewritten,
    span_edit,
    tokens_of,
)
from mtcheck.errors import ModelError

FILES = ("encoder/model.bin", "encoder/config.json", "tokenizer.json", "head.npz", "post_editor.json")
BATCH_PIECES = 2048
LEAST_DOUBT = 0.1
"""Places that the network would leave alone with more than 1 - this are not looked at."""
TRIED = 3  # tags a place, likeliest first, until one is possible
SIGNS = ("tag", "keep", "around", "sentence", "bias")
"""What calibration reads, besides the kind of edit: see :class:`Candidate`."""
_DOUBLED = re.compile(r"\b(\w+)\s+\1\b", re.IGNORECASE)
_LOWER_FIRST = Change(0, False, LOWER)
Array = NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """One possible edit of one place, before calibration.

    signs: logit of the tag's probability; logit of the probability that the place stays; the greatest probability
    there and beside it that something is to be done which no tag can name; the mean probability over the
    sentence's tokens that something is to be done.
    """

    change: Change
    signs: tuple[float, float, float, float]


def signature(folder: Path) -> str:
    """Hash, engine and threshold of a post-editor's folder, without loading it.

    Raises ModelError when a file is missing or the settings are damaged.
    """
    digest = content_digest(folder, FILES, "post-editor")
    made = f"sha256:{digest}|int8|ct2:{version('ctranslate2')}|threshold:{float(_settings(folder)['threshold'])}"
    return f"post-editor:{folder.name}|{made}"


def _settings(folder: Path) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = json.loads((folder / "post_editor.json").read_text(encoding="utf-8"))
        float(settings["threshold"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the post-editor cannot be read ({error})", where=str(folder)) from error
    return settings


class EditTagger:
    """Edits that bring a machine-translated English sentence nearer to what an editor would print."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load the folder; ``threads`` are those of one batch (default: the cores there are).

        Raises ModelError when a file is missing or damaged.
        """
        import ctranslate2
        from tokenizers import Tokenizer

        self.signature, settings = signature(folder), _settings(folder)
        try:
            self.token_tags: tuple[str, ...] = tuple(settings["token_tags"])
            self.gap_tags: tuple[str, ...] = tuple(settings["gap_tags"])
            self._calibration: dict[str, float] = settings["calibration"]
            self.threshold = float(settings["threshold"])
            self._longest = int(settings["longest_pieces"])
            with np.load(folder / "head.npz") as head:
                self._heads = [
                    (head[f"{name}_weight"].astype(np.float32), head[f"{name}_bias"].astype(np.float32))
                    for name in ("token", "gap")
                ]
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._encoder = ctranslate2.Encoder(
                str(folder / "encoder"), device="cpu", compute_type="int8", intra_threads=threads or usable_cores()
            )
        except Exception as error:  # tokenizers raises nothing narrower
            raise ModelError(f"the post-editor cannot be read ({error})", where=str(folder)) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._longest)

    def edits(self, texts: Sequence[str], threshold: float | None = None) -> list[list[SuggestedEdit]]:
        """For each text its edits of at least ``threshold`` (default: the one set on development documents), in order.

        Edits of neighbouring places come as one, with the probability of the least sure. Words beyond the longest
        text that the encoder reads (some 120) are left alone.
        """
        least = self.threshold if threshold is None else threshold
        return [
            self.settled(text, tokens, candidates, least)
            for text, (tokens, candidates) in zip(texts, self.candidates(texts), strict=True)
        ]

    def probability(self, tokens: Sequence[Token], candidate: Candidate) -> float:
        """Calibrated probability, in [0, 1], that the edit brings the sentence nearer to people's versions."""
        total = sum(self._calibration[name] * value for name, value in zip(SIGNS, (*candidate.signs, 1.0), strict=True))
        total += self._calibration.get(kind_of(tokens, candidate.change), 0.0)
        return round(float(1 / (1 + np.exp(-total))), 3)

    def settled(
        self, text: str, tokens: Sequence[Token], candidates: Sequence[Candidate], least: float
    ) -> list[SuggestedEdit]:
        """The edits of those candidates that reach the probability ``least``."""
        found = []
        taken = [(c.change, p) for c in candidates if (p := self.probability(tokens, c)) >= least]
        opened = [p for change, p in taken if change.gap and change.place == 0]
        if (
            opened
            and any(c.change == _LOWER_FIRST for c in candidates)
            and not any(c == _LOWER_FIRST for c, _ in taken)
        ):
            taken.append((_LOWER_FIRST, opened[0]))  # a word that no longer opens the sentence loses its capital
        for cluster in _clusters(taken):
            while len(cluster) > 1 and _doubles(rewritten(text, tokens, [c for c, _ in cluster])) > _doubles(text):
                cluster.remove(min(cluster, key=lambda pair: pair[1]))
            span, replacement = span_edit(text, tokens, [change for change, _ in cluster])
            if text[span.start : span.end] != replacement:
                found.append(SuggestedEdit(span, replacement, min(p for _, p in cluster)))
        return found

    def candidates(self, texts: Sequence[str]) -> list[tuple[list[Token], list[Candidate]]]:
        """The tokens of every text, and of each place the likeliest edit that is possible there."""
        encodings = [self._tokenizer.encode(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        result: list[tuple[list[Token], list[Candidate]]] = [([], []) for _ in texts]
        batch: list[int] = []
        for i in [*order, -1]:
            if batch and (i < 0 or (len(batch) + 1) * len(encodings[i].ids) > BATCH_PIECES):
                hidden = self._forward([encodings[j] for j in batch], [texts[j] for j in batch])
                for row, j in enumerate(batch):
                    tokens = tokens_of(texts[j])
                    result[j] = tokens, self._read(tokens, first_pieces(encodings[j], tokens), hidden[row])
                batch = []
            batch.append(i)
        return result

    def _forward(self, encodings: Sequence[Any], texts: Sequence[str]) -> Array:
        """Hidden states of shape (sequences, longest, width)."""
        import ctranslate2

        output = self._encoder.forward_batch(
            [list(encoding.ids) for encoding in encodings],
            token_type_ids=[case_types(encoding, text) for encoding, text in zip(encodings, texts, strict=True)],
        ).last_hidden_state
        return np.asarray(output.to(ctranslate2.DataType.float32), dtype=np.float32)

    def _read(self, tokens: Sequence[Token], pieces: Sequence[int], hidden: Array) -> list[Candidate]:
        if not pieces:
            return []
        states = hidden[list(pieces)]
        shares = [_softmax(states @ weight.T + bias) for weight, bias in self._heads]
        doubt = float(np.mean(1 - shares[0][:, 0]))
        nameless = np.pad(shares[0][:, self.token_tags.index(OTHER)], 1)
        around = np.max([nameless[:-2], nameless[1:-1], nameless[2:]], axis=0)
        found = []
        for gap, tags, probabilities in zip((False, True), (self.token_tags, self.gap_tags), shares, strict=True):
            for place in np.flatnonzero(probabilities[:, 0] < 1 - LEAST_DOUBT).tolist():
                row = probabilities[place]
                for number in _likeliest(row, TRIED):
                    change = Change(place, gap, tags[number])
                    if change.tag not in (KEEP, OTHER) and possible(tokens, change):
                        signs = _logit(row[number]), _logit(row[0]), float(around[place]), doubt
                        found.append(Candidate(change, signs))
                        break
        return found


def _likeliest(row: Array, count: int) -> list[int]:
    """Indices of the greatest ``count`` values besides keep and OTHER, greatest first."""
    some = np.argpartition(-row, count + 2)[: count + 2] if len(row) > count + 2 else np.arange(len(row))
    return [int(i) for i in some[np.argsort(-row[some], kind="stable")]]


def first_pieces(encoding: Any, tokens: Sequence[Token]) -> list[int]:
    """The index of each token's first piece; tokens beyond the encoder's reach are left out."""
    starts = {start: piece for piece, (start, end) in reversed(list(enumerate(encoding.offsets))) if end > start}
    found = []
    for token in tokens:
        if token.start not in starts:
            break
        found.append(starts[token.start])
    return found


def case_types(encoding: Any, text: str) -> list[int]:
    """1 for each piece that opens with a capital, else 0: an uncased encoder sees case as the token type."""
    return [int(end > start and text[start].isupper()) for start, end in encoding.offsets]


def _clusters(changes: Sequence[tuple[Change, float]]) -> list[list[tuple[Change, float]]]:
    """Changes of neighbouring places together, in order of place."""
    clusters: list[list[tuple[Change, float]]] = []
    for change, probability in sorted(changes, key=lambda pair: (pair[0].place, not pair[0].gap)):
        if clusters and change.place <= clusters[-1][-1][0].last + 1:
            clusters[-1].append((change, probability))
        else:
            clusters.append([(change, probability)])
    return clusters


def _doubles(text: str) -> int:
    """How often a word stands twice in a row."""
    return len(_DOUBLED.findall(text))


def _softmax(logits: Array) -> Array:
    # the company a sentence keeps in its batch moves int8 sums by about 0.001: digits beyond that are noise
    raised = np.exp(np.round(logits, 3) - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _logit(probability: float) -> float:
    clipped = min(max(float(probability), 1e-4), 1 - 1e-4)
    return float(np.log(clipped / (1 - clipped)))
