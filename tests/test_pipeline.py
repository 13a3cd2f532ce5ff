"""The whole flow with scripted engines: what is flagged, proposed, scored and chosen, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from mtcheck import documents, pipeline, scoring
from mtcheck.alternatives import KEEP
from mtcheck.detection import analyse
from mtcheck.engines import Engines
from mtcheck.engines.pivot import RoundTrip
from mtcheck.errors import SettingsError
from mtcheck.schema import Applicability, Document, Review, Span
from mtcheck.settings import Settings

ARTICLE = "Lavrov said about the absence of plans.\r\n\r\nThe UN security Council met. Nothing else happened there.\n"


def engines(**parts: Any) -> Engines:
    nothing: dict[str, Any] = dict.fromkeys(("back_translator", "fluency", "parser", "encoder", "tagger"))
    return Engines(**{**nothing, "round_trips": (), "missing": (), **parts})


def article(text: str = ARTICLE) -> Document:
    return documents.parse(text, "a.txt")


def reviewed(settings: Settings | None = None, text: str = ARTICLE, **parts: Any) -> Review:
    return pipeline.review(article(text), engines(**parts), settings or Settings())


def test_without_any_engine_rules_still_flag_and_propose() -> None:
    review = reviewed()
    assert [proposal.finding.rule for proposal in review.proposals] == [
        "said-about-noun",
        "half-capitalised-institution",
    ]
    for proposal in review.proposals:
        assert proposal.alternatives[0].generators == (KEEP,)
        assert len(proposal.alternatives) > 1


def test_cleaned_text_is_the_original_plus_the_accepted_edits() -> None:
    review = reviewed()
    assert review.edits
    assert review.cleaned == review.document.apply(review.edits)
    assert "UN Security Council" in review.cleaned
    assert review.cleaned.count("\r\n") == 2
    assert documents.write(review.document, ()).decode() == ARTICLE


def test_meaning_is_compared_in_russian_between_back_translations(scripted_translator: Any) -> None:
    original, changed = "Lavrov said about the absence of plans.", "Lavrov said there were no plans."
    translator = scripted_translator(
        {original: "Лавров сказал об отсутствии планов.", changed: "Лавров говорил об отсутствии планов."}
    )
    review = reviewed(back_translator=translator)
    alternative = review.proposals[0].alternatives[1]
    assert alternative.back_translation == "Лавров говорил об отсутствии планов."
    assert review.back_translations[0] == "Лавров сказал об отсутствии планов."
    similarity = next(score for score in alternative.scores if score.metric == scoring.MEANING_CHRF)
    assert 50 < similarity.value < 100
    assert similarity.signature.endswith("|scripted:en-ru|against:back-translation")
    assert review.proposals[0].alternatives[0].score(scoring.MEANING_CHRF) == 100


def test_only_flagged_segments_are_back_translated(scripted_translator: Any) -> None:
    translator = scripted_translator()
    reviewed(back_translator=translator)
    assert translator.calls
    assert all("Nothing else happened there." not in texts for texts in translator.calls)


def test_with_a_source_meaning_is_compared_with_it(scripted_translator: Any) -> None:
    document = article()
    source = "Лавров заявил об отсутствии планов."
    document = replace(document, segments=(replace(document.segments[0], source=source), *document.segments[1:]))
    parts = engines(back_translator=scripted_translator({"Lavrov said there were no plans.": source}))
    review = pipeline.review(document, parts, Settings())
    alternative = review.proposals[0].alternatives[1]
    assert alternative.score(scoring.MEANING_CHRF) == 100
    assert {s.signature.rpartition("|")[2] for s in alternative.scores if s.metric.startswith("meaning")} == {
        "against:source"
    }


def test_round_trips_propose_edits_and_guards_stop_the_harmful_ones(scripted_translator: Any) -> None:
    text = "The plan for 300 men was put up by foreign Minister Petrov."
    there = scripted_translator({text: "pt"}, "en", "pt")
    back = scripted_translator({"pt": "The plan for 400 men was presented by Ivanov."}, "pt", "en")
    review = reviewed(text=text, round_trips=(RoundTrip(there, back),))
    shown = {a.replacement: a for p in review.proposals for a in p.alternatives}
    assert all("400" not in replacement for replacement in shown)
    bad = [a for a in shown.values() if "Ivanov" in a.replacement]
    assert bad
    assert all(a.applicability is Applicability.DISPLAY and a.broken_guards for a in bad)
    assert "Petrov" in review.cleaned


def test_a_less_fluent_fix_is_offered_and_not_made(scripted_fluency: Any) -> None:
    review = reviewed(Settings(select=("said-about-noun",)), fluency=scripted_fluency(awkward="there were no"))
    assert [decision.chosen for decision in review.decisions] == [0]
    assert "only" in review.decisions[0].note
    assert review.cleaned == ARTICLE
    review = reviewed(Settings(select=("said-about-noun",)), fluency=scripted_fluency(smooth="there were no"))
    assert "said there were no plans" in review.cleaned
    assert "nats" in review.decisions[0].note


def test_same_input_and_signature_give_the_same_review(scripted_translator: Any, scripted_fluency: Any) -> None:
    first, second = (reviewed(back_translator=scripted_translator(), fluency=scripted_fluency()) for _ in range(2))
    assert first == second
    assert first.signature != reviewed(Settings(alternatives=2), back_translator=scripted_translator()).signature


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(SettingsError, match="unknown rule “no-such-rule”"):
        reviewed(Settings(ignore=("no-such-rule",)))


def test_an_unanswered_back_translation_leaves_meaning_unscored(scripted_translator: Any) -> None:
    review = reviewed(back_translator=scripted_translator({"Lavrov said there were no plans.": ""}))
    alternative = review.proposals[0].alternatives[1]
    assert alternative.back_translation is None
    assert alternative.score(scoring.MEANING_CHRF) is None


def test_a_suspicion_is_reported_only_when_a_better_wording_turns_up(
    scripted_tagger: Any, scripted_fluency: Any, scripted_translator: Any
) -> None:
    text, mended = "They wait at the rain on Monday.", "They wait for the rain on Monday."
    trip = RoundTrip(
        scripted_translator({text: "pt", mended: "pt"}, "en", "pt"),
        scripted_translator({"pt": mended}, "pt", "en"),
    )
    suspect = {"text": text, "tagger": scripted_tagger(at=0.35), "round_trips": (trip,)}
    assert reviewed(fluency=scripted_fluency(), **suspect).proposals == ()
    better = reviewed(fluency=scripted_fluency(awkward="at", smooth="for"), **suspect)
    assert better.cleaned == mended
    assert [proposal.finding.severity for proposal in better.proposals] == ["neutral"]
    sure = {**suspect, "tagger": scripted_tagger(at=0.9)}
    (proposal,) = reviewed(fluency=scripted_fluency(awkward="for"), **sure).proposals
    assert proposal.finding.severity == "minor"


def test_what_concerns_the_whole_article_is_changed_everywhere(scripted_fluency: Any) -> None:
    text = "Fighters of Dzhabhat left.\nThe Jabhat group stayed.\nEven so Dzhabhat lost.\nJabhat won.\n"
    fluency = scripted_fluency(smooth="jabhat")
    review = reviewed(text=text, fluency=fluency)
    assert review.cleaned == text.replace("Dzhabhat", "Jabhat")


def test_edits_that_together_break_a_guard_lose_the_least_sure() -> None:
    from mtcheck.schema import Alternative, Decision, Finding, Proposal, Severity, Span

    document = article("The Alpha met the Beta.")
    (analysis,) = analyse(document, engines())

    def proposal(start: int, end: int, new: str, generator: str) -> Proposal:
        flag = Finding("r", "style/awkward", Severity.MINOR, 0, Span(start, end), "why", 0.9)
        keep = Alternative(analysis.text[start:end], (KEEP,), Applicability.SAFE)
        return Proposal(flag, flag.span, (keep, Alternative(new, (generator,), Applicability.REVIEW)))

    proposals = [
        proposal(4, 9, "Beta", "rule:r"),
        proposal(18, 22, "Alphas", "round-trip:pt"),
        proposal(10, 13, "saw", "rule:r"),
    ]
    decided = tuple(Decision(1, "auto", "changed") for _ in proposals)
    assert [d.chosen for d in pipeline.verify([analysis], proposals, decided)] == [1, 1, 1]
    proposals[1] = proposal(18, 22, "Gamma", "round-trip:pt")
    settled = pipeline.verify([analysis], proposals, decided)
    assert [d.chosen for d in settled] == [0, 0, 1] or [d.chosen for d in settled] == [1, 0, 1]
    assert "breaks a guard" in settled[1].note


def test_a_models_edit_takes_no_credit_for_the_confidence_of_a_rule() -> None:
    from mtcheck.choice import features
    from mtcheck.schema import Alternative, Finding, Proposal, Severity, Span

    flag = Finding("r", "style/awkward", Severity.MINOR, 0, Span(0, 1), "why", 0.9)
    keep = Alternative("a", (KEEP,), Applicability.SAFE)
    for ways, credit in ((("rule:r",), 0.9), (("round-trip:pt",), 0.0), (("round-trip:pt+rule:r",), 0.0)):
        alternative = Alternative("the", ways, Applicability.REVIEW)
        found = features(Proposal(flag, flag.span, (keep, alternative)), alternative)
        assert (found["rule_confidence"], found["rule"]) == (credit, float(credit > 0))


def test_tagger_and_encoder_score_what_is_shown_and_do_not_choose() -> None:
    class Tagging:
        signature = "tagging"

        def bad_probabilities(self, texts: Any) -> Any:
            return [[(Span(0, 1), 0.9 if "absence" in text else 0.1)] for text in texts]

    class Encoding:
        signature = "encoding"

        def similarity(self, left: Any, right: Any) -> list[float]:
            return [0.5 if "absence" in text else 0.75 for text in left]

    document = article()
    first = replace(document.segments[0], source="Лавров заявил об отсутствии планов.")
    document = replace(document, segments=(first, *document.segments[1:]))
    review = pipeline.review(
        document, engines(tagger=Tagging(), encoder=Encoding()), Settings(ignore=("style/awkward",))
    )
    alternative = review.proposals[0].alternatives[1]
    assert alternative.score(scoring.BAD_DROP) == 0.8
    assert alternative.score(scoring.SOURCE) == 0.75
    assert review.proposals[0].alternatives[0].score(scoring.SOURCE) == 0.5
    assert review.proposals[1].alternatives[1].score(scoring.SOURCE) is None


class Nats:
    """A language model that finds a text with the given words so much worse."""

    def __init__(self, signature: str, costs: dict[str, float]) -> None:
        self.signature, self._costs = signature, costs
        self.asked: list[str] = []

    def word_log_probs(self, texts: Sequence[str], contexts: Any = None) -> list[list[Any]]:
        return [[] for _ in texts]

    def log_probs(self, texts: Sequence[str], contexts: Any = None) -> list[float]:
        self.asked += texts
        return [-sum(cost for words, cost in self._costs.items() if words in text) for text in texts]


def test_a_larger_language_model_has_the_last_word_on_what_the_small_one_likes() -> None:
    small = Nats("small", {"about the absence": 6.0})
    agreed = reviewed(fluency=small, rescorer=Nats("large", {"about the absence": 6.0}))
    doubted = reviewed(fluency=small, rescorer=Nats("large", {"there were no": 30.0}))
    assert "said there were no plans" in agreed.cleaned
    assert "said about the absence" in doubted.cleaned
    (gain,) = (score for score in agreed.proposals[0].alternatives[1].scores if score.metric == scoring.RESCORED)
    assert (gain.value, gain.signature) == (6.0, "large")
    assert "rescorer:large" in agreed.signature


def test_the_larger_language_model_is_asked_about_few_wordings() -> None:
    rescorer = Nats("large", {})
    review = reviewed(fluency=Nats("small", {}), rescorer=rescorer)
    assert "Nothing else happened there." not in rescorer.asked
    broken = [a for p in review.proposals for a in p.alternatives if a.broken_guards]
    assert all(alternative.score(scoring.RESCORED) is None for alternative in broken)
    assert 0 < len(set(rescorer.asked)) <= 2 * (1 + 5)
