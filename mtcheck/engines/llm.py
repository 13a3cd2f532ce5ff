"""An instruct language model as a translator between English and Russian.

Into Russian, decoding is held to Cyrillic by a grammar. Such a model chatters, repeats and invents, so every output is
guarded; one that fails comes back as an empty list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from mtcheck.engines import Progress
from mtcheck.engines.instruct import InstructModel, without_chatter
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
_LONGEST_WORDS = 120
_TOKENS_A_WORD, _SPARE_TOKENS = {"ru": 4.5, "en": 2.2}, 24
"""Upper limit of an answer: Russian takes about 2.7 tokens a word of its English in this vocabulary."""
_CYRILLIC = r"""c ::= [А-Яа-яЁё0-9 .,!?:;()«»„“”"'’%$€£/+&№°–—…<>\[\]-]"""
_KEPT_LATIN = re.compile(r"https?://\S+|\S+@\S+|[A-Za-z0-9.-]*[A-Z0-9][A-Za-z0-9-]*[A-Z0-9][A-Za-z0-9-]*")


class LLMTranslator:
    """Greedy few-shot translation, one hypothesis a text; the weights are loaded at the first call.

    Raises ModelError for languages other than English and Russian.
    """

    def __init__(self, model: InstructModel, source_lang: str, target_lang: str) -> None:
        """Translate with a model in one direction."""
        if {source_lang, target_lang} != {"en", "ru"}:
            raise ModelError(
                f"the language model translates between English and Russian, not {source_lang}-{target_lang}"
            )
        self.source_lang, self.target_lang = source_lang, target_lang
        self._model = model
        self.signature = f"{source_lang}-{target_lang}:{model.name}|prompt:{PROMPT_VERSION}|{model.decoding}"

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

    def _one(self, text: str) -> list[Hypothesis]:
        plain = " ".join(text.split())
        words = len(plain.split())
        if not words or words > _LONGEST_WORDS or not re.search(r"[^\W\d_]", plain):
            return []
        question = f"{_NAMES[self.source_lang]}: {plain}\n{_NAMES[self.target_lang]}:"
        most_tokens = int(words * _TOKENS_A_WORD[self.target_lang]) + _SPARE_TOKENS
        grammar = russian_grammar(plain) if self.target_lang == "ru" else None
        answer = self._model.complete(self._examples(), question, most_tokens, grammar)
        output = without_chatter(answer or "", plain)
        if fault(plain, output, self.target_lang, numbers=True):
            return []
        return [Hypothesis(output, float("nan"))]

    def _examples(self) -> str:
        source, target = _NAMES[self.source_lang], _NAMES[self.target_lang]
        pairs = _EXAMPLES if self.source_lang == "en" else tuple((ru, en) for en, ru in _EXAMPLES)
        head = f"News sentences in {source}, translated into {target} by a professional translator.\n\n"
        shown = "".join(f"{source}: {one}\n{target}: {other}\n\n" for one, other in pairs)
        return f"{head}{shown}"


def russian_grammar(source: str) -> str:
    """A GBNF grammar of Russian text that may keep the acronyms, codes and addresses of the source in Latin letters."""
    kept = dict.fromkeys(match.strip(".,;:!?") for match in _KEPT_LATIN.findall(source))
    latin = "".join(f" | {json.dumps(word)}" for word in kept if re.search("[A-Za-z]", word))
    return f"root ::= (c{latin})+\n{_CYRILLIC}"
