"""The models that detect: words a second, and what int8 changes beside float32."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench.processes import crew, in_turn
from benchmarks.bench.run import Run
from benchmarks.bench.tables import Table
from benchmarks.bench.texts import articles, words_of

FLUENCY, FLUENCY_FLOAT = "fluency model: CTranslate2 int8", "fluency model: transformers float32"
TAGGER, TAGGER_FLOAT, TAGGER_TORCH = (
    "tagger: CTranslate2 int8",
    "tagger: CTranslate2 float32",
    "tagger: torch float32, same shape",
)
POST_EDITOR = "post-editor: CTranslate2 int8"
PACKAGES = ("ctranslate2", "transformers", "torch", "gguf", "spacy", "numpy")
LM = "smollm2-135m-instruct"
TAGGER_SHAPE = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
"""Of all-MiniLM-L6-v2, which the tagger and the post-editor were trained from."""
BATCH = 16
Work = Callable[[], Any]


def load(name: str, texts: str) -> Work:
    """A model, and its work: to read every text of a JSON file.

    What comes back: tokens read, and, where they can be compared, a number for each text.
    """
    return _MODELS[name](json.loads(Path(texts).read_text(encoding="utf-8")))


def _fluency(texts: list[str]) -> Work:
    from mtcheck.engines.fluency import FluencyLM

    engine = FluencyLM(_converted())
    tokens = _lm_tokens(texts)
    return lambda: (sum(map(len, tokens)), engine.log_probs(texts))


def _fluency_float(texts: list[str]) -> Work:
    """The same GGUF file as transformers reads it, texts of like length together."""
    import torch
    from transformers import AutoModelForCausalLM

    from mtcheck import store
    from mtcheck.engines.cores import usable_cores

    torch.set_num_threads(usable_cores())
    file = store.locate(LM)
    network = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype="float32").eval()
    tokens = [torch.tensor([0, *ids]) for ids in _lm_tokens(texts)]
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))

    def work() -> tuple[int, list[float]]:
        scores = [0.0] * len(texts)
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            ids = torch.nn.utils.rnn.pad_sequence([tokens[at] for at in some], batch_first=True)
            with torch.inference_mode():
                log_probs = network(ids).logits[:, :-1].log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
            for row, at in zip(log_probs, some, strict=True):
                scores[at] = float(row[: len(tokens[at]) - 1].sum())
        return sum(map(len, tokens)) - len(tokens), scores

    return work


def _lm_tokens(texts: list[str]) -> list[list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_converted() / "tokenizer.json"))
    return [tokenizer.encode(" ".join(text.split()), add_special_tokens=False).ids for text in texts]


def _converted() -> Path:
    from mtcheck import store
    from mtcheck.engines.gguf_convert import CONVERTER_VERSION, convert_gguf
    from mtcheck.engines.load import CONVERTED

    return store.derive(LM, f"{CONVERTED}-{CONVERTER_VERSION}", convert_gguf)


def _tagger(kind: str, texts: list[str]) -> Work:
    """The tagger as it is, or, in this process, with another arithmetic."""
    import ctranslate2

    from mtcheck import store
    from mtcheck.engines.tagger import EncoderTagger

    encoder = ctranslate2.Encoder
    ctranslate2.Encoder = lambda *given, **options: encoder(*given, **(options | {"compute_type": kind}))
    engine = EncoderTagger(store.locate("tagger-en"))
    number = sum(map(len, _tagger_pieces(texts)))
    return lambda: (
        number,
        [statistics.fmean([0.0, *(logit for _, logit in row)]) for row in engine.token_logits(texts)],
    )


def _tagger_torch(texts: list[str]) -> Work:
    """An encoder of the same shape with random weights: what is shipped has only its int8 weights."""
    import torch
    from transformers import BertConfig, BertModel

    from mtcheck.engines.cores import usable_cores

    torch.set_num_threads(usable_cores())
    pieces = _tagger_pieces(texts)
    network = BertModel(BertConfig(**TAGGER_SHAPE), add_pooling_layer=False).eval()
    order = sorted(range(len(pieces)), key=lambda at: len(pieces[at]))

    def work() -> tuple[int, None]:
        for start in range(0, len(order), BATCH):
            some = [torch.tensor(pieces[at]) for at in order[start : start + BATCH]]
            ids = torch.nn.utils.rnn.pad_sequence(some, batch_first=True)
            mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(one) for one in some], batch_first=True)
            with torch.inference_mode():
                network(input_ids=ids, attention_mask=mask)
        return sum(map(len, pieces)), None

    return work


def _tagger_pieces(texts: list[str]) -> list[list[int]]:
    from tokenizers import Tokenizer

    from mtcheck import store

    tokenizer = Tokenizer.from_file(str(store.locate("tagger-en") / "tokenizer.json"))
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in texts]


def _parser(texts: list[str]) -> Work:
    from mtcheck.engines.load import open_parser

    engine = open_parser()
    if engine is None:
        raise RuntimeError("no parser here")
    return lambda: (sum(map(words_of, texts)), len(engine.parse(texts)) and None)


def _post_editor(texts: list[str]) -> Work:
    from mtcheck import store
    from mtcheck.engines.post_editor import EditTagger

    engine = EditTagger(store.locate("post-editor-en"))
    number = sum(map(len, _tagger_pieces(texts)))
    return lambda: (number, len(engine.edits(texts)) and None)


_MODELS: dict[str, Callable[[list[str]], Work]] = {
    FLUENCY: _fluency,
    FLUENCY_FLOAT: _fluency_float,
    TAGGER: lambda texts: _tagger("int8", texts),
    TAGGER_FLOAT: lambda texts: _tagger("float32", texts),
    TAGGER_TORCH: _tagger_torch,
    POST_EDITOR: _post_editor,
    "parser: spaCy": _parser,
}


def models(run: Run) -> Iterator[Table]:
    """Every model that detects or proposes by reading, by turns, on the same lines of machine-translated news."""
    lines = [line for text in articles(run.data, 10) for line in text.split("\n") if line.strip()][: run.some(60, 8)]
    words, texts = sum(map(words_of, lines)), run.scratch / "lines.json"
    texts.write_text(json.dumps(lines), encoding="utf-8")
    with crew(__name__, {name: [str(texts)] for name in _MODELS}) as (workers, notes):
        took = in_turn(min(run.runs, 3), workers, warm_up=0)
    said = {name: workers[name].said for name in took}
    notes += _differences(said, FLUENCY, FLUENCY_FLOAT, "a line's log-probability in nats")
    notes += _differences(said, TAGGER, TAGGER_FLOAT, "a line's mean logit")
    yield Table(
        "models",
        f"Models that read, on {len(lines)} lines, {words:,} words of machine-translated news",
        ("model", "words/s", "words/processor s", "tokens/s", "times its int8 form's speed", "peak MB"),
        tuple(
            (
                name,
                words / one.clock,
                words / one.cpu,
                said[name][0] / one.clock,
                _int8_of(name, took).clock / one.clock if _int8_of(name, took) else None,
                one.megabytes,
            )
            for name, one in took.items()
        ),
        (*notes, f"medians of {min(run.runs, 3)} runs, in turn; tokens are each model's own (words for the parser)"),
        PACKAGES,
    )


def _int8_of(name: str, took: Any) -> Any:
    return next((one for other, one in took.items() if other.split(":")[0] == name.split(":")[0]), None)


def _differences(said: Any, ours: str, reference: str, what: str) -> list[str]:
    """How far the numbers for each text are apart."""
    if ours not in said or reference not in said:
        return []
    one, other = said[ours][1], said[reference][1]
    apart = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return [
        f"{ours} beside {reference}: {what} differs by {statistics.fmean(apart):.2g} on average, by "
        f"{max(apart):.2g} at most; correlation {statistics.correlation(one, other):.4f}"
    ]
