"""Mine ``mtcheck/detectors/data/noun_articles.tsv`` and ``bare_noun_phrases.tsv`` from human English news.

Usage: ``python mine_noun_articles.py PARSER_FOLDER SENTENCES... --out DIR`` where each file of
SENTENCES holds one human-written sentence a line (``.xz`` or plain). Only counts are written.
"""

from __future__ import annotations

import argparse
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy

from mtcheck.detectors.missing_article import governor_key
from mtcheck.detectors.noun_phrase import head_nouns, noun_phrase_start

ORIGIN = (
    "# Counts only, made by models/recipes/mine_noun_articles.py from human English: BBC news of 2004-05, ABC "
    "Australia, Brown and inaugural speeches "
    "(nltk_data), English sides of WMT newstest 2012-2019 and WMT general 2022-23."
)
MIN_SEEN = 20  # below this a share is not worth believing
MAX_BARE = 0.12  # the rule uses a stricter share; the rest is kept so that it can be moved


def sentences(path: Path) -> Iterator[str]:
    """The finished sentences of a file: titles drop their articles and would teach the wrong thing."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.rstrip().rstrip("\"”’')")[-1:] in (".", "!", "?"):
                yield line.strip()


def count(docs: Iterator[Any]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str, str]]]:
    """Count (noun, how it was determined) and the contexts in which a bare noun was seen."""
    nouns: Counter[tuple[str, str]] = Counter()
    contexts: Counter[tuple[str, str, str]] = Counter()
    for doc in docs:
        for token in doc:
            if token.tag_ == "VB":
                nouns[token.lower_, "verb"] += 1
        for noun in head_nouns(doc):
            phrase = noun_phrase_start(doc, noun.i)
            word = noun.lower_
            if phrase.determiner:
                nouns[word, "determined"] += 1
                article = {"the": "the", "a": "a", "an": "a"}.get(phrase.determiner)
                if article:
                    follows = "_of" if noun.i + 1 < len(doc) and doc[noun.i + 1].lower_ == "of" else ""
                    nouns[word, article + follows] += 1
            elif phrase.bare:
                nouns[word, "bare"] += 1
                contexts[governor_key(doc, phrase, noun)] += 1
    return nouns, contexts


def write(out: Path, nouns: Counter[tuple[str, str]], contexts: Counter[tuple[str, str, str]]) -> None:
    """Write the two tables, sorted, counts only."""
    kept = set()
    columns = ("bare", "determined", "the", "a", "the_of", "a_of", "verb")
    rows = [ORIGIN, "noun\t" + "\t".join(columns)]
    for word in sorted({word for word, _ in nouns}):
        counts = [nouns[word, column] for column in columns]
        seen = counts[0] + counts[1]
        if seen >= MIN_SEEN and counts[0] / seen <= MAX_BARE:
            kept.add(word)
            rows.append("\t".join([word, *map(str, counts)]))
    (out / "noun_articles.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    phrases = sorted((key, n) for key, n in contexts.items() if key[2] in kept)
    lines = [ORIGIN, "before\tfirst\tnoun\tseen", *("\t".join([*key, str(n)]) for key, n in phrases)]
    (out / "bare_noun_phrases.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the sentences, count, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parser", type=Path)
    arguments.add_argument("sentences", type=Path, nargs="+")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    parser = spacy.load(given.parser, disable=["ner"])
    texts = (text for path in given.sentences for text in sentences(path))
    write(given.out, *count(parser.pipe(texts, batch_size=128)))


if __name__ == "__main__":
    main()
