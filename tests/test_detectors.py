"""Walks the rules: each is a page, names its fault, flags and mends its own examples and passes the good ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import mtcheck.detectors
from mtcheck.detectors import detect, rules
from mtcheck.detectors.phrase_table import find_phrases, phrase_table
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Rule
from mtcheck.engines.load import open_engines
from mtcheck.schema import Document, Edit, Finding, Segment

HEADINGS = ("What it flags", "Why it reads as machine translation", "Example", "Better", "Known limits")
ENGINES = {"parser", "fluency", "tagger"}
MQM = {"accuracy", "fluency", "terminology", "style", "locale"}
FOLDER = Path(mtcheck.detectors.__file__).parent
CASES = Path(__file__).parent / "cases" / "rules"


def document(text: str, source: str = "") -> Document:
    russian = re.findall(r"^([^\[\n]+)((?:\n\[.*\])*)$", source, re.MULTILINE)
    segments, start = [], 0
    for number, line in enumerate(text.split("\n")):
        sentence, left_out = russian[number] if source else (None, "")
        omitted = tuple(re.findall(r"\[(.*)\]", left_out))
        segments.append(Segment(number, start, line, source=sentence, omitted=omitted))
        start += len(line) + 1
    return Document("case", text, tuple(segments))


def findings(rule: Rule, example: str | Example, parser: Callable[[str], Any] | None = None) -> list[Finding]:
    shown = Example(example) if isinstance(example, str) else example
    article = []
    for segment in document(shown.text, shown.source).segments:
        evidence = {"doc": parser(segment.hypothesis)} if parser and "parser" in rule.needs else {}
        article.append(Analysis.of(segment, glossary=shown.glossary, **evidence))
    return list(rule.findings(article))


def fixed(text: str, found: Iterable[Finding]) -> str:
    edits = [Edit(f.seg_id, f.span, f.fixes[0].replacement) for f in found if f.fixes]
    return document(text).apply(edits)


def walk(needs: bool) -> list[Any]:
    return [pytest.param(rule, id=rule.name) for rule in rules() if bool(ENGINES.intersection(rule.needs)) == needs]


def check_examples(rule: Rule, parser: Callable[[str], Any] | None = None) -> None:
    assert rule.must_flag
    assert rule.must_pass
    for example in rule.must_flag:
        found = findings(rule, example, parser)
        assert found, f"not flagged: {example.text}"
        if example.fixed is None:
            continue
        better = fixed(example.text, found)
        assert better == example.fixed
        assert not findings(rule, replace(example, text=better), parser), f"flagged again: {better}"
    for good in rule.must_pass:
        found = findings(rule, good, parser)
        assert not found, f"flagged: {good} {[f.message for f in found]}"


@pytest.mark.parametrize("rule", walk(needs=False))
def test_examples(rule: Rule) -> None:
    check_examples(rule)


@pytest.fixture(scope="module")
def parse() -> Callable[[str], Any]:
    parser = open_engines(fast=True, cache=False).parser
    assert parser, "run: mtcheck models fetch en-core-web-sm"
    return lambda text: parser.parse([text])[0]


@pytest.mark.models
@pytest.mark.parametrize("rule", [param for param in walk(needs=True) if param.values[0].needs != ("parser",)])
def test_examples_with_models(rule: Rule) -> None:
    from mtcheck.detection import analyse

    engines = open_engines(fast=True, cache=False)
    for example in rule.must_flag:
        assert list(rule.findings(analyse(document(example.text), engines))), example.text
    for text in map(str, rule.must_pass):
        reported = [f for f in rule.findings(analyse(document(text), engines)) if f.severity != "neutral"]
        assert not reported, text


@pytest.mark.models
@pytest.mark.parametrize("rule", [param for param in walk(needs=True) if param.values[0].needs == ("parser",)])
def test_examples_with_the_parser(rule: Rule, parse: Callable[[str], Any]) -> None:
    check_examples(rule, parse)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in rules()])
def test_page_and_name(rule: Rule) -> None:
    assert (FOLDER / f"{rule.name.replace('-', '_')}.py").is_file()
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    places = [rule.page.find(f"\n{heading}\n") for heading in HEADINGS]
    assert -1 not in places
    assert places == sorted(places)
    assert rule.category.split("/")[0] in MQM
    assert 0.5 <= rule.confidence <= 1


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in rules()])
def test_spans_lie_inside_the_segment(rule: Rule) -> None:
    if rule.needs:
        return
    texts = [example.text for example in rule.must_flag] + ["", " ", "—", "“", "«", "A" * 300, "1 " * 200, "the " * 200]
    for text in texts:
        for finding in findings(rule, text):
            line = text.split("\n")[finding.seg_id]
            assert 0 <= finding.span.start <= finding.span.end <= len(line)
            assert finding.message
            assert all(fix.replacement != line[finding.span.start : finding.span.end] for fix in finding.fixes)


def test_every_file_of_the_folder_is_a_rule_or_serves_one() -> None:
    rule_files = {rule.name.replace("-", "_") for rule in rules()}
    assert rule_files <= {path.stem for path in FOLDER.glob("*.py")}
    imported = {
        name for path in FOLDER.glob("*.py") for name in re.findall(r"detectors\.(\w+) import", path.read_text("utf-8"))
    }
    assert {path.stem for path in FOLDER.glob("*.py")} - rule_files - {"__init__"} <= imported


def test_every_table_tells_its_origin() -> None:
    told = (FOLDER / "data" / "README.md").read_text(encoding="utf-8")
    for path in (FOLDER / "data").glob("*.tsv"):
        head = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert head.startswith("#") or f"`{path.name}`" in told, f"{path.name} does not tell its origin"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    """A case: an article, ``---``, and the article after the first fixes of every rule without needs."""
    before, after = path.read_text(encoding="utf-8").rstrip("\n").split("\n---\n")
    article = [Analysis.of(segment) for segment in document(before).segments]
    taken: list[Finding] = []
    for finding in detect(article, ()):
        clear = all(finding.seg_id != other.seg_id or not finding.span.overlaps(other.span) for other in taken)
        if finding.fixes and clear:
            taken.append(finding)
    assert fixed(before, taken) == after


def test_two_rules_may_not_share_a_name() -> None:
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names))


def test_document_rules_do_not_look_at_one_segment() -> None:
    for rule in rules():
        if isinstance(rule, DocumentRule):
            assert list(rule.find(Analysis.of(Segment(0, 0, rule.must_flag[0].text)))) == []


@pytest.mark.parametrize("unit", ['"', "« ", "a-", "1 000 ", "( ", ", - ", "The A B ", "[", "foreign Minister ", "“ "])
def test_hostile_lines_end(unit: str) -> None:
    """No pattern may be quadratic or worse in a long line: this test would not end."""
    text = unit * (20_000 // len(unit))
    for finding in detect([Analysis.of(Segment(0, 0, text))], ()):
        assert finding.span.end <= len(text)


def test_a_table_line_matches_words_and_keeps_the_case() -> None:
    for path in (FOLDER / "data").glob("*.phrases.tsv"):
        assert phrase_table(path.name).phrases
    analysis = Analysis.of(Segment(0, 0, "A row of countries agreed; a row of, countries did not."))
    (flag,) = find_phrases(analysis, "literal_idiom.phrases.tsv")
    assert (flag.start, flag.end, flag.replacements) == (0, 18, ("A number of countries",))
