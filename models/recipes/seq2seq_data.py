"""Prepare a sequence-to-sequence model's data: read, filter, drop duplicates, tokenise, pack.

A *pack* is one compressed npz under ``PACK_BYTES`` with SentencePiece ids as uint16: ``source`` and
``target`` flat, ``source_lengths`` and ``target_lengths`` (uint8; the end mark included in both),
``origin`` (uint8, index into the plan's sources). Packs are small enough to be carried to another
machine one at a time; training reads whichever are there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from models.recipes.corpora import DEV_ARTICLES, data_folder, lines, marked_article, rows, tagged_lines, work_folder
from models.recipes.seq2seq_plans import PLANS, Plan
from models.recipes.translationese import break_sentence

Ids = NDArray[np.uint16]
PACK_BYTES = 56 * 2**20
PAIRS_A_PACK = 450_000
LONGEST_IDS = 200
VOCABULARY_SAMPLE = 400_000
END, UNKNOWN = 0, 1
_LETTERS = re.compile(r"[^\W\d_]")


def pairs(plan: Plan, name: str) -> Iterator[tuple[str, str]]:
    """(source, target) of one corpus in the plan's direction, unfiltered."""
    if name in _ENGLISH:
        yield from _ENGLISH[name]()
    elif name == "distil_news":
        for row in rows("parallel/distil_news.tsv.xz"):
            if row["direction"] == plan.model:
                yield row["src"], row["mt"]
    else:
        for row in rows(f"parallel/{name}.tsv.xz"):
            yield row[plan.source_lang], row[plan.target_lang]


def _outputs_to_references() -> Iterator[tuple[str, str]]:
    """System outputs and their reference, when more than half of the output's words are in it."""
    for row in rows("qe/wmt15_16_ru-en_outputs.tsv.xz"):
        words = row["mt"].lower().split()
        known = set(row["ref"].lower().split())
        if words and sum(word in known for word in words) > 0.6 * len(words):
            yield row["mt"], row["ref"]


def _post_edits() -> Iterator[tuple[str, str]]:
    for pair in ("ru-en", "et-en", "ro-en"):
        for line in tagged_lines(pair, "train"):
            if not line.proverb:
                yield line.mt, line.post_edit if any(bad for *_, bad in line.tokens) else line.mt


def _made() -> Iterator[tuple[str, str]]:
    chance = random.Random(1)
    for text in lines("mono/en_news.txt.xz"):
        broken = break_sentence(text, chance)
        if broken is not None:
            yield broken.text, text


def _clean() -> Iterator[tuple[str, str]]:
    for text in lines("mono/en_news.txt.xz"):
        yield text, text


_ENGLISH = {
    "wmt15_16_outputs": _outputs_to_references,
    "mlqe_post_edits": _post_edits,
    "made_translationese": _made,
    "clean_news": _clean,
}


def keep(source: str, target: str, same_language: bool) -> bool:
    """True for a pair of plausible lengths, made mostly of letters, that is not a mere copy across languages."""
    left, right = len(source.split()), len(target.split())
    if not (1 <= left <= 120 and 1 <= right <= 120):
        return False
    if max(left + 3, right + 3) > 2.5 * min(left + 3, right + 3):
        return False
    if min(len(_LETTERS.findall(text)) / len(text) for text in (source, target)) < 0.5:
        return False
    return same_language or source != target


def kept_pairs(plan: Plan) -> Iterator[tuple[int, str, str]]:
    """(index of the source corpus, source, target) of every kept pair, exact duplicates dropped."""
    same = plan.source_lang == plan.target_lang
    seen: set[bytes] = set()
    for number, source in enumerate(plan.sources):
        for left, right in pairs(plan, source.name):
            left, right = " ".join(left.split()), " ".join(right.split())
            if not left or not right or not keep(left, right, same):
                continue
            key = hashlib.blake2b(f"{left}\t{right}".encode(), digest_size=8).digest()
            if key not in seen:
                seen.add(key)
                yield number, left, right


@dataclasses.dataclass(frozen=True, slots=True)
class TestSet:
    """Aligned sentences; a post-editor's sources are machine translations."""

    name: str
    sources: tuple[str, ...]
    references: tuple[str, ...]


