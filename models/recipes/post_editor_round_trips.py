"""Translate human news into Portuguese and back: what a machine makes of good English, beside the original.

Lines of ``round_trips.tsv`` are original and round trip; running the program again goes on where it stopped.
"""

from __future__ import annotations

import argparse
import random

from models.recipes.corpora import work_folder
from models.recipes.tagger_data import human_news
from mtcheck.engines.pivot import NativePivot, RoundTrip

CHUNK = 200
FOLDER, FILE = "post-editor", "round_trips.tsv"


def main() -> None:
    """Append round trips until ``--sentences`` of them are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=9000)
    wanted = parser.parse_args().sentences
    path = work_folder() / FOLDER / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    done = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
    texts = list(human_news())
    random.Random(1).shuffle(texts)
    trip = RoundTrip(NativePivot("en", "pt"), NativePivot("pt", "en"))
    with path.open("a", encoding="utf-8") as out:
        for at in range(done, wanted, CHUNK):
            chunk = texts[at : at + CHUNK]
            for text, made in zip(chunk, trip(chunk), strict=True):
                out.write(f"{text}\t{made[0].text if made else text}\n")
            out.flush()


if __name__ == "__main__":
    main()
