"""GGUF to CTranslate2, held to torch; word alignment; independence of the batch."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch

from mtcheck import store
from mtcheck.engines.fluency import FluencyLM
from mtcheck.engines.gguf_convert import convert_gguf
from mtcheck.errors import ModelError
from mtcheck.schema import Span
from tests import micro_gguf

TEXTS = [
    "the thin sin of the inn",
    "“Здравствуйте”, said 1984 times – and so on…",
    "short",
    " The  lines\nbreak\u00a0here\r\n\r\nand\there. ",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("fluency")
    convert_gguf(micro_gguf.write(target / "micro.gguf", micro_gguf.model()), target / "converted")
    return target / "converted"


@pytest.fixture(scope="module")
def micro(folder: Path) -> FluencyLM:
    return FluencyLM(folder, threads=1)


def expected(reference: Any, lm: FluencyLM, text: str) -> float:
    """The log-probability of a text after the start token, by torch in float32."""
    ids = [0, *lm._tokenizer.encode(" ".join(text.split())).ids]
    with torch.inference_mode():
        log_probs = reference(torch.tensor([ids])).logits[0].log_softmax(-1)
    return float(sum(log_probs[at, token] for at, token in enumerate(ids[1:])))


@pytest.mark.parametrize(("arch", "biases"), [("llama", False), ("qwen2", True)])
def test_scores_agree_with_torch(arch: str, biases: bool, tmp_path: Path) -> None:
    reference = micro_gguf.model(biases)
    convert_gguf(micro_gguf.write(tmp_path / "micro.gguf", reference, arch), tmp_path / "converted")
    lm = FluencyLM(tmp_path / "converted")
    assert lm.log_probs(TEXTS) == pytest.approx([expected(reference, lm, text) for text in TEXTS], rel=0.02)


def test_spans_are_the_whitespace_separated_words(micro: FluencyLM) -> None:
    for text, words in zip(TEXTS, micro.word_log_probs(TEXTS), strict=True):
        assert [text[span.start : span.end] for span, _ in words] == text.split()
        assert all(log_prob < 0 for _, log_prob in words)


def test_sum_over_words_is_the_text_and_whitespace_is_one_space(micro: FluencyLM) -> None:
    (words,) = micro.word_log_probs(TEXTS[:1])
    assert micro.log_probs(TEXTS[:1]) == [sum(log_prob for _, log_prob in words)]
    assert micro.log_probs(["a b c"]) == micro.log_probs(["  a\nb\u00a0\tc "])


def test_word_scores_depend_only_on_what_stands_before(micro: FluencyLM) -> None:
    (long,), (short,) = micro.word_log_probs(["the thin sin of the inn"]), micro.word_log_probs(["the thin sin"])
    assert [p for _, p in long[:3]] == pytest.approx([p for _, p in short], abs=1e-4)


def test_context_is_read_but_not_scored(micro: FluencyLM) -> None:
    (whole,) = micro.word_log_probs(["the thin sin of the inn"])
    (rest,) = micro.word_log_probs(["of the inn"], contexts=["the  thin sin"])
    assert [p for _, p in rest] == pytest.approx([p for _, p in whole[3:]], abs=1e-4)
    assert rest[0][0] == Span(0, 2)
    assert micro.word_log_probs(["of the inn"], contexts=[""]) == micro.word_log_probs(["of the inn"])


def test_scores_do_not_depend_on_the_batch(micro: FluencyLM) -> None:
    texts = [" ".join(text.split()[:n]) for text in TEXTS for n in range(1, 8)]
    alone = [micro.log_probs([text])[0] for text in texts]
    shuffled = list(range(len(texts)))
    random.Random(5).shuffle(shuffled)
    together = micro.log_probs([texts[i] for i in shuffled])
    assert together == pytest.approx([alone[i] for i in shuffled], abs=1e-4)


def test_odd_texts(micro: FluencyLM) -> None:
    texts = ["", " \n", "x" * 3000, "<|endoftext|>", "😀😀", "word " * 1500, "\x00\ufeff"]
    scored = micro.word_log_probs(texts)
    assert [len(words) for words in scored] == [0, 0, 1, 1, 1, 1500, 1]
    assert all(log_prob < 0 for words in scored for _, log_prob in words)
    assert micro.word_log_probs([]) == []


def test_control_tokens_in_the_text_are_plain_characters(micro: FluencyLM) -> None:
    assert len(micro._tokenizer.encode("<|endoftext|>").ids) > 5


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model at all" * 100])
def test_damaged_gguf_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(content)
    with pytest.raises(ModelError, match=r"bad\.gguf"):
        convert_gguf(tmp_path / "bad.gguf", tmp_path / "converted")
    with pytest.raises(ModelError, match="missing"):
        convert_gguf(tmp_path / "none.gguf", tmp_path / "converted")


def test_other_architectures_and_incomplete_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="architecture phi3"):
        convert_gguf(micro_gguf.write(tmp_path / "m.gguf", micro_gguf.model(), "phi3"), tmp_path / "converted")
    with pytest.raises(ModelError, match="cannot be read"):
        FluencyLM(tmp_path)


@pytest.mark.models
def test_smollm_prefers_english_and_states_itself() -> None:
    path = store.derive("smollm2-135m-instruct", "ctranslate2-int8-1", convert_gguf)
    lm = FluencyLM(path)
    good, bad = lm.log_probs(
        [
            "He said so in an interview with the television channel.",
            "He said so in interview to the channel television.",
        ]
    )
    assert good > bad + 10
    assert "sha256:b179c9523d0e" in lm.signature
