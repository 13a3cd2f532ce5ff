"""Scores and choices in words that a translator uses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcheck import scoring
from mtcheck.alternatives import BY_HAND, KEEP
from mtcheck.reports._entries import Entry
from mtcheck.schema import Alternative
from mtcheck.second_look import SECOND_LOOK

_SURE = re.compile(r"(\d+% sure)")
_NOTE = re.compile(r"^(?:changed|kept): ")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a metric measures, in two or three words, and its unit."""

    name: str
    unit: str


_MEASURES = {
    scoring.MEANING_CHRF: Measure("Meaning kept", "chrF2++, of 100"),
    scoring.MEANING_TER: Measure("Meaning moved", "TER, % of words"),
    scoring.SOURCE: Measure("Near the source", "cosine"),
    scoring.PIVOT: Measure("Kept through a pivot", "chrF2++, of 100"),
    scoring.CONSENSUS: Measure("Like the others", "chrF2++, of 100"),
    scoring.FLUENCY: Measure("Fluency gained", "nats"),
    scoring.FLUENCY_PER_WORD: Measure("Fluency gained", "nats a word"),
    scoring.RESCORED: Measure("Fluency gained, larger model", "nats"),
    scoring.BAD_DROP: Measure("Fewer bad words", "mean probability"),
    scoring.POST_EDITOR: Measure("Post-editor", "probability"),
    scoring.EDIT_SIZE: Measure("Size of edit", "TER, % of words"),
}


def measure(metric: str) -> Measure:
    """What a metric measures; one that is not known is called what it is called."""
    return _MEASURES.get(metric, Measure(metric, ""))


def ways(alternative: Alternative) -> str:
    """Who proposed it: ``the rule said-about-noun and a round trip through Portuguese``."""
    return " and ".join(" with ".join(_way(part) for part in way.split("+")) for way in alternative.generators)


def why(entry: Entry) -> str:
    """One sentence: why the wording that the review took won, with the numbers that spoke for and against it."""
    note = entry.decision.note
    if entry.decision.decided_by != "auto":
        return f"A person decided this: {note}."
    if entry.chosen is None:
        return f"The original wording was kept: {_NOTE.sub('', note)}."
    sure = _SURE.search(note)
    clauses = [f"Proposed by {ways(entry.chosen)}", *_evidence(entry.chosen), sure[0] if sure else _NOTE.sub("", note)]
    if SECOND_LOOK in note:
        clauses.append("seen once the other edits were made")
    return f"{', '.join(clauses)}."


def _evidence(alternative: Alternative) -> list[str]:
    clauses = []
    for score in alternative.scores:
        if score.metric == scoring.FLUENCY:
            word = "more" if score.value > 0 else "less"
            clauses.append(f"reads {word} fluently ({score.value:+.1f} nats)".replace("-", "−"))
        elif score.metric == scoring.RESCORED:
            word = "agrees" if score.value > 0 else "does not"
            clauses.append(f"a larger model {word} ({score.value:+.1f} nats)".replace("-", "−"))
        elif score.metric == scoring.MEANING_CHRF:
            rival = "the source" if "against:source" in score.signature else "the original’s"
            clauses.append(f"its back-translation is {score.value:.0f}/100 like {rival} (chrF2++)")
    return clauses


def _way(generator: str) -> str:
    kind, _, detail = generator.partition(":")
    if kind == "rule":
        return f"the rule {detail}"
    if kind == "round-trip":
        return f"a round trip through {_language(detail)}" if detail else "a round trip"
    return {KEEP: "nobody", BY_HAND: "a person"}.get(kind, f"the {generator}")


def _language(code: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(code, code))
