"""The whole flow on one page: read -> segment -> detect -> back-translate -> propose -> score -> choose -> write.

Reading and segmentation happen in ``mtcheck.documents``, writing in the command; the rest is :func:`review`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from mtcheck import __version__, guards, scoring
from mtcheck.allowances import allow
from mtcheck.alternatives import (
    Phrase,
    ProposedEdit,
    Wording,
    from_source,
    language_model,
    made_by_rules,
    narrowed,
    phrases,
    post_editor,
    rewrite,
    round_trip,
    rule_fix,
)
from mtcheck.alternatives.composition import compose
from mtcheck.choice import (
    choose,
    is_suspicion,
    log_odds,
    probability,
    promising,
    rank,
    weighed,
    worth_back_translating,
)
from mtcheck.decisions import ledger_of
from mtcheck.detection import analyse, find
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.schema import (
    SCHEMA_VERSION,
    Alternative,
    Applicability,
    Decision,
    Document,
    Finding,
    Proposal,
    Review,
    Span,
)
from mtcheck.settings import Settings
from mtcheck.settling import honour

Progress = Callable[[str, int, int], None]  # stage, done, total
KEEP = "original"
HOPEFUL, MOST_COMPOSED = -1.0, 4
"""Log-odds that a single edit needs to be joined with others, and how many joined wordings of a phrase are scored."""
BY_HAND = "translator"


def quiet(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def review(document: Document, engines: Engines, settings: Settings, progress: Progress = quiet) -> Review:
    """Flag, back-translate, propose, score and choose; the review's ``cleaned`` is the corrected text.

    Works with whatever engines are present; ``Review.missing`` says what was done without. Raises
    SettingsError for an unknown rule and ModelError when a model fails.
    """
    article = analyse(document, engines)
    ledger = ledger_of(settings)
    allowed = allow(document, find(article, engines, settings), ())
    findings = [finding for finding in allowed.standing if not ledger.dismisses(finding, document)]
    proposals = propose(article, findings, engines, settings, progress)
    proposals = [proposal for proposal in proposals if promising(proposal) or not is_suspicion(proposal)]
    originals, proposals = score_meaning(article, proposals, engines, progress)
    proposals = [weighed(proposal) for proposal in score_further(article, proposals, engines)]
    proposals, chosen = honour(document, proposals, choose(proposals), ledger)
    decisions = verify(article, proposals, chosen)
    reported = [
        (proposal, decision)
        for proposal, decision in zip(proposals, decisions, strict=True)
        if decision.chosen or not is_suspicion(proposal)
    ]
    return Review(
        document,
        tuple(proposal for proposal, _ in reported),
        tuple(decision for _, decision in reported),
        signature(engines, settings),
        engines.missing,
        originals,
    )


def propose(
    article: Sequence[Analysis], findings: Sequence[Finding], engines: Engines, settings: Settings, progress: Progress
) -> list[Proposal]:
    """Phrases with their alternative wordings, guarded, scored for fluency and size, thinned to the best few."""
    by_segment: dict[int, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: finding.seg_id):
        by_segment.setdefault(finding.seg_id, []).append(finding)
    edits: dict[int, list[ProposedEdit]] = {seg_id: [] for seg_id in by_segment}
    for edit in generated(article, by_segment, engines, settings, progress):
        edits[edit.seg_id].append(edit)
    found = [
        narrowed(article[seg_id].segment, phrase)
        for seg_id, mine in by_segment.items()
        for phrase in phrases(article[seg_id].text, mine, edits[seg_id])
    ]
    scored = composed(article, found, score_wordings(article, found, engines, progress), engines)
    return [rank(proposal, settings.alternatives) for proposal in scored]


def composed(
    article: Sequence[Analysis], found: Sequence[Phrase], proposals: Sequence[Proposal], engines: Engines
) -> list[Proposal]:
    """The proposals with further wordings, of those single edits that looked hopeful, scored in their turn."""
    joined = [
        replace(
            phrase,
            wordings=compose(article[phrase.finding.seg_id].text, phrase, log_odds(proposal), HOPEFUL, MOST_COMPOSED),
        )
        for phrase, proposal in zip(found, proposals, strict=True)
    ]
    further = score_wordings(article, joined, engines, quiet)
    return [
        replace(proposal, alternatives=(*proposal.alternatives, *more.alternatives[1:]))
        for proposal, more in zip(proposals, further, strict=True)
    ]


def generated(
    article: Sequence[Analysis],
    by_segment: Mapping[int, Sequence[Finding]],
    engines: Engines,
    settings: Settings,
    progress: Progress,
) -> Iterator[ProposedEdit]:
    """What every way of proposing whose engine is at hand has to say about the flagged segments."""
    flagged = [article[seg_id].segment for seg_id in by_segment]
    for findings in by_segment.values():
        yield from rule_fix.edits(findings)
    for trip in engines.round_trips:
        yield from round_trip.edits(flagged, trip, settings.n_best)
    if engines.post_editor:
        yield from post_editor.edits(flagged, engines.post_editor)
    if engines.translator:
        told = partial(progress, "translate")
        yield from from_source.edits(flagged, engines.translator, settings.n_best, told)
    if engines.rewriter:
        yield from rewrite.edits(flagged, engines.rewriter, partial(progress, "rewrite"))
    if engines.fluency:
        for seg_id, findings in by_segment.items():
            yield from language_model.edits(article[seg_id], findings)


def score_wordings(
    article: Sequence[Analysis], found: Sequence[Phrase], engines: Engines, progress: Progress
) -> list[Proposal]:
    """Alternatives of each phrase with guards, fluency gained, size of edit and the pivot's hint of meaning.

    What breaks a guard is not scored by a model: it can only be shown. A person's own wording is scored all the same.
    """
    guarded = [[(w, broken_guards(article, phrase, w)) for w in phrase.wordings] for phrase in found]
    texts = [
        rewritten(article, phrase, wording.replacement)
        for phrase, wordings in zip(found, guarded, strict=True)
        for wording, broken in wordings
        if not broken or BY_HAND in wording.generators
    ]
    originals = {article[phrase.finding.seg_id].text for phrase in found}
    progress("propose", 0, 2)
    log_probs = _log_probs(sorted({*texts, *originals}), engines)
    progress("propose", 1, 2)
    pivots = _pivot_translations(sorted({*texts, *originals}), engines)
    progress("propose", 2, 2)
    proposals = []
    for phrase, wordings in zip(found, guarded, strict=True):
        original = article[phrase.finding.seg_id].text
        keep = Alternative(original[phrase.span.start : phrase.span.end], (KEEP,), Applicability.SAFE)
        alternatives = [keep]
        for wording, broken in wordings:
            text = rewritten(article, phrase, wording.replacement)
            scores = [scoring.edit_size(text, original)]
            if engines.fluency and text in log_probs:
                counts = len(original.split()), len(text.split())
                scores += scoring.fluency_gain(log_probs[original], log_probs[text], *counts, engines.fluency.signature)
            if text in pivots:
                made = engines.round_trips[0].signature
                scores.append(scoring.pivot_similarity(pivots[text], pivots[original], made))
            if engines.post_editor and wording.probability is not None:
                scores.append(scoring.suggestion(wording.probability, engines.post_editor.signature))
            applicability = Applicability.DISPLAY if broken else wording.applicability
            alternatives.append(
                Alternative(wording.replacement, wording.generators, applicability, None, tuple(scores), broken)
            )
        proposals.append(Proposal(phrase.finding, phrase.span, tuple(alternatives), phrase.also))
    return proposals


def broken_guards(article: Sequence[Analysis], phrase: Phrase, wording: Wording) -> tuple[str, ...]:
    """What forbids choosing this wording; a rule's own fix is held to facts only.

    One of two quotation marks that a rule mends together may leave the other alone for now: :func:`verify` sees to it.
    """
    machine = not made_by_rules(wording.generators)
    found = guards.broken(article[phrase.finding.seg_id].segment, phrase.span, wording.replacement, machine=machine)
    return found if machine else tuple(verdict for verdict in found if not verdict.startswith("bracket:"))


def rewritten(article: Sequence[Analysis], place: Phrase | Proposal, replacement: str) -> str:
    """The whole segment with another wording of the phrase."""
    text = article[place.finding.seg_id].text
    return text[: place.span.start] + replacement + text[place.span.end :]


def _log_probs(texts: Sequence[str], engines: Engines) -> dict[str, float]:
    if not engines.fluency:
        return {}
    return dict(zip(texts, engines.fluency.log_probs(texts), strict=True))


def _pivot_translations(texts: Sequence[str], engines: Engines) -> dict[str, str]:
    if not engines.round_trips:
        return {}
    outputs = engines.round_trips[0].forward.translate(texts)
    return {text: best[0].text for text, best in zip(texts, outputs, strict=True) if best}


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


def judge(document: Document, engines: Engines, proposal: Proposal, wording: str) -> Alternative:
    """A person's own wording of a proposal, with the guards and scores that the engines at hand give.

    Without engines only the guards and the size of the edit, which takes no time. Raises ModelError when a model fails.
    """
    article = [Analysis.of(segment) for segment in document.segments]
    phrase = Phrase(
        proposal.finding, proposal.also, proposal.span, (Wording(wording, (BY_HAND,), Applicability.REVIEW),)
    )
    scored = score_wordings(article, [phrase], engines, quiet)
    guarded = scored[0].alternatives[1].broken_guards
    free = replace(scored[0], alternatives=tuple(replace(one, broken_guards=()) for one in scored[0].alternatives))
    _, (judged,) = score_meaning(article, [free], engines, quiet)
    return replace(judged.alternatives[1], applicability=Applicability.REVIEW, broken_guards=guarded)


def verify(
    article: Sequence[Analysis], proposals: Sequence[Proposal], decisions: Sequence[Decision]
) -> tuple[Decision, ...]:
    """Hold each segment to the guards with all its edits made; the least sure edit goes until it passes.

    What a person decided stays; the other edits are held to the sentence as that leaves it.
    """
    settled = list(decisions)
    for analysis in article:
        made = [
            i for i, p in enumerate(proposals) if p.finding.seg_id == analysis.segment.seg_id and decisions[i].chosen
        ]
        decided = [i for i in made if decisions[i].decided_by != "auto"]
        mine = [i for i in made if decisions[i].decided_by == "auto"]
        before = _with_edits(analysis.text, proposals, settled, decided)
        while len(mine) + len(decided) > 1 and mine:
            broken = _broken_together(analysis, before, _with_edits(analysis.text, proposals, settled, decided + mine))
            if not broken:
                break
            weakest = min(mine, key=lambda i: probability(proposals[i], proposals[i].alternatives[settled[i].chosen]))
            settled[weakest] = replace(
                settled[weakest], chosen=0, note=f"kept: with the other edits it breaks a guard ({broken[0]})"
            )
            mine.remove(weakest)
    return tuple(settled)


def _with_edits(text: str, proposals: Sequence[Proposal], decisions: Sequence[Decision], made: Sequence[int]) -> str:
    """One segment's text with the decisions of the given numbers carried out."""
    for i in sorted(made, key=lambda i: proposals[i].span, reverse=True):
        span, chosen = proposals[i].span, proposals[i].alternatives[decisions[i].chosen]
        text = text[: span.start] + chosen.replacement + text[span.end :]
    return text


def _broken_together(analysis: Analysis, before: str, after: str) -> tuple[str, ...]:
    whole = replace(analysis.segment, hypothesis=before, gaps=(), protected=())
    return guards.broken(whole, Span(0, len(before)), after, machine=False)


def signature(engines: Engines, settings: Settings) -> str:
    """Version, settings and every model that had a say."""
    parts = [f"mtcheck:{__version__}", f"schema:{SCHEMA_VERSION}", f"settings:{settings.fingerprint()}"]
    for name in ("parser", "fluency", "tagger", "back_translator", "post_editor", "translator", "rewriter"):
        if engine := getattr(engines, name):
            parts.append(f"{name}:{engine.signature}")
    parts += [f"round-trip:{trip.signature}" for trip in engines.round_trips]
    return " ; ".join(parts)