def dev_sets(model: str) -> list[TestSet]:
    """The development sets of a model: newstest2020 and FLORES devtest, or the dev articles for the post-editor."""
    if model == "post-editor":
        lines = [line for doc in DEV_ARTICLES for line in marked_article(doc)]
        return [TestSet("dev articles", tuple(x.mt for x in lines), tuple(x.post_edit for x in lines))]
    source, target = model.split("-")
    sets = []
    for name, file in (("newstest2020", f"dev/newstest2020.{model}.tsv"), ("flores-devtest", "dev/flores_devtest.tsv")):
        table = list(rows(file))
        left, right = ("src", "refA") if "src" in table[0] else (source, target)
        sets.append(TestSet(name, tuple(r[left] for r in table), tuple(r[right] for r in table)))
    return sets


def data_is_here() -> bool:
    """Whether this machine has the data folder, or only packs."""
    try:
        return data_folder().is_dir()
    except FileNotFoundError:
        return False


def folder_of(plan: Plan) -> Path:
    """The folder of a plan's packs, checkpoint and exports."""
    folder = work_folder() / "seq2seq" / plan.model
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def vocabulary_of(plan: Plan) -> Path:
    """The SentencePiece model of the plan's vocabulary (it may not be there yet)."""
    return work_folder() / "seq2seq" / f"{plan.vocabulary}.spm"


def train_vocabulary(plan: Plan, texts: Iterator[str], path: Path) -> None:
    """A joint unigram model with byte fallback, so that any name can be copied; ids: </s> 0, <unk> 1."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=texts,
        model_prefix=str(path.with_suffix("")),
        vocab_size=plan.shape.pieces - 1,  # <pad> comes last, outside the SentencePiece model
        model_type="unigram",
        character_coverage=0.9997,
        byte_fallback=True,
        eos_id=END,
        unk_id=UNKNOWN,
        bos_id=-1,
        pad_id=-1,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
        train_extremely_large_corpus=False,
    )
    path.with_suffix(".model").replace(path)
    path.with_suffix(".vocab").unlink(missing_ok=True)


def _vocabulary_texts(plan: Plan) -> Iterator[str]:
    """Both sides of a sample: everything that is not documentation, and a slice of what is."""
    chance = random.Random(plan.seed)
    left = VOCABULARY_SAMPLE
    for number, source, target in kept_pairs(plan):
        share = 0.08 if plan.sources[number].name in {"msdocs_mt", "msdocs_ht", "made_translationese"} else 0.8
        if left > 0 and chance.random() < share:
            left -= 2
            yield source
            yield target


def write_pack(path: Path, batch: Sequence[tuple[int, Ids, Ids]]) -> None:
    """One pack from (origin, source ids, target ids); raises ValueError when it is over PACK_BYTES."""
    np.savez_compressed(
        path,
        source=np.concatenate([s for _, s, _ in batch]),
        target=np.concatenate([t for *_, t in batch]),
        source_lengths=np.array([len(s) for _, s, _ in batch], np.uint8),
        target_lengths=np.array([len(t) for *_, t in batch], np.uint8),
        origin=np.array([o for o, *_ in batch], np.uint8),
    )
    if path.stat().st_size > PACK_BYTES:
        raise ValueError(f"{path.name} is over {PACK_BYTES} bytes; lower PAIRS_A_PACK")


def prepare(plan: Plan) -> list[Path]:
    """Make the vocabulary and the packs of a plan; returns the packs' paths, and prints the counts."""
    vocabulary = vocabulary_of(plan)
    if not vocabulary.exists():
        train_vocabulary(plan, _vocabulary_texts(plan), vocabulary)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    folder, chance = folder_of(plan), random.Random(plan.seed)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    everything = []
    for number, source, target in kept_pairs(plan):
        left = np.array([*pieces.encode(source), END], np.uint16)
        right = np.array([*pieces.encode(target), END], np.uint16)
        if len(left) <= LONGEST_IDS and len(right) <= LONGEST_IDS:
            everything.append((number, left, right))
            count = counts[plan.sources[number].name]
            count[0] += 1
            count[1] += len(right)
    chance.shuffle(everything)
    packs = []
    for number, at in enumerate(range(0, len(everything), PAIRS_A_PACK)):
        packs.append(folder / f"pack-{number:02}.npz")
        write_pack(packs[-1], everything[at : at + PAIRS_A_PACK])
    (folder / "counts.json").write_text(json.dumps(counts, indent=1) + "\n")
    print(f"{plan.model}: {len(everything)} pairs, {sum(c[1] for c in counts.values())} target pieces", flush=True)
    return packs


def main() -> None:
    """``python -m models.recipes.seq2seq_data MODEL …``."""
    import sys

    for model in sys.argv[1:] or PLANS:
        for path in prepare(PLANS[model]):
            print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
