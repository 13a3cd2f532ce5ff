"""Decisions are remembered by words, not by place, and survive the file they are kept in."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtcheck
from mtcheck.decisions import Ledger, Ruling, read_ledger, write_ledger
from mtcheck.documents import parse
from mtcheck.errors import SettingsError
from mtcheck.schema import Finding, Severity, Span

SCHEMA = json.loads((Path(mtcheck.__file__).parent / "decisions.schema.json").read_text(encoding="utf-8"))
SENTENCE = "The plans, he said, do not include capture of the Syrian city of Aleppo."
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)


def finding(text: str, words: str, rule: str = "missing-article", seg_id: int = 0) -> Finding:
    start = text.index(words)
    return Finding(rule, "fluency/grammar", Severity.MINOR, seg_id, Span(start, start + len(words)), "m", 0.9)


def dismissal(text: str = SENTENCE, words: str = "capture of") -> Ruling:
    start = text.index(words)
    return Ruling.of("missing-article", words, text[:start], text[start + len(words) :])


@pytest.mark.parametrize(
    ("text", "dismissed"),
    [
        (SENTENCE, True),
        (f"Another sentence came first. {SENTENCE}", True),
        ("He said the plans do not include  capture of the Syrian city, and more.", True),
        ("The plans do not include capture of any Syrian city of Aleppo.", False),
        ("They do not include capture of the Syrian city.", True),
        ("They did include capture of the Syrian city.", False),
    ],
)
def test_a_decision_holds_as_long_as_its_words_stand(text: str, dismissed: bool) -> None:
    document = parse(text, "a.txt")
    segment = next(s for s in document.segments if "capture of" in s.hypothesis)
    ledger = Ledger().adding([dismissal()])
    assert ledger.dismisses(finding(segment.hypothesis, "capture of", seg_id=segment.seg_id), document) is dismissed


def test_another_rule_on_the_same_words_is_another_matter() -> None:
    document = parse(SENTENCE, "a.txt")
    other = finding(SENTENCE, "capture of", "wordy-nominalisation")
    assert not Ledger().adding([dismissal()]).dismisses(other, document)


def test_a_later_decision_replaces_an_earlier_one() -> None:
    changed = Ruling.of("missing-article", "capture of", "do not include", "the Syrian city", reason="house style")
    ledger = Ledger().adding([dismissal()]).adding([changed])
    assert ledger.decisions == (changed,)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), max_size=5), st.none() | WORDS)
def test_a_ledger_survives_its_file(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str, ...]], wording: str | None
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "decisions.json"
    ledger = Ledger().adding(Ruling.of(*one, reason="style", replacement=wording) for one in found)
    write_ledger(path, ledger)
    assert read_ledger(path).decisions == ledger.decisions
    jsonschema.validate(json.loads(path.read_bytes()), SCHEMA)
    before = path.read_bytes()
    write_ledger(path, read_ledger(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"decisions": [{}]}',
        json.dumps({"decisions": [{"rule": "x", "action": "eat"}]}),
        "\x00",
        pytest.param("[" * 2000, id="deep"),
        '{"decisions": [{"rule": "x", "quote": "\\ud800", "before": "", "after": ""}]}',
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mtcheck-decisions.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"not a file of decisions .* delete it"):
        read_ledger(path)


def test_no_file_is_no_decisions(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none.json").decisions == ()
