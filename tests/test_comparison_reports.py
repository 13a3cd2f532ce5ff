"""The reports on two versions: summary page, plots, Word, print; of a diff and of a review alike."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser

import pytest
from docx_told import docx_text
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from review_sample import EMPTY, REVIEW

from mtcheck import documents
from mtcheck.checking import check_document
from mtcheck.comparison import compare, compare_further, compare_review, measured, traced
from mtcheck.engines import Engines
from mtcheck.reports import COMPARED, comparison, render
from mtcheck.reports._overview import STRIP, overview
from mtcheck.schema import Span
from mtcheck.settings import Settings

OLD = """Lavrov said about the absence of plans for the summer.

He can not attend <script>alert(1)</script> & \x1b[31mthe talks.
The budget grew to 1,5 million roubles in a year.

Nobody from the delegation wanted to comment on it.
"""
NEW = OLD.replace("said about", "spoke of").replace("can not", "cannot").replace("Nobody", "Not anyone")
FORMATS = ("docx", "html", "json", "markdown")


class Fluency:
    """Every letter costs a tenth of a nat."""

    signature = "letters"

    def word_log_probs(self, texts):
        words = [re.finditer(r"\S+", text) for text in texts]
        return [[(Span(*word.span()), -len(word.group()) / 10) for word in row] for row in words]

    def log_probs(self, texts):
        return [-len(text.replace(" ", "")) / 10 for text in texts]


class Tagger:
    """Words with an apostrophe or a digit are bad."""

    signature = "digits"

    def bad_probabilities(self, texts):
        words = [re.finditer(r"\S+", text) for text in texts]
        return [[(Span(*w.span()), 0.9 if re.search(r"\d", w.group()) else 0.1) for w in row] for row in words]


def versions(old=OLD, new=NEW):
    return compare(documents.parse(old, "old.txt"), documents.parse(new, "new.txt"))


def whole(old=OLD, new=NEW):
    """A comparison with findings and measures."""
    found = versions(old, new)
    sides = [check_document(one, Engines(), Settings(fast=True)) for one in (found.before, found.after)]
    return measured(traced(found, *sides, "rules"), Engines(fluency=Fluency(), tagger=Tagger()))


WHOLE = whole()


def told(form, found=WHOLE, **options):
    report = comparison.render(found, form, **options)
    return docx_text(report) if isinstance(report, bytes) else report


def test_models_measure_either_version_without_a_reference():
    fluency, tagger = WHOLE.measures
    segments = [one.hypothesis for one in WHOLE.before.segments]
    letters, words = (sum(len(text.replace(" ", "")) for text in segments), len(" ".join(segments).split()))
    assert fluency.before.value == pytest.approx(-letters / 10 / words, abs=1e-4)
    assert (fluency.after.metric, fluency.after.signature) == ("fluency.log-prob-per-word", "letters")
    assert tagger.before.value > 0.1
    assert not tagger.before.higher_is_better
    assert measured(versions(), Engines()).measures == ()


def test_a_review_amounts_to_a_comparison_with_the_meaning_its_edits_kept():
    found = compare_review(REVIEW)
    assert found.after.text == REVIEW.cleaned
    scores = {score.metric: score for score in found.scores}
    chosen = [p.alternatives[d.chosen] for p, d in zip(REVIEW.proposals, REVIEW.decisions, strict=True) if d.chosen]
    kept = [value for one in chosen if (value := one.score("meaning.chrF2++")) is not None]
    assert scores["meaning.chrF2++"].value == pytest.approx(sum(kept) / len(kept), abs=0.01)
    assert scores["meaning.chrF2++"].signature.startswith(f"mean over {len(kept)} of {len(chosen)} edits|")
    assert "meaning.chrF2++" not in {score.metric for score in compare_review(EMPTY).scores}


def test_a_review_looked_at_again_counts_what_the_cleaned_text_still_has():
    alone, again = (
        overview(found, REVIEW)
        for found in (
            compare_review(REVIEW),
            compare_further(compare_review(REVIEW), Engines(), Settings(fast=True), "rules"),
        )
    )
    assert alone.versions == ("found", "left")
    assert sum(one.before for one in alone.severities) == len(REVIEW.findings)
    assert again.versions == ("before", "after")
    assert "rules" in again.signatures
    assert alone.verdict == ""
    assert again.verdict


def test_counts_agree_however_they_are_cut():
    page = overview(WHOLE)
    for side, findings in (("before", WHOLE.findings.before), ("after", WHOLE.findings.after)):
        table = [tally for tallies in page.table.values() for tally in tallies]
        for tallies in (page.severities, page.categories, table):
            assert sum(getattr(one, side) for one in tallies) == len(findings)
    assert len(page.strip) == STRIP
    assert sum(page.strip) == sum(WHOLE.words)
    assert len(page.sparkline) == STRIP


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_counts_scores_and_signatures(form):
    report = told(form)
    for what in ("style/unidiomatic", "fluency.log-prob-per-word", "tagger.mean-bad", "TER", "letters", "digits"):
        assert what in report
    assert "nrefs:1" in report


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_the_same_twice_and_does_without_findings_and_differences(form):
    for found in (versions(), versions(OLD, OLD), versions("", ""), whole("A clean line.", "A clean line.")):
        assert comparison.render(found, form) == comparison.render(found, form)


@pytest.mark.parametrize("form", COMPARED)
def test_a_review_renders_with_what_more_is_known(form):
    again = compare_further(compare_review(REVIEW), Engines(fluency=Fluency()), Settings(fast=True), "rules")
    report = render(REVIEW, form, comparison=again)
    assert "letters" in (docx_text(report) if isinstance(report, bytes) else report)


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.attributes = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("form", ["docx", "report"])
def test_every_score_of_an_edit_is_signed_in_the_report(form):
    report = render(REVIEW, form)
    text = docx_text(report) if isinstance(report, bytes) else Page(report).text
    for proposal in REVIEW.proposals:
        for score in (score for alternative in proposal.alternatives for score in alternative.scores):
            assert score.signature in text


def charts(report):
    return [etree.fromstring(one) for one in re.findall(r"<svg.*?</svg>", report, re.DOTALL)]


def test_plots_tell_in_words_what_they_show():
    found = charts(told("html"))
    assert len(found) == 3
    for chart in found:
        names = {chart.find("title").get("id"), chart.find("desc").get("id")}
        assert chart.get("role") == "img"
        assert set(chart.get("aria-labelledby").split()) == names
        assert chart.find("desc").text
    described = found[0].find("desc").text
    for one in overview(WHOLE).severities:
        assert f"{one.name}: {one.before} before, {one.after} after" in described
    ids = [value for tag, name, value in Page(told("html")).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_bars_are_as_long_as_the_numbers_they_stand_for():
    chart = charts(told("html"))[0]
    bars = [float(one.get("width")) for one in chart.findall("rect")[2:]]
    numbers = [value for one in overview(WHOLE).severities for value in (one.before, one.after)]
    assert bars == pytest.approx([225 * value / max(numbers) for value in numbers], abs=0.1)


@pytest.mark.parametrize("report", [told("html"), render(REVIEW, "report")], ids=["diff", "review"])
def test_the_page_has_no_script_and_loads_nothing(report):
    page = Page(report)
    assert not {"script", "img", "iframe", "object", "b"} & set(page.tags)
    loaded = [value for _, name, value in page.attributes if name in ("src", "href") and not value.startswith("#")]
    assert loaded == ["data:,"]
    assert not any(name == "style" or name.startswith("on") for _, name, _ in page.attributes)
    assert "default-src 'none'" in report


def test_markdown_lets_nothing_of_the_article_through():
    tokens = MarkdownIt("js-default").enable("table").parse(told("markdown"))
    inner = [child for token in tokens for child in token.children or ()]
    assert all(re.fullmatch(r"</?(del|ins)>|<br>", one.content) for one in inner if one.type == "html_inline")


def test_word_shows_changes_by_more_than_their_colour():
    text = told("docx")
    assert "[-said about-]" in text
    assert "{+spoke of+}" in text
    assert "Gone: “about the absence of”" in text or "Gone: “said about" in text
    assert "⟨U+001B⟩" in text


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_word_headings_repeat_rows_stay_whole_and_there_is_no_date():
    package = parts(comparison.render(WHOLE, "docx"))
    body = etree.fromstring(package["word/document.xml"])
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    tables = list(body.iter(f"{word}tbl"))
    assert tables
    for table in tables:
        rows = list(table.iter(f"{word}tr"))
        assert rows[0].find(f"{word}trPr/{word}tblHeader") is not None
        assert all(row.find(f"{word}trPr/{word}cantSplit") is not None for row in rows)
    assert b"dcterms" not in package["docProps/core.xml"].replace(b"xmlns:dcterms", b"")


WORDS = st.lists(st.text(min_size=1, max_size=12) | st.sampled_from(["the the", "1,5", "<b>", "]]>"]), max_size=12)


@settings(max_examples=12, deadline=None)
@given(WORDS, WORDS)
def test_any_text_makes_a_sound_document(old, new):
    found = versions(" ".join(old), " ".join(new))
    docx_text(comparison.render(found, "docx"))
    json.loads(comparison.render(found, "json"))
    for chart in charts(comparison.render(found, "html")):
        assert chart.find("title").text


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice, which opens the report, is not installed")
def test_libreoffice_opens_the_report_and_keeps_its_tables(tmp_path):
    (tmp_path / "report.docx").write_bytes(comparison.render(WHOLE, "docx"))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "html", "--outdir", str(tmp_path), "report.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.tags.count("table") == len(
        re.findall(rb"<w:tbl>", parts(comparison.render(WHOLE, "docx"))["word/document.xml"])
    )
    assert {"strike", "u"} <= set(page.tags) or "line-through" in str(page.attributes)
    assert "spoke of" in page.text
