"""The post-editor: its tags exactly, a micro network through training and export, the shipped model's judgement."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recipes.post_editor_tags import Truecaser, changes_between
from mtcheck.alternatives import post_editor
from mtcheck.engines.edit_tags import (
    DELETE,
    OTHER,
    SWAP,
    Change,
    Token,
    kind_of,
    possible,
    rewritten,
    span_edit,
    tokens_of,
)
from mtcheck.engines.post_editor import FILES, EditTagger
from mtcheck.errors import ModelError
from mtcheck.prose_diff import TextEdit, apply_edits
from mtcheck.schema import Segment

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "models" / "post-editor-en"
WORDS = "the a minister ministers visit visited visiting Moscow in to of at , talks talk was has said already".split()
PAIRS = {
    "The envoy arrived to Moscow on Monday.": "The envoy arrived in Moscow on Monday.",
    "Minister said that talks has begun.": "The minister said that talks have begun.",
    "He left already Damascus, said the spokesman.": "He already left Damascus, said the spokesman.",
    "The russian army left the city.": "The Russian army left the city.",
    "Talks were held in Geneva last week.": "Talks were held in Geneva last week.",
}


def edited(engine: EditTagger, text: str) -> str:
    edits = engine.edits([text])[0]
    return apply_edits(text, [TextEdit(e.span.start, e.span.end, e.replacement) for e in edits])


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)
)
def test_tags_lead_from_one_wording_to_the_other(old: list[str], new: list[str]) -> None:
    """Whatever the two wordings, tags that can name every edit give exactly the second."""
    text, version = "Today " + " ".join(old) + " .", "Today " + " ".join(new) + " ."
    changes = changes_between(text, version, Truecaser([]))
    if all(change.tag != OTHER for change in changes):
        after = rewritten(text, tokens_of(text), changes)
        assert [t.text for t in tokens_of(after)] == [t.text for t in tokens_of(version)]


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)
)
def test_neighbouring_changes_are_one_edit_that_gives_the_same_text(old: list[str], new: list[str]) -> None:
    text, version = " ".join(old).capitalize() + ".", " ".join(new).capitalize() + "."
    changes, tokens = changes_between(text, version, Truecaser([])), tokens_of(text)
    for at in range(len(changes)):
        span, replacement = span_edit(text, tokens, changes[at:])
        assert text[: span.start] + replacement + text[span.end :] == rewritten(text, tokens, changes[at:])


@given(st.text(max_size=60))
def test_no_change_keeps_every_byte(text: str) -> None:
    assert rewritten(text, tokens_of(text), []) == text


@pytest.mark.parametrize(
    ("text", "changes", "after"),
    [
        ("Army left  the city.", [Change(0, True, "the")], "The Army left  the city."),
        ("The talks, held now.", [Change(0, False, DELETE)], "Talks, held now."),
        ("He left the, city.", [Change(2, False, DELETE)], "He left, city."),
        ("He said “the war” ended.", [Change(3, False, DELETE)], "He said “war” ended."),
        ("He left yesterday but came.", [Change(3, True, ",")], "He left yesterday, but came."),
        ("He visit often Rome.", [Change(1, False, SWAP)], "He often visit Rome."),
        ("He signed it.", [Change(1, False, "-ed+s")], "He signs it."),
        ("a\tb (word) c", [Change(3, True, "the")], "a\tb (the word) c"),
    ],
)
def test_spacing_and_capitals(text: str, changes: list[Change], after: str) -> None:
    assert rewritten(text, tokens_of(text), changes) == after


def test_what_was_moved_is_not_deleted() -> None:
    """A word that stands elsewhere in the other wording must not teach deletion."""
    text = "In Geneva the talks about peace began today."
    changes = changes_between(text, "The talks about peace began today in Geneva.", Truecaser([]))
    assert {change.tag for change in changes if change.place < 2} == {OTHER}


def test_numbers_are_never_touched_and_nothing_is_doubled() -> None:
    tokens = tokens_of("The 20 men left the city, slowly.")
    assert not possible(tokens, Change(1, False, DELETE))
    assert not possible(tokens, Change(0, True, "the"))
    assert not possible(tokens, Change(7, True, ","))
    assert possible(tokens, Change(4, False, "=a"))
    assert kind_of(tokens, Change(4, False, "=a")) == "replace article"
    assert kind_of([Token(0, 4, "city")], Change(0, True, "of the")) == "insert word"


@pytest.fixture(scope="module")
def micro(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small network that has learned PAIRS by heart: the training form, and its int8 export."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig

    from models.recipes import post_editor_model, post_editor_train
    from models.recipes.post_editor_export import uncalibrated, write_ctranslate2, write_settings

    folder, exported = tmp_path_factory.mktemp("post-editor"), tmp_path_factory.mktemp("exported")
    changes = {text: changes_between(text, version, Truecaser(list(PAIRS.values()))) for text, version in PAIRS.items()}
    tags = [
        ["", OTHER, *sorted({c.tag for found in changes.values() for c in found if c.gap == gap})] for gap in (0, 1)
    ]
    with (folder / "examples.jsonl").open("w", encoding="utf-8") as out:
        for text, found in changes.items():
            token, gap = ([[c.place, tags[g].index(c.tag), 1.0] for c in found if c.gap == g] for g in (0, 1))
            out.write(json.dumps({"text": text, "origin": "pairs", "token": token, "gap": gap}) + "\n")
    tokenizer = Tokenizer.from_file(str(ROOT / "models" / "tagger-en" / "tokenizer.json"))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        position_embedding_type="absolute",
    )
    named = {"token_tags": tags[0], "gap_tags": tags[1]}
    network = post_editor_model.PostEditorNetwork(config, (len(tags[0]), len(tags[1])))
    plan = post_editor_train.Plan(folder / "run", minutes=2, steps=150, learning_rate=3e-3)
    post_editor_train.train(network, tokenizer, named, plan, folder / "examples.jsonl")
    network, _, named = post_editor_model.load(folder / "run")
    write_ctranslate2(network, folder / "run", exported)
    write_settings(named, uncalibrated(), 0.5, exported)
    return folder / "run", exported


def test_a_micro_network_learns_its_pairs_and_survives_the_export(micro: tuple[Path, Path]) -> None:
    engine = EditTagger(micro[1], threads=1)
    assert {text: edited(engine, text) for text in PAIRS} == PAIRS
    assert engine.edits([]) == []
    assert engine.edits(["", "   "]) == [[], []]
    assert not (micro[0] / "progress.pt").exists()


def test_edits_do_not_touch_and_carry_probabilities(micro: tuple[Path, Path]) -> None:
    edits = EditTagger(micro[1], threads=1).edits(list(PAIRS))
    assert all(0.5 <= e.probability <= 1 for found in edits for e in found)
    assert all(a.span.end < b.span.start for found in edits for a, b in itertools.pairwise(found))


def test_the_threshold_decides(micro: tuple[Path, Path]) -> None:
    assert not any(EditTagger(micro[1], threads=1).edits(list(PAIRS), threshold=1.01))


def test_every_edit_becomes_a_proposal_of_its_segment(micro: tuple[Path, Path]) -> None:
    texts = list(PAIRS)
    segments = [Segment(i, 100 * i, text) for i, text in enumerate(texts)]
    proposed = post_editor.edits(segments, EditTagger(micro[1], threads=1))
    assert {edit.generator for edit in proposed} == {"post-editor"}
    assert {edit.seg_id for edit in proposed} == {0, 1, 2, 3}
    assert ("on", "to") not in {(texts[e.seg_id][e.span.start : e.span.end], e.replacement) for e in proposed}
    assert ("to", "in") in {(texts[e.seg_id][e.span.start : e.span.end], e.replacement) for e in proposed}


@pytest.mark.parametrize("name", FILES)
def test_a_missing_or_damaged_file_is_one_plain_error(micro: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    copy = tmp_path / "post-editor"
    shutil.copytree(micro[1], copy)
    (copy / name).write_bytes(b"{")
    if name != "encoder/config.json":  # CTranslate2 does not mind that one
        with pytest.raises(ModelError):
            EditTagger(copy)
    (copy / name).unlink()
    with pytest.raises(ModelError, match="lacks a file"):
        EditTagger(copy)


FAULTY = {
    "Army left the city on Monday.": "The army left the city on Monday.",
    "Police arrested three men, suspected in theft.": "Police arrested three men suspected in theft.",
}
GOOD = (
    "The committee approved the budget last week.",
    "Three people were injured when a bus hit a tree in the north of the city.",
    "She has worked as a teacher for twenty years.",
    "“We are ready to talk,” the minister said on Monday.",
    "The company sells milk and bread in 40 countries.",
    "Lavrov met his counterpart in Geneva, where they discussed the ceasefire.",
)


def test_the_shipped_model_mends_plain_faults_and_leaves_good_sentences_alone() -> None:
    engine = EditTagger(SHIPPED, threads=1)
    assert {text: edited(engine, text) for text in FAULTY} == FAULTY
    assert not any(engine.edits(GOOD))


def test_the_shipped_model_is_what_the_manifest_says() -> None:
    from mtcheck import store

    model = store.best("post-editor", "en")
    assert model is not None
    assert store.locate(model.id) == SHIPPED
    assert sum(file.size for file in model.files) <= 30_000_000


def test_a_sentence_gets_the_same_edits_in_any_company() -> None:
    engine = EditTagger(SHIPPED, threads=1)
    texts = [*FAULTY, *GOOD, " ".join(GOOD)]
    assert engine.edits(texts) == [engine.edits([text])[0] for text in texts]
