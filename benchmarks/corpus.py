"""A corpus for ``mtcheck batch``, of real articles and news: ``python -m benchmarks.corpus DATA OUT``.

Every fourth article is one of the machine-translated articles of DATA/articles (the four test articles left out), the
others are news of DATA/mono cut into stretches of 12 lines; each gets a line of its own that tells it from its copies.
Written as OUT.jsonl and, with pyarrow, OUT.parquet. The same for the same data.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

TEST = ("0037", "1181", "1766", "2440")
LINES = 12


def machine_translated(data: Path) -> list[str]:
    """The machine-translated articles."""
    paths = sorted((data / "articles").glob("*.mt.txt"))
    return [path.read_text(encoding="utf-8") for path in paths if not any(test in path.name for test in TEST)]


def news(data: Path) -> Iterator[str]:
    """Stretches of news, in the order of the file."""
    with lzma.open(data / "mono" / "en_news.txt.xz", "rt", encoding="utf-8") as lines:
        while stretch := list(islice(lines, LINES)):
            yield "".join(stretch)


def articles(data: Path) -> Iterator[dict[str, str]]:
    """Articles without end, each with its number."""
    translated, written = cycle(machine_translated(data)), cycle(list(news(data)))
    number = 0
    while True:
        text = next(written) if number % 4 else next(translated)
        yield {"id": f"a{number:06}", "text": f"This is article number {number}.\n{text}"}
        number += 1


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--parquet", action="store_true")
    options = parser.parse_args()
    rows = list(islice(articles(options.data), options.articles))
    lines = options.out.with_suffix(".jsonl")
    lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    if options.parquet:
        import pyarrow
        from pyarrow import parquet

        parquet.write_table(pyarrow.Table.from_pylist(rows), options.out.with_suffix(".parquet"), row_group_size=1000)
    print(f"{len(rows):,} articles, {sum(len(row['text'].split()) for row in rows):,} words")


if __name__ == "__main__":
    main()
