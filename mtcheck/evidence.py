"""What a wording does to the meaning and to the sentence, for the few that are left: the slow and the dear evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtcheck import scoring
from mtcheck.choice import worth_back_translating
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.proposing import Progress, rewritten
from mtcheck.schema import Proposal


def score_meaning(
    article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines, progress: Progress
) -> tuple[dict[int, str], list[Proposal]]:
    """Back-translate flagged segments and their alternatives, and compare them in the source language.

    Returns the back-translations of the original segments by seg_id, and the proposals with scores of meaning.
    """
    translator = engines.back_translator
    if not translator or not proposals:
        return {}, list(proposals)
    wanted = {article[proposal.finding.seg_id].text for proposal in proposals} | {
        rewritten(article, proposal, alternative.replacement)
        for proposal in proposals
        for alternative in proposal.alternatives[1:]
        if worth_back_translating(proposal, alternative)
    }
    texts = sorted(wanted, key=lambda text: (len(text), text))
    outputs = translator.translate(texts, progress=lambda done, total: progress("back-translate", done, total))
    russian = {text: best[0].text for text, best in zip(texts, outputs, strict=True) if best}
    scored = []
    for proposal in proposals:
        segment = article[proposal.finding.seg_id].segment
        reference = segment.source or russian.get(segment.hypothesis)
        against = "source" if segment.source else "back-translation"
        alternatives = []
        for alternative in proposal.alternatives:
            back = russian.get(rewritten(article, proposal, alternative.replacement))
            if back and reference:
                scores = scoring.meaning(back, reference, translator.signature, against=against)
                alternative = replace(alternative, back_translation=back, scores=(*alternative.scores, *scores))
            alternatives.append(alternative)
        scored.append(replace(proposal, alternatives=tuple(alternatives)))
    originals = {a.segment.seg_id: russian[a.text] for a in article if a.text in russian}
    return originals, scored


def score_further(article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines) -> list[Proposal]:
    """What tagger and encoder see in the segment with each wording that breaks no guard: evidence for people.

    The choice does not look at it: the tagger flagged many of these places, and a judge should not judge its own case.
    """
    bad = _bad_probabilities(article, proposals, engines)
    scored = []
    for proposal in proposals:
        analysis = article[proposal.finding.seg_id]
        texts = [rewritten(article, proposal, alternative.replacement) for alternative in proposal.alternatives]
        near = _near_source(texts, analysis.segment.source, engines)
        alternatives = []
        for alternative, text, cosine in zip(proposal.alternatives, texts, near, strict=True):
            scores = list(alternative.scores)
            if engines.tagger and text in bad and text != analysis.text:
                scores.append(scoring.bad_drop(bad[analysis.text], bad[text], engines.tagger.signature))
            if engines.encoder and cosine is not None:
                scores.append(scoring.source_similarity(cosine, engines.encoder.signature))
            alternatives.append(replace(alternative, scores=tuple(scores)))
        scored.append(replace(proposal, alternatives=tuple(alternatives)))
    return scored


def _bad_probabilities(
    article: Sequence[Analysis], proposals: Sequence[Proposal], engines: Engines
) -> dict[str, list[float]]:
    if not engines.tagger:
        return {}
    texts = sorted(
        {
            rewritten(article, proposal, alternative.replacement)
            for proposal in proposals
            for alternative in proposal.alternatives
            if not alternative.broken_guards
        }
    )
    found = engines.tagger.bad_probabilities(texts)
    return {text: [probability for _, probability in words] for text, words in zip(texts, found, strict=True)}


def _near_source(texts: Sequence[str], source: str | None, engines: Engines) -> Sequence[float | None]:
    if not engines.encoder or not source:
        return [None] * len(texts)
    return engines.encoder.similarity(texts, [source] * len(texts))
