"""The training recipes: data rules, labels, and a micro model trained, exported and read back by both engines."""

from __future__ import annotations

import dataclasses
import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.recipes.corpora import MarkedLine, detokenise
from models.recipes.post_editor_data import Sentence, part_of, votes
from models.recipes.post_editor_measure import confirmed
from models.recipes.post_editor_tags import Truecaser, changes_between
from models.recipes.seq2seq_data import END, keep, write_pack
from models.recipes.seq2seq_plans import PLANS, Plan, Shape, Source
from models.recipes.tagger_labels import Labeller, Support, area_under_roc, tokens_of
from models.recipes.translationese import break_sentence

SUBJECTS = ("минист", "премьер", "посол", "судья", "врач", "учёный", "тренер", "актёр")
SUBJECTS_EN = ("minister", "premier", "envoy", "judge", "doctor", "scientist", "coach", "actor")
CITIES = ("Москву", "Киев", "Дамаск", "Лондон", "Париж", "Рим", "Осло", "Прагу")
CITIES_EN = ("Moscow", "Kiev", "Damascus", "London", "Paris", "Rome", "Oslo", "Prague")
PAIRS = [
    (f"Наш {subject} посетил {city} в {10 + i} раз.", f"Our {subject_en} visited {city_en} for the {10 + i}th time.")
    for i, (subject, subject_en) in enumerate(zip(SUBJECTS, SUBJECTS_EN, strict=True))
    for city, city_en in zip(CITIES, CITIES_EN, strict=True)
]


def test_detokenised_text_has_no_loose_punctuation() -> None:
    """Moses tokens become running text."""
    assert detokenise("He hadn 't said \" no \" ( yet ) , it 's true .") == "He hadn't said \"no\" (yet), it's true."


def test_broken_sentences_blame_the_words_that_changed() -> None:
    """Labels cover the text in order, and a sentence with no label 1 is never returned."""
    text = "The Russian minister's plan for peace in Syria was discussed with officials in Moscow after the talks."
    seen = set()
    for seed in range(40):
        broken = break_sentence(text, random.Random(seed))
        if broken is None:
            continue
        assert broken.text != text
        assert [(s, e) for s, e, _ in broken.labels] == [(s, e) for s, e, _ in tokens_of(broken.text)]
        assert any(label == 1.0 for *_, label in broken.labels)
        seen.add(broken.text)
    assert len(seen) > 20


def test_versions_vote_on_each_edit() -> None:
    """An edit that all versions ask for has all votes; a near version counts for more than a far one."""
    text = "The envoy arrived to Moscow and met minister."
    versions = (
        "The envoy arrived in Moscow and met the minister.",
        "The envoy arrived in Moscow and saw the minister.",
    )
    shares = votes(Sentence(text, versions, "test"), Truecaser(versions))
    assert shares is not None
    by_tag = {change.tag: share for change, share in shares.items()}
    assert by_tag["=in"] == pytest.approx(1)
    assert by_tag["the"] == pytest.approx(1)
    assert 0 < by_tag["=saw"] < 0.5
    assert votes(Sentence(text, ("Nothing of that kind was ever said here today.",), "test"), Truecaser([])) is None


def test_part_of_a_rewording_is_no_repair() -> None:
    """Words that go only because the whole passage is worded otherwise are not tagged for deletion."""
    text = "Talks began against the backdrop of the civil authorities complete paralysis yesterday."
    version = "Talks began while civil government was wholly paralysed yesterday."
    assert {change.tag for change in changes_between(text, version, Truecaser([]))} == {"OTHER"}
    assert not confirmed(text, text.replace("the backdrop", "backdrop"), version)
    assert confirmed("He arrived to Rome.", "He arrived in Rome.", "He arrived in Rome.")


def test_held_out_runs_of_lines_are_apart() -> None:
    """Dev and test documents are told by their lines in newstest2015; no other set is held out."""
    assert part_of({"set": "newstest2015", "seg": "2000"}) == "dev"
    assert part_of({"set": "newstest2015", "seg": "2300"}) == "test"
    assert part_of({"set": "newstest2015", "seg": "700"}) == "train"
    assert part_of({"set": "newstest2016", "seg": "2300"}) == "train"


def test_breaking_is_deterministic() -> None:
    """The same seed breaks the same way."""
    text = "Scientists have found a way to detect related stars in the cluster."
    assert break_sentence(text, random.Random(7)) == break_sentence(text, random.Random(7))


def test_support_counts_the_other_outputs_only() -> None:
    """An output's own n-grams do not support it; words of the reference and of other outputs do."""
    outputs = ["kinship stars were found", "related stars were found", "related stars are found"]
    support = Support.collect(["related stars have been found"], outputs)
    signs = support.signs(outputs[0])
    assert signs[0, 0] == 0.0  # "kinship" is not in the reference
    assert signs[0, 5] == 0.0  # nor in any other output
    assert signs[1, 0] == 1.0
    assert signs[1, 5] == 1.0
    assert signs[2, 5] == pytest.approx(0.5)  # "were": one of the two others


