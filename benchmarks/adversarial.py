"""How the time of every rule grows with a segment made to annoy it: ``python -m benchmarks.adversarial [RULE...]``.

For each rule: near-matches (its own examples, their beginnings and single words, and pieces that annoy regular
expressions) are repeated to 2,000 code points; the three slowest are then timed at 1,000 to 8,000, best of three. The
exponent is the slope of log time over log length between 2,000 and 8,000, where a call's fixed cost no longer counts:
1 is linear, 2 is quadratic. Times below 2 ms at 8,000 are not worth a slope. Prints the worst first; asserts nothing.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator

from mtcheck.detectors import rules
from mtcheck.detectors.rule import Analysis, Example, Rule
from mtcheck.schema import Segment

LENGTHS = (1000, 2000, 4000, 8000)
PIECES = tuple(
    '"|“|”|«|\' |- |— |1 |1,|1.|$1 |a |A |Aa |a, |(|the |of |x| |'
    'said |who |Mr |ый |in 2015 |and |a-|a’|a.|The A of |10% '.split("|")
)  # fmt: skip


def near_matches(rule: Rule) -> Iterator[tuple[str, str]]:
    """Pieces to repeat, each with a source for rules that read one."""
    for shown in [*rule.must_flag[:4], *rule.must_pass[:3]]:
        example = Example(shown) if isinstance(shown, str) else shown
        words = example.text.replace("\n", " ").split()
        for end in {len(words), len(words) - 1, max(1, len(words) // 2), 3, 2}:
            yield " ".join(words[:end]) + " ", example.source
        for start in range(1, min(len(words), 6)):
            yield " ".join(words[start : start + 2]) + " ", example.source
    yield from ((piece, "") for piece in PIECES)


def segment(piece: str, source: str, length: int) -> Segment:
    """A sentence of that length; its source grows with it."""
    times = length // len(piece) + 1
    return Segment(0, 0, (piece * times)[:length], source=(source.replace("\n", " ") * times)[:length] or None)


def seconds(rule: Rule, piece: str, source: str, length: int, tries: int = 1) -> float:
    """The least time of some tries to find everything in the segment, its words split anew each time."""
    made, best, glossary = segment(piece, source, length), math.inf, _glossary(rule)
    for _ in range(tries):
        article = [Analysis.of(made, glossary=glossary)]
        begun = time.process_time()
        list(rule.findings(article))
        best = min(best, time.process_time() - begun)
    return best


def _glossary(rule: Rule) -> object:
    return next((e.glossary for e in rule.must_flag if e.glossary), None)


def growth(rule: Rule) -> tuple[float, list[float], str]:
    """Exponent, seconds at each length, and the piece: of the worst of the three slowest near-matches."""
    pieces = sorted(set(near_matches(rule)), key=lambda pair: -seconds(rule, *pair, 2000))[:3]
    found = []
    for piece, source in pieces:
        times = [seconds(rule, piece, source, length, 3) for length in LENGTHS]
        slope = math.log(times[-1] / times[1]) / math.log(LENGTHS[-1] / LENGTHS[1]) if times[-1] > 0.002 else 0.0
        found.append((slope, times, piece))
    return max(found, key=lambda one: (one[0] if one[1][-1] > 0.02 else 0, one[1][-1]))


def main() -> None:
    """Print a table."""
    engines = {"parser", "fluency", "tagger"}
    chosen = [r for r in rules() if not engines & set(r.needs) and (not sys.argv[1:] or r.name in sys.argv[1:])]
    table = []
    for rule in chosen:
        table.append((rule.name, *growth(rule)))
        print(f"{rule.name} {table[-1][1]:.2f}", file=sys.stderr, flush=True)
    print("| rule | exponent |", " | ".join(f"ms at {n:,}" for n in LENGTHS), "| repeated |")
    print("|---|---:|" + "---:|" * len(LENGTHS) + "---|")
    for name, slope, times, piece in sorted(table, key=lambda row: -row[2][-1]):
        told = f"{slope:.2f}" if slope else ""
        print("|", name, "|", told, "|", " | ".join(f"{1000 * t:.1f}" for t in times), f"| `{piece}` |")


if __name__ == "__main__":
    main()
