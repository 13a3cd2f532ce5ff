"""The review page without a browser: its structure, its data, and that no text of a user becomes markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from review_sample import DOCUMENT, EMPTY, REVIEW

from mtcheck import documents, pipeline
from mtcheck.decisions import Ledger, Ruling, placed
from mtcheck.engines import Engines
from mtcheck.reports import html, visible
from mtcheck.reports._deciding import deciding
from mtcheck.reports._entries import entries
from mtcheck.reports._why import measure, why
from mtcheck.schema import (
    Alternative,
    Applicability,
    Decision,
    Document,
    Finding,
    Gap,
    Proposal,
    Review,
    Score,
    Segment,
    Severity,
    Span,
)
from mtcheck.settings import load

PAGES = {"said-about-noun": "*Said about* + noun.\n\nWhat it flags\n    ``said about`` & <b>more</b>.\n\n    Twice."}
VOID = {"meta", "link", "br", "input"}


class Page(HTMLParser):
    """The elements of a page, the text of its article cells, and its identifiers; a tag left open is an error."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.ids, self.links, self.raw, self.open = [], [], [], [], []
        self.columns = {"original": [], "cleaned": []}
        self.column, self.hidden = None, 0
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        assert len(found) == len(attributes), (tag, attributes)
        self.elements.append((tag, found))
        self.open += [] if tag in VOID else [tag]
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        if tag == "div" and "data-column" in found:
            self.column = found["class"].split()[1]
            self.columns[self.column].append("")
        self.hidden += tag == "sup"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())
        self.column = None if tag == "div" else self.column
        self.hidden -= tag == "sup"

    def handle_data(self, data):
        if self.column and not self.hidden:
            self.columns[self.column][-1] += data
        if self.elements and self.elements[-1][0] == "script":
            self.raw.append(data)


def page_of(review=REVIEW):
    return Page(html.render(review, rule_pages=PAGES))


def data_of(review=REVIEW):
    return json.loads(page_of(review).raw[0])


