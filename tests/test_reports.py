"""Every report over one shared review: snapshots, hostile text, the JSON contract, the HTML page.

To accept changed snapshots: MTCHECK_ACCEPT=1 python -m pytest tests/test_reports.py
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from docx_told import docx_text
from markdown_it import MarkdownIt
from review_sample import DOCUMENT, EMPTY, REVIEW

from mtcheck.errors import SettingsError
from mtcheck.reports import formats, html, render, visible
from mtcheck.reports._entries import Status, counts, entries
from mtcheck.reports._rows import rows
from mtcheck.reports._rule_pages import inline, sections
from mtcheck.schema import (
    Alternative,
    Applicability,
    Decision,
    Document,
    Finding,
    Proposal,
    Review,
    Segment,
    Severity,
    Span,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
PAGES = {"said-about-noun": "*Said about* + noun.\n\nWhat it flags\n    ``said about`` & <b>more</b>.\n\n    Twice."}


def rendered(name: str, review: Review = REVIEW) -> str:
    """The report as text; of a .docx, what it says (see ``docx_text``)."""
    report = html.render(review, rule_pages=PAGES) if name == "html" else render(review, name)
    return docx_text(report) if isinstance(report, bytes) else report


@pytest.fixture(autouse=True)
def _fixed_version(monkeypatch):
    monkeypatch.setattr("mtcheck.reports.json.__version__", "0")


def test_the_formats_are_the_files_of_the_folder():
    assert set(formats()) >= {"concise", "diff", "docx", "esa", "full", "html", "json", "markdown", "mqm", "report"}


def without_looks(text):
    """A page less its style, its script and their hashes, whose changes are seen in a browser, not in a snapshot."""
    text = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1\2", text, flags=re.S)
    return re.sub(r"'sha256-[^']+'", "'sha256-'", text)


@pytest.mark.parametrize("name", formats())
def test_snapshot(name):
    path, text = SNAPSHOTS / f"review.{name}.txt", rendered(name)
    text = without_looks(text) if name in ("html", "report") else text
    if os.environ.get("MTCHECK_ACCEPT"):
        path.write_text(text, encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as stream:
        assert text == stream.read()


@pytest.mark.parametrize("name", formats())
def test_a_report_is_the_same_twice_and_works_without_findings(name):
    assert rendered(name) == rendered(name)
    assert isinstance(rendered(name, EMPTY), str)


@pytest.mark.parametrize("name", formats())
def test_no_control_character_of_the_article_survives(name):
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", rendered(name))


def test_an_unknown_format_is_one_clear_error():
    with pytest.raises(SettingsError, match=r"unknown format “pdf”.*concise"):
        render(REVIEW, "pdf")


def test_visible_leaves_prose_alone():
    prose = "Tab\t, line\n, CRLF\r\n, “quotes” – Лавров\u00a0№ 5 é"
    assert visible(prose) == prose
    assert visible("\x1b[2J\x9b1m\r\u202e") == "⟨U+001B⟩[2J⟨U+009B⟩1m⟨U+000D⟩⟨U+202E⟩"


def test_entries_know_place_status_and_gravest_severity():
    found = [(entry.line, entry.column, entry.status, entry.severity) for entry in entries(REVIEW)]
    assert found[0] == (1, 10, Status.CHANGED, Severity.MAJOR)
    assert [status for _, _, status, _ in found].count(Status.CHANGED) == 4
    for entry in entries(REVIEW):
        assert DOCUMENT.text[entry.raw.start : entry.raw.end] == entry.original
    assert counts(REVIEW)["findings"] == 7


def test_concise_lines_parse_as_path_line_column():
    lines = render(REVIEW, "concise").splitlines()
    assert len(lines) == len(REVIEW.findings)
    for line in lines:
        assert re.match(r"news/lavrov\.md:\d+:\d+: (neutral|minor|major|critical) [a-z-]+ \S", line)
    assert render(EMPTY, "concise") == ""


def test_full_fits_the_width_and_has_colour_only_when_asked():
    plain = render(REVIEW, "full", width=60)
    assert max(map(len, plain.splitlines())) <= 60
    assert "\x1b" not in plain
    assert "[-said about-]{+spoke of+}" in plain
    coloured = render(REVIEW, "full", color=True)
    assert "\x1b[" in coloured
    assert "[-" not in coloured
    assert "\x1b[31mred" not in coloured


def test_diff_of_a_clean_text_applies_with_patch(tmp_path):
    document = Document("a.txt", "One bad line.\r\nTwo\n\nlast", (Segment(0, 0, "One bad line."),))
    finding = Finding("r", "style/awkward", Severity.MINOR, 0, Span(4, 7), "m", 0.5)
    keep, better = (Alternative(text, ("g",), Applicability.SAFE) for text in ("bad", "good"))
    review = Review(document, (Proposal(finding, Span(4, 7), (keep, better)),), (Decision(1, "auto", ""),), "s")
    (tmp_path / "a.txt").write_bytes(document.text.encode())
    patch = render(review, "diff").encode()
    subprocess.run(["patch", "--binary", "-s", "a.txt"], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "a.txt").read_bytes().decode() == review.cleaned
    assert render(EMPTY, "diff") == ""


def test_markdown_escapes_the_article():
    tokens = MarkdownIt("js-default").enable("table").parse(render(REVIEW, "markdown"))
    inner = [child for token in tokens for child in token.children or ()]
    assert all(re.fullmatch(r"</?(del|ins)>|<br>", one.content) for one in inner if one.type == "html_inline")
    assert not any(one.type in {"link_open", "image", "s_open"} for one in inner)
    rows_found = sum(token.type == "tr_open" for token in tokens)
    by_status = (1 + 4) + (1 + 4) + (1 + 1) + (1 + 1)
    summary = (1 + 4) + (1 + 5) + (1 + 4)  # by severity, by category, scores
    assert rows_found == by_status + summary


def schema():
    return json.loads((files("mtcheck.reports") / "review.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("review", [REVIEW, EMPTY])
def test_json_keeps_its_schema(review):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(render(review, "json")), schema(), cls=jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_it_does_not_know():
    payload = json.loads(render(REVIEW, "json"))
    payload["findings"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate(payload, schema(), cls=jsonschema.Draft202012Validator)


def test_json_alone_rebuilds_the_cleaned_text():
    payload = json.loads(render(REVIEW, "json"))
    text = DOCUMENT.text
    for proposal in sorted(payload["proposals"], key=lambda one: -one["offset"]):
        wording = proposal["alternatives"][proposal["decision"]["chosen"]]["replacement"]
        assert text[proposal["offset"] : proposal["end_offset"]] == proposal["original"]
        text = text[: proposal["offset"]] + wording + text[proposal["end_offset"] :]
    assert text == REVIEW.cleaned
    ids = [finding["id"] for finding in payload["findings"]]
    assert ids == [at for proposal in payload["proposals"] for at in proposal["findings"]]


def test_overlapping_findings_each_keep_a_mark():
    text = "The block in the Council of the resolution fell."
    document = Document("a.txt", text, (Segment(0, 0, text),))
    spans = [Span(0, 42), Span(4, 9), Span(4, 9), Span(30, 47), Span(20, 20)]
    keep = (Alternative("x", ("original",), Applicability.SAFE),)
    proposals = tuple(
        Proposal(Finding("r", "style/awkward", Severity.MINOR, 0, span, "m", 0.5), span, keep) for span in spans
    )
    review = Review(document, proposals, (Decision(0, "auto", ""),) * len(spans), "s")
    (row,) = rows(document, entries(review))
    assert "".join(part.text for run in row.original for part in run.parts) == text
    firsts = [run.entry.number for run in row.original if run.entry and run.first]
    assert sorted(firsts) == [1, 2, 3, 4, 5]


def test_rule_pages_are_taken_apart():
    opening, flags = sections(PAGES["said-about-noun"])
    assert opening.paragraphs == ("*Said about* + noun.",)
    assert (flags.heading, flags.paragraphs) == ("What it flags", ("``said about`` & <b>more</b>.", "Twice."))
    assert inline("``a`` and *b* c") == (("code", "a"), ("plain", " and "), ("term", "b"), ("plain", " c"))


def test_reports_load_no_model_library():
    code = (
        "import sys; sys.path.insert(0, 'tests'); import review_sample as s; from mtcheck.reports import *\n"
        "[render(s.REVIEW, name) for name in formats()]\n"
        "print({'torch', 'transformers', 'spacy', 'ctranslate2'} & set(sys.modules))"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
