"""Training examples of the post-editor: sentences with, for each place, the edits that people's versions vote for.

One reference is a poor teacher of edits: a good translation differs from it. Outputs of the 2015 and 2016
systems have up to three versions (the human reference and two much better, later systems on the same
source); each gives the edits that lead to it, and votes with a weight that falls with its distance. Where
the versions agree, an edit gets most of the votes; where each has a wording of its own, keeping does.
Other sources have one version: post-edits (MLQE-PE), the originals of round trips through Portuguese and
of made translationese, and clean sentences, which are their own version.
"""

from __future__ import annotations

import dataclasses
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rapidfuzz.distance import Indel

from models.recipes.corpora import rows, tagged_lines, work_folder
from models.recipes.post_editor_tags import Truecaser, canonical, changes_between
from models.recipes.tagger_data import human_news, modern_outputs
from models.recipes.translationese import break_sentence
from mtcheck.engines.edit_tags import KEEP, OTHER, PLAIN, Change, tokens_of
from mtcheck.evaluation.texts import HELD_OUT

LONGEST_WORDS = 60
FARTHEST, STEEPNESS = 0.45, 6.0
LEAST_VOTES, LEAST_SOURCES = 8.0, 6
_UNWANTED = re.compile(
    r"[A-HJ-Z]|I[a-z]|\d|[^\w\s,.:'’+=-]|^[=]?['’-]$|n't|n’t|\b(not|no|none|never|nobody|nothing|nor|neither|without|i)\b"
    r"|\b(one|two|three|four|five|six|seven|eight|nine|ten|half|million|thousand|hundred)\b"
)
"""Names, numbers, negations and quotation marks: no edit of these can be trusted without the source."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and versions of it, each better; ``source`` names what it translates (empty when nothing)."""

    text: str
    versions: tuple[str, ...]
    origin: str
    source: str = ""


def part_of(row: dict[str, str]) -> str:
    """``dev``, ``test`` or ``train``: where a line of the 2015 and 2016 outputs belongs."""
    if row["set"] == "newstest2015":
        for name, runs in HELD_OUT.items():
            if any(first <= int(row["seg"]) <= last for first, last in runs):
                return name
    return "train"


def system_outputs(part: str) -> Iterator[Sentence]:
    """Distinct outputs of the 2015 and 2016 systems; the first version is the human reference."""
    later, seen = modern_outputs(), set()
    for row in rows("qe/wmt15_16_ru-en_outputs.tsv.xz"):
        if part_of(row) == part and (row["ref"], row["mt"]) not in seen and _usable(row["mt"]):
            seen.add((row["ref"], row["mt"]))
            versions = tuple(dict.fromkeys((row["ref"], *later[row["src"]])))
            yield Sentence(row["mt"], versions, "wmt-outputs", f"{row['set']}:{row['seg']}")


def held_out_texts() -> set[str]:
    """Human references of the dev and test documents: they are never shown in training."""
    held = (row for row in rows("qe/wmt15_16_ru-en_outputs.tsv.xz") if part_of(row) != "train")
    return {row["ref"] for row in held}


def post_edits() -> Iterator[Sentence]:
    """MLQE-PE train, ru-en outside proverbs, ro-en and et-en: machine translations with their post-edits."""
    for pair in ("ru-en", "ro-en", "et-en"):
        for line in tagged_lines(pair, "train"):
            if _usable(line.mt) and not line.proverb:
                edited = any(bad for *_, bad in line.tokens)
                yield Sentence(line.mt, (line.post_edit if edited else line.mt,), f"mlqe-{pair}")
                if edited:
                    yield Sentence(line.post_edit, (line.post_edit,), "clean-post-edit")


