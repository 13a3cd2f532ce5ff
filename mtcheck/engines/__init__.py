"""The model engines, behind interfaces narrow enough to fake in a test.

Only modules of this package import ctranslate2, transformers, torch, llama.cpp or spaCy, and
they do so lazily, inside the functions that load a model. Every engine is deterministic and
carries a ``signature`` that names model, revision or hash, and every setting that changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mtcheck.schema import Hypothesis, Span

if TYPE_CHECKING:
    from mtcheck.engines.parse import Parse
    from mtcheck.engines.pivot import RoundTrip

Progress = Callable[[int, int], None]
"""Told how many texts are done, and of how many."""


class Translator(Protocol):
    """Sentence translator from ``source_lang`` to ``target_lang`` (ISO 639-1 codes)."""

    source_lang: str
    target_lang: str
    signature: str

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """Up to ``n_best`` hypotheses a text, best first; one list a text, in order.

        An output that breaks the engine's own guards comes back as an empty list.
        progress: told the texts done and their total as the work goes on.
        """
        ...

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Total natural log-probability of each target given its source (forced decoding)."""
        ...


class FluencyModel(Protocol):
    """Language model of the target language."""

    signature: str

    def word_log_probs(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """For every whitespace-separated word of each text: its span and natural log-probability.

        The sum over words is the log-probability of the text (after the start token).
        """
        ...

    def log_probs(self, texts: Sequence[str]) -> list[float]:
        """Total natural log-probability of each text."""
        ...


class Parser(Protocol):
    """Part-of-speech tagger and dependency parser of the target language."""

    signature: str

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """The parse of each text; token offsets (``token.idx``) are code points of the text."""
        ...


class Tagger(Protocol):
    """Word-level estimate of what reads as machine translation."""

    signature: str

    def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """For every word of each text: its span and the calibrated probability, in [0, 1], that it is BAD."""
        ...


@dataclass(frozen=True, slots=True)
class SuggestedEdit:
    """Replace ``text[span]``; probability, in [0, 1], that this brings the text nearer to an editor's version."""

    span: Span
    replacement: str
    probability: float


class PostEditor(Protocol):
    """Finds edits that turn machine-translated into natural text of the target language."""

    signature: str

    def edits(self, texts: Sequence[str], threshold: float | None = None) -> list[list[SuggestedEdit]]:
        """For each text, in order, the edits with at least that probability (default: sure enough to be made unseen).

        No edit touches another.
        """
        ...


class Rewriter(Protocol):
    """Edits whole sentences of machine translation, freely."""

    signature: str

    def rewrite(
        self, texts: Sequence[str], sources: Sequence[str | None], progress: Progress | None = None
    ) -> list[str | None]:
        """Each text as the model would print it, with the source before its eyes where there is one.

        None where the output breaks the engine's own guards. progress: told the texts done and their total.
        """
        ...


class SentenceEncoder(Protocol):
    """Cross-lingual sentence encoder."""

    signature: str

    def similarity(self, left: Sequence[str], right: Sequence[str]) -> list[float]:
        """Cosine, in [-1, 1], of each left text with the right text at the same place."""
        ...


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of one run; None where a role is not filled.

    back_translator: English to Russian, for people to read and meaning to be compared in.
    translator: source language to English, for alternatives made from the real source.
    round_trips: ways there and back for alternatives, best first.
    rewriter: an instruct model that proposes; only where the user asked for one.
    rescorer: a larger language model than ``fluency``, too slow to score more than the few wordings that are left.
    missing: what the run does without, one plain clause each, with the command that repairs it.
    """

    back_translator: Translator | None = None
    round_trips: tuple[RoundTrip, ...] = ()
    fluency: FluencyModel | None = None
    parser: Parser | None = None
    encoder: SentenceEncoder | None = None
    tagger: Tagger | None = None
    missing: tuple[str, ...] = ()
    post_editor: PostEditor | None = None
    translator: Translator | None = None
    rewriter: Rewriter | None = None
    rescorer: FluencyModel | None = None
