"""What models make of either version by itself, and the comparison that a review amounts to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mtcheck import documents
from mtcheck.checking import check_document
from mtcheck.comparison.pairing import Comparison, compare
from mtcheck.comparison.tracing import traced
from mtcheck.engines import Engines
from mtcheck.schema import Review, Score
from mtcheck.scoring import MEANING_CHRF
from mtcheck.settings import Settings

FLUENCY_LEVEL = "fluency.log-prob-per-word"
BAD_LEVEL = "tagger.mean-bad"


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of either version by itself, which takes no reference."""

    before: Score
    after: Score


def compare_review(review: Review) -> Comparison:
    """The article of a review and its cleaned text, with the meaning that the edits kept among the scores."""
    document = review.document
    cleaned = documents.parse(documents.write(document, review.edits), f"{document.doc_id} (cleaned)", document.format)
    found = compare(document, replace(cleaned, source_lang=document.source_lang, target_lang=document.target_lang))
    return replace(found, scores=(*found.scores, *_meaning_kept(review)))


def compare_further(comparison: Comparison, engines: Engines, settings: Settings, signature: str) -> Comparison:
    """The comparison with the findings of either version traced, and either measured by what models there are.

    Raises SettingsError for an unknown rule and ModelError when a model fails.
    """
    before, after = (check_document(one, engines, settings) for one in (comparison.before, comparison.after))
    return measured(traced(comparison, before, after, signature), engines)


def measured(comparison: Comparison, engines: Engines) -> Comparison:
    """The comparison with what models say of either version by itself.

    FLUENCY_LEVEL: natural log-probability of the sentences, over their words; higher reads better.
    BAD_LEVEL: mean over words of the probability that an editor would mark it; lower is better.
    """
    sides = [[one.hypothesis for one in document.segments] for document in (comparison.before, comparison.after)]
    measures = []
    if model := engines.fluency:
        values = [sum(model.log_probs(texts)) / max(1, len(" ".join(texts).split())) for texts in sides]
        scores = [Score(FLUENCY_LEVEL, round(value, 4), model.signature, True) for value in values]
        measures.append(Measure(*scores))
    if tagger := engines.tagger:
        words = [[bad for row in tagger.bad_probabilities(texts) for _, bad in row] for texts in sides]
        means = [sum(found) / max(1, len(found)) for found in words]
        scores = [Score(BAD_LEVEL, round(mean, 4), tagger.signature, False) for mean in means]
        measures.append(Measure(*scores))
    return replace(comparison, measures=tuple(measures))


def _meaning_kept(review: Review) -> tuple[Score, ...]:
    """The mean over the edits made of the meaning kept in back-translation; none where none was back-translated."""
    chosen = [p.alternatives[d.chosen] for p, d in zip(review.proposals, review.decisions, strict=True) if d.chosen]
    found = [score for one in chosen for score in one.scores if score.metric == MEANING_CHRF]
    if not found:
        return ()
    signatures = "; ".join(dict.fromkeys(score.signature for score in found))
    made = f"mean over {len(found)} of {len(chosen)} edits|{signatures}"
    return (Score(MEANING_CHRF, round(sum(score.value for score in found) / len(found), 2), made, True),)
