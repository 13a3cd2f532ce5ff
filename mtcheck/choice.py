"""Which alternative is taken: a small model over edit features and scores; doubt keeps the original.

The model is logistic: a weighted sum of features, read as the probability that an edit brings the segment
nearer to what an editor would print. Weights and threshold are data (``choice.json``), written by
``models/recipes/chooser.py``: it holds a prior, set from what each kind of edit was measured to get right,
against fits drawn towards people's versions, and takes what does best on the development articles.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from mtcheck import scoring
from mtcheck.alternatives import made_by_rules
from mtcheck.detectors import rules
from mtcheck.detectors.rule import DocumentRule
from mtcheck.guards import content_change, words_of
from mtcheck.schema import Alternative, Applicability, Decision, Proposal, Score, Severity

_KEPT = "meaning kept"
HOPELESS = 0.1  # estimated before meaning is known, which can only lower it


def features(proposal: Proposal, alternative: Alternative) -> dict[str, float]:
    """What the model looks at, by name; scores that were not computed are left out as 0 with a flag of their own.

    Fluency in nats, clipped to [-10, 10]; similarities as distance from 100 in hundreds; counts in words.
    """
    original = proposal.alternatives[0].replacement
    ruled = made_by_rules(alternative.generators)
    mendable = {finding.rule for finding in (proposal.finding, *proposal.also) if finding.fixes}
    gain = alternative.score(scoring.FLUENCY)
    pivot = alternative.score(scoring.PIVOT)
    meaning = alternative.score(scoring.MEANING_CHRF)
    ter = alternative.score(scoring.MEANING_TER)
    rescored = alternative.score(scoring.RESCORED)
    size = alternative.score(scoring.EDIT_SIZE) or 0.0
    before, after = words_of(original), words_of(alternative.replacement)
    lost, new = map(len, content_change(before, after))
    # back-translations differ by chance: what changes no word changes no meaning
    apart = 0.0 if meaning is None or before == after else (100.0 - meaning) / 100.0
    return {
        "bias": 1.0,
        "rule": float(ruled),
        "rule_confidence": max(f.confidence for f in (proposal.finding, *proposal.also)) if ruled else 0.0,
        "rule_safe": float(ruled and alternative.applicability is Applicability.SAFE),
        "round_trip": float(any("round-trip:" in way for way in alternative.generators)),
        "rewrite": float(any("rewrite" in way for way in alternative.generators)),
        "from_source": float(any("from-source" in way for way in alternative.generators)),
        "suspicion": float(is_suspicion(proposal)),
        "language_model": float(any("language-model" in way for way in alternative.generators)),
        "post_editor": alternative.score(scoring.POST_EDITOR) or 0.0,
        "agreement": float(len(alternative.generators) - 1),
        "gain": 0.0 if gain is None else max(-10.0, min(10.0, gain)),
        "gain_positive": float(gain is not None and gain > 0),
        "rescored": float(rescored is not None),
        "rescorer_gain": 0.0 if rescored is None else max(-10.0, min(10.0, rescored)),
        "gain_when_rescored": 0.0 if gain is None or rescored is None else max(-10.0, min(10.0, gain)),
        "pivot_distance": 0.0 if pivot is None else (100.0 - pivot) / 100.0,
        "meaning_known": float(meaning is not None),
        "meaning_distance": apart,
        "meaning_ter": 0.0 if ter is None or before == after else min(ter, 100.0) / 100.0,
        "rule_loss": float(ruled) * max(-10.0, min(0.0, gain or 0.0)),
        "rule_rescorer_loss": float(ruled) * max(-10.0, min(0.0, rescored or 0.0)),
        "rule_meaning": float(ruled) * apart,
        "edit_size": min(size, 100.0) / 100.0,
        "content_lost": 0.0 if ruled else float(min(lost, 4)),
        "content_new": 0.0 if ruled else float(min(new, 4)),
        "length_change": float(len(alternative.replacement.split()) - len(original.split())),
        "has_fix": float(bool(proposal.finding.fixes)),
        "unmended": float(min(len(mendable - _rules_used(alternative)), 3)),
    }


def probability(proposal: Proposal, alternative: Alternative) -> float:
    """Estimated probability, in [0, 1], that the alternative reads better and means the same."""
    return 1.0 / (1.0 + math.exp(-_log_odds(proposal, alternative)))


def _log_odds(proposal: Proposal, alternative: Alternative) -> float:
    weights = _model()["weights"]
    total = sum(weights.get(name, 0.0) * value for name, value in features(proposal, alternative).items())
    return float(max(-30.0, min(30.0, total)))


def rank(proposal: Proposal, limit: int) -> Proposal:
    """The original and the ``limit`` most promising alternatives; those that break a guard come last.

    What only a model proposes, and a language model does not find more fluent, is not worth a person's time.
    """
    ranked = sorted(
        (
            a
            for a in proposal.alternatives[1:]
            if made_by_rules(a.generators) or (a.score(scoring.FLUENCY) or 0.0) > 0.0 or a.broken_guards
        ),
        key=lambda a: (bool(a.broken_guards), -round(probability(proposal, a), 6), len(a.replacement), a.replacement),
    )
    return replace(proposal, alternatives=(proposal.alternatives[0], *ranked[:limit]))


def is_suspicion(proposal: Proposal) -> bool:
    """True when every finding is of neutral severity: nothing to report unless a better wording turns up."""
    return all(finding.severity is Severity.NEUTRAL for finding in (proposal.finding, *proposal.also))


def promising(proposal: Proposal) -> bool:
    """Whether some alternative passes the threshold of the choice."""
    return any(
        not alternative.broken_guards and probability(proposal, alternative) >= _model()["threshold"]
        for alternative in proposal.alternatives[1:]
    )


def could_pass(proposal: Proposal, alternative: Alternative, best: Sequence[Score]) -> bool:
    """Whether the alternative would pass the choice with these scores, the best there could be, besides its own."""
    hoped = replace(alternative, scores=(*alternative.scores, *best))
    return probability(proposal, hoped) >= float(_model()["threshold"])


def log_odds(proposal: Proposal) -> dict[str, float]:
    """What each wording of a proposal that breaks no guard is worth, by the same estimate."""
    return {
        alternative.replacement: _log_odds(proposal, alternative)
        for alternative in proposal.alternatives[1:]
        if not alternative.broken_guards
    }


def weighed(proposal: Proposal) -> Proposal:
    """The proposal with the consensus of those alternatives that pass the threshold, where there are several."""
    passing = [(i, probability(proposal, proposal.alternatives[i])) for i in _passing(proposal)]
    if len(passing) < 2:
        return proposal
    alternatives = list(proposal.alternatives)
    scores = scoring.consensus([(alternatives[i].replacement, p) for i, p in passing])
    for (i, _), score in zip(passing, scores, strict=True):
        alternatives[i] = replace(alternatives[i], scores=(*alternatives[i].scores, score))
    return replace(proposal, alternatives=tuple(alternatives))


def worth_back_translating(proposal: Proposal, alternative: Alternative) -> bool:
    """Back-translation is slow: it is spared where no meaning could make the alternative win."""
    if alternative.broken_guards:
        return False
    return alternative is proposal.alternatives[1] or probability(proposal, alternative) >= HOPELESS


def choose(proposals: Sequence[Proposal]) -> tuple[Decision, ...]:
    """One automatic decision for each proposal, with its reason in one sentence.

    What a rule that compares segments proposes is a matter of the whole article: made once, it is made everywhere.
    """
    decisions = [_decide(proposal) for proposal in proposals]
    made = {
        fix
        for proposal, decision in zip(proposals, decisions, strict=True)
        for fix in _article_fixes(proposal, proposal.alternatives[decision.chosen])
    }
    for i, proposal in enumerate(proposals):
        if not decisions[i].chosen and (index := _consistent(proposal, made)):
            reason = reasons(proposal.alternatives[index])
            decisions[i] = Decision(index, "auto", f"changed: as elsewhere in the article ({reason})")
    return tuple(decisions)


def _article_fixes(proposal: Proposal, alternative: Alternative) -> set[tuple[str, str]]:
    """(rule, wording) of the article-wide fixes that an alternative makes."""
    wide = {rule.name for rule in rules() if isinstance(rule, DocumentRule)}
    return {
        (finding.rule, fix.replacement)
        for finding in (proposal.finding, *proposal.also)
        for fix in finding.fixes
        if finding.rule in wide & _rules_used(alternative)
    }


def _consistent(proposal: Proposal, made: set[tuple[str, str]]) -> int:
    """Index of the surest alternative that makes a fix already made elsewhere; 0 when there is none."""
    fitting = [
        (probability(proposal, alternative), -index)
        for index, alternative in enumerate(proposal.alternatives)
        if index and not alternative.broken_guards and _article_fixes(proposal, alternative) & made
    ]
    return -max(fitting)[1] if fitting else 0


def _decide(proposal: Proposal) -> Decision:
    allowed = _allowed(proposal)
    if not allowed:
        reason = "every alternative breaks a guard" if len(proposal.alternatives) > 1 else "no alternative was found"
        return Decision(0, "auto", f"kept: {reason}")
    alternatives = proposal.alternatives
    passing = _passing(proposal) or [max(allowed, key=lambda i: (_sure(proposal, i), -i))]
    # the consensus settles only what the estimate cannot tell apart: put first, it chose worse on the dev articles
    index = max(
        passing, key=lambda i: (round(_sure(proposal, i), 6), alternatives[i].score(scoring.CONSENSUS) or 0.0, -i)
    )
    chosen, sure = alternatives[index], _sure(proposal, index)
    if sure < _model()["threshold"]:
        return Decision(0, "auto", f"kept: best alternative only {sure:.0%} sure ({reasons(chosen)})")
    return Decision(index, "auto", f"changed: {sure:.0%} sure ({reasons(chosen)})")


def _allowed(proposal: Proposal) -> list[int]:
    return [
        index
        for index, alternative in enumerate(proposal.alternatives)
        if index and not alternative.broken_guards and alternative.applicability is not Applicability.DISPLAY
    ]


def _passing(proposal: Proposal) -> list[int]:
    return [index for index in _allowed(proposal) if _sure(proposal, index) >= _model()["threshold"]]


def _sure(proposal: Proposal, index: int) -> float:
    return probability(proposal, proposal.alternatives[index])


def _rules_used(alternative: Alternative) -> set[str]:
    parts = (part for way in alternative.generators for part in way.split("+"))
    return {part.removeprefix("rule:") for part in parts if part.startswith("rule:")}


def reasons(alternative: Alternative) -> str:
    """The evidence for an alternative in a few words."""
    parts = [" and ".join(alternative.generators)]
    if (gain := alternative.score(scoring.FLUENCY)) is not None:
        parts.append(f"fluency {gain:+.1f} nats")
    if (rescored := alternative.score(scoring.RESCORED)) is not None:
        parts.append(f"second opinion {rescored:+.1f} nats")
    if (meaning := alternative.score(scoring.MEANING_CHRF)) is not None:
        parts.append(f"{_KEPT} {meaning:.0f} chrF2++")
    return ", ".join(parts)


@cache
def _model() -> dict[str, Any]:
    return dict(json.loads(files("mtcheck").joinpath("choice.json").read_text(encoding="utf-8")))
