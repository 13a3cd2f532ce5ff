"""Rows of the phrase tables of 2016 news: what each makes of a sentence, and a near miss that it leaves alone."""

from __future__ import annotations

import pytest

from mtcheck.detectors import rules
from mtcheck.detectors.rule import Analysis
from mtcheck.schema import Document, Edit, Segment

RULES = {rule.name: rule for rule in rules()}


def mended(name: str, text: str) -> str:
    """The text with the rule's first fixes."""
    segment = Segment(0, 0, text)
    findings = RULES[name].findings([Analysis.of(segment)])
    edits = (Edit(0, f.span, f.fixes[0].replacement) for f in findings if f.fixes)
    return Document("case", text, (segment,)).apply(edits)


@pytest.mark.parametrize(
    ("name", "hit", "better", "near_miss"),
    [
        (
            "literal-connective",
            "Recall that the plant was closed in May.",
            "As previously reported, the plant was closed in May.",
            "Few people recall that the plant was closed.",
        ),
        (
            "literal-connective",
            "In parallel, the talks went on.",
            "At the same time, the talks went on.",
            "The talks were held in parallel, as agreed.",
        ),
        (
            "literal-connective",
            "On the eve the ministers met in Berlin.",
            "The day before the ministers met in Berlin.",
            "On the eve of the vote the ministers met.",
        ),
        (
            "literal-connective",
            "On his forecast, oil will be cheaper.",
            "According to his forecast, oil will be cheaper.",
            "On his forecast he would not comment.",
        ),
        (
            "literal-connective",
            "He sent a letter in which it was said about the losses.",
            "He sent a letter which spoke of the losses.",
            "He sent a letter in which he said much about the losses.",
        ),
        (
            "literal-connective",
            "About this it is spoken in the report of the bank.",
            "This is stated in the report of the bank.",
            "About this the report of the bank is silent.",
        ),
        (
            "literal-connective",
            "“The works go on”, - said in a statement.",
            "“The works go on”, - the statement said.",
            "The bank said in a statement that the works go on.",
        ),
        (
            "literal-connective",
            "More on the topic: How the port was built.",
            "Related: How the port was built.",
            "He knows more on the topic than we do.",
        ),
        (
            "literal-idiom",
            "The shares updated the historical maximum.",
            "The shares hit a record high.",
            "The ministry updated the historical archive.",
        ),
        (
            "literal-idiom",
            "The number of thefts grew in 1.5 times.",
            "The number of thefts grew by a factor of 1.5.",
            "The number of thefts grew in 5 districts.",
        ),
        (
            "literal-idiom",
            "The driver was in a state of alcoholic intoxication.",
            "The driver was intoxicated.",
            "The driver was in a state of shock.",
        ),
        (
            "literal-idiom",
            "The court chose a measure of restraint in the form of house arrest.",
            "The court chose house arrest.",
            "The court showed a measure of mercy.",
        ),
        (
            "literal-idiom",
            "The driver disappeared from the scene.",
            "The driver fled the scene.",
            "The driver disappeared from the city.",
        ),
        (
            "literal-idiom",
            "Employees of the police found a jacket of black color.",
            "Police officers found a black jacket.",
            "Employees of the bank found a jacket of black leather.",
        ),
        (
            "literal-idiom",
            "It will be 5 degrees of heat tomorrow.",
            "It will be 5 degrees above zero tomorrow.",
            "The heat will be 5 degrees worse.",
        ),
        (
            "literal-idiom",
            "The official representative of the ministry Anna Orlova said no.",
            "The spokesperson for the ministry Anna Orlova said no.",
            "The official represented the ministry.",
        ),
        (
            "literal-idiom",
            "The laws of the RF forbid it, the RF government said.",
            "The laws of Russia forbid it, the Russian government said.",
            "The laws of the RFU forbid it.",
        ),
        (
            "literal-idiom",
            "“We wait”, - quotes the agency the words of Orlova.",
            "“We wait”, - the agency quotes Orlova as saying.",
            "He quotes the agency and the words of the song.",
        ),
        (
            "wrong-preposition-after-noun",
            "The championship on biathlon begins.",
            "The championship in biathlon begins.",
            "The championship on Sunday begins.",
        ),
        (
            "wrong-preposition-after-noun",
            "The deputies read the bill about fines.",
            "The deputies read the bill on fines.",
            "The deputies read the book about fines.",
        ),
        (
            "wrong-preposition-after-verb",
            "The launch, scheduled on Friday, was postponed on October 19.",
            "The launch, scheduled for Friday, was postponed to October 19.",
            "The launch took place as scheduled on Friday.",
        ),
        (
            "wrong-preposition-after-verb",
            "The expert considers that oil will be cheaper.",
            "The expert believes that oil will be cheaper.",
            "Nobody should consider that oil will be cheaper.",
        ),
        (
            "wrong-preposition-after-verb",
            "He was suspected in the murder of a trader.",
            "He was suspected of the murder of a trader.",
            "He was suspected in the press of a crime.",
        ),
        (
            "wrong-preposition-after-verb",
            "The rouble fell for the first time from July.",
            "The rouble fell for the first time since July.",
            "The first time from home is hard.",
        ),
        (
            "wrong-preposition-of-place-or-time",
            "In the weekend it will rain.",
            "At the weekend it will rain.",
            "Late in the weekend it will rain.",
        ),
        (
            "literal-idiom",
            "The driver admitted the collision with a bus on the lane of oncoming traffic.",
            "The driver collided with a bus on the oncoming lane.",
            "The driver admitted that the collision was his fault.",
        ),
        (
            "literal-idiom",
            "The court satisfied the petition and he will remain under guard.",
            "The court granted the petition and he will remain in custody.",
            "The court was satisfied that the camp was under guard.",
        ),
        (
            "literal-idiom",
            "The attackers disappeared in an unknown direction.",
            "The attackers fled.",
            "The attackers went in another direction.",
        ),
        (
            "literal-idiom",
            "The price of oil of mark Brent fell by 6% in annual expression.",
            "The price of Brent crude fell by 6% year on year.",
            "The price of oil rose in annual terms.",
        ),
        (
            "literal-idiom",
            "They spoke on a wide circle of questions.",
            "They spoke on a wide range of questions.",
            "They stood in a wide circle of lights.",
        ),
        (
            "literal-idiom",
            "The regime of the cessation of fire was broken.",
            "The ceasefire was broken.",
            "The regime was broken.",
        ),
        (
            "literal-idiom",
            "In the basis of the system lie new ideas.",
            "The system is based on new ideas.",
            "In the basement of the system lie new ideas.",
        ),
        (
            "literal-connective",
            "According to the version of the investigation, he took money.",
            "According to investigators, he took money.",
            "According to the investigation report, he took money.",
        ),
        (
            "literal-connective",
            "In connection with what experts expect a rise.",
            "Because of this experts expect a rise.",
            "In connection with the rise experts expect more.",
        ),
        (
            "literal-connective",
            "In May it rained, in the result of floods two died.",
            "In May it rained, as a result of floods two died.",
            "They had no interest in the result of the match.",
        ),
        (
            "wrong-preposition-after-noun",
            "Half from the total was lost.",
            "Half of the total was lost.",
            "Half from the east was lost.",
        ),
        (
            "wrong-preposition-after-verb",
            "The bill contradicts to the law; he is accused in receiving of bribes.",
            "The bill contradicts the law; he is accused of receiving bribes.",
            "The bill contradicts the law; he is accused in the press.",
        ),
        (
            "wrong-preposition-of-place-or-time",
            "On the previous meeting they agreed to meet in the end of the week.",
            "At the previous meeting they agreed to meet at the end of the week.",
            "On the previous evening they met in the end of the hall.",
        ),
        (
            "wrong-preposition-of-place-or-time",
            "The goal came on the 25th minute and the team is on the second place.",
            "The goal came in the 25th minute and the team is in second place.",
            "The goal came on the 25th of May.",
        ),
        (
            "false-friend",
            "The leader of the fraction spoke for the Duma fraction.",
            "The leader of the faction spoke for the Duma faction.",
            "A fraction of the members spoke.",
        ),
    ],
)
def test_a_row_mends_the_calque_and_leaves_good_english(name: str, hit: str, better: str, near_miss: str) -> None:
    assert mended(name, hit) == better
    assert mended(name, near_miss) == near_miss
