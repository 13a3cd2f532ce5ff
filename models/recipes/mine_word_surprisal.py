"""Mine ``mtcheck/detectors/data/word_surprisal.tsv``: how surprising words of each frequency are in human news.

Usage: ``python mine_word_surprisal.py FLUENCY_FOLDER SENTENCES.txt --out FILE`` (one human-written sentence a line;
FLUENCY_FOLDER as converted for ``mtcheck.engines.fluency``). Only quantiles are written.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from mtcheck.detectors.word_surprisal import frequency_band
from mtcheck.engines.fluency import FluencyLM
from mtcheck.schema import Span

SHARES = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
MIN_BEYOND = 4  # words that must lie beyond a quantile for it to be written
ORIGIN = (
    "# Quantiles only, made by models/recipes/mine_word_surprisal.py with SmolLM2-135M from human English: "
    "a sample of WMT newstest 2012-2019 and BBC news of 2004-05."
)


def table(scored: Iterable[tuple[str, list[tuple[Span, float]]]]) -> list[str]:
    """Lines ``band, share, surprisal, words``: the surprisal (nats) that this share of the band's words reaches."""
    bands: defaultdict[int, list[float]] = defaultdict(list)
    for text, words in scored:
        for position, (span, log_prob) in enumerate(words):
            band = frequency_band(text, span, position)
            if band is not None:
                bands[band].append(-log_prob)
    lines = [ORIGIN, "band\tshare\tsurprisal\twords"]
    for band, values in sorted(bands.items()):
        values.sort(reverse=True)
        for share in SHARES:
            at = int(share * len(values))
            if at >= MIN_BEYOND:
                lines.append(f"{band}\t{share}\t{values[at]:.2f}\t{len(values)}")
    return lines


def main() -> None:
    """Score the sentences and write the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("fluency", type=Path)
    arguments.add_argument("sentences", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    texts = given.sentences.read_text(encoding="utf-8").splitlines()
    scored = FluencyLM(given.fluency).word_log_probs(texts)
    given.out.write_text("\n".join(table(zip(texts, scored, strict=True))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