def test_labeller_learns_that_unsupported_words_are_marked() -> None:
    """Fitted on lines where the odd word out is marked, it blames the odd word out."""
    lines = []
    for i in range(30):
        good = f"the envoy visited city{i} today"
        mt = good.replace("visited", f"odd{i}")
        start = mt.index("odd")
        marks = ((start, start + len(f"odd{i}")),)
        lines.append(MarkedLine("x", mt, good, marks, (), "", good, (good, good + " .")))
    labeller = Labeller.fit(lines)
    support = Support.collect(["she left the city"], ["she left the city", "she left town"])
    blame = labeller.probabilities(support, "she departed the city")
    assert blame.argmax() == 1
    assert blame[1] > 0.5 > blame[0]


def test_area_under_roc_counts_ties_half() -> None:
    """Perfect order is 1, constant scores are 0.5."""
    truth = np.array([0.0, 0.0, 1.0, 1.0])
    assert area_under_roc(np.array([0.1, 0.2, 0.3, 0.4]), truth) == 1.0
    assert area_under_roc(np.ones(4), truth) == 0.5


def test_pairs_of_odd_length_or_without_letters_are_dropped() -> None:
    """The filter keeps plausible pairs; a copy passes only inside one language."""
    assert keep("Это дом на холме.", "This is a house on the hill.", False)
    assert not keep("Дом.", "This house on the hill was built by my grandfather long ago in the thirties.", False)
    assert not keep("12 345 678", "12 345 678", False)
    assert not keep("Windows PowerShell", "Windows PowerShell", False)
    assert keep("It is a house.", "It is a house.", True)


def test_phases_and_schedule() -> None:
    """The rate warms up, decays and ends at zero; the last phase draws on the news weights."""
    from models.recipes.seq2seq_train import learning_rate, phase_weights

    plan = PLANS["ru-en"]
    rates = [learning_rate(plan, update) for update in (1, plan.warm_up, 4 * plan.warm_up, plan.updates)]
    assert rates[0] < rates[2] < rates[1] == plan.learning_rate
    assert rates[3] == pytest.approx(0.0)
    assert phase_weights(plan, 0) == [source.general for source in plan.sources]
    assert phase_weights(plan, plan.updates - 1) == [source.news for source in plan.sources]


@pytest.fixture(scope="module")
def micro(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path, Path]:
    """A plan for 64 pairs, its vocabulary and its folder with one pack."""
    import sentencepiece

    from models.recipes.seq2seq_data import train_vocabulary

    folder = tmp_path_factory.mktemp("micro")
    plan = Plan(
        "ru-en",
        "ru",
        "en",
        "micro",
        (Source("made", 1.0, 1.0),),
        shape=Shape(64, 2, 2, 128, 4, 400),
        updates=180,
        batch_tokens=1200,
        learning_rate=5e-3,
        warm_up=40,
        label_smoothing=0.0,
        dropout=0.0,
        ema_decay=0.9,
    )
    vocabulary = folder / "micro.spm"
    train_vocabulary(plan, (text for pair in PAIRS for text in pair), vocabulary)
    spm = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    encoded = [
        (0, np.array([*spm.encode(s), END], np.uint16), np.array([*spm.encode(t), END], np.uint16)) for s, t in PAIRS
    ]
    write_pack(folder / "pack-00.npz", encoded)
    return plan, vocabulary, folder


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_micro_model_overfits_and_round_trips(micro: tuple[Plan, Path, Path]) -> None:
    """64 pairs are learnt by heart across a stop and a resume; transformers and CTranslate2 give the same outputs."""
    import sentencepiece
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    from models.recipes.seq2seq_export import join_pieces, write_ctranslate2, write_pieces, write_transformers
    from models.recipes.seq2seq_measure import Shipped
    from models.recipes.seq2seq_model import Pairs
    from models.recipes.seq2seq_train import Limits, Trainer, dev_chrf, train

    plan, vocabulary, folder = micro
    spm = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    pairs = Pairs([folder / "pack-00.npz"])
    first = dataclasses.replace(plan, updates=90, news_share=0.0)
    trainer = Trainer(first, pairs, spm.get_piece_size(), folder)
    assert train(trainer, Limits(60.0, 0), spm, PAIRS)
    again = Trainer(plan, pairs, spm.get_piece_size(), folder)
    assert again.progress == trainer.progress
    assert not train(again, Limits(0.0, 0), spm, PAIRS)  # no time: one update, a checkpoint, not finished
    assert again.progress.update == 91
    assert train(Trainer(plan, pairs, spm.get_piece_size(), folder), Limits(60.0, 0), spm, PAIRS)

    final = Trainer(plan, pairs, spm.get_piece_size(), folder)
    network = final.averaged()
    assert dev_chrf(network, spm, PAIRS) > 99
    assert float(network.get_input_embeddings().weight[-1].abs().sum().detach()) == 0.0

    write_transformers(network, plan, vocabulary, folder / "transformers")
    write_ctranslate2(folder / "transformers", folder / "int8")
    sources, targets = [s for s, _ in PAIRS], [t for _, t in PAIRS]
    assert Shipped(folder / "int8", 1).translate(sources) == targets
    tokenizer = MarianTokenizer.from_pretrained(folder / "transformers")
    model = MarianMTModel.from_pretrained(folder / "transformers", dtype=torch.float32)
    made = model.generate(**tokenizer(sources[:8], return_tensors="pt", padding=True), num_beams=4)
    assert tokenizer.batch_decode(made, skip_special_tokens=True) == targets[:8]

    weights = folder / "transformers" / "model.safetensors"
    join_pieces(write_pieces(weights, folder / "parts"), folder / "joined")
    assert (folder / "joined").read_bytes() == weights.read_bytes()
