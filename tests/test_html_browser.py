"""The review page in a real browser: decided on with keys and mouse, exported, and compared with ``mtcheck apply``."""

from __future__ import annotations

import json
from functools import cache

import chromium
import pytest
from click.testing import CliRunner
from review_sample import REVIEW

from mtcheck import documents, pipeline
from mtcheck.cli import main
from mtcheck.decisions import ledger_text, read_ledger
from mtcheck.engines import Engines
from mtcheck.reports import html
from mtcheck.settings import load

pytest.importorskip("websocket", reason="websocket-client is not installed")
pytestmark = pytest.mark.skipif(not chromium.COMMAND, reason="no Chromium found")

ARTICLE = """Lavrov said about the absence of plans to seize Aleppo

This was stated by foreign Minister of Russia Sergey Lavrov in interview to TV channel CNN \U0001f4fa.
Full text of the interview published on the website of the Russian foreign Ministry.

He said about the absence of plans. “The situation is difficult”, – he said about the absence of talks.

The foreign Ministry is in Moscow. Nothing else is wrong here – «да» and naïve café.

The foreign Ministry is in Moscow. Dzhabhat EN-Nusra was named by him.
"""
ARTICLES = {
    "plain.en.txt": ARTICLE.encode(),
    "marked.md": b"\xef\xbb\xbf" + ARTICLE.replace("Sergey", "**Sergey**").replace("\n", "\r\n").encode(),
    "wide.txt": ("\ufeff" + ARTICLE.replace("\n", "\r\n")).encode("utf-16-le"),
    "big.txt": ("\ufeff" + ARTICLE).encode("utf-16-be"),
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    made = chromium.Browser(tmp_path_factory.mktemp("chromium"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _each_by_itself(browser):
    yield
    browser.run("localStorage.clear()")
    assert browser.errors == []


def mtcheck(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@cache
def review_of(name):
    """A review without models; the settings are the defaults."""
    return pipeline.review(documents.parse(ARTICLES[name], name, documents.format_of(name)), Engines(), load(name))


def reviewed(folder, name, monkeypatch):
    """An article in a folder of its own, and its page."""
    monkeypatch.chdir(folder)
    (folder / name).write_bytes(ARTICLES[name])
    page = folder / "review.html"
    page.write_text(html.render(review_of(name)), encoding="utf-8", newline="")
    return page


def exported(browser, page, name):
    """Both files that the page exports; the decisions are put beside the page."""
    browser.press("x")
    browser.click("[data-do=export-text]")
    browser.click("[data-do=export-decisions]")
    cleaned = f".cleaned.{name.rpartition('.')[2]}"
    texts = browser.downloaded(name.rpartition(".")[0] + cleaned), browser.downloaded("mtcheck-decisions.json")
    browser.click("#export [data-do=shut]")
    (page.parent / "mtcheck-decisions.json").write_bytes(texts[1])
    return texts


def tally(browser):
    return browser.text("#tally")


def decided(name, browser, page):
    """Go through the page by key and by mouse: accept, keep, edit, take an alternative, undo."""
    browser.open(page)
    count = browser.run("document.querySelectorAll('#findings > .card').length")
    browser.press("j", "a")
    assert tally(browser) == f"1 of {count} decided: 1 accepted"
    assert browser.text("#panel .number") == "2"
    browser.press("o")
    browser.press("e")
    browser.run("document.querySelector('#panel textarea').select()")
    browser.press(*"wrote <b> & “так” ", "Enter")
    assert tally(browser) == f"3 of {count} decided: 1 accepted, 1 kept, 1 edited"
    browser.press("u", "u")
    assert tally(browser) == f"1 of {count} decided: 1 accepted"
    browser.click("#panel [data-do=keep]")
    browser.press("e")
    browser.run("document.querySelector('#panel textarea').select()")
    browser.press(*"wrote <b> & “так”", "Enter")
    browser.press("1")
    assert tally(browser).startswith("4 of")


@pytest.mark.parametrize("name", ARTICLES)
def test_what_the_page_exports_is_what_apply_makes(name, browser, tmp_path, monkeypatch):
    page = reviewed(tmp_path, name, monkeypatch)
    decided(name, browser, page)
    cleaned, decisions = exported(browser, page, name)
    assert cleaned != ARTICLES[name]
    assert "wrote <b> & “так”" in documents.parse(cleaned, name).text
    done = mtcheck("apply", "mtcheck-decisions.json", "-o", "applied")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "applied" / name).read_bytes() == cleaned
    assert ledger_text(read_ledger(tmp_path / "mtcheck-decisions.json")) == decisions.decode()


@pytest.mark.parametrize("name", ARTICLES)
def test_accepting_everything_gives_the_cleaned_article_of_the_review(name, browser, tmp_path, monkeypatch):
    page = reviewed(tmp_path, name, monkeypatch)
    browser.open(page)
    assert exported(browser, page, name)[0] == ARTICLES[name]
    browser.press("x")
    browser.click("[data-do=accept-left]")
    browser.click("#export [data-do=shut]")
    cleaned, _ = exported(browser, page, name)
    review = review_of(name)
    assert cleaned == documents.write(review.document, review.edits)
    assert mtcheck("apply", "mtcheck-decisions.json").exit_code == 0
    assert (tmp_path / name).read_bytes() == cleaned


def test_decisions_are_remembered_and_can_be_brought_back_from_a_file(browser, tmp_path, monkeypatch):
    name = "plain.en.txt"
    page = reviewed(tmp_path, name, monkeypatch)
    decided(name, browser, page)
    before, (cleaned, decisions) = tally(browser), exported(browser, page, name)
    browser.open(page)
    assert tally(browser) == before
    browser.run("localStorage.clear()")
    browser.open(page)
    assert tally(browser).startswith("0 of")
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    field = browser.send("DOM.querySelector", nodeId=root, selector="#import")["nodeId"]
    browser.send("DOM.setFileInputFiles", nodeId=field, files=[str(tmp_path / "mtcheck-decisions.json")])
    chromium.until(lambda: tally(browser) == before, "the decisions of the file")
    assert exported(browser, page, name) == (cleaned, decisions)


def test_the_cleaned_column_follows_every_decision(browser, tmp_path, monkeypatch):
    browser.open(reviewed(tmp_path, "plain.en.txt", monkeypatch), "#finding-1")
    words = ".cleaned [data-entry='1'] .words"
    suggested, original = browser.text(words), browser.text(".original [data-entry='1'] .words")
    assert suggested != original
    browser.press("e")
    browser.press(*"x")
    assert browser.text(words) == f"{suggested}x"
    browser.press("Escape")
    assert browser.text(words) == suggested
    browser.press("o")
    assert browser.text(words) == original
    assert browser.run("document.querySelector('.cleaned [data-entry=\"1\"]').dataset.state") == "kept"
    browser.press("u")
    browser.click("#only-decided")
    assert browser.text(words) == original


def test_an_edit_that_apply_would_take_for_made_is_refused(browser, tmp_path, monkeypatch):
    browser.open(reviewed(tmp_path, "plain.en.txt", monkeypatch))
    numbers = browser.run("Array.from(document.querySelectorAll('.original .mark .words'), (one) => one.textContent)")
    for _ in range(numbers.index("EN-") + 1):
        browser.press("j")
    browser.press("e")
    browser.run("document.querySelector('#panel textarea').select()")
    browser.press(*"EN", "Enter")
    assert browser.text("#said") == browser.text("#panel .lock")
    assert browser.text("#said").startswith("Not saved")
    browser.press("x", "Enter")
    assert browser.text(".cleaned .mark[data-state=edited] .words") == "ENx"
    assert tally(browser).startswith("1 of")


def test_filters_narrow_what_is_shown_and_where_the_keys_go(browser, tmp_path, monkeypatch):
    browser.open(reviewed(tmp_path, "plain.en.txt", monkeypatch))
    browser.press("j", "a", "Escape")
    browser.run(f"({PICK})('state', 'decided')")
    assert browser.text("#position") == "1 shown"
    browser.press("j")
    assert browser.text("#panel .number") == "1"
    browser.run(f"({PICK})('state', '')")
    browser.run(f"({PICK})('text', 'no such words')")
    assert browser.run("document.querySelectorAll('.original .mark:not(.off)').length") == 1  # the one that is open


def test_keys_leave_fields_alone_and_can_be_switched_off(browser, tmp_path, monkeypatch):
    browser.open(reviewed(tmp_path, "plain.en.txt", monkeypatch))
    browser.run("document.querySelector('[data-filter=text]').focus()")
    browser.press("j", "a")
    assert browser.run("document.querySelector('[data-filter=text]').value") == "ja"
    assert tally(browser).startswith("0 of")
    browser.run("document.activeElement.blur()")
    browser.press("?")
    browser.click("#keys")
    browser.click("#help [data-do=shut]")
    browser.press("j")
    assert browser.run("document.getElementById('panel').hidden")


def test_hostile_text_stays_text(browser, tmp_path):
    page = tmp_path / "review.html"
    page.write_text(html.render(REVIEW), encoding="utf-8")
    browser.open(page)
    for _ in REVIEW.proposals:
        browser.press("j")
        browser.press("e")
        browser.press(*"</script><b>", "Escape")
    assert browser.run("document.querySelectorAll('main b, main script, #panel script').length") == 0
    assert "⟨U+202E⟩" in browser.text("#article")


@pytest.mark.parametrize("size", [(1400, 1000), (800, 900), (390, 844)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa_and_nothing_overflows(size, theme, browser, tmp_path, monkeypatch):
    browser.open(reviewed(tmp_path, "plain.en.txt", monkeypatch), "#finding-1", size, theme)
    browser.press("a", "o")
    assert browser.run("document.documentElement.scrollWidth") <= size[0]
    assert json.loads(browser.run(f"({CONTRAST})()")) == []


PICK = """(name, value) => {
  const field = document.querySelector(`[data-filter=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event("input"));
}"""

# WCAG 2.2, 1.4.3: every text node that shows, against the first opaque background behind it.
CONTRAST = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const c = channels(getComputedStyle(at).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.checkVisibility() || node.closest(":disabled, script, option")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [luminance(channels(style.color)), luminance(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push([node.className, walk.currentNode.data.trim().slice(0, 30), ratio.toFixed(2)]);
  }
  return JSON.stringify(poor);
}"""
