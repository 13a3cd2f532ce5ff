"""A singular countable noun with no article.

What it flags
    ``in interview to``, ``to seize city``, ``leader of country``, ``such conclusion``, ``include capture of the city``,
    ``Full text of the interview was published``.

Why it reads as machine translation
    Russian has no articles, and older systems leave out the ones that English needs.

Example
    He discussed situation in interview with reporters.

Better
    He discussed the situation in an interview with reporters.

Known limits
    A noun counts as needing a determiner when human news almost never shows it without one
    (``data/noun_articles.tsv``, counted in human English); rarer nouns and nouns that also live
    bare (*government control*, *power*) are left alone, and so are titles, lists, and contexts seen bare in
    human text (*by law*, *in charge*). Which article is right depends on what the reader knows: both are
    offered, the likelier one first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from mtcheck.detectors.grammar import FINITE, QUOTES, capitalised, indefinite_article, is_sentence, lower_first
from mtcheck.detectors.lexicon import nationalities
from mtcheck.detectors.noun_phrase import NounPhrase, head_nouns, noun_phrase_start
from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity
from mtcheck.word_frequency import zipf

_RARELY_BARE = 0.05
_MAX_BARE = 0.10
_MIN_SEEN = 20
_VERB_TOO = 5
_COMMON = 3.0  # Zipf frequency: below it a capitalised first word is rather a name
_GOVERNORS = frozenset({"IN", "VB", "VBD", "VBZ", "VBP", "VBG", "VBN"})
_NO_ARTICLE_AFTER = frozenset("per via by versus than plus minus worth including without like cum as".split())
_EVENTS = frozenset(
    "absence appointment arrest assassination capture closure collapse conclusion creation deployment destruction "
    "detention dissolution establishment existence expulsion extradition introduction killing launch liberation "
    "lifting murder occupation opening overthrow preservation ratification rejection resignation restoration "
    "resumption seizure signing strengthening text".split()
)
_SOME = frozenset("no any some many few several every another all other".split())
_KINDS = frozenset("kind kinds sort sorts type types form forms game games matter style brand piece".split())
_NOT_COUNTED = frozenset(
    "while percent pct cent m past third half dozen hundred thousand million one lot bit no de".split()
)
_APPOINTING = frozenset("become be elect appoint name remain make serve call".split())
_UNIQUE_BEFORE = frozenset("first second third last next only same main whole entire previous former final own".split())
_ROLES = ("er", "or", "man", "ist", "ent", "ant", "head", "chief", "coach", "woman", "member", "secretary", "deputy")


@dataclass(frozen=True, slots=True)
class NounCounts:
    """How often a noun was seen bare and determined in human English, and with which article (also before *of*).

    verb: how often the same word was an infinitive.
    """

    bare: int
    determined: int
    the: int
    a: int
    the_of: int
    a_of: int
    verb: int

    @property
    def bare_share(self) -> float:
        """Share of bare uses, in [0, 1]; 1 when the noun was seen too seldom to tell."""
        seen = self.bare + self.determined
        return self.bare / seen if seen >= _MIN_SEEN else 1.0

    def prefers_the(self, before_of: bool) -> bool:
        """True when *the* is the commoner article of this noun in such a place."""
        the, a = (self.the_of, self.a_of) if before_of else (self.the - self.the_of, self.a - self.a_of)
        return the >= a


_UNCOUNTED = NounCounts(0, 0, 1, 0, 1, 0, 0)


@cache
def noun_counts() -> dict[str, NounCounts]:
    """The mined table, by noun."""
    rows = [cells for cells in table_lines("noun_articles.tsv") if cells[0] != "noun"]
    return {word: NounCounts(*map(int, counts)) for word, *counts in rows}


@cache
def bare_contexts() -> frozenset[tuple[str, str, str]]:
    """Contexts (word before, first modifier, noun) in which human writers did leave a noun bare."""
    rows = table_lines("bare_noun_phrases.tsv")
    return frozenset((before, first, noun) for before, first, noun, seen in rows if seen != "seen")


def governor_key(doc: Any, phrase: NounPhrase, noun: Any) -> tuple[str, str, str]:
    """The context of a bare noun: word before its phrase (``^`` at the start), first modifier or "", the noun."""
    before = doc[phrase.before].lower_ if phrase.before >= 0 else "^"
    return before, doc[phrase.first].lower_ if phrase.first < noun.i else "", noun.lower_


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the first word of each phrase that lacks its article."""
    doc = analysis.doc
    if not is_sentence(analysis.text):
        return
    for noun in head_nouns(doc):
        counts = noun_counts().get(noun.lower_, _UNCOUNTED)
        phrase = noun_phrase_start(doc, noun.i)
        if _whole_event(doc, phrase, noun):
            yield _flag(doc, phrase, noun, _UNCOUNTED)
            continue
        if counts.bare_share > _MAX_BARE or noun.lower_ in _NOT_COUNTED:
            continue
        if phrase.determiner == "such" and _such_without_article(doc, phrase, noun):
            such = doc[phrase.before]
            article = indefinite_article(doc[phrase.first].text)
            yield Flag(such.idx, such.idx + len(such), f"“such” needs “{article}” here", (f"{such.text} {article}",))
            continue
        if not phrase.bare or not _governed(doc, phrase, noun) or _set_apart(doc, phrase, noun):
            continue
        if governor_key(doc, phrase, noun) in bare_contexts():
            continue
        yield _flag(doc, phrase, noun, counts)


