"""The original beside the translation: beads, refusals, and what an encoder adds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mtcheck.alignment import Bead, align, attach_source
from mtcheck.alignment.anchors import keys
from mtcheck.documents import parse
from mtcheck.errors import InputError

# Written for these tests.
RUSSIAN = [
    "Городской музей открыл новый зал",
    "Музей Ярославля открыл в субботу зал, посвященный реке Волге.",
    "На строительство ушло 14 месяцев и 3,5 млн рублей.",
    "Директор музея Анна Ковалева сказала, что посетители увидят 120 картин.",
    "«Мы ждали этого десять лет», — добавила она.",
    "Билет для студентов стоит 50 рублей, дети проходят бесплатно.",
    "В прошлом году музей посетили 80 тысяч человек, в основном туристы из Германии и Китая.",
]
ENGLISH = [
    "City Museum has opened a new hall",
    "The Museum of Yaroslavl opened on Saturday a hall dedicated to the Volga river.",
    "The construction took 14 months and 3.5 million rubles.",
    "Museum Director Anna Kovaleva said that visitors will see 120 paintings.",
    "“We waited for this ten years,” – she added.",
    "A ticket for students costs 50 rubles, children pass free of charge.",
    "Last year the Museum was visited by 80 thousand people, mostly tourists from Germany and China.",
]
OTHER = [
    "Сборная выиграла матч",
    "Хоккеисты обыграли соперников в овертайме со счетом 4:3.",
    "Решающую шайбу забросил нападающий в начале дополнительного времени.",
    "Тренер похвалил вратаря за самоотверженную игру.",
    "Следующая встреча команд пройдет через неделю на льду соперника.",
]


def _pairs(beads: Sequence[Bead]) -> set[tuple[int, int]]:
    return {(i, j) for bead in beads for i in range(*bead.english) for j in range(*bead.russian)}


def test_one_to_one() -> None:
    report = align(ENGLISH, RUSSIAN)
    assert _pairs(report.beads) == {(i, i) for i in range(7)}
    assert report.aligned == 1.0
    assert report.unused == 0
    assert report.agreement is not None
    assert report.agreement > 0.5


def test_split_and_merged_sentences() -> None:
    english = [
        *ENGLISH[:2],
        ENGLISH[2] + " " + ENGLISH[3],
        *ENGLISH[4:6],
        "Last year the Museum was visited by 80 thousand people.",
    ]
    english.append("They were mostly tourists from Germany and China.")
    expected = {(0, 0), (1, 1), (2, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 6)}
    assert _pairs(align(english, RUSSIAN).beads) == expected


def test_left_out_and_added_sentences() -> None:
    cut = align([*ENGLISH[:3], *ENGLISH[4:]], RUSSIAN)
    assert _pairs(cut.beads) == {(0, 0), (1, 1), (2, 2), (3, 4), (4, 5), (5, 6)}
    assert cut.unused == 1
    assert "1 source sentences left over" in str(cut)
    added = align(ENGLISH, [*RUSSIAN[:3], *RUSSIAN[4:]])
    assert _pairs(added.beads) == {(0, 0), (1, 1), (2, 2), (4, 3), (5, 4), (6, 5)}
    assert added.aligned == pytest.approx(6 / 7)


def test_attach_source_to_segments() -> None:
    document = parse("\n\n".join([ENGLISH[0], " ".join(ENGLISH[1:])]), "x")
    attached, report = attach_source(document, "\r\n".join([RUSSIAN[0], "", " ".join(RUSSIAN[1:])]))
    assert [segment.source for segment in attached.segments] == RUSSIAN
    assert report.segments == report.sentences == 7
    assert attached.text == document.text


def test_two_segments_of_one_sentence_both_get_it_whole() -> None:
    last = "Last year the Museum was visited by 80 thousand people. They were mostly tourists from Germany and China."
    attached, _ = attach_source(parse("\n".join([*ENGLISH[:6], last]), "x"), "\n".join(RUSSIAN))
    assert [segment.source for segment in attached.segments[-2:]] == [RUSSIAN[6], RUSSIAN[6]]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("\n".join(OTHER), "ru.txt: the source does not fit the article .*; give the original of this very article"),
        (RUSSIAN[0], "does not fit"),
        ("\n".join(ENGLISH), "the source looks like English; give the Russian original"),
        (" \n", "the source holds no sentence"),
    ],
)
def test_a_source_that_does_not_fit_is_refused(source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        attach_source(parse("\n".join(ENGLISH), "x"), source, where="ru.txt")


def test_an_encoder_decides_what_words_cannot() -> None:
    english = ["Yes yes yes yes.", "No no no no no."]
    russian = ["Верно верно верно.", "Ладно ладно ладно.", "Нельзя нельзя."]
    calls = []

    def similarity(left: Sequence[str], right: Sequence[str]) -> list[float]:
        calls.append(len(left))
        wanted = {("Yes yes yes yes.", russian[1]), ("No no no no no.", russian[2])}
        return [0.9 if pair in wanted else 0.1 for pair in zip(left, right, strict=True)]

    report = align(english, russian, similarity)
    assert _pairs(report.beads) == {(0, 1), (1, 2)}
    assert report.similarity == pytest.approx(0.9)
    assert len(calls) == 2


def test_names_numbers_and_common_words_meet() -> None:
    for russian, english in (
        ("лаврова", "lavrov"),
        ("сирии", "syria"),
        ("резолюцию", "resolution"),
        ("воды", "water"),
    ):
        assert keys(russian) & keys(english), (russian, english)
    assert keys("1 500".replace(" ", "\u00a0")) == keys("1,500")
    assert not keys("лаврова") & keys("obama")


def test_empty_sides_give_an_empty_report() -> None:
    assert align([], []).aligned == 0.0
    assert align(["One."], []).aligned == 0.0
    assert align([], ["Один."]).unused == 1
