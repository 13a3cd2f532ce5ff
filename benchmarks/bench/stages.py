"""Where the time of a review goes: one run of the command with a stopwatch around its stages and its models.

``python -m benchmarks.bench.stages OUT.json review ARTICLE ...`` runs the command as ever and writes the seconds by the
clock of each (stage, part), those of what it calls left out. A part is a model, or our own code.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

OWN_CODE = "own code"
STAGES = (
    ("load", "mtcheck.engines.load", "open_engines"),
    ("read", "mtcheck.documents", "read"),
    ("detect", "mtcheck.pipeline", "analyse"),
    ("detect", "mtcheck.pipeline", "find"),
    ("propose", "mtcheck.pipeline", "propose"),
    ("guard", "mtcheck.proposing", "broken_guards"),
    ("score fluency", "mtcheck.proposing", "score_wordings"),
    ("score by pivot", "mtcheck.proposing", "score_by_pivot"),
    ("rescore", "mtcheck.proposing", "score_by_rescorer"),
    ("back-translate", "mtcheck.pipeline", "score_meaning"),
    ("score further", "mtcheck.pipeline", "score_further"),
    ("choose", "mtcheck.pipeline", "weighed"),
    ("choose", "mtcheck.pipeline", "choose"),
    ("choose", "mtcheck.pipeline", "honour"),
    ("choose", "mtcheck.pipeline", "verify"),
    ("second look", "mtcheck.pipeline", "cleaned"),
    ("second look", "mtcheck.pipeline", "further"),
    ("compare", "mtcheck.comparison", "compare_further"),
    ("write", "mtcheck.reports", "render"),
    ("write", "mtcheck.documents", "write"),
    ("write", "mtcheck.documents", "replace_file"),
)
"""Stage, module, function: functions that are called through their module's name."""
MODELS = (
    ("language model", "mtcheck.engines.fluency", "FluencyLM", "word_log_probs"),
    ("parser", "mtcheck.engines.parser", "SpacyParser", "parse"),
    ("tagger", "mtcheck.engines.tagger", "EncoderTagger", "token_logits"),
    ("post-editor", "mtcheck.engines.post_editor", "EditTagger", "edits"),
    ("pivot", "mtcheck.engines.pivot", "NativePivot", "translate"),
    ("instruct model", "mtcheck.engines.llm", "LLMTranslator", "translate"),
)
"""Part, module, class, method; when the class is made, that is loading."""


class Stopwatch:
    """Seconds by the clock of each (stage, part); only the main thread's, others run beside it."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self.spent: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._running: list[tuple[str, str]] = []
        self._since = time.perf_counter()

    def around(self, owner: Any, name: str, *, stage: str = "", part: str = "") -> None:
        """Time a function of a module or a class from now on. Raises AttributeError when there is none."""
        function = getattr(owner, name)

        @functools.wraps(function)
        def watched(*arguments: Any, **options: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return function(*arguments, **options)
            self._credit()
            above = self._running[-1][0] if self._running else "other"
            self._running.append((stage or above, part or OWN_CODE))
            try:
                return function(*arguments, **options)
            finally:
                self._credit()
                self._running.pop()

        setattr(owner, name, watched)

    def _credit(self) -> None:
        now = time.perf_counter()
        if self._running:
            self.spent[self._running[-1]] += now - self._since
        self._since = now


def watched(run: Callable[[], Any]) -> dict[str, float]:
    """Seconds by "stage: part" of something that reviews; what it raises on leaving is let go."""
    watch = Stopwatch()
    for stage, module, name in STAGES:
        watch.around(import_module(module), name, stage=stage)
    for part, module, kind, name in MODELS:
        engine = getattr(import_module(module), kind)
        watch.around(engine, "__init__", stage="load", part=part)
        watch.around(engine, name, part=part)
    try:
        run()
    except SystemExit as left:
        if left.code not in (0, 1, None):
            raise
    return {f"{stage}: {part}": seconds for (stage, part), seconds in watch.spent.items()}


def main() -> None:
    """Run the command."""
    from mtcheck.cli import main as command

    out, sys.argv = Path(sys.argv[1]), ["mtcheck", *sys.argv[2:]]
    out.write_text(json.dumps(watched(command)), encoding="utf-8")


if __name__ == "__main__":
    main()