def _whole_event(doc: Any, phrase: NounPhrase, noun: Any) -> bool:
    """True for *capture of the city* without an article: what happened to one thing is definite before its *of*."""
    if noun.lower_ not in _EVENTS or not phrase.bare or noun.i + 2 >= len(doc) or doc[noun.i + 1].lower_ != "of":
        return False
    if any(token.tag_ in ("HYPH", "RB") for token in doc[phrase.first : noun.i]):
        return False  # "re-introduction", "has often denied existence"
    if doc[noun.i + 2].tag_ not in ("DT", "NNP") or doc[noun.i + 2].lower_ in ("a", "an", "any", "some"):
        return False
    if phrase.before < 0:
        return any(token.tag_ in FINITE | {"VBN"} for token in doc[noun.i + 1 :])
    before = doc[phrase.before]
    return before.tag_ in _GOVERNORS and before.lower_ not in _NO_ARTICLE_AFTER | {"under"}


def _such_without_article(doc: Any, phrase: NounPhrase, noun: Any) -> bool:
    """True for *such decision*; *no such thing*, *one such man* and *such decision-making* are good English."""
    if phrase.before > 0 and (
        doc[phrase.before - 1].tag_ in ("DT", "CD", "PDT", "JJS") or doc[phrase.before - 1].lower_ in _SOME
    ):
        return False
    after = doc[noun.i + 1] if noun.i + 1 < len(doc) else None
    return after is None or (after.tag_ not in ("NN", "NNS", "HYPH", "CC") and after.text not in ("-", "/"))


def _governed(doc: Any, phrase: NounPhrase, noun: Any) -> bool:
    """True when the phrase follows a preposition or a verb, or opens a sentence that has a verb."""
    if phrase.before < 0:
        return not noun.lower_.endswith(_ROLES) and any(token.tag_ in FINITE for token in doc[noun.i + 1 :])
    before = doc[phrase.before]
    if before.tag_ not in _GOVERNORS or before.lower_ in _NO_ARTICLE_AFTER:
        return False
    left = doc[phrase.before - 1] if phrase.before else None
    if before.lower_ == "of" and left is not None and left.lower_ in _KINDS:
        return False
    if before.lower_ == "to" and phrase.first == noun.i and noun_counts()[noun.lower_].verb >= _VERB_TOO:
        return False
    if before.tag_ == "VBG" and left is not None and (left.tag_ in ("NN", "NNP", "CC", "DT") or left.text == "-"):
        return False  # "the net using population"
    if before.tag_ == "VBN" and not any(t.lemma_ == "have" for t in doc[max(0, phrase.before - 3) : phrase.before]):
        return False
    return not (before.lemma_ in _APPOINTING and noun.lower_.endswith(_ROLES))


