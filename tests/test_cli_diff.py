"""``mtcheck diff``, ``rules`` and ``rule`` as a user runs them, and the comparison beneath."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from docx_told import docx_text
from hypothesis import given
from hypothesis import strategies as st

from mtcheck import documents
from mtcheck.cli import main
from mtcheck.comparison import Kind, compare
from mtcheck.errors import OutputError
from mtcheck.prose_diff import apply_edits
from mtcheck.reports import comparison as reports
from mtcheck.reports import echo

BEFORE = """Lavrov said about the absence of plans

The plans do not include capture of the city. This was stated by the minister in interview to CNN.

The opposition would be asked to sign an agreement about the ceasefire. Nothing else is known at this hour.
"""
AFTER = """Lavrov spoke of the absence of plans

The plans do not include the capture of the city. This was stated by the minister in an interview with CNN.

Nothing else is known at this hour. The opposition would be asked to sign an agreement about the ceasefire.
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "before.txt").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "after.txt").write_text(AFTER, encoding="utf-8")
    return lambda *words, **options: CliRunner().invoke(main, [*words], **options)


def test_plain_text_marks_what_goes_and_what_comes(run):
    result = run("diff", "before.txt", "after.txt")
    assert result.exit_code == 1
    assert "Lavrov [-said about-]{+spoke of+} the absence of plans" in result.output
    assert "before.txt:3:1 changed" in result.output
    assert "\x1b" not in result.output
    assert re.search(r"chrF2\+\+ [\d.]+ .*nrefs:1", result.output, re.S)


def test_a_sentence_that_moved_is_told_from_one_deleted(run):
    output = run("diff", "before.txt", "after.txt").output
    assert "3 changed, 1 moved" in " ".join(output.split())
    assert "deleted\n" not in output


def test_equal_texts_exit_0_with_perfect_scores(run):
    result = run("diff", "before.txt", "before.txt", "--format", "json")
    payload = json.loads(result.output)
    assert result.exit_code == 0
    assert payload["same"] is True
    assert payload["pairs"] == []
    assert {score["metric"]: score["value"] for score in payload["scores"]} == {
        "chrF2++": 100.0,
        "TER": 0.0,
        "BLEU": 100.0,
    }


@pytest.mark.parametrize(
    "words", [("nope.txt", "after.txt"), ("before.txt", "after.txt", "--format", "pdf"), ("before.txt",)]
)
def test_trouble_is_exit_2(run, words):
    result = run("diff", *words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_json_edits_turn_one_text_into_the_other(run):
    payload = json.loads(run("diff", "before.txt", "after.txt", "--format", "json").output)
    text = BEFORE
    for edit in sorted((edit for pair in payload["pairs"] for edit in pair["edits"]), key=lambda one: -one["offset"]):
        assert text[edit["offset"] : edit["end_offset"]] == edit["before"]
        text = text[: edit["offset"]] + edit["after"] + text[edit["end_offset"] :]
    assert text == AFTER
    assert all(score["signature"] for score in payload["scores"])


def test_unified_is_a_patch(run):
    lines = run("diff", "before.txt", "after.txt", "--format", "unified").output.splitlines()
    assert lines[0].startswith("# Better than before: 2 findings gone, 0 new, 1 kept")
    assert lines[1:3] == ["--- before.txt", "+++ after.txt"]
    assert "-Lavrov said about the absence of plans" in lines


def test_git_applies_the_unified_form_verdict_and_all(run, tmp_path):
    for folder, text in (("a", BEFORE), ("b", AFTER)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "before.txt").write_text(text, encoding="utf-8")
    made = run("diff", "a/before.txt", "b/before.txt", "--format", "unified").stdout
    assert made.startswith("# Better than before")
    subprocess.run(["git", "apply"], input=made.encode(), check=True, capture_output=True)
    assert (tmp_path / "before.txt").read_text(encoding="utf-8") == AFTER


def test_markdown_has_a_row_a_change(run):
    output = run("diff", "before.txt", "after.txt", "--format", "markdown").output
    assert "Lavrov <del>said about</del><ins>spoke of</ins> the absence of plans" in output


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)


def test_hostile_text_is_shown_never_obeyed(run, tmp_path):
    hostile = AFTER.replace("Nothing else", "\x1b[31mNothing\x9b0m <script>alert(1)</script> [else](http://x) | else")
    (tmp_path / "hostile.txt").write_text(hostile, encoding="utf-8")
    for form in reports.formats():
        result = run("diff", "before.txt", "hostile.txt", "--format", form)
        output = docx_text(result.stdout_bytes) if form == "docx" else result.output
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", output)
    assert "script" not in _Tags(run("diff", "before.txt", "hostile.txt", "--format", "html").output).tags


def test_word_goes_to_a_file_never_to_a_terminal(run, monkeypatch, capsysbinary):
    shown = docx_text(run("diff", "before.txt", "after.txt", "--format", "docx").stdout_bytes)
    assert "Lavrov [-said about-] the absence of plans" in shown
    assert "Better than before" in shown
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(OutputError, match="send it to a file"):
        echo(b"PK")
    assert not capsysbinary.readouterr().out


def test_colour_takes_the_place_of_the_brackets():
    before, after = documents.parse(BEFORE, "a.txt"), documents.parse(AFTER, "b.txt")
    coloured = reports.render(compare(before, after), "text", color=True, width=100)
    assert "\x1b[9;31msaid about" in coloured
    assert "[-" not in coloured


def test_one_file_may_come_from_stdin(run):
    assert run("diff", "-", "after.txt", input=BEFORE.encode()).exit_code == 1


ARTICLE = st.lists(
    st.sampled_from(["He came. ", "She saw the sea. ", "It rained all day.\n\n", "Who?\n", "The end. "]), min_size=1
)


@given(ARTICLE, ARTICLE)
def test_pairs_make_up_both_texts_and_their_edits_hold(old, new):
    found = compare(documents.parse("".join(old), "a"), documents.parse("".join(new), "b"))
    assert "".join(found.before.text[p.before.start : p.before.end] for p in found.pairs) == found.before.text
    for pair in found.pairs:
        text = found.before.text[pair.before.start : pair.before.end]
        assert apply_edits(text, pair.edits) == found.after.text[pair.after.start : pair.after.end]
    assert found.count(Kind.MOVED_AWAY) == found.count(Kind.MOVED_HERE)


def test_rules_lists_each_rule_with_its_summary(run):
    from mtcheck.detectors import rules

    output = run("rules").output
    assert len(output.splitlines()) == len(rules())
    assert "said-about-noun" in output
    listed = json.loads(run("rules", "--json").output)
    assert [one["name"] for one in listed] == [rule.name for rule in rules()]
    assert all(one["page"] for one in listed)


def test_rule_prints_the_page_and_helps_with_a_slip(run):
    page = run("rule", "said-about-noun")
    assert page.exit_code == 0
    for heading in ("What it flags", "Why it reads as machine translation", "Better", "Known limits"):
        assert heading in page.output
    slip = run("rule", "said-about")
    assert slip.exit_code == 2
    assert "did you mean said-about-noun?" in slip.output
