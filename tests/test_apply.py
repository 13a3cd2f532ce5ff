"""``mtcheck apply``: what people decided is made, once, wherever its words stand, and lapses when they change."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given
from hypothesis import strategies as st

from mtcheck import documents, pipeline
from mtcheck.applying import apply_to, lapsed, merged, named_articles
from mtcheck.cli import main
from mtcheck.decisions import Ledger, Ruling, ledger_text, placed, read_ledger, write_ledger
from mtcheck.engines import Engines
from mtcheck.schema import Alternative, Applicability, Decision, Finding, Proposal, Review, Severity, Span
from mtcheck.settings import load
from mtcheck.settling import honour, rulings_on

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "lavrov-aleppo.en.txt"
SAID = "Lavrov said about the absence of plans.\n"
NAME = "mtcheck-decisions.json"


def ruling(text: str, words: str, replacement: str | None, rule: str = "said-about-noun", **rest: str) -> Ruling:
    start = text.index(words)
    return Ruling.of(rule, words, text[:start], text[start + len(words) :], replacement=replacement, **rest)


def applied(text: str, *rulings: Ruling) -> str:
    document = documents.parse(text, "a.txt")
    return document.apply(edit for edit, _ in placed(document, Ledger().adding(rulings)).edits)


# ---- what an application makes


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    """An article with proposals anywhere in it, words and white space alike, some of them accepted."""
    words = draw(
        st.lists(st.sampled_from("plans said about the Aleppo city , of which in – “he” 3,000".split()), min_size=9)
    )
    text = "He " + " ".join(words) + draw(st.sampled_from([".", " .", ".\n\nIt was  not so, they said.\n"]))
    document = documents.parse(text, "a.txt")
    proposals, decisions = [], []
    for segment in document.segments:
        edges = [match.start() for match in re.finditer(r"\b|\B(?=\S)|\s+", segment.hypothesis)]
        inside_runs = {m.start() + 1 for m in re.finditer(r"\s\s", segment.hypothesis)}
        cuts = sorted(draw(st.sets(st.sampled_from(edges), max_size=8)) - inside_runs)
        for start, end in list(itertools.pairwise(cuts))[::2]:
            quote = segment.hypothesis[start:end]
            if not quote.strip():
                continue
            wording = draw(
                st.sampled_from(["", "denied", "said that", quote.strip() + ",", "the " + quote, "x" + quote])
            )
            finding = Finding("made-up", "style", Severity.MINOR, segment.seg_id, Span(start, end), "m", 0.9)
            keep = Alternative(quote, ("original",), Applicability.SAFE)
            other = Alternative(wording, ("rule:x",), Applicability.SAFE)
            proposals.append(Proposal(finding, Span(start, end), (keep, other)))
            decisions.append(Decision(draw(st.integers(0, 1)), "translator", ""))
    return Review(document, tuple(proposals), tuple(decisions), "s")


def exported(review: Review) -> Ledger:
    pairs = zip(review.proposals, review.decisions, strict=True)
    return Ledger().adding(
        one
        for proposal, decision in pairs
        for one in rulings_on(
            review.document, proposal, proposal.alternatives[decision.chosen].replacement if decision.chosen else None
        )
    )


@given(reviews())
def test_what_a_review_accepted_is_what_apply_makes(review: Review) -> None:
    ledger = exported(review)
    twins = [one.key for p in review.proposals for one in rulings_on(review.document, p, None)]
    assume(len(twins) == len(set(twins)))  # two places of one key are decided together
    made = placed(review.document, ledger)
    assume(len(made.edits) == len(review.edits))  # words that stand twice in one context
    assert review.document.apply(edit for edit, _ in made.edits) == review.cleaned


@given(reviews())
def test_a_second_application_changes_nothing(review: Review) -> None:
    ledger = exported(review)
    once = review.document.apply(edit for edit, _ in placed(review.document, ledger).edits)
    assert applied(once, *ledger.decisions) == once


@given(reviews(), reviews())
def test_no_decisions_change_no_byte(review: Review, other: Review) -> None:
    kept = [one for r in (review, other) for p in r.proposals for one in rulings_on(r.document, p, None)]
    assert applied(review.document.text, *kept) == review.document.text


@pytest.mark.parametrize(
    ("text", "words", "replacement", "wanted"),
    [
        (SAID, "said about the absence of", "said there were no", "Lavrov said there were no plans.\n"),
        ("The plan , he said.\n", " ", "", None),
        ("He lived in the the city.\n", " the", "", "He lived in the city.\n"),
        ("He said,and left.\n", "", " ", None),
        ("He said that it was so.\n", "said", "said,", "He said, that it was so.\n"),
    ],
)
def test_marks_spaces_and_words(text: str, words: str, replacement: str, wanted: str | None) -> None:
    if wanted is None:
        at = text.index(" ,") if words else text.index(",and") + 1
        wanted = text[:at] + replacement + text[at + len(words) :]
        decided = Ruling.of("stray-space", words, text[:at], text[at + len(words) :], replacement=replacement)
    elif words == " the":
        decided = Ruling.of("doubled-word", words, "He lived in the", " city.", replacement="")
    else:
        decided = ruling(text, words, replacement)
    assert applied(text, decided) == wanted
    assert applied(wanted, decided) == wanted
    assert decided.made(wanted)


@pytest.mark.parametrize(
    "changed",
    [
        "Lavrov said about the lack of plans.\n",
        "Lavrov Said about the absence of plans.\n",
        "Putin said about the absence of plans.\n",
        "Lavrov said about the absence of any plans.\n",
    ],
)
def test_a_decision_lapses_with_its_words(changed: str) -> None:
    assert applied(changed, ruling(SAID, "said about the absence of", "said there were no")) == changed


def test_a_decision_goes_where_its_sentence_goes() -> None:
    decided = ruling(SAID, "said about the absence of", "said there were no")
    moved = "Something came first.\n\n“Lavrov said  about the absence of plans.”\n"
    assert "Lavrov said there were no plans" in applied(moved, decided)


def test_of_two_that_overlap_the_first_is_made_and_the_other_told() -> None:
    document = documents.parse(SAID, "a.txt")
    made = placed(
        document, Ledger().adding([ruling(SAID, "said about", "told of"), ruling(SAID, "about the absence", "nothing")])
    )
    assert [edit.replacement for edit, _ in made.edits] == ["told of"]
    ((_, barred, reason),) = made.barred
    assert (barred.replacement, reason) == ("nothing", "overlaps “said about”, which comes first")


def test_markup_is_not_swallowed() -> None:
    document = documents.parse("Lavrov said **about** plans.\n", "a.md", "markdown")
    made = placed(document, Ledger().adding([ruling("Lavrov said about plans.", "said about", "spoke of")]))
    assert made.edits == ()
    assert made.barred[0][2] == "would swallow markup"


# ---- what a review makes of it


def test_a_review_makes_what_was_decided(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text(f'decisions = "{NAME}"\n')
    document = documents.parse(SAID + "\nHe lived in the old city.\n", str(tmp_path / "a.txt"))
    by_hand = ruling(SAID, "said about the absence of", "spoke of a lack of")
    unflagged = ruling("He lived in the old city.", "old city", "old town", "no-such-rule")
    write_ledger(tmp_path / NAME, Ledger().adding([by_hand, unflagged]))
    review = pipeline.review(document, Engines(), load(str(tmp_path / "a.txt")))
    assert review.cleaned == "Lavrov spoke of a lack of plans.\n\nHe lived in the old town.\n"
    assert {decision.decided_by for decision in review.decisions if decision.chosen} == {"ledger"}
    chosen = review.proposals[0].alternatives[review.decisions[0].chosen]
    assert chosen.generators == ("translator",)


def test_a_wording_that_the_review_came_to_is_not_doubled() -> None:
    review = pipeline.review(documents.parse(SAID, "a.txt"), Engines(), load("a.txt"))
    (proposal,) = review.proposals
    words = rulings_on(review.document, proposal, proposal.alternatives[1].replacement)
    (settled,), (decision,) = honour(review.document, [proposal], [Decision(0, "auto", "")], Ledger().adding(words))
    assert settled == proposal
    assert (decision.chosen, decision.decided_by) == (1, "ledger")


def test_the_seed_applied_is_the_seed_reviewed(tmp_path: Path) -> None:
    document = documents.read(str(SEED))
    review = pipeline.review(document, Engines(), load(str(SEED)))
    ledger = exported(review)
    write_ledger(tmp_path / NAME, ledger)
    article = tmp_path / "a.txt"
    article.write_bytes(SEED.read_bytes())
    made = apply_to(str(article), read_ledger(tmp_path / NAME))
    assert made.new == documents.write(document, review.edits)
    assert made.new != made.old


# ---- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(SAID, encoding="utf-8")
    decided = ruling(SAID, "said about the absence of", "said there were no", article="news/a.txt")
    write_ledger(tmp_path / NAME, Ledger().adding([decided]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["apply", *arguments])


def test_in_place_and_again(folder: Path) -> None:
    first = run(NAME)
    assert (first.exit_code, first.stderr) == (0, "made 1 replacement in 1 article\n")
    assert (folder / "news" / "a.txt").read_text() == "Lavrov said there were no plans.\n"
    second = run(NAME)
    assert (second.exit_code, second.stderr) == (0, "nothing to replace; 1 made before\n")


def test_articles_are_found_beside_the_file_of_decisions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert run(f"../{NAME}").exit_code == 0
    assert "there were no" in (folder / "news" / "a.txt").read_text()


@pytest.mark.parametrize("option", ["--diff", "--check"])
def test_looking_changes_nothing(folder: Path, option: str) -> None:
    result = run(NAME, option)
    assert result.exit_code == 1
    assert (folder / "news" / "a.txt").read_text() == SAID
    assert ("+Lavrov said there were no plans." in result.stdout) is (option == "--diff")
    assert "would make 1 replacement" in result.stderr


def test_out_leaves_the_original(folder: Path) -> None:
    assert run(NAME, "--out", "out").exit_code == 0
    assert (folder / "out" / "news" / "a.txt").read_text() == "Lavrov said there were no plans.\n"
    assert (folder / "news" / "a.txt").read_text() == SAID


def test_what_lapsed_is_told(folder: Path) -> None:
    (folder / "news" / "a.txt").write_text("Lavrov denied it.\n")
    result = run(NAME)
    assert result.exit_code == 1
    assert "news/a.txt: “said about the absence of” (said-about-noun) no longer stands there" in result.stderr
    assert (folder / "news" / "a.txt").read_text() == "Lavrov denied it.\n"


def test_the_later_file_decides(folder: Path) -> None:
    other = ruling(SAID, "said about the absence of", "denied any", article="news/a.txt")
    write_ledger(folder / "ben.json", Ledger().adding([other]))
    assert run(NAME, "ben.json").exit_code == 0
    assert (folder / "news" / "a.txt").read_text() == "Lavrov denied any plans.\n"
    assert len(merged([folder / NAME, folder / "ben.json"]).decisions) == 1


def test_a_decision_about_another_article_has_not_lapsed(folder: Path) -> None:
    (folder / "b.txt").write_text("The talks ended on Monday.\n")
    ledger = merged([folder / NAME])
    assert lapsed(ledger, [apply_to("b.txt", ledger)], folder) == ()
    assert named_articles(ledger, folder) == ("news/a.txt",)


@pytest.mark.parametrize(
    ("arguments", "clue"),
    [
        (["news/a.txt"], "no file of decisions is given"),
        (["none.json"], "none.json: no such file of decisions"),
        ([NAME, "none.txt"], "none.txt: no such file"),
        (["broken.json"], "not a file of decisions"),
        (["newer.json"], "version 2.0 of the file; use a newer mtcheck"),
    ],
)
def test_trouble_is_one_line(folder: Path, arguments: list[str], clue: str) -> None:
    (folder / "broken.json").write_text("{")
    (folder / "newer.json").write_text('{"schema_version": "2.0", "decisions": []}')
    result = run(*arguments)
    assert result.exit_code == 2
    assert clue in result.stderr
    assert "Traceback" not in result.stderr


def test_files_of_the_first_version_are_read(folder: Path) -> None:
    old = ledger_text(Ledger().adding([ruling(SAID, "said about", None)])).replace('"1.1"', '"1.0"')
    (folder / "old.json").write_text(old)
    assert len(read_ledger(folder / "old.json").decisions) == 1
