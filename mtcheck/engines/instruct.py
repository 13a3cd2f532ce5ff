"""An instruct language model in GGUF, asked by worked examples; llama.cpp runs it inside this process.

Texts are decoded one after the other behind a shared prefix of examples, which is read once. (Side by side is slower on
a processor: with one thread 8 sentences took 22 s in one slot, 42 s in four and 76 s in eight, for each slot reads the
prefix anew; and outputs then depend on what else is in the batch.) Decoding is greedy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import tempfile
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mtcheck.engines.cores import spare_cores
from mtcheck.errors import ModelError

_CONTEXT_TOKENS = 1536
_STOPS = ["\n", "<|im_end|>"]
_LEAD_IN = re.compile(r"^(?:Sure|Certainly|Of course|Конечно)[^\n:]{0,60}:\s*", re.IGNORECASE)
_NOTE = re.compile(r"\s*\((?:Note|Translator's note|Примечание)\b[^)]*\)\s*$", re.IGNORECASE)


class InstructModel:
    """One model file; its weights are loaded at the first question and shared by everybody who asks."""

    def __init__(self, gguf: Path, *, digest: str | None = None, threads: int | None = None) -> None:
        """Name the file; ``digest`` is its sha256 where it is known (else the file is read to make it).

        Raises ModelError for a file that is not there.
        """
        if not gguf.is_file():
            raise ModelError("the language model file is missing", where=str(gguf))
        self._gguf, self._threads = gguf, threads or spare_cores()
        self._server: Any = None
        self._starting = threading.Lock()
        if digest is None:
            with gguf.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.name = f"{gguf.stem}|sha256:{digest[:12]}|engine:xllamacpp-{version('xllamacpp')}"
        self.decoding = f"greedy|threads:{self._threads}"

    def complete(self, examples: str, question: str, most_tokens: int, grammar: str | None = None) -> str | None:
        """What follows ``examples + question`` up to the end of the line, without white space at its ends.

        None when the question is too long to be read or the answer does not end within ``most_tokens``. grammar: GBNF
        that the answer is held to. Raises ModelError when the model cannot be loaded or fails.
        """
        server = self._started()
        # Reading the examples alone first leaves just them in the model's memory. Without it, whatever a text begins
        # with in common with the one before is not read again, rounding differs, and outputs depend on the order.
        server.handle_completions({"prompt": f"{examples}#", "n_predict": 0, "cache_prompt": True})
        request: dict[str, Any] = {
            "prompt": examples + question,
            "n_predict": most_tokens,
            "temperature": 0,
            "seed": 1,
            "stop": _STOPS,
            "cache_prompt": True,
        }
        answer = server.handle_completions(request | ({"grammar": grammar} if grammar else {}))
        if answer.get("error", {}).get("type") == "exceed_context_size_error":
            return None
        if "choices" not in answer:
            raise ModelError(f"the language model failed ({json.dumps(answer, ensure_ascii=False)[:120]})")
        choice = answer["choices"][0]
        return choice["text"].strip() if choice["finish_reason"] == "stop" else None

    def close(self) -> None:
        """Stop the engine and free its memory; the next question starts it again."""
        with self._starting:
            self._server = None

    def _started(self) -> Any:
        with self._starting:
            if self._server is None:
                # the socket goes with the folder as soon as the server runs: nobody can reach it but this process
                with tempfile.TemporaryDirectory(prefix="mtcheck-") as folder:
                    self._server = _start(self._gguf, self._threads, Path(folder))
            return self._server


@cache
def instruct_model(gguf: Path, digest: str | None = None) -> InstructModel:
    """The model of a file, the same one for every role that it plays in this process: its weights are large."""
    return InstructModel(gguf, digest=digest)


def _start(gguf: Path, threads: int, folder: Path) -> Any:
    """A silent llama.cpp server in this process; ``folder``, ours alone, takes its socket."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.n_parallel, params.n_ctx = 1, _CONTEXT_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers, params.cache_ram_mib = 0, 0
    params.verbosity, params.warmup, params.ui, params.endpoint_slots = -1, False, False, False
    params.api_keys = [secrets.token_hex(16)]
    if os.name == "posix":
        # a socket file instead of a port
        params.hostnames = [str(folder / "llm.sock")]
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(
            "the language model cannot be loaded (damaged file, or too little memory: it needs 2 GB)", where=str(gguf)
        ) from error


def without_chatter(output: str, source: str) -> str:
    """The answer without a lead-in, a label, quotes around the whole, or a note after it."""
    text = _LEAD_IN.sub("", output.strip())
    text = re.sub(r"^(?:English|Russian|Editor|Translation|Перевод|Русский|Английский)\s*:\s*", "", text, flags=re.I)
    text = _NOTE.sub("", text)
    pair = (text[:1], text[-1:])
    if pair in {('"', '"'), ("«", "»"), ("“", "”")} and not _quoted(source) and not set(pair) & set(text[1:-1]):
        text = text[1:-1].strip()
    return text


def _quoted(text: str) -> bool:
    return text[:1] in "\"«“'‘" or text.rstrip(".,")[-1:] in "\"»”'’"
