"""Instruct language models that edit whole sentences: one in this process, or a server on this machine.

What such a model writes is only taken apart for its edits, which the guards and the chooser judge; a small one rewrites
far too much and invents (``docs/evaluation.md`` has what its own sentences are worth).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from mtcheck.engines import Progress
from mtcheck.engines.instruct import InstructModel, without_chatter
from mtcheck.engines.output_guards import fault
from mtcheck.errors import ModelError, SettingsError

PROMPT_VERSION = 1
_TASK = (
    "An editor corrects machine translations of Russian news so that they read as natural English. The editor changes "
    "as little as possible, keeps every name, number and fact, and leaves good sentences as they are."
)
_EXAMPLES = (
    # Russian, machine translation, edited; no names of people: small models put them into the mouths of others
    (
        "МИД заявил о готовности продолжить переговоры с Евросоюзом 14 марта.",
        "The Foreign Ministry said about the readiness to continue of negotiations with the European Union 14 March.",
        "The Foreign Ministry said it was ready to continue negotiations with the European Union on 14 March.",
    ),
    (
        "Об этом сообщила во вторник пресс-служба ведомства.",
        "This was reported by the press service of the Department on Tuesday.",
        "The department's press service reported this on Tuesday.",
    ),
    (
        "В результате взрыва пострадали не менее 37 человек, сообщили в МВД.",
        "As a result of explosion suffered not less than 37 people, reported in the Interior Ministry.",
        "At least 37 people were injured in the explosion, the Interior Ministry reported.",
    ),
    (
        "Акции компании упали на 4,5% после того, как она сообщила об убытке в 1,2 млрд долларов.",
        "Shares in the company fell by 4.5% after it reported a loss of $1.2 billion.",
        "Shares in the company fell by 4.5% after it reported a loss of $1.2 billion.",
    ),
    (
        "По его словам, в настоящее время ведутся работы по ликвидации последствий аварии.",
        "According to him, at present time conducted works on elimination of consequences of the accident.",
        "According to him, work to deal with the consequences of the accident is under way.",
    ),
)
_LONGEST_WORDS = 120
_TOKENS_A_WORD, _SPARE_TOKENS = 2.2, 24
_SECONDS = 120.0


class InstructRewriter:
    """A GGUF instruct model behind worked examples."""

    def __init__(self, model: InstructModel) -> None:
        """Ask this model, which is loaded when it is first needed."""
        self._model = model
        self.signature = f"rewrite:{model.name}|prompt:{PROMPT_VERSION}|{model.decoding}"

    def rewrite(
        self, texts: Sequence[str], sources: Sequence[str | None], progress: Progress | None = None
    ) -> list[str | None]:
        """As :meth:`mtcheck.engines.Rewriter.rewrite`. Raises ModelError when the model fails."""
        return _each(texts, sources, self._one, progress)

    def _one(self, text: str, source: str | None) -> str | None:
        shown = "".join(
            f"{_asked(machine, russian if source else None)} {edited}\n\n" for russian, machine, edited in _EXAMPLES
        )
        most_tokens = int(_TOKENS_A_WORD * len(text.split())) + _SPARE_TOKENS
        return self._model.complete(f"{_TASK}\n\n{shown}", _asked(text, source), most_tokens)


class EndpointRewriter:
    """A server on this machine that speaks OpenAI's chat completions, such as ``http://localhost:8080/v1#model``.

    Its answers are not cached, since nothing says which weights gave them.
    """

    def __init__(self, address: str) -> None:
        """Name the server. Raises SettingsError for an address that is not on this machine."""
        url, _, self._model = address.partition("#")
        if urlsplit(url).scheme not in ("http", "https") or not _is_loopback(urlsplit(url).hostname or ""):
            raise SettingsError(
                f"“{address}” is not a server on this machine",
                repair="text leaves the machine never: name one on localhost, such as http://localhost:8080/v1#model",
            )
        self._url = f"{url.rstrip('/')}/chat/completions"
        self.signature = f"rewrite:{url}|model:{self._model or 'default'}|prompt:{PROMPT_VERSION}|temperature:0"

    def rewrite(
        self, texts: Sequence[str], sources: Sequence[str | None], progress: Progress | None = None
    ) -> list[str | None]:
        """As :meth:`mtcheck.engines.Rewriter.rewrite`. Raises ModelError when the server fails."""
        return _each(texts, sources, self._one, progress)

    def _one(self, text: str, source: str | None) -> str | None:
        import httpx

        messages = [{"role": "system", "content": _TASK}]
        for russian, machine, edited in _EXAMPLES:
            messages.append({"role": "user", "content": _asked(machine, russian if source else None)})
            messages.append({"role": "assistant", "content": edited})
        messages.append({"role": "user", "content": _asked(text, source)})
        request: dict[str, Any] = {"messages": messages, "temperature": 0, "seed": 1}
        if self._model:
            request["model"] = self._model
        try:
            # no proxies from the environment and no redirects: either could lead off this machine
            with httpx.Client(trust_env=False, follow_redirects=False, timeout=_SECONDS) as client:
                answer = client.post(self._url, json=request)
            answer.raise_for_status()
            return str(answer.json()["choices"][0]["message"]["content"] or "")
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            repair = "start the server, or run without --rewriter"
            raise ModelError(f"the server gave no answer ({error})", where=self._url, repair=repair) from error


def _asked(text: str, source: str | None) -> str:
    return f"Russian: {source}\nMachine: {text}\nEditor:" if source else f"Machine: {text}\nEditor:"


def _each(
    texts: Sequence[str],
    sources: Sequence[str | None],
    ask: Callable[[str, str | None], str | None],
    progress: Progress | None,
) -> list[str | None]:
    found = []
    for done, (text, source) in enumerate(zip(texts, sources, strict=True), start=1):
        plain = " ".join(text.split())
        short = 0 < len(plain.split()) <= _LONGEST_WORDS
        output = without_chatter(ask(plain, " ".join(source.split()) if source else None) or "", plain) if short else ""
        found.append(None if fault(plain, output, "en") else " ".join(output.split()))
        if progress:
            progress(done, len(texts))
    return found


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
