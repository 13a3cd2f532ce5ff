"""English language model on CTranslate2 int8: log-probabilities of words, aligned with the text.

The default model is SmolLM2-135M (arXiv 2502.02737), converted once from its GGUF file by
:mod:`mtcheck.engines.gguf_convert`; neither torch nor transformers is needed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mtcheck.engines.cores import usable_cores
from mtcheck.engines.gguf_convert import CONVERTER_VERSION, ORIGIN_FILE
from mtcheck.errors import ModelError
from mtcheck.schema import Span

_BATCH_TOKENS = 128
"""Tokens scored together; larger batches were slower, their logits (200 KB a token) leave the processor's cache."""
_SHORTEST = 24
"""Shorter inputs are filled up behind their end, where a causal model cannot see. Below 17 tokens the kernels round
differently from one batch to the next, and int8 carries that into the first decimal."""
_CONTEXT_TOKENS = 64
_WINDOW_TOKENS = 512

Word = tuple[Span, float]


def signature(folder: Path) -> str:
    """Model, hash and engine of a converted folder, without loading it. Raises ModelError where it is incomplete."""
    origin = _origin(folder)
    return (
        f"lm:{origin['name']}|sha256:{origin['sha256'][:12]}|engine:ctranslate2-{version('ctranslate2')}"
        f"|type:int8|converter:{CONVERTER_VERSION}|context:{_CONTEXT_TOKENS}"
    )


def _origin(folder: Path) -> dict[str, str]:
    try:
        origin: dict[str, str] = json.loads((folder / ORIGIN_FILE).read_text(encoding="utf-8"))
        if missing := {"name", "sha256", "start_token"} - origin.keys():
            raise ValueError(f"{ORIGIN_FILE} lacks {', '.join(sorted(missing))}")
    except (OSError, ValueError) as error:
        raise _unusable(folder, error) from error
    return origin


def _unusable(folder: Path, error: Exception) -> ModelError:
    repair = "delete the folder; it is made again"
    return ModelError(f"the converted language model cannot be read ({error})", where=str(folder), repair=repair)


class FluencyLM:
    """Word and text log-probabilities from a folder written by ``convert_gguf``.

    A text's score does not depend on what else is in the call. Whitespace of any kind and length
    counts as one space. Raises ModelError when the folder is incomplete or of another converter.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        """Load the model; ``threads`` inputs are scored side by side (default: the cores there are)."""
        import ctranslate2
        from tokenizers import Tokenizer

        origin = _origin(folder)
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._model = ctranslate2.Generator(
                str(folder), device="cpu", compute_type="int8", inter_threads=threads or usable_cores(), intra_threads=1
            )
        except Exception as error:  # tokenizers raises bare Exception, ctranslate2 RuntimeError
            raise _unusable(folder, error) from error
        self._start: str = origin["start_token"]
        self.signature = signature(folder)

    def word_log_probs(self, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[list[Word]]:
        """Span and natural log-probability (<= 0) of every whitespace-separated word of each text.

        contexts: text that stands before each text; it is read but not scored (its last 64 tokens count).
        The sum over the words is the log-probability of the text after the start token or its context.
        """
        pairs = list(zip(texts, contexts or [""] * len(texts), strict=True))
        unique = list(dict.fromkeys(pairs))
        inputs = [_Input(self._tokenizer, text, context) for text, context in unique]
        pieces = [piece for item in inputs for piece in item.pieces()]
        scored = iter(self._score(pieces))
        words = {pair: item.words(scored) for pair, item in zip(unique, inputs, strict=True)}
        return [words[pair] for pair in pairs]

    def log_probs(self, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[float]:
        """Total natural log-probability of each text; 0.0 for one without words."""
        return [sum(log_prob for _, log_prob in words) for words in self.word_log_probs(texts, contexts)]

    def _score(self, pieces: Sequence[list[str]]) -> list[list[float]]:
        """Log-probability of every token of each piece but its first, which is only read."""
        filled = [[self._start, *piece, *[self._start] * (_SHORTEST - 1 - len(piece))] for piece in pieces]
        if not filled:
            return []
        results = self._model.score_batch(filled, max_batch_size=_BATCH_TOKENS, batch_type="tokens", max_input_length=0)
        return [list(result.log_probs[: len(piece)]) for result, piece in zip(results, pieces, strict=True)]


class _Input:
    """One text with its context as tokens, cut into windows, and the way back to words."""

    def __init__(self, tokenizer: Any, text: str, context: str) -> None:
        """Tokenise a text after its context."""
        self._spans, plain = _words(text)
        before = _words(context)[1]
        head = f"{before} " if before and plain else ""
        encoding = tokenizer.encode(head + plain, add_special_tokens=False)
        self._tokens: list[str] = encoding.tokens
        self._starts = [0]
        for span in self._spans[:-1]:
            # a word's range begins with the space before it
            self._starts.append(self._starts[-1] + span.end - span.start + (len(self._starts) > 1))
        # context tokens get the word -1; the space between context and text belongs to the first word
        edge = max(len(head) - 1, 0)
        ends = [end for _, end in encoding.offsets]
        self._word = [self._word_at(end - 1 - len(head)) if end > edge else -1 for end in ends]
        self._first = next((i for i, word in enumerate(self._word) if word >= 0), len(self._word))

    def _word_at(self, position: int) -> int:
        return max(bisect_right(self._starts, position) - 1, 0)

    def _windows(self) -> Iterator[tuple[int, int, int]]:
        """(first token read, first token scored, end) of each window; long texts overlap by the context length."""
        stride = _WINDOW_TOKENS - _CONTEXT_TOKENS
        for start in range(self._first, len(self._tokens), stride):
            yield max(0, start - _CONTEXT_TOKENS), start, min(start + stride, len(self._tokens))

    def pieces(self) -> list[list[str]]:
        """The token windows to score."""
        return [self._tokens[read:end] for read, _, end in self._windows()]

    def words(self, scored: Iterator[list[float]]) -> list[Word]:
        """Sum the token log-probabilities of this text's windows by word."""
        totals = [0.0] * len(self._spans)
        for read, start, end in self._windows():
            for offset, log_prob in zip(range(start, end), next(scored)[start - read :], strict=True):
                totals[self._word[offset]] += log_prob
        return list(zip(self._spans, totals, strict=True))


def _words(text: str) -> tuple[list[Span], str]:
    """Spans of the whitespace-separated words, and the words joined by single spaces."""
    found = list(re.finditer(r"\S+", text))
    return [Span(*match.span()) for match in found], " ".join(match.group() for match in found)
