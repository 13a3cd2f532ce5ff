"""Scripted stand-ins for the engines: they record their calls and need no weights."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from typing import Any

import hypothesis
import pytest

from mtcheck.schema import Hypothesis, Span

# The same examples at every run, so that a change fails by its own fault; MTCHECK_EXAMPLES=random looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
if os.environ.get("MTCHECK_EXAMPLES") != "random":
    hypothesis.settings.load_profile("same")

# Where tests run in the background of a shell, Ctrl-C is ignored, and would be in every process they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class ScriptedTranslator:
    """Translates by a table; what is not in it comes back with its words marked ``<text>``."""

    def __init__(self, table: dict[str, str] | None = None, source_lang: str = "en", target_lang: str = "ru") -> None:
        self.table, self.source_lang, self.target_lang = table or {}, source_lang, target_lang
        self.signature = f"scripted:{source_lang}-{target_lang}"
        self.calls: list[list[str]] = []

    def translate(self, texts: Sequence[str], n_best: int = 1, progress: Any = None) -> list[list[Hypothesis]]:
        self.calls.append(list(texts))
        outputs = []
        for done, text in enumerate(texts):
            output = self.table.get(text, text)
            outputs.append([Hypothesis(output, -1.0)] if output else [])
            if progress:
                progress(done + 1, len(texts))
        return outputs

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        return [-float(len(target)) for target in targets]


class ScriptedFluency:
    """Each word costs 5 nats, the words of ``awkward`` 9, those of ``smooth`` 1."""

    signature = "scripted-lm"

    def __init__(self, awkward: str = "", smooth: str = "") -> None:
        self.cost = dict.fromkeys(awkward.split(), 9.0) | dict.fromkeys(smooth.split(), 1.0)

    def word_log_probs(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        return [
            [(span, -self.cost.get(text[span.start : span.end].strip(".,").lower(), 5.0)) for span in words(text)]
            for text in texts
        ]

    def log_probs(self, texts: Sequence[str]) -> list[float]:
        return [sum(value for _, value in scored) for scored in self.word_log_probs(texts)]


class ScriptedTagger:
    """Every word is OK but those of ``bad``, which maps words to probabilities."""

    signature = "scripted-tagger"

    def __init__(self, **bad: float) -> None:
        self.bad = bad

    def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        return [
            [(span, self.bad.get(text[span.start : span.end].strip(".,"), 0.01)) for span in words(text)]
            for text in texts
        ]


def words(text: str) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(r"\S+", text)]


@pytest.fixture
def scripted_tagger() -> type[ScriptedTagger]:
    return ScriptedTagger


@pytest.fixture
def scripted_translator() -> type[ScriptedTranslator]:
    return ScriptedTranslator


@pytest.fixture
def scripted_fluency() -> type[ScriptedFluency]:
    return ScriptedFluency
