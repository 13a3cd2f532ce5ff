"""The word tagger's engine: on a random micro network for its mechanics, on the shipped model for its judgement."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mtcheck.engines.tagger import EncoderTagger, SurprisalTagger
from mtcheck.errors import ModelError
from mtcheck.schema import Span

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the recipes are no installed package
SHIPPED = ROOT / "models" / "tagger-en"
TEXT = "The envoy said “no” to café-talks, Привет 😀 don't."


@pytest.fixture(scope="module")
def micro(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A random two-layer network with the shipped tokenizer: the training form, and its int8 export."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig

    from models.recipes.tagger_export import write_ctranslate2, write_settings
    from models.recipes.tagger_model import TaggerNetwork, save_network

    trained, exported = tmp_path_factory.mktemp("trained"), tmp_path_factory.mktemp("exported")
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        position_embedding_type="absolute",
    )
    network = TaggerNetwork(config).eval()
    torch.nn.init.normal_(network.head.weight, std=0.3)
    save_network(network, tokenizer, trained)
    write_ctranslate2(network, trained, exported)
    write_settings(np.array([1.0, 0.5, -0.25]), np.array([1.0, 0.5, 0.1, 0.1, 0.0, -0.5]), exported)
    return trained, exported


def test_every_word_has_its_span_and_a_probability(micro: tuple[Path, Path]) -> None:
    """Whitespace-separated words, exact code points, probabilities in range, empty texts allowed."""
    tagger = EncoderTagger(micro[1])
    words, nothing, blank = tagger.bad_probabilities([TEXT, "", "   "])
    assert [TEXT[span.start : span.end] for span, _ in words] == TEXT.split()
    assert all(0.0 <= p <= 1.0 for _, p in words)
    assert nothing == blank == []
    assert tagger.bad_probabilities([]) == []


def test_a_word_takes_its_worst_token(micro: tuple[Path, Path]) -> None:
    """The quotation marks and the word between them are three tokens of one word."""
    tagger = EncoderTagger(micro[1])
    tokens = dict(tagger.token_probabilities([TEXT])[0])
    start = TEXT.index("“")
    worst = max(p for span, p in tokens.items() if start <= span.start < start + 4)
    assert dict(tagger.bad_probabilities([TEXT])[0])[Span(start, start + 4)] == worst
    assert Span(start, start + 1) in tokens


def test_agrees_with_the_training_form(micro: tuple[Path, Path]) -> None:
    """The int8 engine gives the logits of the fp32 network within rounding."""
    from models.recipes.tagger_model import load_network, token_logits

    network, tokenizer = load_network(micro[0])
    texts = [TEXT, "It is expected that the opening of experts will let you search.", "Short one."]
    wide = token_logits(network, tokenizer, texts)
    small = EncoderTagger(micro[1]).token_logits(texts)
    for left, right in zip(wide, small, strict=True):
        assert [(s, e) for s, e, _ in left] == [(span.start, span.end) for span, _ in right]
        assert np.abs(np.array([v for *_, v in left]) - np.array([v for _, v in right])).max() < 0.15


def test_long_texts_are_read_in_windows(micro: tuple[Path, Path]) -> None:
    """No word of a long text goes without a probability, nor of one unbroken run of letters."""
    tagger = EncoderTagger(micro[1])
    long_text = "The envoys of several states met. " * 60
    assert len(tagger.bad_probabilities([long_text])[0]) == len(long_text.split())
    assert len(tagger.bad_probabilities(["x" * 5000 + " end"])[0]) == 2


def test_company_in_the_batch_does_not_matter(micro: tuple[Path, Path]) -> None:
    """A sentence alone and the same sentence among longer ones get the same probabilities within rounding."""
    tagger = EncoderTagger(micro[1])
    others = ["The envoys of several states met in the capital. " * n for n in (1, 2, 3)]
    alone = [p for _, p in tagger.bad_probabilities([TEXT])[0]]
    among = [p for _, p in tagger.bad_probabilities([*others, TEXT])[3]]
    assert alone == pytest.approx(among, abs=0.003)
    assert tagger.bad_probabilities([*others, TEXT]) == tagger.bad_probabilities([*others, TEXT])


def test_signature_follows_the_files(micro: tuple[Path, Path], tmp_path: Path) -> None:
    """Another calibration is another signature."""
    import shutil

    copy = tmp_path / micro[1].name
    shutil.copytree(micro[1], copy)
    before = EncoderTagger(copy).signature
    assert before == EncoderTagger(micro[1]).signature
    settings = json.loads((copy / "tagger.json").read_text())
    settings["calibration"]["bias"] += 1
    (copy / "tagger.json").write_text(json.dumps(settings))
    assert EncoderTagger(copy).signature != before


class FlatFluency:
    """A language model that is surprised by one word only."""

    signature = "flat"

    def __init__(self, odd: str) -> None:
        self._odd = odd

    def word_log_probs(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """Minus fifteen nats for the odd word, minus two for any other."""
        return [
            [(Span(m.start(), m.end()), -15.0 if m.group() == self._odd else -2.0) for m in re.finditer(r"\S+", text)]
            for text in texts
        ]


def test_surprisal_raises_the_word_and_the_one_before_it(micro: tuple[Path, Path]) -> None:
    """A surprising word, and the word it follows, become more suspect; the others do not."""
    text = "The envoy said no to talks."
    tagger = EncoderTagger(micro[1])
    calm = SurprisalTagger(tagger, FlatFluency("nowhere"))
    struck = SurprisalTagger(tagger, FlatFluency("no"))
    gains = [b[1] - a[1] for a, b in zip(*(t.bad_probabilities([text])[0] for t in (calm, struck)), strict=True)]
    assert gains[3] > 0.1
    assert gains[2] > 0.1
    assert gains[0] == gains[5] == 0.0
    assert struck.signature == f"{tagger.signature}+flat"
    assert struck.bad_probabilities(["", text])[0] == []


def test_missing_and_damaged_files_are_one_line_errors(micro: tuple[Path, Path], tmp_path: Path) -> None:
    """A file that is not there or cannot be read is named."""
    import shutil

    copy = tmp_path / "tagger"
    shutil.copytree(micro[1], copy)
    (copy / "tagger.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be read"):
        EncoderTagger(copy)
    (copy / "head.npz").unlink()
    with pytest.raises(ModelError, match=r"head\.npz"):
        EncoderTagger(copy)


def test_shipped_model_prefers_english_to_translationese() -> None:
    """On made-up pairs the corrected wording gets the lower mean probability, and the odd words stand out."""
    tagger = EncoderTagger(SHIPPED)
    pairs = [
        (
            "The minister has told in interview to channel about signing agreement.",
            "The minister told the channel in an interview about the signing of the agreement.",
        ),
        (
            "Was taken the decision about the increase in the price on the bread from Monday.",
            "It was decided to raise the price of bread from Monday.",
        ),
        (
            "The firefighters which arrived on the place have eliminated the ignition.",
            "The firefighters who arrived at the scene put out the fire.",
        ),
    ]
    for awkward, natural in pairs:
        bad, good = (np.mean([p for _, p in words]) for words in tagger.bad_probabilities([awkward, natural]))
        assert bad > good + 0.03


def test_runs_without_torch_and_transformers() -> None:
    """Loading the shipped model and tagging imports neither."""
    program = (
        "import sys; from pathlib import Path; from mtcheck.engines.tagger import EncoderTagger\n"
        f"EncoderTagger(Path({str(SHIPPED)!r})).bad_probabilities(['One sentence.'])\n"
        "print([m for m in ('torch', 'transformers', 'spacy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