def test_it_opens_no_connection_and_has_no_loose_end():
    text = html.render(REVIEW, rule_pages=PAGES)
    page = Page(text)
    assert all(link.startswith("#") for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not re.search(r"url\(|@import|\bfetch\(|XMLHttpRequest|<link(?! rel=\"icon\")|\ssrc=|innerHTML", text)
    policy = next(found["content"] for _, found in page.elements if found.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert policy.count("'sha256-") == 2
    assert "unsafe" not in policy


def test_every_control_has_a_name_and_no_handler_or_style_of_its_own():
    page = page_of()
    assert not any(name.startswith("on") or name == "style" for _, found in page.elements for name in found)
    assert all(found.get("type") == "button" for tag, found in page.elements if tag == "button")
    languages = {found["lang"] for _, found in page.elements if "lang" in found}
    assert languages == {"en", "ru"}
    labelled = {found["aria-labelledby"] for _, found in page.elements if "aria-labelledby" in found}
    assert labelled <= set(page.ids)


def test_it_shows_both_texts_in_full():
    page, squeeze = page_of(), re.compile(r"\s+")
    for name, text in (("original", DOCUMENT.text), ("cleaned", REVIEW.cleaned)):
        assert squeeze.sub("", "".join(page.columns[name])) == squeeze.sub("", visible(text))
    assert len(page.columns["original"]) == len(page.columns["cleaned"])


def test_words_put_between_others_are_shown():
    text = "One line."
    page = page_of(_review(text, [_proposal(text, "", "bad ", start=4)], [Decision(1, "auto", "changed: 9% sure")]))
    assert page.columns == {"original": ["One line."], "cleaned": ["One bad line."]}


def test_every_change_is_a_focusable_mark_with_a_card():
    page = page_of()
    marks = [found for tag, found in page.elements if tag == "a" and found.get("class", "").startswith("mark")]
    stops = [found["data-entry"] for found in marks if "tabindex" not in found]
    assert stops == [str(entry.number) for entry in entries(REVIEW)]
    cards = [found["id"] for tag, found in page.elements if tag == "article"]
    assert cards == [f"finding-{entry.number}" for entry in entries(REVIEW)]


def test_every_score_has_its_unit_and_leads_to_its_signature():
    text = html.render(REVIEW)
    scores = {score for p in REVIEW.proposals for a in p.alternatives[1:] for score in a.scores}
    assert all(measure(score.metric).unit for score in scores)
    for signature in {score.signature for score in scores}:
        assert text.count(f'<span class="made">{signature}</span>') == len(
            {score.metric for score in scores if score.signature == signature}
        )


def test_an_article_without_findings_has_nothing_to_decide():
    page = page_of(EMPTY)
    assert not [tag for tag, _ in page.elements if tag in {"button", "dialog", "article"}]
    assert data_of(EMPTY)["entries"] == []


def test_why_is_one_sentence_with_its_numbers():
    scores = (
        Score("fluency.gain", -0.8, "s", True),
        Score("meaning.chrF2++", 78.9, "against:back-translation", True),
        Score("own.metric", 1.0, "s", True),
    )
    ways = ("round-trip:pt", "rule:said-about-noun+post-editor")
    taken = Alternative("b", ways, Applicability.SAFE, None, scores)
    proposal = Proposal(_finding(Span(0, 1)), Span(0, 1), (_keep("a"), taken))
    (entry,) = entries(_review("a", [proposal], [Decision(1, "auto", "changed: 84% sure (and so on)")]))
    assert why(entry) == (
        "Proposed by a round trip through Portuguese and the rule said-about-noun with the post-editor, "
        "reads less fluently (−0.8 nats), its back-translation is 79/100 like the original’s (chrF2++), 84% sure."
    )
    (entry,) = entries(_review("a", [proposal], [Decision(0, "auto", "kept: no alternative was found")]))
    assert why(entry) == "The original wording was kept: no alternative was found."
    (entry,) = entries(_review("a", [proposal], [Decision(1, "ledger", "decided before")]))
    assert why(entry) == "A person decided this: decided before."


# --- What can be decided ---


def _keep(text):
    return Alternative(text, ("original",), Applicability.SAFE)


def _finding(span, rule="r", severity=Severity.MINOR, seg_id=0):
    return Finding(rule, "style/awkward", severity, seg_id, span, "m", 0.5)


def _review(text, proposals, decisions=None, **document):
    segments = document.pop("segments", (Segment(0, 0, text),))
    made = Document("a.txt", text, segments, **document)
    return Review(made, tuple(proposals), tuple(decisions or (Decision(0, "auto", ""),) * len(proposals)), "s")


def _proposal(text, quote, *others, start=None, **finding):
    at = text.index(quote) if start is None else start
    span = Span(at, at + len(quote))
    alternatives = tuple(Alternative(one, ("g",), Applicability.SAFE) for one in others)
    return Proposal(_finding(span, **finding), span, (_keep(quote), *alternatives))


def locks(review):
    return [entry["lock"] for entry in data_of(review)["entries"]]


def test_the_text_is_cut_at_the_places_to_be_changed():
    data = data_of()
    assert "".join(part if isinstance(part, str) else part[1] for part in data["text"]) == DOCUMENT.text
    assert [part[1] for part in data["text"] if not isinstance(part, str)] == [e.original for e in entries(REVIEW)]
    assert (data["article"], data["cleaned_name"], data["encoding"]) == ("news/lavrov.md", "lavrov.cleaned.md", "utf-8")


def test_a_file_that_is_not_text_is_not_exported_as_text():
    text = "One bad line."
    review = _review(text, [_proposal(text, "bad", "good")], format="docx", container=b"PK")
    data = data_of(review)
    assert (data["encoding"], data["text"]) == (None, [])
    page = html.render(review)
    assert "The article’s format (docx) is one that a page cannot write." in page
    assert 'data-do="export-text"' not in page


def test_words_inside_other_words_to_be_decided_can_only_be_kept():
    text = "The block in the Council fell."
    review = _review(
        text, [_proposal(text, "The block in", "A"), _proposal(text, "block", "b", severity=Severity.MAJOR)]
    )
    assert locks(review) == ["its words are part of change 2", ""]


def test_words_with_markup_between_them_can_only_be_kept():
    text = "One bad line."
    gapped = Segment(0, 0, text, gaps=(Gap(5, 2),))
    review = _review("One b**ad line.", [_proposal(text, "bad", "good")], segments=(gapped,))
    assert locks(review) == ["markup or a line end stands between its words"]
    assert locks(REVIEW) == [""] * 6


def test_the_same_words_in_the_same_context_are_decided_together_or_not_at_all():
    text = "It was bad there. It was bad there."
    segments = (Segment(0, 0, text[:17]), Segment(1, 18, text[18:]))
    twins = [_proposal(text[:17], "bad", "good", seg_id=at) for at in (0, 1)]
    data = data_of(_review(text, twins, segments=segments))
    assert len({entry["record"] for entry in data["entries"]}) == 1
    assert locks(_review(text, twins, segments=segments)) == ["", ""]
    (lonely,) = locks(_review(text, twins[:1], segments=segments))
    assert lonely.startswith("the same words stand elsewhere too")


def test_a_change_of_spaces_alone_cannot_be_taken():
    text = "One  bad line."
    review = _review(text, [_proposal(text, "One  bad", "One bad", "A bad")])
    assert [choice["takeable"] for choice in data_of(review)["entries"][0]["choices"]] == [False, False, True]


@pytest.mark.parametrize("seed", ["lavrov-aleppo.en.txt"])
def test_every_choice_offered_is_what_its_decision_does(seed):
    with open(f"seeds/{seed}", "rb") as stream:
        review = pipeline.review(documents.parse(stream.read(), seed), Engines(), load(seed))
    data = deciding(review, entries(review))
    for entry in (one for one in data["entries"] if not one["lock"]):
        for choice in (one for one in entry["choices"] if one["takeable"]):
            ruling = Ruling(**data["records"][entry["record"]], replacement=choice["text"])
            parts = [
                part if isinstance(part, str) else choice["text"] if part[0] == entry["record"] else part[1]
                for part in data["text"]
            ]
            edits = [edit for edit, _ in placed(review.document, Ledger({ruling.key: ruling})).edits]
            assert review.document.apply(edits) == "".join(parts)


# --- Hostile text, wherever a user's or a model's words come in ---

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\u2028\u2029",
    "\"'`><img src=x onerror=alert(1)>",
    "\u202eevil\u2066\u200f\u061c",
    "\x1b[31mred\x1b]8;;x\x07",
    "\x7f\x85\x9b31m",
    "]]>&lt;&#60;{{ 7*7 }}{% raw %}",
    "\ufeff\ufffe\uffff\0",
)


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_text_becomes_markup_or_reaches_a_terminal(evil):
    # Settings and glossary speak through messages, notes, guards and the signature.
    text = f"One {evil} bad line."
    segment = Segment(0, 0, text, source=f"Строка {evil}")
    span = Span(0, len(text) - 1)
    score = Score(f"m{evil}", 1.0, f"s{evil}", True)
    alternatives = (
        _keep(text[:-1]),
        Alternative(f"good {evil}", (f"rule:{evil}", f"round-trip:{evil}"), Applicability.SAFE, f"б {evil}", (score,)),
        Alternative(f"barred {evil}", (evil,), Applicability.DISPLAY, None, (), (f"guard {evil}",)),
    )
    finding = Finding(f"r{evil}", f"c{evil}", Severity.MINOR, 0, span, f"message {evil}", 0.5)
    review = Review(
        Document(f"news/{evil}.txt", text, (segment,), source_lang=f"ru{evil}", target_lang=f"en{evil}"),
        (Proposal(finding, span, alternatives, (finding,)),),
        (Decision(1, "auto", f"note {evil}"),),
        f"signature {evil}",
        (f"missing {evil}",),
        {0: f"назад {evil}"},
    )
    text = html.render(review, rule_pages={f"r{evil}": f"Page {evil}\n\nHead {evil}\n    ``{evil}`` *{evil}*."})
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\u200f\u061c\ufffe\uffff]", text)
    page, harmless = Page(text), page_of()
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in harmless.elements}
    assert [found for tag, found in page.elements if tag == "script"] == [
        {"type": "application/json", "id": "review-data"},
        {},
    ]
    assert "alert" not in page.raw[1]
    assert not any(name.startswith("on") for _, found in page.elements for name in found)
    assert json.loads(page.raw[0])["entries"][0]["choices"][1]["text"] == f"good {evil}"
