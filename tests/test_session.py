"""A review answered one proposal at a time: every answer kept at once, any taken back, taken up again later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_sample import DOCUMENT, EMPTY, REVIEW

from mtcheck import documents, pipeline
from mtcheck.decisions import Ledger, Ruling, placed, read_ledger, write_ledger
from mtcheck.engines import Engines
from mtcheck.errors import OutputError
from mtcheck.schema import Alternative, Applicability, Proposal, Review, Severity
from mtcheck.session import Answer, Session
from mtcheck.settings import load

SEED = Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt"
TWICE = "Lavrov said about the absence of plans.\n\nThe plan was good.\n\nLavrov said about the absence of plans.\n"


def judged(proposal: Proposal, wording: str) -> Alternative:
    broken = ("number: lost 3,000",) if "broken" in wording else ()
    return Alternative(wording, ("translator",), Applicability.REVIEW, broken_guards=broken)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mtcheck-decisions.json"


@pytest.fixture
def session(path: Path) -> Session:
    return Session(REVIEW, path, judged)


def applied(review: Review, path: Path) -> bytes:
    edits = [edit for edit, _ in placed(review.document, read_ledger(path)).edits]
    return documents.write(review.document, edits)


def reviewed(text: str) -> Review:
    return pipeline.review(documents.parse(text, "a.txt"), Engines(), load("a.txt"))


# ---- answers


def test_every_answer_is_kept_at_once(session: Session, path: Path) -> None:
    session.accept(1)
    (kept,) = read_ledger(path).decisions
    assert (kept.quote, kept.replacement, kept.rule) == ("said about", "spoke of", "said-about-noun")
    assert session.answer == Answer("spoke of")
    assert session.chosen == 1
    session.next_open()
    session.keep("a quotation")
    assert {(one.rule, one.reason) for one in read_ledger(path).decisions if one.replacement is None} == {
        ("lower-case-title", "a quotation"),
        ("genitive-chain", "a quotation"),
    }
    assert (session.progress.changed, session.progress.kept, session.progress.left) == (1, 1, 4)


def test_what_is_not_decided_stays_as_it_was(session: Session) -> None:
    assert session.review.cleaned == DOCUMENT.text
    session.accept(1)
    assert session.review.cleaned == DOCUMENT.text.replace("said about", "spoke of")


def test_another_answer_takes_the_place_of_the_first(session: Session, path: Path) -> None:
    session.jump(2)
    session.keep()
    session.accept(1)
    (only,) = read_ledger(path).decisions
    assert only.replacement == "Russian Foreign Minister"
    session.accept(0)
    assert [one.replacement for one in read_ledger(path).decisions] == [None, None]


def test_what_breaks_a_guard_is_not_taken_but_may_be_written(session: Session) -> None:
    with pytest.raises(ValueError, match="cannot be taken"):
        session.accept(2)
    by_hand = session.edit("denied")
    assert by_hand == 3
    session.accept(by_hand)
    assert session.chosen == 3
    assert "denied the absence" in session.review.cleaned


def test_a_wording_by_hand_that_is_known_is_not_added(session: Session) -> None:
    assert session.edit("spoke of") == 1
    assert session.edit("said about") == 0
    assert len(session.alternatives) == 3


def test_scores_may_come_later(session: Session) -> None:
    index = session.edit("told about")
    assert session.alternatives[index].back_translation is None
    later = Alternative("told about", ("translator",), Applicability.REVIEW, "Лавров рассказал")
    session.next_open()
    session.scored(0, later)
    session.jump(1)
    assert session.alternatives[index].back_translation == "Лавров рассказал"


def test_words_with_markup_inside_are_locked(path: Path) -> None:
    document = documents.parse("He said **about** plans.\n", "a.md", "markdown")
    span = type(REVIEW.proposals[0].span)(3, 13)
    finding = type(REVIEW.proposals[0].finding)("r", "style", Severity.MINOR, 0, span, "m", 0.9)
    alternatives = tuple(Alternative(words, ("x",), Applicability.SAFE) for words in ("said about", "told of"))
    one = Review(document, (Proposal(finding, span, alternatives),), (REVIEW.decisions[2],), "s")
    session = Session(one, path, judged)
    assert session.locked
    assert not session.may_take(1)
    with pytest.raises(ValueError, match="markup"):
        session.edit("spoke of")
    session.keep()
    assert session.progress.kept == 1


def test_all_safe_changes_at_once(session: Session) -> None:
    safe = session.safe
    assert [session.entries[i].number for i in safe] == [1, 2, 4]
    assert session.accept_safe() == 3
    assert session.accept_safe() == 0
    assert session.progress.changed == 3
    session.undo()
    assert session.progress.changed == 0


def test_the_same_words_in_the_same_context_are_decided_together(path: Path) -> None:
    session = Session(reviewed(TWICE), path, judged)
    assert len(session.entries) == 2
    session.accept(session.edit("denied any"))
    assert session.progress.left == 0
    assert session.review.cleaned == TWICE.replace("said about the absence of", "denied any")
    session.undo()
    assert session.progress.left == 2


# ---- moving about


def test_moving_stays_within_the_list(session: Session) -> None:
    assert not session.move(-1)
    assert session.move(2)
    assert session.entry.number == 3
    assert session.move(99)
    assert session.entry.number == 6
    assert not session.move(1)
    assert session.jump(2)
    assert not session.jump(7)
    assert not session.jump(0)
    assert session.entry.number == 2


def test_the_filter_passes_over_what_is_milder(session: Session) -> None:
    session.show_from(Severity.MAJOR)
    assert [session.entries[i].number for i in session.shown] == [1, 3, 4, 6]
    session.move(1)
    assert session.entry.number == 3
    session.show_from(Severity.CRITICAL)
    assert session.entry.number == 6
    session.keep()
    assert not session.next_open()
    session.show_from(Severity.NEUTRAL)
    assert session.next_open()
    assert session.entry.number == 1


def test_nothing_found_is_no_trouble(path: Path) -> None:
    session = Session(EMPTY, path, judged)
    assert session.entries == ()
    assert not session.next_open()
    assert not session.undo()
    assert session.review.cleaned == DOCUMENT.text
    assert not path.exists()


# ---- taken up again


def test_it_is_taken_up_where_it_was_left(session: Session, path: Path) -> None:
    session.accept(1)
    session.next_open()
    session.accept(session.edit("the Russian foreign minister"))
    session.next_open()
    session.keep("house style")
    again = Session(REVIEW, path, judged)
    assert again.answers == session.answers
    assert again.entry.number == 4
    assert again.review.cleaned == session.review.cleaned
    again.jump(3)
    again.accept(1)
    assert [one.rule for one in read_ledger(path).decisions].count("preposition-calque") == 1


def test_an_answer_lapses_when_the_words_change(path: Path) -> None:
    session = Session(reviewed(TWICE), path, judged)
    session.accept(session.edit("denied any"))
    changed = Session(reviewed(TWICE.replace("Lavrov said", "Putin said")), path, judged)
    assert changed.progress.left == 2


def test_what_others_decided_is_left_alone(session: Session, path: Path) -> None:
    other = Ruling.of("doubled-word", " that", "He said that", "was enough", article="b.txt")
    session.accept(1)
    write_ledger(path, read_ledger(path).adding([other]))
    session.undo()
    assert read_ledger(path).decisions == (other,)


def test_a_part_that_was_dismissed_before_comes_back_with_undo(path: Path) -> None:
    finding = REVIEW.proposals[1].also[0]
    known = Ruling.at(finding.rule, DOCUMENT.segments[1], finding.span, reason="known", article="b.md")
    write_ledger(path, Ledger().adding([known]))
    session = Session(REVIEW, path, judged)
    assert session.answers[1] is None
    session.jump(2)
    session.keep("mine")
    session.undo()
    assert read_ledger(path).decisions == (known,)


def test_what_cannot_be_written_is_not_answered(session: Session, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutputError("cannot be written (No space left on device)", where=str(path))

    session.accept(1)
    monkeypatch.setattr("mtcheck.answers.write_ledger", full)
    with pytest.raises(OutputError):
        session.keep()
    with pytest.raises(OutputError):
        session.undo()
    assert session.answer == Answer("spoke of")


# ---- any order of things


STEPS = st.one_of(
    st.tuples(st.sampled_from(["accept", "jump", "move"]), st.integers(-3, 7)),
    st.tuples(st.just("edit"), st.sampled_from(["denied", "said about", "broken", "", "“x”"])),
    st.tuples(st.just("keep"), st.sampled_from(["", "house style"])),
    st.tuples(st.just("show_from"), st.sampled_from(list(Severity))),
    st.tuples(st.sampled_from(["undo", "redo", "accept_safe", "next_open"]), st.none()),
)


def step(session: Session, name: str, value: object) -> None:
    if name == "accept" and not (value == 0 or session.may_take(value)):  # type: ignore[arg-type]
        return
    if name == "edit":
        session.accept(session.edit(value))  # type: ignore[arg-type]
    else:
        getattr(session, name)(*([] if value is None else [value]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=20))
def test_any_way_through_a_review(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, object]]) -> None:
    path = tmp_path_factory.mktemp("session") / "decisions.json"
    session = Session(REVIEW, path, judged)
    for name, value in steps:
        step(session, name, value)
    assert applied(REVIEW, path).decode() == session.review.cleaned
    again = Session(REVIEW, path, judged)
    assert again.answers == session.answers
    answers = session.answers
    undone = 0
    while session.undo():
        undone += 1
    assert session.answers == (None,) * 6
    assert applied(REVIEW, path).decode() == DOCUMENT.text
    assert not path.exists() or json.loads(path.read_bytes())["decisions"] == []
    for _ in range(undone):
        assert session.redo()
    assert session.answers == answers
    assert not session.redo() or len(steps) > undone


def test_the_seed_answered_safely_is_what_apply_makes(path: Path) -> None:
    document = documents.read(str(SEED))
    review = pipeline.review(document, Engines(), load(str(SEED)))
    session = Session(review, path, lambda proposal, words: pipeline.judge(document, Engines(), proposal, words))
    assert session.accept_safe() > 5
    assert applied(review, path) == documents.write(document, session.review.edits)
    assert session.review.cleaned != document.text


def test_a_wording_by_hand_is_judged(scripted_fluency: type, scripted_translator: type) -> None:
    document = documents.parse("About 3,000 people said about the absence of plans.\n", "a.txt")
    engines = Engines(fluency=scripted_fluency(smooth="spoke"), back_translator=scripted_translator())
    review = pipeline.review(document, engines, load("a.txt"))
    proposal = review.proposals[0]
    good = pipeline.judge(document, engines, proposal, "spoke of")
    assert good.back_translation == "About 3,000 people spoke of plans."
    assert {"edit.TER", "fluency.gain", "meaning.chrF2++"} <= {score.metric for score in good.scores}
    bad = pipeline.judge(document, engines, proposal, "and 50 others spoke of")
    assert bad.broken_guards[0].startswith("number: new 50")
    assert bad.score("fluency.gain") is not None
    quick = pipeline.judge(document, Engines(), proposal, "spoke of")
    assert [score.metric for score in quick.scores] == ["edit.TER"]