def made_from_news(chance: random.Random) -> Iterator[Sentence]:
    """Human news: a third broken on purpose, a third unchanged; and what round trips make of some of it."""
    held = held_out_texts()
    trips = work_folder() / "post-editor" / "round_trips.tsv"
    tripped = (
        dict(line.split("\t") for line in trips.read_text(encoding="utf-8").splitlines()) if trips.exists() else {}
    )
    for text in human_news():
        if text in held:
            continue
        if (back := tripped.get(text)) and _near(back, text) > 1 - FARTHEST:
            yield Sentence(back, (text,), "round-trip")
        broken = break_sentence(text, chance) if chance.random() < 0.6 else None
        yield Sentence(broken.text, (text,), "made") if broken else Sentence(text, (text,), "clean-news")


def _usable(text: str) -> bool:
    return 3 <= len(text.split()) <= LONGEST_WORDS and sum(c.isalpha() for c in text) > len(text) / 2


def _near(text: str, version: str) -> float:
    left, right = ([canonical(t.text) for t in tokens_of(s)] for s in (text, version))
    return Indel.normalized_similarity(left, right)


def votes(
    sentence: Sentence, truecase: Truecaser, known: Callable[[Change], bool] = lambda change: True
) -> dict[Change, float] | None:
    """The share of the votes, in (0, 1], of every change that some version asks for; None when all are too far."""
    near = [_near(sentence.text, version) for version in sentence.versions]
    if max(near) < 1 - FARTHEST:
        return None
    weights = [math.exp(STEEPNESS * (n - max(near))) for n in near]
    shares: dict[Change, float] = defaultdict(float)
    for version, weight in zip(sentence.versions, weights, strict=True):
        for change in changes_between(sentence.text, version, truecase, known):
            shares[change] += weight / sum(weights)
    return shares


def frequent_tags(voted: Sequence[tuple[Sentence, dict[Change, float]]], gap: bool) -> list[str]:
    """Keep, OTHER, and every tag with enough votes from enough different sentences, most voted first."""
    count: Counter[str] = Counter()
    asked: dict[str, set[str]] = defaultdict(set)
    for sentence, shares in voted:
        for change, share in shares.items():
            if change.gap == gap and (change.tag in PLAIN or not _UNWANTED.search(change.tag)):
                count[change.tag] += share
                asked[change.tag].add(sentence.source or sentence.versions[0])
    enough = (tag for tag, total in count.most_common() if total >= LEAST_VOTES and len(asked[tag]) >= LEAST_SOURCES)
    return [KEEP, OTHER, *(tag for tag in enough if tag != OTHER)]


def prepare(folder: Path, seed: int = 1) -> Path:
    """Write ``tags.json`` and ``examples.jsonl`` (shuffled) into ``folder``; returns the latter's path.

    Tags that are there already stay, so that a network trained on them can be trained on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    sentences = [*system_outputs("train"), *post_edits(), *made_from_news(chance)]
    truecase = Truecaser([version for s in sentences for version in s.versions[:1]])
    tags = folder / "tags.json"
    if not tags.exists():
        found = [(s, shares) for s in sentences if (shares := votes(s, truecase)) is not None]
        names = {name: frequent_tags(found, gap) for name, gap in (("token_tags", False), ("gap_tags", True))}
        tags.write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")
    heads = list(json.loads(tags.read_text(encoding="utf-8")).values())
    numbers = [{tag: number for number, tag in enumerate(head)} for head in heads]
    chance.shuffle(sentences)
    path, counts = folder / "examples.jsonl", Counter[str]()
    with path.open("w", encoding="utf-8") as out:
        for sentence in sentences:
            shares = votes(sentence, truecase, lambda change: change.tag in numbers[change.gap])
            if shares is None:
                continue
            counts[sentence.origin] += 1
            marks: list[list[list[float]]] = [[], []]
            for change, share in shares.items():
                marks[change.gap].append([change.place, numbers[change.gap][change.tag], round(share, 3)])
            record = {"text": sentence.text, "origin": sentence.origin, "token": marks[0], "gap": marks[1]}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(f"sentences {dict(counts)}, tags {[len(head) for head in heads]}")
    return path


if __name__ == "__main__":
    print(prepare(work_folder() / "post-editor"))
