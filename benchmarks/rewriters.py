"""Rivals that write whole sentences anew, for ``mtcheck evaluate clean --rivals``: no span edits, no guards, no choice."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mtcheck import store
from mtcheck.engines import Progress
from mtcheck.engines.cache import FILE_NAME, CachedTranslator, OutputCache
from mtcheck.engines.cores import spare_cores
from mtcheck.engines.llm import start_server
from mtcheck.engines.pivot import RoundTrip
from mtcheck.schema import Document, Hypothesis

LLM = "qwen2.5-coder-1.5b-instruct"
_TASK = (
    "An editor corrects machine-translated news sentences so that they read as natural English. The editor changes as"
    " little as possible, keeps every name, number and fact, and leaves good sentences as they are.\n\n"
)
_EXAMPLES = (
    (
        "The Foreign Ministry said about the readiness to continue of negotiations with the European Union in Geneva"
        " 14 March.",
        "The Foreign Ministry said it was ready to continue negotiations with the European Union in Geneva on 14 March.",
    ),
    (
        "This was reported by the press service of the Department on Tuesday.",
        "The department's press service reported this on Tuesday.",
    ),
    (
        "As a result of explosion suffered not less than 37 people, reported in the Interior Ministry.",
        "At least 37 people were injured in the explosion, the Interior Ministry reported.",
    ),
    (
        "Shares in the company fell by 4.5% after it reported a loss of $1.2 billion.",
        "Shares in the company fell by 4.5% after it reported a loss of $1.2 billion.",
    ),
    (
        "According to him, at present time conducted works on elimination of consequences of the accident.",
        "According to him, work to deal with the consequences of the accident is under way.",
    ),
)


class Rewriting:
    """Every segment as a translator from English to English puts it; where it fails, the segment as it was."""

    def __init__(self, name: str, translate: Any, signature: str, most_lines: int | None = None) -> None:
        """Wrap ``translate(texts)``, which gives lists of hypotheses; ``most_lines`` as in ``Cleaner``."""
        self.name, self.signature, self.most_lines = name, signature, most_lines
        self._translate = translate

    def clean(self, document: Document) -> list[str]:
        """As :meth:`mtcheck.evaluation.cleaners.Cleaner.clean`."""
        texts = [segment.hypothesis for segment in document.segments]
        return [best[0].text if best else text for text, best in zip(texts, self._translate(texts), strict=True)]


def round_trip(trip: RoundTrip) -> Rewriting:
    """Every sentence there and back."""
    return Rewriting(f"round trip through {trip.pivot_lang}", trip, f"round-trip:{trip.signature}")


def llm_rewrite(most_lines: int = 100) -> Rewriting:
    """A small instruct model asked, with five examples, to edit each sentence; seconds a sentence, so it is cached.

    Raises ModelError when the model was not fetched.
    """
    outputs = OutputCache(store.cache_folder() / FILE_NAME)
    editor = CachedTranslator(FewShotEditor(store.locate(LLM), store.entry(LLM).digest), outputs, chunk=8)
    return Rewriting("LLM rewrite", editor.translate, f"rewrite:{editor.signature}", most_lines)


class FewShotEditor:
    """The instruct model behind a prompt of worked examples, greedy, as a translator from English to English."""

    source_lang = target_lang = "en"

    def __init__(self, gguf: Path, digest: str) -> None:
        """Name the model file; it is loaded when it is first asked."""
        self._gguf, self._threads, self._server = gguf, spare_cores(), None
        self.signature = f"{gguf.stem}|sha256:{digest[:12]}|xllamacpp-{version('xllamacpp')}|five examples|greedy"

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """One rewriting a text, as it comes, or none where the model says nothing."""
        return [[Hypothesis(answer, float("nan"))] if (answer := self._one(text)) else [] for text in texts]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Nobody asks a rival for scores: always raises NotImplementedError."""
        raise NotImplementedError

    def _one(self, text: str) -> str:
        plain = " ".join(text.split())
        request = {
            "prompt": prompt(plain),
            "n_predict": int(2.2 * len(plain.split())) + 24,
            "temperature": 0,
            "seed": 1,
            "stop": ["\n"],
            "cache_prompt": True,
        }
        answer = self._started().handle_completions(request)
        return str(answer["choices"][0]["text"]).strip() if "choices" in answer else ""

    def _started(self) -> Any:
        if self._server is None:
            with tempfile.TemporaryDirectory(prefix="mtcheck-") as folder:
                self._server = start_server(self._gguf, self._threads, Path(folder))
        return self._server


def prompt(text: str) -> str:
    """The task, the worked examples and the sentence."""
    shown = "".join(f"Machine: {machine}\nEditor: {editor}\n\n" for machine, editor in _EXAMPLES)
    return f"{_TASK}{shown}Machine: {text}\nEditor:"
