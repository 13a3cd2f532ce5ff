"""How often do the rules that read a source cry wolf, and what do they catch? Prints two Markdown tables.

Usage: python benchmarks/source_rules.py DATA [--show RULE] [--pairs FILE] [--seed N]

Negative data: newstest2020 ru-en with its human translation A, article by article: every flag is a false alarm or a
translator's freedom. Positive data: the same translations with one fact damaged (see ``DAMAGES``), one damaged
segment at a time; a damage is caught when a rule of its kind flags the segment and did not flag it before.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from babel import Locale

from mtcheck.alignment.anchors import keys
from mtcheck.detectors import rules
from mtcheck.detectors.rule import Analysis, DocumentRule, Rule
from mtcheck.schema import Finding, Segment

Article = list[Segment]


def articles(path: Path, english: str) -> Iterator[Article]:
    """The articles of a TSV with columns doc, src and the named column of English; one article without doc."""
    by_document: dict[str, Article] = defaultdict(list)
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            article = by_document[row.get("doc") or ""]
            article.append(Segment(len(article), 0, row[english], source=row["src"] if "src" in row else row["ru"]))
    yield from by_document.values()


def flags(rule: Rule, article: Article) -> list[Finding]:
    """Findings of one rule in an article."""
    return list(rule.findings([Analysis.of(segment) for segment in article]))


NEGATED = re.compile(r"\b(is|are|was|were|will|would|can|could|should|has|have|had|did|does|do)(?: not|n['’]t)\b")
PLAIN = re.compile(r"\b(is|are|was|were|will|would|can|could|should|has|have|had)\b(?! not|n['’]t)")
NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w.,]*\d)")
SCALE = re.compile(r"\b(?:thousand|million|billion)\b")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{4,}\b")
COUNTRIES = [name for code, name in Locale("en").territories.items() if code.isalpha() and " " not in name]
Damage = Callable[[Segment, random.Random, Sequence[str]], str | None]


def replaced(pattern: re.Pattern[str], new: Callable[[str, random.Random], str]) -> Damage:
    """A damage that puts ``new(word)`` for one match of the pattern."""

    def damage(segment: Segment, dice: random.Random, names: Sequence[str]) -> str | None:
        text = segment.hypothesis
        found = list(pattern.finditer(text))
        if not found:
            return None
        match = dice.choice(found)
        return " ".join((text[: match.start()] + new(match.group(), dice) + text[match.end() :]).split())

    return damage


def other_digit(number: str, dice: random.Random) -> str:
    """The number with one digit changed."""
    at = dice.choice([i for i, character in enumerate(number) if character.isdigit()])
    return number[:at] + dice.choice([d for d in "123456789" if d != number[at]]) + number[at + 1 :]


def other_name(segment: Segment, dice: random.Random, names: Sequence[str]) -> str | None:
    """A name that begins as a capitalised word of the source sounds, replaced by another article's such name."""
    found = sounding_names(segment)
    if not found:
        return None
    name = dice.choice(found)
    return segment.hypothesis.replace(name, dice.choice([n for n in names if n not in segment.hypothesis]), 1)


def sounding_names(segment: Segment) -> list[str]:
    """Capitalised English words inside the sentence that begin as a capitalised Russian word sounds."""
    russian = {k for w in re.findall(r"(?<=[а-я,] )[А-ЯЁ][а-яё]{3,}", segment.source or "") for k in keys(w.lower())}
    return [
        m.group()
        for m in NAME.finditer(segment.hypothesis)
        if {k for k in keys(m.group().lower()) if k[0] == "~"} & russian
    ]


