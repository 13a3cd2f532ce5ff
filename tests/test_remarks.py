"""What a comment beside a change says, in whatever document shows it."""

from __future__ import annotations

import dataclasses

from review_sample import EMPTY, REVIEW

from mtcheck.reports import revisions
from mtcheck.schema import Decision


def test_one_revision_for_each_accepted_edit_in_document_order() -> None:
    made = revisions(REVIEW)
    assert {revision.edit for revision in made} == set(REVIEW.edits)
    assert [revision.edit.seg_id for revision in made] == sorted(edit.seg_id for edit in REVIEW.edits)
    assert revisions(EMPTY) == ()


def test_a_comment_says_rule_reason_back_translations_and_scores() -> None:
    assert revisions(REVIEW)[0].comment.split("\n") == [
        "“said about” + noun is a calque [said-about-noun, major]",
        "Proposed by the rule-fix, reads more fluently (+2.2 nats), its back-translation is 88/100 like the original’s "
        "(chrF2++), safe rule fix; meaning kept (chrF2++ 88.3), fluency +2.21.",
        "Source: Лавров сказал об отсутствии планов захвата Алеппо",
        "Back-translation before: Лавров заявил об отсутствии планов захвата Алеппо",
        "Back-translation after: Лавров говорил об отсутствии планов захвата Алеппо",
        "Scores (signed in the review's report): "
        "edit.TER 11.1, fluency.gain 2.21, meaning.chrF2++ 88.3, meaning.TER 12.5",
    ]


def test_what_is_not_known_is_not_said() -> None:
    by_hand = next(revision.comment for revision in revisions(REVIEW) if "missing-copula" in revision.comment)
    assert by_hand.split("\n") == [
        "A finite verb is missing [missing-copula, major]",
        "Decided by an earlier decision: accepted by a translator before",
    ]
    same = next(revision.comment for revision in revisions(REVIEW) if "lower-case-title" in revision.comment)
    assert "[genitive-chain, minor]" in same
    assert "Back-translation after: the same" in same


def test_control_characters_are_made_visible() -> None:
    odd = Decision(1, "translator", "odd \x1b[31m\nnote\x00")
    comment = revisions(dataclasses.replace(REVIEW, decisions=(odd, *REVIEW.decisions[1:])))[0].comment
    assert "Decided by the translator: odd ⟨U+001B⟩[31m note⟨U+0000⟩" in comment
