"""British and American spelling in one article.

What it flags
    *colour* in an article that writes *center*; *organise* beside *organize*.

Why it reads as machine translation
    A system has learned from both kinds of English and takes whichever comes; an editor holds an article to one.

Example
    The color of the center. The behaviour changed.

Better
    The color of the center. The behavior changed.

Known limits
    The spelling that is more frequent in the article is proposed. *-ize* with British spelling is Oxford's practice and
    passes. Capitalised words inside a sentence (*Labour*, *Ministry of Defence*) are names and are left alone; so are
    pairs that differ in meaning (*practise*, *licence*, *draught*, *tonne*, *program*). The pairs come from the package
    breame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from mtcheck.detectors.drift import Mention, drift
from mtcheck.detectors.lexicon import starts_sentence
from mtcheck.detectors.phrase_table import like
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_BRITISH, _AMERICAN = "British spelling", "American spelling"
# Pairs of two meanings, and pairs whose American spelling Americans hardly use (frequencies of wordfreq).
_DIFFERENT = re.compile(
    r"practis|licen|draught|tonne|judg|theat|connexion|philtre|acknowledg|analyses|aesthet|archaeo|ax|.*bus|cancellation|"
    r"catalog|councillor|dialog|epilog|exorcis|fillet|gas|gaug|glamo|louvre|marshal|mono|prolog|sabre|sepulch|sheikh|travelog|"
    r"worship|wool|analog|programmes?$"
)
_OXFORD = re.compile(r"i[sz](?:e|ed|es|er|ers|ing|ation|ations|able)$")


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the words of the rarer variety; *-ize* counts only where the article has *-ise* as well."""
    found = [mention for index, analysis in enumerate(article) for mention in _mentions(index, analysis)]
    suffixes = {mention for mention in found if _is_suffix(article, mention)}
    oxford = all(mention.way == _AMERICAN for mention in suffixes)
    yield from drift(mention for mention in found if not (oxford and mention in suffixes))


def _is_suffix(article: Sequence[Analysis], mention: Mention) -> bool:
    return _OXFORD.search(article[mention.index].text, mention.start, mention.end) is not None


def _mentions(index: int, analysis: Analysis) -> Iterator[Mention]:
    for word in analysis.words:
        way, other = _varieties().get(word.lower, ("", ""))
        if way and (word.text[0].islower() or starts_sentence(analysis, word)):
            opposite = _AMERICAN if way == _BRITISH else _BRITISH
            yield Mention(index, word.span.start, word.span.end, way, ((opposite, like(word.text, other)),))


@cache
def _varieties() -> dict[str, tuple[str, str]]:
    """Variety of each word that has two spellings, and its other spelling."""
    from breame.spelling import BRITISH_ENGLISH_SPELLINGS

    pairs = [pair for pair in BRITISH_ENGLISH_SPELLINGS.items() if not _DIFFERENT.match(pair[0])]
    found = {american: (_AMERICAN, british) for british, american in pairs}
    return found | {british: (_BRITISH, american) for british, american in pairs}


RULE = DocumentRule(
    name="mixed-spelling-variety",
    category="locale/spelling",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.9,
    must_flag=(
        Example("The color of the center.\nThe behaviour changed.", "The color of the center.\nThe behavior changed."),
        Example(
            "They organise it.\nThey realised it.\nThey organize it.",
            "They organise it.\nThey realised it.\nThey organise it.",
        ),
    ),
    must_pass=(
        "The colour of the centre.\nThey organize it.",
        "The center of the Labour party and the Ministry of Defence.\nThe color.",
        "The color of the center.\nThey organize it.",
    ),
)