def _set_apart(doc: Any, phrase: NounPhrase, noun: Any) -> bool:
    """True for quoted titles, hyphenated words, coordination and repeated nouns (*door to door*)."""
    after = doc[noun.i + 1] if noun.i + 1 < len(doc) else None
    if after is not None and (after.tag_ in ("CC", "VB") or after.text in (":", "/", "-", "&") or after.text in QUOTES):
        return True
    if after is not None and (after.text.isupper() or after.text in ("The", "A")):
        return True  # "group A", "research firm The Yankee Group"
    first = doc[phrase.first]
    if first.text[0].isupper() and not _common(first):
        return True
    if first.text[0] in "-/'’" or (phrase.before >= 0 and doc[phrase.before].text in QUOTES):
        return True
    if first.idx and doc.text[first.idx - 1] in "-/\"“«'‘(":
        return True
    near = [token.lower_ for token in doc[max(0, noun.i - 3) : noun.i + 4] if token.i != noun.i]
    return noun.lower_ in near


def _common(first: Any) -> bool:
    if first.text in nationalities():
        return True
    if first.i:
        return False
    return zipf(first.lower_) >= _COMMON


def _flag(doc: Any, phrase: NounPhrase, noun: Any, counts: NounCounts) -> Flag:
    first = doc[phrase.first]
    if first.lower_ == "not":  # "is not acceptable nominee": the article follows
        first = doc[phrase.first + 1]
    start, end = first.idx, first.idx + len(first)
    opens = phrase.before < 0
    word = lower_first(doc, first.i) if opens else first.text
    with_the, with_a = f"the {word}", f"{indefinite_article(word)} {word}"
    if word == "other":
        with_a = "another"
    if word == "own":
        return Flag(start, end, "“own” needs a possessive before it", ())
    confidence = 0.95 if counts.bare_share <= _RARELY_BARE else 0.85
    wordings = (with_the, with_a) if _definite(doc, phrase, noun, counts) else (with_a, with_the)
    if opens:
        wordings = (capitalised(wordings[0]), capitalised(wordings[1]))
    return Flag(start, end, f"“{noun.text}” needs an article here", wordings, confidence=confidence)


def _definite(doc: Any, phrase: NounPhrase, noun: Any, counts: NounCounts) -> bool:
    modifiers = doc[phrase.first : noun.i]
    if any(token.tag_ in ("JJS", "RBS") or token.lower_ in _UNIQUE_BEFORE for token in modifiers):
        return True
    if phrase.before >= 0 and doc[phrase.before].lemma_ in ("be", "become"):
        return False
    before_of = noun.i + 1 < len(doc) and doc[noun.i + 1].lower_ == "of"
    return counts.prefers_the(before_of)


RULE = Rule(
    name="missing-article",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example(
            "The minister discussed situation with his colleagues.",
            "The minister discussed the situation with his colleagues.",
        ),
        Example("He said this in interview with reporters.", "He said this in an interview with reporters."),
        Example("The plans do not include capture of the town.", "The plans do not include the capture of the town."),
        Example("They came to such conclusion on Monday.", "They came to such a conclusion on Monday."),
    ),
    must_pass=(
        "Minister discusses situation in country",
        "He was elected leader of the party.",
        "They went by helicopter.",
        "This kind of problem is common.",
        "There is no such problem here.",
        "They spoke of capture and escape.",
        "The minister discussed the difficult situation.",
    ),
    confidence=0.9,
    needs=("parser",),
)
