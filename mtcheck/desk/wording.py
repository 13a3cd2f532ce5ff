"""What a desk says, in plain words: where one stands, what is found, what an alternative is worth."""

from __future__ import annotations

from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports import one_line
from mtcheck.reports._entries import Entry, plural, score_text
from mtcheck.schema import Alternative, Review
from mtcheck.scoring import EDIT_SIZE, FLUENCY, MEANING_CHRF, POST_EDITOR, RESCORED
from mtcheck.session import Session, is_offered

_SCORES = {
    MEANING_CHRF: "meaning {}",
    FLUENCY: "fluency {}",
    RESCORED: "second opinion {}",
    EDIT_SIZE: "edit {}",
    POST_EDITOR: "post-editor {}",
}
SCORES_EXPLAINED = (
    "meaning: how alike the back-translations are (chrF2++, 100 is the same)",
    "fluency: what English gains (nats of log-probability, more is better)",
    "second opinion: the same by a model ten times as large",
    "edit: how much of the sentence changes (TER, less is better)",
)


def quoted(text: str) -> str:
    """The words in quotes on one line; what cannot be seen is named."""
    return f"“{one_line(text)}”" if text.strip() else "(white space)" if text else "(nothing)"


def progress(session: Session) -> str:
    """How far one is."""
    done = session.progress
    return f"{done.changed} changed, {done.kept} kept, {done.left} to decide"


def standing(session: Session, index: int) -> str:
    """What was decided about an entry."""
    answer = session.answers[index]
    if answer is None:
        return "not decided"
    reason = f" ({one_line(answer.reason)})" if answer.reason else ""
    return ("kept" if answer.wording is None else f"becomes {quoted(answer.wording)}") + reason


def found(entry: Entry) -> list[str]:
    """One line a finding of the entry."""
    return [f"{one.severity} {one.rule}: {one_line(one.message)}" for one in entry.findings]


def worth(alternative: Alternative) -> str:
    """The scores of an alternative, and who proposes it."""
    values = {score.metric: score for score in alternative.scores}
    parts = []
    for metric, form in _SCORES.items():
        if score := values.get(metric):
            sign = "+" if metric == FLUENCY and score.value > 0 else ""
            parts.append(form.format(sign + score_text(score)))
    return " · ".join([*parts, "by " + ", ".join(alternative.generators)])


def verdict(alternative: Alternative) -> str:
    """What the guards say of an alternative."""
    if alternative.broken_guards:
        return "breaks a guard: " + "; ".join(map(one_line, alternative.broken_guards))
    return "guards kept" if is_offered(alternative) else "for show only"


def reads_back(review: Review, entry: Entry, alternative: Alternative) -> str:
    """The back-translation of the sentence with an alternative; of what changes in it, the new words are marked."""
    back = alternative.back_translation
    before = review.back_translations.get(entry.segment.seg_id) or entry.proposal.alternatives[0].back_translation
    if back is None:
        return ""
    if before == back:
        return one_line(back) if alternative is entry.proposal.alternatives[0] else "the same"
    if before is None:
        return one_line(back)
    changed = pieces(before, readable_edits(before, back))
    return one_line("".join(f"[{p.text}]" if p.kind == "inserted" else p.text for p in changed if p.kind != "deleted"))


def ended(session: Session) -> str:
    """One line for the end: what was decided and where it is kept."""
    done = session.progress
    if not done.total:
        return "nothing found: nothing to decide"
    kept = f"; the decisions are in {session.path}" if session.path.exists() else ""
    return f"{plural(done.total, 'place')}: {progress(session)}{kept}"


def best(session: Session) -> int:
    """The alternative to mark at first: the one decided on, else mtcheck's choice, else the first that may be taken."""
    if session.chosen is not None:
        return session.chosen
    offered = (index for index in range(1, len(session.alternatives)) if session.may_take(index))
    mine = session.entry.decision.chosen
    return mine if session.may_take(mine) else next(offered, 0)
