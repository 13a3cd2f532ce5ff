"""Training examples of the word tagger: sentences with one soft BAD label a token.

Sources, all public (licences in the model card): outputs of the WMT 2015/2016 ru-en systems with
labels from :mod:`models.recipes.tagger_labels`; MLQE-PE ru-en train with its word tags, and its
post-edits as all-OK; human translations of other WMT years as all-OK; and those same human
sentences broken on purpose the way Russian breaks English (:mod:`models.recipes.translationese`).
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from models.recipes.corpora import rows, tagged_lines, work_folder
from models.recipes.tagger_labels import Labeller, Support, tokens_of
from models.recipes.translationese import break_sentence

LONGEST_WORDS = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the name of its source, and (start, end, probability of BAD) of every token of it.

    better: a faultless wording of the same sentence, which the tagger must like better; or nothing.
    """

    text: str
    labels: tuple[tuple[int, int, float], ...]
    origin: str
    better: str = ""


def _usable(text: str) -> bool:
    return 3 <= len(text.split()) <= LONGEST_WORDS and sum(c.isalpha() for c in text) > len(text) / 2


def system_outputs(labeller: Labeller) -> Iterator[Example]:
    """Every distinct system output of WMT 2015 and 2016, softly labelled."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows("qe/wmt15_16_ru-en_outputs.tsv.xz"):
        groups[row["set"], row["seg"]].append(row)
    later = modern_outputs()
    for group in groups.values():
        support = Support.collect([group[0]["ref"], *later[group[0]["src"]]], [row["mt"] for row in group])
        seen: set[str] = set()
        for row in group:
            mt = row["mt"]
            if mt in seen or mt == row["ref"] or not _usable(mt):
                continue
            seen.add(mt)
            probabilities = labeller.probabilities(support, mt)
            labels = tuple((s, e, float(p)) for (s, e, _), p in zip(tokens_of(mt), probabilities, strict=True))
            # the reference is shown once a source sentence, beside the first output
            yield Example(mt, labels, "wmt-outputs", group[0]["ref"] if len(seen) == 1 else "")


def modern_outputs() -> dict[str, list[str]]:
    """Outputs of later, much better systems on the same sources: further references for the labeller."""
    later: dict[str, list[str]] = defaultdict(list)
    for row in rows("parallel/distil_news.tsv.xz"):
        if row["direction"] == "ru-en" and row["source_set"] in {"newstest2015", "newstest2016"}:
            later[row["src"]].append(row["mt"])
    return later


def post_edited(pair: str) -> Iterator[Example]:
    """MLQE-PE train: the MT with its word tags, and beside it the post-edit when there is one."""
    for line in tagged_lines(pair, "train"):
        if not _usable(line.mt):
            continue
        bad = [(s, e) for s, e, is_bad in line.tokens if is_bad]
        labels = tuple((s, e, float(any(s < z and e > a for a, z in bad))) for s, e, _ in tokens_of(line.mt))
        origin = f"mlqe-{pair}" + ("-proverb" if line.proverb else "")
        yield Example(line.mt, labels, origin, line.post_edit if bad else "")


def human_news() -> Iterator[str]:
    """Distinct English sides of human-translated WMT news of other years, and of PUD."""
    seen: set[str] = set()
    for name in ("parallel/wmt_newstest_2012_2019.tsv.xz", "parallel/ud_pud.tsv.xz"):
        for row in rows(name):
            text = row["en"]
            if text not in seen and _usable(text):
                seen.add(text)
                yield text


def prepare(folder: Path, seed: int = 1) -> Path:
    """Write ``examples.jsonl`` (shuffled) and the labeller's weights into ``folder``; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    examples = list(system_outputs(Labeller.load_or_fit(folder / "labeller.npy")))
    references = {example.better for example in examples}
    for pair in ("ru-en", "ro-en", "et-en"):
        examples += post_edited(pair)
    for text in human_news():
        if text in references:
            continue
        broken = break_sentence(text, chance)
        if broken is not None:
            examples.append(Example(broken.text, broken.labels, "made", text))
        else:
            examples.append(Example(text, tuple((s, e, 0.0) for s, e, _ in tokens_of(text)), "human-news"))
    chance.shuffle(examples)
    path = folder / "examples.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for example in examples:
            out.write(json.dumps(dataclasses.asdict(example), ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    print(prepare(work_folder() / "tagger"))
