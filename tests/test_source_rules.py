"""What rules read in a source: quantities, names by sound, pairs of sentences, and what the alignment leaves over."""

from __future__ import annotations

from fractions import Fraction
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtcheck.alignment import attach_source
from mtcheck.detectors import rules, source_names
from mtcheck.detectors.drift import Mention, drift
from mtcheck.detectors.number_differs_from_source import _Lost
from mtcheck.detectors.quantities import Quantity, english_quantities, russian_quantities, values_of
from mtcheck.detectors.rule import Analysis, Flag
from mtcheck.detectors.source_facts import Pair, pairs
from mtcheck.detectors.source_names import english_words, may_translate, meet, russian_words
from mtcheck.detectors.wanted_terms import hits, replacement, source_hits
from mtcheck.schema import Applicability, Document, Finding, Segment

RULES = {rule.name: rule for rule in rules()}


def findings(name: str, *rows: tuple[str, str]) -> list[Finding]:
    article = [Analysis.of(Segment(i, 0, text, source=source)) for i, (text, source) in enumerate(rows)]
    return list(RULES[name].findings(article))


def values(found: tuple[Quantity, ...]) -> list[Fraction]:
    return [min(quantity.values) for quantity in found if quantity.written != "loose"]


@pytest.mark.parametrize(
    ("russian", "english", "value"),
    [
        ("2,5 тыс. человек", "2,500 people", 2500),
        ("двух тысяч пятисот человек", "two thousand five hundred people", 2500),
        ("1 млн 200 тыс. руб.", "1.2 million roubles", 1_200_000),
        ("полтора миллиона", "one and a half million", 1_500_000),
        ("два с половиной миллиарда", "2.5bn", 2_500_000_000),
        ("10 000 экземпляров", "10,000 copies", 10_000),
        ("1 234 567,5 тонны", "1,234,567.5 tonnes", Fraction("1234567.5")),
        ("двадцать первый", "twenty-first", 21),
        ("в 15:00", "at 3 p.m.", 15),
        ("90-е годы", "the 1990s", 1990),
        ("сезон 2019/20", "the 2019/2020 season", 2020),
        ("26.09.2019", "on 26 September 2019", 2019),
        ("четыре сотни", "four hundred", 400),
    ],
)
def test_a_value_is_the_same_in_both_languages(russian: str, english: str, value: Fraction | int) -> None:
    theirs, ours = russian_quantities(russian), english_quantities(english)
    assert any(Fraction(value) in quantity.values for quantity in theirs)
    assert any(Fraction(value) in quantity.values for quantity in ours)
    assert any(quantity.agrees(values_of(ours)) for quantity in theirs)


def test_a_range_shares_its_scale_and_a_name_is_no_number() -> None:
    ten, fifteen = russian_quantities("10-15 тыс.")
    assert Fraction(10_000) in ten.values
    assert fifteen.values == {Fraction(15_000)}
    assert [quantity.bare for quantity in english_quantities("Mi-35 and 35 men")] == [False, True]
    assert values(english_quantities("a 100-metre race, 5 m")) == [100, 5]


def test_a_number_that_moved_to_the_next_sentence_is_not_missed() -> None:
    rows = [("He came.", "Он пришёл 16 мая в 19 часов."), ("It was 7 p.m. on 16 May.", "Он ушёл.")]
    assert findings("number-differs-from-source", *rows) == []
    assert len(findings("number-differs-from-source", rows[0])) == 2


def test_a_sentence_cut_in_two_is_compared_as_one() -> None:
    source = "Пришли 12 человек, а ушли 15."
    article = [Analysis.of(Segment(i, 0, t, source=source)) for i, t in enumerate(("12 people came.", "And 17 left."))]
    (pair,) = pairs(article)
    assert pair.text == "12 people came. And 17 left."
    assert pair.place(Flag(20, 22, "")) == (1, Flag(4, 6, ""))
    (finding,) = RULES["number-differs-from-source"].findings(article)
    assert (finding.seg_id, finding.span.start, finding.fixes[0].replacement) == (1, 4, "15")


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Его встретил Шварценеггер.", "He was met by Schwarzenegger."),
        ("Об этом сказал Жорж Помпиду.", "So said Georges Pompidou."),
        ("Он поехал в Чехию и Цюрих.", "He went to Czechia and Zurich."),
        ("Он поехал в Пекин к Си Цзиньпину.", "He went to Beijing to see Xi Jinping."),
        ("По словам Уэбба, он прав.", "He is right, according to Webb."),
        ("Об этом сказала Хизер Вучич из Мехико.", "So said Heather Vučić of Mexico."),
        ("Он уехал из КНР в Голландию.", "He left China for the Netherlands."),
    ],
)
def test_names_are_known_through_their_transliteration(russian: str, english: str) -> None:
    assert findings("name-differs-from-source", (english, russian)) == []


