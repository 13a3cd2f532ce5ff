"""Make mtcheck/alignment/lexicon.tsv: which English word stems a Russian word stem is translated by.

IBM model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", Computational Linguistics
19(2), 1993), six rounds of expectation maximisation over openly licensed sentence pairs: tatoeba (CC BY 2.0
FR), tico19 (CC0), ud_pud (CC BY-SA 3.0), flores_dev (CC BY-SA 4.0), xquad (CC BY-SA 4.0). None of them
shares a sentence with the documents that alignment is measured on.

    python models/recipes/alignment_lexicon.py DATA/parallel mtcheck/alignment/lexicon.tsv
"""

from __future__ import annotations

import lzma
import sys
from collections import Counter, defaultdict
from pathlib import Path

from mtcheck.alignment.anchors import stems

FILES = ("tatoeba", "tico19", "ud_pud", "flores_dev", "xquad")
ROUNDS = 6
LONGEST = 40
"""Words a side; longer pairs are left out."""
SEEN = 3
"""Times a stem must occur to get an entry."""
LIKELY = 0.12
"""Least probability of a translation that is kept."""


def pairs(folder: Path) -> list[tuple[list[str], list[str]]]:
    """Stems of the Russian and the English side of every pair."""
    found = []
    for name in FILES:
        with lzma.open(folder / f"{name}.tsv.xz", "rt", encoding="utf-8") as file:
            columns = next(file).rstrip("\n").split("\t")
            ru, en = columns.index("ru"), columns.index("en")
            for line in file:
                cells = line.rstrip("\n").split("\t")
                russian, english = stems(cells[ru]), stems(cells[en])
                if 0 < len(russian) <= LONGEST and 0 < len(english) <= LONGEST:
                    found.append((russian, english))
    return found


def train(corpus: list[tuple[list[str], list[str]]]) -> dict[str, dict[str, float]]:
    """p(English stem | Russian stem); the Russian side has an empty word too, as "" ."""
    table: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(lambda: 1.0))
    for _ in range(ROUNDS):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for russian, english in corpus:
            sources = ["", *russian]
            for target in english:
                shares = [table[source][target] for source in sources]
                total = sum(shares)
                for source, share in zip(sources, shares, strict=True):
                    counts[source][target] += share / total
        table = defaultdict(lambda: defaultdict(float))
        for source, row in counts.items():
            whole = row.total()
            table[source].update({target: count / whole for target, count in row.items() if count / whole > 1e-4})
    return table


def main(folder: str, out: str) -> None:
    """Train and write one line a Russian stem: the stem, then its English stems, likeliest first."""
    corpus = pairs(Path(folder))
    seen = Counter(stem for russian, _ in corpus for stem in russian)
    table = train(corpus)
    lines = []
    for source in sorted(stem for stem, count in seen.items() if count >= SEEN and stem.isalpha()):
        kept = sorted((-p, target) for target, p in table[source].items() if p >= LIKELY and target.isalpha())
        if kept:
            lines.append("\t".join([source, *(target for _, target in kept)]))
    Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(corpus)} pairs, {len(lines)} entries")


if __name__ == "__main__":
    main(*sys.argv[1:])
