"""Every format of ``mtcheck check`` over one shared run: snapshots, public schemas, hostile text; the options.

To accept changed snapshots: MTCHECK_ACCEPT=1 python -m pytest tests/test_check_formats.py
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jsonschema
import junitparser
import pytest
from check_sample import CLEAN, EMPTY, FAILED, RUN, TEXTS
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from mtcheck.checking import Checked, CheckRun
from mtcheck.cli import main
from mtcheck.cli.check import FORMATS
from mtcheck.reports.check import formats, markdown, render, summary

SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMAS = Path(__file__).parent / "schemas"
RUNS = {"run": RUN, "empty": EMPTY, "clean": CLEAN, "failed": FAILED}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]")
JSON_LINES = {"jsonl", "rdjsonl"}
each_format = pytest.mark.parametrize("form", FORMATS)
each_run = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)


@pytest.fixture(autouse=True)
def _fixed_version(monkeypatch):
    for module in ("json", "sarif"):
        monkeypatch.setattr(f"mtcheck.reports.check.{module}.__version__", "0")


@cache
def validator(name):
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@cache
def check_schema():
    return json.loads((files("mtcheck.reports.check") / "check.schema.json").read_text(encoding="utf-8"))


def records(form, run=RUN):
    return [json.loads(line) for line in render(run, form).splitlines()]


def test_the_formats_of_the_option_are_the_files_of_the_folder():
    assert formats() == FORMATS


@each_format
def test_snapshot(form):
    path, text = SNAPSHOTS / f"check.{form}.txt", render(RUN, form)
    if os.environ.get("MTCHECK_ACCEPT"):
        path.write_text(text, encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as stream:
        assert text == stream.read()


@each_run
@each_format
def test_a_report_is_printable_and_the_same_twice(form, run):
    text = render(run, form)
    assert text == render(run, form)
    assert not CONTROL.search(text)
    assert text.encode("utf-8").endswith(b"\n") or not text


@each_format
def test_a_report_names_what_could_not_be_checked(form):
    silent = form in ("concise", "esa", "mqm")  # lines of findings, and data of evaluations
    assert ("lost.txt" in render(FAILED, form)) == (not silent)


def test_a_run_in_one_line():
    assert summary(RUN) == (
        "7 new findings (1 critical, 1 major) in 3 of 4 articles (1 skipped), 1 known, 1 gone; "
        "1 article could not be checked; 3 have safe fixes: run mtcheck fix"
    )
    assert summary(EMPTY) == "No findings in 0 articles"
    assert summary(CLEAN) == "No findings in 1 article"
    assert summary(FAILED) == "No findings in 0 articles; 1 article could not be checked"


def test_concise_leaves_known_findings_out_and_tells_safe_fixes_from_others():
    lines = render(RUN, "concise").splitlines()
    assert len(lines) == len(RUN.new)
    assert lines[0] == 'news/lavrov.md:1:13: major said-about-noun "about the absence of": a calque -> "there were no"'
    assert [line.rpartition(" (")[2] for line in lines[1:4:2]] == ["offered)", "only shown)"]


def test_colour_comes_only_when_asked_for_and_takes_the_place_of_marks():
    plain, coloured = render(RUN, "full"), render(RUN, "full", color=True)
    assert "[-about the absence of-]{+there were no+}" in plain
    assert "\x1b[9;31mabout the absence of\x1b[0m\x1b[4;32mthere were no\x1b[0m" in coloured
    assert "[-" not in coloured
    bare = re.sub("\x1b\\[[0-9;]*m", "", render(RUN, "concise", color=True))
    assert bare == render(RUN, "concise")


def test_full_fits_the_width_and_begins_no_line_with_words_of_the_article():
    for width in (40, 80):
        lines = render(RUN, "full", width=width).splitlines()
        assert max(map(len, lines)) <= width
        assert not [line for line in lines if line.lstrip().startswith(("::", "##["))]


@each_run
def test_json_follows_its_schema(run):
    jsonschema.Draft202012Validator(check_schema()).validate(json.loads(render(run, "json")))
    lines = jsonschema.Draft202012Validator({"$ref": "#/$defs/line", "$defs": check_schema()["$defs"]})
    for record in records("jsonl", run):
        lines.validate(record)


def test_the_schema_of_json_lets_nothing_else_pass():
    payload = json.loads(render(RUN, "json"))
    for spoilt in (
        payload | {"more": 1},
        payload | {"findings": [payload["findings"][0] | {"more": 1}]},
        payload | {"findings": [payload["findings"][0] | {"severity": "grave"}]},
    ):
        assert list(jsonschema.Draft202012Validator(check_schema()).iter_errors(spoilt))
    lines = jsonschema.Draft202012Validator({"$ref": "#/$defs/line", "$defs": check_schema()["$defs"]})
    assert list(lines.iter_errors({"type": "finding", "path": "a", "message": "b"}))


def test_json_says_where_and_what_is_known():
    payload = json.loads(render(RUN, "json"))
    assert payload["counts"] | {"by_rule": {}} == {
        "articles": 6, "words": 166, "findings": 8, "new": 7, "known": 1, "safe_fixes": 3, "gone": 1, "errors": 1,
        "warnings": 1, "by_rule": {}, "by_severity": {"critical": 1, "major": 1, "minor": 4, "neutral": 1},
    }  # fmt: skip
    assert [finding["rule"] for finding in payload["findings"] if finding["known"]] == ["generic-noun"]
    assert payload["failed"]
    for finding, placed in zip(payload["findings"], RUN.findings, strict=True):
        assert finding["quote"] == placed.quote
        assert (finding["offset"], finding["end_offset"]) == (placed.start, placed.end)
    assert len({(one["path"], one["id"]) for one in payload["findings"]}) == len(payload["findings"])
    lines = records("jsonl")
    kinds = [record.pop("type") for record in lines]
    assert [line for line, kind in zip(lines, kinds, strict=True) if kind == "finding"] == payload["findings"]
    assert (kinds.count("error"), kinds.count("warning")) == (1, 1)


def commands(run=RUN):
    """Workflow commands as the runner reads them: name, properties, message, each unescaped."""
    read = []
    for line in render(run, "github").splitlines():
        name, listed, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        pairs = (pair.partition("=") for pair in listed.split(","))
        read.append((name, {key: unescaped(value) for key, _, value in pairs}, unescaped(message)))
    return read


def unescaped(text):
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: chr(int(match.group(1), 16)), text)


def test_github_commands_say_what_and_where_the_gravest_first():
    read = commands()
    assert [name for name, _, _ in read] == ["warning", "error", "error", "error", *["warning"] * 4, "notice"]
    assert read[1] == (
        "error",
        {"file": "lost.txt", "title": "mtcheck"},
        "could not be checked: no such file; check the path",
    )
    assert read[2][1] == {
        "file": "news/lavrov.md",
        "line": "3",
        "endLine": "4",
        "title": "half-capitalised (critical)",
    }
    assert (read[3][1]["col"], read[3][1]["endColumn"]) == ("13", "33")
    assert read[6][1]["file"] == "news/twice 50%, a:b.txt"
    assert "::error file=x::%0A<script>" in read[-1][2]
    assert all("known" not in message and "holds markup" not in message for _, _, message in read)


@each_run
def test_gitlab_issues_have_every_field_and_prints_of_their_own(run):
    issues = json.loads(render(run, "gitlab"))
    validator("gitlab.schema.json").validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(run.new) + len(run.errors)


def fingerprints(run):
    issues, log = json.loads(render(run, "gitlab")), json.loads(render(run, "sarif"))
    results = log["runs"][0]["results"]
    return [issue["fingerprint"] for issue in issues], [result["partialFingerprints"] for result in results]


def test_fingerprints_outlive_a_move_of_the_sentence():
    def moved(article):
        found = (dataclasses.replace(f, line=f.line + 9, end_line=f.end_line + 9) for f in article.findings)
        return dataclasses.replace(article, findings=tuple(found))

    assert fingerprints(dataclasses.replace(RUN, articles=tuple(map(moved, RUN.articles)))) == fingerprints(RUN)


@each_run
def test_sarif_follows_the_public_schema(run):
    validator("sarif-2.1.0.json").validate(json.loads(render(run, "sarif")))


def sarif(run=RUN):
    return json.loads(render(run, "sarif"))["runs"][0]


def region_of(text, region):
    """The text of a region whose columns count code points, a byte order mark left out."""
    starts = [0, *(match.end() for match in re.finditer("\r\n|\r|\n", text.removeprefix("\ufeff")))]
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    return text.removeprefix("\ufeff")[start : starts[region["endLine"] - 1] + region["endColumn"] - 1]


def test_sarif_regions_hold_the_words_and_fixes_replace_them():
    run = sarif()
    found = [(article.path, finding) for article in RUN.articles for finding in article.findings]
    for result, (path, finding) in zip(run["results"], found, strict=True):
        location = result["locations"][0]["physicalLocation"]
        there = region_of(TEXTS[path], location["region"])
        assert location["region"].get("snippet", {"text": there}) == {"text": there}
        assert there.replace("**", "") == finding.quote
        changes = [fix["artifactChanges"][0]["replacements"][0] for fix in result.get("fixes", ())]
        assert all(region_of(TEXTS[path], change["deletedRegion"]) == finding.quote for change in changes)
    assert [change["insertedContent"]["text"] for change in changes] == [finding.fixes[0].replacement]


def test_sarif_results_refer_to_their_rule_and_file():
    run = sarif()
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][place["index"]]["location"].items() <= place.items()
    uris = [(one["location"]["uri"], one["location"].get("uriBaseId")) for one in run["artifacts"]]
    assert uris[1] == ("news/twice%2050%25%2C%20a%3Ab.txt", "%SRCROOT%")
    assert unquote_to_bytes(uris[2][0]) == RUN.articles[2].path.encode("utf-8", "surrogateescape")
    assert uris[3:5] == [("file:///C:/news/clean.txt", None), ("file:///srv/russian.txt", None)]


def test_sarif_tells_new_from_known_and_what_failed():
    run = sarif()
    states = [(result["baselineState"], len(result["suppressions"])) for result in run["results"]]
    assert states.count(("unchanged", 1)) == 1
    assert set(states) == {("unchanged", 1), ("new", 0)}
    prints = [(r["ruleId"], *r["partialFingerprints"].values()) for r in run["results"]]
    assert len(set(prints)) == len(prints)
    invocation = run["invocations"][0]
    assert not invocation["executionSuccessful"]
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["warning", "error", "note"]
    alone = dataclasses.replace(RUN, articles=RUN.articles[1:2], gone=())
    assert not [result for result in sarif(alone)["results"] if "baselineState" in result]


def test_sarif_messages_hold_no_placeholder_and_no_link():
    for result in sarif()["results"]:
        text = result["message"]["text"]
        assert "](" not in text
        assert not re.search(r"(?<!\{)\{\d+\}(?!\})", text)


def test_sarif_carries_the_page_of_each_rule():
    from mtcheck.detectors import rules

    rule = rules()[0]
    finding = dataclasses.replace(RUN.findings[0], rule=rule.name)
    run = sarif(CheckRun((Checked("a.txt", (finding,), 9),), "s"))
    described = run["tool"]["driver"]["rules"][0]
    assert described["help"]["text"] == rule.page
    assert "**What it flags.**" in described["help"]["markdown"]
    assert described["properties"]["precision"] in ("very-high", "high", "medium", "low")


@each_run
def test_junit_follows_the_schema_of_jenkins_and_reads_back(run):
    text = render(run, "junit").encode()
    etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(etree.fromstring(text))
    suites = list(junitparser.JUnitXml.fromstring(text))
    assert [suite.failures for suite in suites] == [
        sum(not finding.known for finding in article.findings) for article in run.articles
    ]
    assert [suite.errors for suite in suites] == [bool(article.error) for article in run.articles]
    for suite in suites:
        results = [type(result).__name__ for case in suite for result in case.result]
        counted = (suite.failures, suite.errors, suite.skipped)
        assert tuple(map(results.count, ("Failure", "Error", "Skipped"))) == counted
        assert suite.tests == len(list(suite)) > 0


@each_run
def test_rdjson_says_no_more_than_the_format_has(run):
    result = json.loads(render(run, "rdjson"))
    validator("rdjson.schema.json").validate(result)
    assert records("rdjsonl", run) == result["diagnostics"]


def test_rdjson_ranges_count_bytes():
    found = [(article, finding) for article in RUN.articles for finding in article.findings if not finding.known]
    for record, (article, finding) in zip(records("rdjsonl"), found, strict=False):
        lines = TEXTS[article.path].encode("utf-8", "surrogatepass").splitlines(keepends=True)
        start, end = (record["location"]["range"][edge] for edge in ("start", "end"))
        text = b"".join(lines[start["line"] - 1 : end["line"] - 1]) + lines[end["line"] - 1][: end["column"] - 1]
        assert text[start["column"] - 1 :].decode("utf-8", "surrogatepass") == finding.quote
        assert all(suggestion["range"] == record["location"]["range"] for suggestion in record["suggestions"])


def blocks_of(text):
    return MarkdownIt("js-default", {"html": True}).parse(text)


def test_markdown_holds_only_its_own_markup():
    text = render(RUN, "markdown")
    assert not re.search(r"://|www\.", text), "code hosts make links of these wherever they stand"
    tokens = blocks_of(text)
    inner = [child for token in tokens for child in token.children or ()]
    tags = {one.content for one in inner if one.type == "html_inline"}
    assert tags <= {
        *(f"<{end}{tag}>" for tag in ("code", "del", "ins", "b", "sub") for end in ("", "/")),
        "<br>",
        "<!-- -->",
    }
    assert not [one.type for one in inner if one.type in ("link_open", "image", "s_open", "em_open", "code_inline")]
    assert sum(token.type == "tr_open" for token in tokens) == 1 + 3
    for one, after in pairwise(inner):
        if one.type.startswith("text") and one.content.endswith(("@", "#")):
            assert after.content == "<!-- -->"
    assert not [one for one in inner if one.type.startswith("text") and re.search(r"[@#]\w", one.content)]


def test_markdown_of_many_findings_fits_a_comment():
    finding = dataclasses.replace(RUN.findings[0], before="word " * 99, after="[word] " * 99)
    articles = tuple(Checked(f"news/a long name of an article {n}.md", (finding,) * 40, 400) for n in range(200))
    text = render(CheckRun(articles, "s"), "markdown")
    assert len(text) < 65536
    assert "7,900 findings beyond these" in text
    assert "150 more articles" in text
    assert text.count("<details>") == text.count("</details>") == 1
    assert markdown.render(RUN, shown=99).count("<details>") == 0


def shaken(path, quote, message, replacement):
    """The sample run with other words in it."""

    def other(finding):
        fixes = tuple(dataclasses.replace(fix, replacement=replacement) for fix in finding.fixes)
        return dataclasses.replace(finding, quote=quote, message=message, before=quote, after=message, fixes=fixes)

    articles = [
        dataclasses.replace(one, path=f"{path}{n}", findings=tuple(map(other, one.findings)), error=message or None)
        for n, one in enumerate(RUN.articles[:3])
    ]
    return dataclasses.replace(RUN, articles=tuple(articles))


hostile = st.text(
    st.one_of(st.sampled_from('\x00\x1b\r\n\u2028\u202e\ud800<>&|`:%,@#[](){}"\\\uffff'), st.characters()), max_size=12
)
paths = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=9)


@settings(max_examples=40, deadline=None)
@given(paths, hostile, hostile, hostile)
def test_no_words_break_a_report(path, quote, message, replacement):
    run = shaken(path, quote, message, replacement)
    for form in FORMATS:
        text = render(run, form)
        text.encode("utf-8")
        if form in ("json", "gitlab", "rdjson", "sarif"):
            json.loads(text)
        elif form in JSON_LINES:
            assert all(json.loads(line) for line in text.splitlines())
        elif form == "junit":
            etree.fromstring(text.encode())
        elif form == "github":
            assert all(re.match("::(error|warning|notice) file=[^,:]*,", line) for line in text.splitlines())
        assert not CONTROL.search(text)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "news").mkdir()
    article = "Lavrov said about the absence of Russian plans to seize Aleppo. He spoke <…> to the the press.\n"
    (tmp_path / "news" / "a.txt").write_text(article, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments):
    return CliRunner().invoke(main, ["check", "--fast", "--no-cache", *arguments])


def test_findings_go_to_stdout_and_a_summary_to_stderr(folder):
    done = check("news", "--format", "jsonl")
    assert done.exit_code == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["path"] for line in lines} == {"news/a.txt"}
    assert re.fullmatch(r"\d findings \(1 major\) in 1 of 1 article; .*: run mtcheck fix\n", done.stderr)


def test_articles_in_another_language_are_counted_not_listed(folder):
    (folder / "news" / "b.txt").write_text("Лавров заявил об отсутствии планов захвата Алеппо. " * 9, encoding="utf-8")
    done = check("news")
    assert done.stderr.count("\n") == 1
    assert "in 1 of 1 article (1 skipped)" in done.stderr


def test_several_reports_in_one_run(folder):
    done = check("news", "--format", "github", "--output", "sarif=out.sarif", "--output", "markdown=summary.md")
    assert done.exit_code == 1
    assert done.stdout.startswith("::error file=news/a.txt,line=1,")
    validator("sarif-2.1.0.json").validate(json.loads(Path("out.sarif").read_text(encoding="utf-8")))
    assert Path("summary.md").read_text(encoding="utf-8").startswith("## mtcheck\n")


def test_an_output_without_a_format_takes_the_report_of_stdout(folder):
    (folder / "out.xml").write_text("old")
    done = check("news", "--format", "junit", "--output", "out.xml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert next(iter(junitparser.JUnitXml.fromfile("out.xml"))).failures
    assert "finding" in done.stderr
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("sarf=x", "no format “sarf”"),
        ("sarif=", "names no file"),
        ("", "names no file"),
        ("no/x.json", "create the folder"),
    ],
)
def test_an_output_that_cannot_be_is_trouble(folder, output, said):
    done = check("news", "--output", output)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_file_may_have_an_equals_sign(folder):
    assert check("news", "--output", "./a=b", "--output", "my-file=c").exit_code == 1
    assert Path("a=b").read_bytes() == Path("my-file=c").read_bytes() != b""


def test_a_file_whose_name_is_no_text_is_trouble_but_no_crash(folder):
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        Path(name).write_bytes(b"\xff\xfe\xfa")
    except OSError:
        pytest.skip("this file system takes no name that is not UTF-8")
    for form in FORMATS:
        done = check(name, "--format", form)
        assert done.exit_code == 2
        assert "caf⟨U+DCE9⟩.txt" in done.stderr


def matches(shown, printed):
    """Whether what the page shows is what was printed, a line of ``…`` standing for any lines."""
    parts = (re.escape(part) for part in re.split(r"(?m)^…\n", shown))
    return re.fullmatch(r"(?:.*\n)*?".join(parts), printed) is not None


def test_the_examples_of_the_documentation_are_what_the_commands_print(tmp_path, monkeypatch):
    page = (Path(__file__).parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
    (tmp_path / "news").mkdir()
    names = re.findall(r"`(news/\w+\.txt)`\n", page)
    for name, text in zip(names, re.findall(r"```text\n(.*?)```", page, re.DOTALL), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    examples = re.findall(r"```console\n\$ mtcheck (.*)\n((?s:.*?))```", page)
    shown = {arguments.partition("--format ")[2].partition(" ")[0] or "concise" for arguments, _ in examples}
    assert shown == set(FORMATS) - {"jsonl", "rdjson"}
    for arguments, output in examples:
        done = CliRunner().invoke(main, arguments.split())
        assert done.exit_code == 1
        assert matches(output, done.stdout + done.stderr), done.stdout + done.stderr