def test_a_place_is_proposed_as_cldr_writes_it() -> None:
    (finding,) = findings("name-differs-from-source", ("They flew to Slovenia.", "Они вылетели в Словакию."))
    assert finding.fixes[0].replacement == "Slovakia"


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("He refused to come.", "Он не захотел прийти."),
        ("It is impossible to say.", "Нельзя сказать."),
        ("He came twice.", "Он приходил не раз."),
        ("He cannot know.", "Откуда ему знать, если он ничего не видел."),
        ("Does he know?", "Разве он не знает?"),
    ],
)
def test_a_negation_said_otherwise_is_no_fault(english: str, russian: str) -> None:
    assert findings("negation-differs-from-source", (english, russian)) == []


def test_the_alignment_says_what_is_omitted() -> None:
    english = ["The president arrived in Moscow on 5 June.", "Prices in the city rose by 12 percent in May."]
    russian = (
        "Президент прибыл в Москву 5 июня. Его супруга осталась дома из-за болезни ребёнка. "
        "Цены в городе выросли в мае на 12 процентов."
    )
    segments = tuple(Segment(i, 0, text) for i, text in enumerate(english))
    document, _ = attach_source(Document("a", "\n".join(english), segments), russian)
    (finding,) = RULES["omitted-sentence"].findings([Analysis.of(segment) for segment in document.segments])
    assert finding.seg_id in (0, 1)
    assert "супруга" in finding.message


def test_drift_follows_the_majority_and_the_first_of_equals() -> None:
    here = [Mention(i, 0, 1, way, (("a", "A"), ("b", "B"))) for i, way in enumerate("bab")]
    assert [(index, flag.replacements, flag.confidence) for index, flag in drift(here)] == [(1, ("B",), 0.9)]
    assert [index for index, _ in drift(here[:2])] == [1]
    assert [index for index, _ in drift(here[:2], on_tie="a")] == [0]
    assert list(drift([here[0], here[2]])) == []


def test_terms_are_found_in_number_and_case() -> None:
    analysis = Analysis.of(Segment(0, 0, "An old Gas Turbine’s part and gas turbines, gas. Turbine."))
    assert [(hit.plural, hit.exact) for hit in hits(analysis, "gas turbine")] == [(False, True), (True, False)]
    first, second = hits(analysis, "gas turbine")
    assert replacement(analysis, first, "jet engine") == ("Jet Engine", Applicability.REVIEW)
    assert replacement(analysis, second, "jet engine") == ("jet engines", Applicability.REVIEW)
    found = list(source_hits("Собрались члены наблюдательных советов и совет.", "наблюдательный совет"))
    assert [word.text for place in found for word in place] == ["наблюдательных", "советов"]


def test_an_article_that_would_change_makes_a_fix_unsafe() -> None:
    analysis = Analysis.of(Segment(0, 0, "He met a premier and the premier."))
    fixes = [replacement(analysis, hit, "archbishop") for hit in hits(analysis, "premier")]
    assert [trust for _, trust in fixes] == [Applicability.REVIEW, Applicability.SAFE]


_RUSSIAN = st.text("абвгдеиклмнопрст", min_size=2, max_size=7) | st.sampled_from(
    "Австралия Чехия Хьюз Джонсон он".split()
)
_ENGLISH = st.text("abdegiklmnoprst", min_size=2, max_size=7) | st.sampled_from(
    "Austria Czech Hughes Johnson he".split()
)


@given(st.lists(_RUSSIAN, min_size=1, max_size=5), st.lists(_ENGLISH, min_size=1, max_size=5), st.booleans())
def test_a_sentence_of_words_is_asked_at_once(theirs: list[str], ours: list[str], names: bool) -> None:
    if names:
        theirs, ours = [word.title() for word in theirs], [word.title() for word in ours]
    together = meet(russian_words(frozenset(theirs)), english_words(frozenset(ours)))
    assert together == any(may_translate(russian, english) for russian in theirs for english in ours)


def test_names_are_compared_by_sound_once_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each pair of words: 4,000 code points of names took 14 s."""
    names = [f"{a}{b}{c}" for a in "BDGKLMNPRST" for b in "aeiou" for c in ("mul", "gor", "pik", "nat")]
    text = "He said that " + " and ".join(names)
    source = "Он сказал, что " + " и ".join(
        f"{a}{b}{c}" for a in "БДГКЛМНПРСТ" for b in "аеиоу" for c in ("рез", "вош")
    )
    asked = Mock(side_effect=source_names._alike)
    monkeypatch.setattr(source_names, "_alike", asked)
    list(RULES["name-differs-from-source"].findings([Analysis.of(Segment(0, 0, text, source=source))]))
    assert asked.call_count <= 3 * (len(text.split()) + len(source.split()))


@given(st.lists(st.integers(0, 99), unique=True, max_size=8), st.integers(0, 99))
def test_a_number_is_paired_with_the_nearest_one(starts: list[int], start: int) -> None:
    lost = [Quantity(at, at + 1, frozenset([Fraction(at)]), "digits") for at in sorted(starts)]
    pair = Pair("я" * 100, Analysis.of(Segment(0, 0, "a" * 100)), 0, (100,))
    ours = Quantity(start, start + 1, frozenset([Fraction(1)]), "digits")
    left = _Lost(lost)
    assert left.take_partner(ours, pair) == min(lost, key=lambda one: abs(one.start / 100 - start / 100), default=None)
    assert len(left.left("digits", bare=True)) == max(0, len(lost) - 1)
