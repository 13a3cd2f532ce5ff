"""The instruct LM as translator: its prompt, grammar, guards; llama.cpp itself on a micro model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtcheck import store
from mtcheck.engines.instruct import InstructModel, without_chatter
from mtcheck.engines.llm import LLMTranslator, russian_grammar
from mtcheck.engines.output_guards import fault, lost_numbers
from mtcheck.errors import ModelError
from tests import micro_gguf

ENGLISH = "The talks will resume in Geneva on 14 March."
RUSSIAN = "Переговоры возобновятся в Женеве 14 марта."


class ScriptedServer:
    """Answers by a table from the text to (answer, finish reason); keeps the requests."""

    def __init__(self, table: dict[str, tuple[str, str]]) -> None:
        self.table, self.requests = table, []  # type: ignore[var-annotated]
        self.examples = ""

    def handle_completions(self, request: dict[str, Any]) -> dict[str, Any]:
        if not request["n_predict"]:  # the examples alone, before every text
            self.examples = request["prompt"]
            return {}
        self.requests.append(request)
        asked = request["prompt"].rsplit("\n", 2)[-2].split(": ", 1)[1]
        if asked not in self.table:
            return {"error": {"code": 500, "message": "out of memory"}}
        text, reason = self.table[asked]
        return {"choices": [{"text": text, "finish_reason": reason}]}


def translator(tmp_path: Path, table: dict[str, tuple[str, str]], direction: str = "en-ru") -> LLMTranslator:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    model = InstructModel(tmp_path / "m.gguf", digest="0123456789abcdef")
    model._server = ScriptedServer(table)
    return LLMTranslator(model, *direction.split("-"))


def test_outputs_come_back_in_order_cleaned_and_guarded(tmp_path: Path) -> None:
    made = translator(
        tmp_path,
        {
            ENGLISH: (f" «{RUSSIAN}»", "stop"),
            "He said no.": (" Он сказал нет. Он сказал нет. Он сказал нет.", "stop"),
            "She said yes to them.": (" Она сказала", "length"),
        },
    )
    told: list[tuple[int, int]] = []
    texts = ["He said no.", ENGLISH.replace(" ", "\n"), "", "123", "word " * 200, "She said yes to them.", ENGLISH]
    found = made.translate(texts, progress=lambda done, total: told.append((done, total)))
    assert [[h.text for h in best] for best in found] == [[], [RUSSIAN], [], [], [], [], [RUSSIAN]]
    assert told == [(i, 7) for i in range(1, 8)]


def test_requests_are_greedy_bounded_and_share_their_prefix(tmp_path: Path) -> None:
    made = translator(tmp_path, {ENGLISH: (RUSSIAN, "stop"), "He went.": ("Он ушёл.", "stop")})
    made.translate(["He went.", ENGLISH])
    first, second = made._model._server.requests
    assert first["temperature"] == 0
    assert first["cache_prompt"]
    assert second["n_predict"] > first["n_predict"] > 20
    shared = first["prompt"].rsplit("English: He went.", 1)[0]
    assert made._model._server.examples == f"{shared}#"
    assert second["prompt"].startswith(shared)
    assert len(shared) > 500
    assert "grammar" in first


def test_into_english_there_is_no_grammar_and_examples_turn_round(tmp_path: Path) -> None:
    made = translator(tmp_path, {RUSSIAN: (ENGLISH, "stop")}, "ru-en")
    assert made.translate([RUSSIAN])[0][0].text == ENGLISH
    (request,) = made._model._server.requests
    assert "grammar" not in request
    assert request["prompt"].endswith(f"Russian: {RUSSIAN}\nEnglish:")


def test_failures_are_told(tmp_path: Path) -> None:
    made = translator(tmp_path, {})
    with pytest.raises(ModelError, match="out of memory"):
        made.translate([ENGLISH])
    with pytest.raises(ModelError, match="cannot score"):
        made.score([ENGLISH], [RUSSIAN])
    with pytest.raises(ModelError, match="between English and Russian"):
        LLMTranslator(InstructModel(tmp_path / "m.gguf"), "en", "de")
    with pytest.raises(ModelError, match="missing"):
        InstructModel(tmp_path / "none.gguf")
    broken = LLMTranslator(InstructModel(tmp_path / "m.gguf"), "en", "ru")
    with pytest.raises(ModelError, match="cannot be loaded"):
        broken.translate([ENGLISH])


def test_llama_cpp_runs_silently_writes_cyrillic_and_leaves_nothing(tmp_path: Path) -> None:
    path = micro_gguf.write(tmp_path / "micro.gguf", micro_gguf.model())
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    script = (
        "import sys; from pathlib import Path\n"
        "from mtcheck.engines.instruct import InstructModel\n"
        "from mtcheck.engines.llm import LLMTranslator, russian_grammar\n"
        "model = InstructModel(Path(sys.argv[1]), threads=1); made = LLMTranslator(model, 'en', 'ru')\n"
        "assert made.translate(['The talks will resume.', '漢字' * 2000]) == [[], []]\n"
        "answer = made._model._server.handle_completions({'prompt': 'a', 'n_predict': 40, 'temperature': 0,"
        " 'grammar': russian_grammar('BBC')})['choices'][0]['text']\n"
        "print(repr(answer)); model.close()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert (run.returncode, run.stderr) == (0, "")
    written = run.stdout.strip().strip("'\"").replace("BBC", "")
    assert written
    assert not any("a" <= letter.lower() <= "z" for letter in written)
    assert not list(scratch.iterdir())


def test_grammar_keeps_acronyms_codes_and_addresses() -> None:
    grammar = russian_grammar("He told CNN that the T-72B3 and US-led force (see https://a.org/x) met Lavrov.")
    assert grammar.startswith('root ::= (c | "CNN" | "T-72B3" | "US-led" | "https://a.org/x')
    assert "Lavrov" not in grammar
    assert '"\\""' not in russian_grammar('He said "no".')


@pytest.mark.parametrize(
    ("output", "clean"),
    [
        (f" {RUSSIAN}\n", RUSSIAN),
        (f"Sure, here is the translation: {RUSSIAN}", RUSSIAN),
        (f"Перевод: {RUSSIAN}", RUSSIAN),
        (f"«{RUSSIAN}»", RUSSIAN),
        (f"{RUSSIAN} (Примечание: дословно.)", RUSSIAN),
        ("«Да» и «нет»", "«Да» и «нет»"),
    ],
)
def test_chatter(output: str, clean: str) -> None:
    assert without_chatter(output, ENGLISH) == clean


def test_quotes_of_the_source_stay() -> None:
    assert without_chatter("«Нет»", "“No”") == "«Нет»"


@pytest.mark.parametrize(
    ("source", "output", "expected"),
    [
        (ENGLISH, RUSSIAN, None),
        (ENGLISH, "", "empty"),
        (ENGLISH, "…", "empty"),
        ("…", "…", None),
        (ENGLISH, "Sorry, I can't translate this text.", "a comment instead of a translation"),
        (ENGLISH, "К сожалению, я не могу перевести этот текст", "a comment instead of a translation"),
        (ENGLISH, "The talks will resume in Geneva.", "wrong script"),
        ("CNN BBC", "CNN, BBC", None),
        (ENGLISH * 2, "Переговоры 14", "wrong length"),
        (ENGLISH, RUSSIAN * 4, "wrong length"),
        (ENGLISH * 2, "города Аль-Аль-Аль-Аль-Аль-Аль-Аль-Аль-Аль-Аль-Аль-Аль 14", "repetition"),
        ("He said no and left. " * 2, "Он сказал нет. Он сказал нет. Он сказал нет. Он", "repetition"),
        (ENGLISH, "Переговоры возобновятся в Женеве 15 марта.", "numbers lost"),
        ("It cost $1,200.50 in 2016.", "В 2016 году это стоило 1200,50 доллара.", None),
        ("10 000 000 people", "10 000 000 человек", None),
        ("Wait... no..... yes, of course", "Подождите... нет..... да, конечно", None),
    ],
)
def test_faults(source: str, output: str, expected: str | None) -> None:
    assert fault(source, output, "ru", numbers=True) == expected


def test_half_of_the_numbers_may_go() -> None:
    assert not lost_numbers("19 of 35", "19 из тридцати пяти")
    assert lost_numbers("19 of 35", "девятнадцать из тридцати пяти")
    assert not lost_numbers("one of 3", "один из трёх")


@pytest.mark.models
def test_real_model_translates_a_news_sentence() -> None:
    path = store.locate("qwen2.5-coder-1.5b-instruct")
    model = InstructModel(path, digest=store.entry("qwen2.5-coder-1.5b-instruct").digest)
    made = LLMTranslator(model, "en", "ru")
    (best,) = made.translate(["The president met the prime minister in Moscow on 12 May."])[0]
    assert "президент" in best.text.lower()
    assert "Москве" in best.text
    assert "12" in best.text
    model.close()