def shortened(segment: Segment, dice: random.Random, names: Sequence[str]) -> str | None:
    """The first two fifths of a sentence of more than twelve words."""
    words = segment.hypothesis.split()
    return " ".join(words[: len(words) * 2 // 5]) if len(words) > 12 else None


def looped(segment: Segment, dice: random.Random, names: Sequence[str]) -> str | None:
    """Three words of the sentence, three times over."""
    words = segment.hypothesis.split()
    if len(words) < 8:
        return None
    at = dice.randrange(2, len(words) - 3)
    return " ".join([*words[:at], *words[at : at + 3] * 3, *words[at + 3 :]])


DAMAGES: dict[str, tuple[Damage, str]] = {
    "number altered": (replaced(NUMBER, other_digit), "number-differs-from-source"),
    "number dropped": (replaced(NUMBER, lambda word, dice: ""), "number-differs-from-source"),
    "scale swapped": (
        replaced(SCALE, lambda word, dice: "billion" if word == "million" else "million"),
        "number-differs-from-source",
    ),
    "name replaced": (other_name, "name-differs-from-source"),
    "country replaced": (
        replaced(re.compile(rf"\b(?:{'|'.join(COUNTRIES)})\b"), lambda word, dice: dice.choice(COUNTRIES)),
        "name-differs-from-source",
    ),
    "negation dropped": (replaced(NEGATED, lambda word, dice: NEGATED.match(word)[1]), "negation-differs-from-source"),
    "negation added": (replaced(PLAIN, lambda word, dice: f"{word} not"), "negation-differs-from-source"),
    "three fifths dropped": (shortened, "length-unlike-source"),
    "phrase repeated": (looped, "repeated-phrase"),
    "left in Russian": (lambda segment, dice, names: segment.source, "untranslated-sentence"),
}


def false_alarms(found: Sequence[Rule], corpus: Sequence[Article], show: str) -> Iterator[str]:
    """Flags per 1,000 segments of each rule on human translations; those of ``show`` are printed in full."""
    counts: Counter[str] = Counter()
    for article in corpus:
        for rule in found:
            for finding in flags(rule, article):
                counts[rule.name] += 1
                if rule.name == show:
                    segment = article[finding.seg_id]
                    marked = segment.hypothesis[finding.span.start : finding.span.end]
                    yield f"{finding.message} [{marked}]\n    {segment.source}\n    {segment.hypothesis}"
    total = sum(map(len, corpus))
    yield f"\n| rule | flags | per 1,000 of {total:,} human segments |\n|---|---|---|"
    for rule in found:
        yield f"| {rule.name} | {counts[rule.name]} | {1000 * counts[rule.name] / total:.1f} |"


def recall(known: dict[str, Rule], corpus: Sequence[Article], seed: int, show: str) -> Iterator[str]:
    """Share of damaged segments in which the rule for that damage says something that it did not say before."""
    names = sorted({name for article in corpus for segment in article for name in sounding_names(segment)})
    yield "\n| damage | rule | segments | caught |\n|---|---|---|---|"
    for kind, (damage, wanted) in DAMAGES.items():
        if wanted not in known:
            continue
        dice, made, caught = random.Random(seed), 0, 0
        for article in corpus:
            before = {(f.seg_id, f.message) for f in flags(known[wanted], article)}
            for at, segment in enumerate(article):
                text = damage(segment, dice, names)
                if text is None or text == segment.hypothesis:
                    continue
                made += 1
                damaged = [*article[:at], replace(segment, hypothesis=text), *article[at + 1 :]]
                anew = [f for f in _near(known[wanted], damaged, at) if (f.seg_id, f.message) not in before]
                caught += bool(anew)
                if not anew and show == kind:
                    yield f"missed\n    {segment.source}\n    {text}"
        yield f"| {kind} | {wanted} | {made:,} | {caught / max(1, made):.0%} |"


def _near(rule: Rule, article: Article, at: int) -> list[Finding]:
    """Findings in the segment and its neighbours: rules look no further for these faults."""
    start = max(0, at - 2)
    return [f for f in flags(rule, article[start : at + 3]) if f.seg_id == at]


def _is_measured(rule: Rule) -> bool:
    """True for rules that read the source, those that compare segments, and those that damages are meant for."""
    meant = {wanted for _, wanted in DAMAGES.values()}
    return rule.needs == ("source",) or rule.name in meant or (isinstance(rule, DocumentRule) and not rule.needs)


def main() -> None:
    """Parse the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--pairs", type=Path, help="another TSV of human translations (columns src or ru, and --english)"
    )
    parser.add_argument("--english", default="refA", help="column of the English")
    parser.add_argument("--show", default="", help="print the flags of this rule, or the misses of this damage")
    parser.add_argument("--only", default="", help="only rules whose name contains this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0, help="segments read at most")
    options = parser.parse_args()
    corpus = list(articles(options.pairs or options.data / "dev" / "newstest2020.ru-en.tsv", options.english))
    if options.limit:
        corpus = [article[: options.limit] for article in corpus][: options.limit]
    found = [rule for rule in rules() if options.only in rule.name and _is_measured(rule)]
    print(*false_alarms(found, corpus, options.show), sep="\n")
    print(*recall({rule.name: rule for rule in found}, corpus, options.seed, options.show), sep="\n")


if __name__ == "__main__":
    main()
