"""The texts that are measured: the seed article, machine-translated news cut into articles, and sentence pairs.

All but the seed come from the folder of public data (docs/training.md); without it, they are made from the seed.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from random import Random

from benchmarks.corpus import machine_translated

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "lavrov-aleppo.en.txt"
OUTPUTS = "qe/wmt15_16_ru-en_outputs.tsv.xz"
PAIRS = "parallel/wmt_newstest_2012_2019.tsv.xz"
WORDS_OF_AN_ARTICLE = 300
CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстувшьыз")


def words_of(text: str) -> int:
    """How many words a text has: what stands between white space."""
    return len(text.split())


def articles(data: Path | None, number: int) -> list[str]:
    """Articles of the data's folder, then articles of about 300 words made of what systems translated.

    A made article is consecutive segments of one system, one a paragraph; those taken are spread evenly over all.
    They come in an order that is the same every time.
    """
    if data is None:
        return list(islice(_of_the_seed(), number))
    real = machine_translated(data)[:number]
    made = list(_made(data))
    left = number - len(real)
    if left > len(made):
        raise SystemExit(f"only {len(real) + len(made)} articles can be made")
    found = real + [made[place * len(made) // left] for place in range(left)]
    Random(1).shuffle(found)
    return found


def write_articles(data: Path | None, number: int, folder: Path) -> int:
    """Write them into a new folder, one a file; returns their words."""
    texts = articles(data, number)
    folder.mkdir()
    for place, text in enumerate(texts):
        (folder / f"{place:05}.txt").write_text(text, encoding="utf-8")
    return sum(map(words_of, texts))


def article_of(words: int, data: Path | None) -> str:
    """One article of that many words or a few more."""
    lines: list[str] = []
    held = 0
    for text in articles(data, 1 if words < WORDS_OF_AN_ARTICLE else words // 100 + 20):
        for line in filter(None, map(str.strip, text.split("\n"))):
            lines.append(line)
            held += words_of(line)
            if held >= words:
                return "\n\n".join(lines) + "\n"
    raise SystemExit(f"no article of {words} words can be made")


def pairs(data: Path | None, number: int) -> list[tuple[str, str]]:
    """English sentences of 8 to 16 words with human Russian translations.

    Without data, beginnings of the seed's lines with the same words backwards in Cyrillic letters.
    """
    if data is None:
        lines = [line.split()[:8] for line in SEED.read_text(encoding="utf-8").split("\n") if words_of(line) > 3]
        return [(" ".join(line), " ".join(reversed(line)).lower().translate(CYRILLIC)) for line in lines][:number]
    found = {}
    for row in rows(data / PAIRS):
        if 8 <= words_of(row["en"]) <= 16 and 6 <= words_of(row["ru"]) <= 16:
            found[row["en"]] = row["ru"]
    every = list(found.items())
    return [every[place * len(every) // number] for place in range(number)]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a packed table, by the names of its columns."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
        head = next(file).rstrip("\n").split("\t")
        for line in file:
            yield dict(zip(head, line.rstrip("\n").split("\t"), strict=True))


def _made(data: Path) -> Iterator[str]:
    segments: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for row in rows(data / OUTPUTS):
        segments[row["set"], row["system"]].append((int(row["seg"]), row["mt"]))
    for _, of_system in sorted(segments.items()):
        article: list[str] = []
        for _, text in sorted(of_system):
            article.append(text)
            if sum(map(words_of, article)) >= WORDS_OF_AN_ARTICLE:
                yield "\n\n".join(article) + "\n"
                article = []


def _of_the_seed() -> Iterator[str]:
    seed = SEED.read_text(encoding="utf-8")
    for number in count(1):
        yield f"This is article number {number}.\n\n{seed}"
