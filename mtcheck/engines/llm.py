"""An instruct language model in GGUF as a translator between English and Russian, by llama.cpp.

Sentences are decoded one after the other behind a shared prefix of worked examples, which is read once.
(Side by side is slower on a processor: with one thread 8 sentences took 22 s in one slot, 42 s in four and
76 s in eight, for each slot reads the prefix anew; and outputs then depend on what else is in the batch.)
Decoding is greedy and, into Russian, held to Cyrillic by a grammar. Such a model chatters, repeats and
invents, so every output is guarded; one that fails comes back as an empty list.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import tempfile
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mtcheck.engines import Progress
from mtcheck.engines.cores import spare_cores
from mtcheck.engines.output_guards import fault
from mtcheck.errors import ModelError
from mtcheck.schema import Hypothesis

PROMPT_VERSION = 3
_NAMES = {"en": "English", "ru": "Russian"}
_EXAMPLES = (
    # no names of people: the model puts them into the mouths of others
    (
        "The Foreign Ministry said on Tuesday that talks with the European Union would resume in Geneva on 14 March.",
        "Во вторник Министерство иностранных дел сообщило, что переговоры с Европейским союзом возобновятся в Женеве "
        "14 марта.",
    ),
    (
        "“We did not sign this agreement,” a government spokesman told reporters.",
        "«Мы не подписывали это соглашение», – заявил журналистам представитель правительства.",
    ),
    (
        "At least 37 people were injured in the explosion, according to the Interior Ministry.",
        "По данным Министерства внутренних дел, в результате взрыва пострадали не менее 37 человек.",
    ),
    (
        "Shares in the company fell by 4.5% after it reported a loss of $1.2 billion.",
        "Акции компании упали на 4,5% после того, как она сообщила об убытке в 1,2 млрд долларов.",
    ),
)
_CONTEXT_TOKENS = 1536
_LONGEST_WORDS = 120
_TOKENS_A_WORD, _SPARE_TOKENS = {"ru": 4.5, "en": 2.2}, 24
"""Upper limit of an answer: Russian takes about 2.7 tokens a word of its English in this vocabulary."""
_CYRILLIC = r"""c ::= [А-Яа-яЁё0-9 .,!?:;()«»„“”"'’%$€£/+&№°–—…<>\[\]-]"""
_KEPT_LATIN = re.compile(r"https?://\S+|\S+@\S+|[A-Za-z0-9.-]*[A-Z0-9][A-Za-z0-9-]*[A-Z0-9][A-Za-z0-9-]*")


class LLMTranslator:
    """Greedy few-shot translation, one hypothesis a text; the weights are loaded at the first call.

    Raises ModelError for languages other than English and Russian, and for a file that is not there.
    """

    def __init__(
        self, gguf: Path, source_lang: str, target_lang: str, *, digest: str | None = None, threads: int | None = None
    ) -> None:
        """Name the model file; ``digest`` is its sha256 where it is known (else the file is read to make it)."""
        if {source_lang, target_lang} != {"en", "ru"}:
            raise ModelError(
                f"the language model translates between English and Russian, not {source_lang}-{target_lang}"
            )
        if not gguf.is_file():
            raise ModelError("the language model file is missing", where=str(gguf))
        self.source_lang, self.target_lang = source_lang, target_lang
        self._gguf, self._threads = gguf, threads or spare_cores()
        self._server: Any = None
        self._starting = threading.Lock()
        if digest is None:
            with gguf.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.signature = (
            f"{source_lang}-{target_lang}:{gguf.stem}|sha256:{digest[:12]}|engine:xllamacpp-{version('xllamacpp')}"
            f"|prompt:{PROMPT_VERSION}|greedy|threads:{self._threads}"
        )

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """One hypothesis a text (log-probability NaN: it is not asked for), or none where a guard failed.

        Texts of over 120 words are not translated.
        """
        unique = list(dict.fromkeys(texts))
        found: dict[str, list[Hypothesis]] = {}
        for done, text in enumerate(unique, start=1):
            found[text] = self._one(text)
            if progress:
                progress(done, len(unique))
        return [found[text] for text in texts]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Not offered by this engine: always raises ModelError."""
        raise ModelError(
            "the language model cannot score a given translation",
            repair="choose a MarianMT, NLLB or M2M100 checkpoint with --translator",
        )

    def close(self) -> None:
        """Stop the engine and free its memory; the next call starts it again."""
        with self._starting:
            self._server = None

    def _one(self, text: str) -> list[Hypothesis]:
        plain = " ".join(text.split())
        words = len(plain.split())
        if not words or words > _LONGEST_WORDS or not re.search(r"[^\W\d_]", plain):
            return []
        request: dict[str, Any] = {
            "prompt": self._prompt(plain),
            "n_predict": int(words * _TOKENS_A_WORD[self.target_lang]) + _SPARE_TOKENS,
            "temperature": 0,
            "seed": 1,
            "stop": ["\n", "<|im_end|>"],
            "cache_prompt": True,
        }
        if self.target_lang == "ru":
            request["grammar"] = russian_grammar(plain)
        server = self._started()
        # Reading the examples alone first leaves just them in the model's memory. Without it, whatever a text begins
        # with in common with the one before is not read again, rounding differs, and outputs depend on the order.
        server.handle_completions({"prompt": self._examples() + "#", "n_predict": 0, "cache_prompt": True})
        answer = server.handle_completions(request)
        if answer.get("error", {}).get("type") == "exceed_context_size_error":
            return []
        if "choices" not in answer:
            raise ModelError(f"the language model failed ({json.dumps(answer, ensure_ascii=False)[:120]})")
        choice = answer["choices"][0]
        output = without_chatter(choice["text"], plain)
        if choice["finish_reason"] != "stop" or fault(plain, output, self.target_lang, numbers=True):
            return []
        return [Hypothesis(output, float("nan"))]

    def _prompt(self, text: str) -> str:
        return f"{self._examples()}{_NAMES[self.source_lang]}: {text}\n{_NAMES[self.target_lang]}:"

    def _examples(self) -> str:
        source, target = _NAMES[self.source_lang], _NAMES[self.target_lang]
        pairs = _EXAMPLES if self.source_lang == "en" else tuple((ru, en) for en, ru in _EXAMPLES)
        head = f"News sentences in {source}, translated into {target} by a professional translator.\n\n"
        shown = "".join(f"{source}: {one}\n{target}: {other}\n\n" for one, other in pairs)
        return f"{head}{shown}"

    def _started(self) -> Any:
        with self._starting:
            if self._server is None:
                # the socket goes with the folder as soon as the server runs: nobody can reach it but this process
                with tempfile.TemporaryDirectory(prefix="mtcheck-") as folder:
                    self._server = _start(self._gguf, self._threads, Path(folder))
            return self._server


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


def russian_grammar(source: str) -> str:
    """A GBNF grammar of Russian text that may keep the acronyms, codes and addresses of the source in Latin letters."""
    kept = dict.fromkeys(match.strip(".,;:!?") for match in _KEPT_LATIN.findall(source))
    latin = "".join(f" | {json.dumps(word)}" for word in kept if re.search("[A-Za-z]", word))
    return f"root ::= (c{latin})+\n{_CYRILLIC}"


def without_chatter(output: str, source: str) -> str:
    """The translation without a lead-in, a label, quotes around the whole, or a note after it."""
    text = output.strip()
    text = re.sub(r"^(?:Sure|Certainly|Of course|Конечно)[^\n:]{0,60}:\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:English|Russian|Translation|Перевод|Русский|Английский)\s*:\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*\((?:Note|Translator's note|Примечание)\b[^)]*\)\s*$", "", text, flags=re.IGNORECASE)
    pair = (text[:1], text[-1:])
    if pair in {('"', '"'), ("«", "»"), ("“", "”")} and not _quoted(source) and not set(pair) & set(text[1:-1]):
        text = text[1:-1].strip()
    return text


def _quoted(text: str) -> bool:
    return text[:1] in "\"«“'‘" or text.rstrip(".,")[-1:] in "\"»”'’"
