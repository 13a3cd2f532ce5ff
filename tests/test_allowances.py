"""Comments in an article allow findings; idle, mistaken and misplaced ones are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck import documents, pipeline
from mtcheck.checking import Checked, Options, check_document, check_files, fix_document
from mtcheck.engines import Engines
from mtcheck.settings import Settings

FAULT = "He said about the absence of plans."
RULE = "said-about-noun"
FAST = Settings(fast=True, select=(RULE,))


def checked(text: str, chosen: Settings = FAST, name: str = "a.md") -> Checked:
    return check_document(documents.parse(text, name, documents.format_of(name)), Engines(), chosen)


def lines(text: str) -> list[int]:
    return [finding.line for finding in checked(text).findings]


def test_a_fault_without_comment_stands() -> None:
    assert (lines(FAULT), checked(FAULT).allowed) == ([1], 0)


ALLOWED = {
    "in the sentence": f"He said about the absence <!-- mtcheck: allow {RULE} --> of plans.",
    "after it": f"{FAULT} <!-- mtcheck: allow {RULE} -->",
    "before it": f"<!-- mtcheck: allow {RULE} --> {FAULT}",
    "on the line above": f"<!-- mtcheck: allow {RULE} -->\n{FAULT}",
    "a blank line above": f"<!-- mtcheck: allow {RULE} -->\n\n{FAULT}",
    "elsewhere in a wrapped paragraph": f"A line. <!-- mtcheck: allow {RULE} -->\nAnother.\n{FAULT}",
    "in a heading": f"# {FAULT} <!-- mtcheck: allow {RULE} -->",
    "above a whole list": f"<!-- mtcheck: allow {RULE} -->\n\n- One.\n- {FAULT}",
    "in a list item": f"- One.\n- <!-- mtcheck: allow {RULE} -->\n  {FAULT}",
    "in a table row": f"| a | b |\n|---|---|\n| {FAULT} | c <!-- mtcheck: allow {RULE} --> |",
    "in a quotation": f"> <!-- mtcheck: allow {RULE} -->\n> {FAULT}",
    "with another rule": f"<!-- mtcheck: allow genitive-chain, {RULE} -->\n{FAULT}",
    "over several lines": f"<!--\n  mtcheck: allow\n  genitive-chain {RULE}\n-->\n{FAULT}",
    "with a reason": f"<!-- mtcheck: allow {RULE}: the minister's own words -->\n{FAULT}",
    "two comments in a row": f"<!-- mtcheck: allow {RULE} -->\n<!-- mtcheck: allow genitive-chain -->\n{FAULT}",
    "a category": f"<!-- mtcheck: allow style -->\n{FAULT}",
    "every rule": f"<!-- mtcheck: allow all -->\n{FAULT}",
    "the file, from below": f"{FAULT}\n\n<!-- mtcheck: allow-file {RULE} -->",
    "the file, within prose": f"{FAULT}\n\nThe end. <!-- mtcheck: allow-file {RULE} -->",
    "a reference": f"[//]: # (mtcheck: allow {RULE})\n{FAULT}",
    "a second reference": f'[//]: # "nothing"\n\n[//]: # "mtcheck: allow {RULE}"\n\n{FAULT}',
    "a named reference": f"[comment]: <> (mtcheck: allow-file {RULE})\n\n{FAULT}",
    "front matter, one line": f"---\nmtcheck: {{allow: [{RULE}]}}\n---\n{FAULT}",
    "front matter, a list": f"---\ntitle: x\nmtcheck:\n  allow:\n    - genitive-chain\n    - {RULE}\n---\n\n{FAULT}",
    "front matter, a word": f"---\nmtcheck: {{allow: all}}\n---\n\n{FAULT}",
    "front matter, as in a comment": f"---\nmtcheck: allow {RULE}\n---\n\n{FAULT}",
    "front matter, a comment": f"---\ntitle: x # mtcheck: allow-file {RULE}\n---\n\n{FAULT}",
    "front matter in TOML": f'+++\n[mtcheck]\nallow = ["{RULE}"]\n+++\n\n{FAULT}',
    "after a byte order mark": f"\ufeff---\nmtcheck: {{allow: [{RULE}]}}\n---\n{FAULT}",
    "with Windows newlines": f"<!-- mtcheck: allow {RULE} -->\r\n{FAULT}\r\n",
}


@pytest.mark.parametrize("place", ALLOWED)
def test_allowed(place: str) -> None:
    result = checked(ALLOWED[place])
    assert (result.findings, result.allowed, result.warnings) == ((), 1, ())


STANDS = {
    "another paragraph": (f"<!-- mtcheck: allow {RULE} -->\nOne.\n\n{FAULT}", [4]),
    "the paragraph above": (f"{FAULT}\n<!-- mtcheck: allow {RULE} -->\nOne.", [1]),
    "another item": (f"- One. <!-- mtcheck: allow {RULE} -->\n- {FAULT}", [2]),
    "another row": (f"| a |\n|---|\n| x <!-- mtcheck: allow {RULE} --> |\n| {FAULT} |", [4]),
    "another rule": (f"<!-- mtcheck: allow missing-article -->\n{FAULT}", [2]),
    "a comment in code": (f"`<!-- mtcheck: allow {RULE} -->` {FAULT}", [1]),
    "a comment in a block of code": (f"```\n<!-- mtcheck: allow-file {RULE} -->\n```\n{FAULT}", [4]),
    "plain text": (f"mtcheck: allow {RULE}\n\n{FAULT}", [3]),
}


@pytest.mark.parametrize("place", STANDS)
def test_not_allowed(place: str) -> None:
    text, found = STANDS[place]
    assert lines(text) == found


@pytest.mark.parametrize("text", ALLOWED.values(), ids=list(ALLOWED))
def test_a_comment_is_never_prose(text: str) -> None:
    document = documents.parse(text, "a.md", "markdown")
    assert not any("mtcheck" in segment.hypothesis for segment in document.segments)
    assert any("absence" in segment.hypothesis for segment in document.segments)
    assert documents.write(document) == text.encode()


_PIECES = (
    "<!-- mtcheck: allow all -->¦<!--¦-->¦[//]: # (mtcheck: allow all)¦mtcheck: x¦---¦+++¦\n¦\r\n¦\n\n¦> ¦- ¦1. ¦`¦```¦"
    "\ufeff¦    ¦# ¦<div>¦</div>¦\t¦*¦[^1]: ¦{allow: [all]}¦:¦\u2028¦\x0c¦The end. ¦|¦ | "
).split("¦")


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
@settings(max_examples=300)
def test_comments_anywhere_have_a_line_and_prose_that_exist(text: str) -> None:
    document = documents.parse(text, "a.md", "markdown")
    assert documents.write(document) == text.encode()
    lines = document.line_column(len(text))[0]
    for comment in document.comments:
        assert comment.text.startswith("mtcheck")
        assert 1 <= comment.line <= lines
        assert 0 <= comment.about.start <= comment.about.end <= len(text)
    check_document(document, Engines(), FAST)


WARNINGS = {
    f"Fine.\n\n<!-- mtcheck: allow {RULE} -->\nFine.": f"a.md:3: no finding to allow ({RULE}); remove it",
    "<!-- mtcheck: allow said-abot-noun -->\nFine.": (
        "a.md:1: unknown rule or category “said-abot-noun”; did you mean said-about-noun?"
    ),
    f"Fine. <!-- mtcheck: disable {RULE} -->": (
        f"a.md:1: not understood: “mtcheck: disable {RULE}”; write mtcheck: allow RULE"
    ),
    f"[//]: # (mtcheck: allow-file {RULE})\nFine.": f"a.md:1: no finding to allow ({RULE}); remove it",
    "---\ntitle: x\nmtcheck: {alow: [x]}\n---\nFine.": (
        "a.md:3: not understood: “mtcheck: {'alow': ['x']}”; write mtcheck: allow RULE"
    ),
    "---\nmtcheck: {allow: [\n---\nFine.": (
        "a.md:2: not understood: “mtcheck: in front matter that cannot be read”; write mtcheck: allow RULE"
    ),
}


@pytest.mark.parametrize("text", WARNINGS)
def test_warnings(text: str) -> None:
    assert checked(text).warnings == (WARNINGS[text],)


@pytest.mark.parametrize("names", ["low-fluency", "number-differs-from-source", "style", "all"])
def test_what_did_not_look_is_not_called_idle(names: str) -> None:
    """Without models and source, nobody knows whether these allowances are needed."""
    assert checked(f"<!-- mtcheck: allow {names} -->\nFine.", Settings(fast=True)).warnings == ()


def test_too_unsure_to_be_reported_is_neither_idle_nor_counted() -> None:
    result = checked(ALLOWED["on the line above"], Settings(fast=True, min_confidence=1.0))
    assert (result.findings, result.allowed, result.warnings) == ((), 0, ())


def test_an_allowed_finding_does_not_hide_another_at_its_place() -> None:
    """Overlapping findings are settled after the allowed ones went."""
    text, every_rule = "In the 2004 year the house was sold.", Settings(fast=True)
    (both,) = checked(text, every_rule).findings
    assert (both.rule, both.also) == ("doubled-determiner", ("year-word",))
    (left,) = checked(f"<!-- mtcheck: allow {both.rule} -->\n{text}", every_rule).findings
    assert (left.rule, left.also) == ("year-word", ())


def test_the_cache_keeps_what_was_allowed_and_warns_by_the_name_of_the_file(tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    text = f"{ALLOWED['on the line above']}\n\n<!-- mtcheck: allow {RULE} -->\n"
    article.write_text(text)
    (tmp_path / "b.md").write_text(text)
    options = Options(1, tmp_path / "cache")
    run = [check_files([str(path)], lambda _: FAST, options).articles[0] for path in (article, tmp_path / "b.md")]
    again = check_files([str(article)], lambda _: FAST, options).articles[0]
    assert again == run[0]
    assert (again.allowed, again.findings) == (1, ())
    assert [one.warnings for one in run] == [
        (f"{tmp_path}/{name}:4: no finding to allow ({RULE}); remove it",) for name in ("a.md", "b.md")
    ]


def test_fix_and_review_leave_what_is_allowed() -> None:
    text = f"The security Council met. <!-- mtcheck: allow half-capitalised-institution -->\n\n{FAULT}\n"
    document = documents.parse(text, "a.md", "markdown")
    fixed = fix_document(document, Engines(), Settings(fast=True), unsafe=True)
    assert "The security Council met." in fixed.new.decode()
    assert FAULT not in fixed.new.decode()
    review = pipeline.review(document, Engines(), Settings(fast=True))
    assert [finding.rule for finding in review.findings] == [RULE]
