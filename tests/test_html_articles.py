"""HTML: what readers see is read, only the text changes, and whatever a page holds comes back."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.allowances import allow
from mtcheck.documents import parse, read, write
from mtcheck.errors import InputError
from mtcheck.lsp.knowledge import read as known
from mtcheck.schema import Document, Edit, Finding, Severity, Span
from tests.round_trip import assert_round_trip

CASES = sorted((Path(__file__).parent / "cases" / "html").glob("*.html"))
_WORDS = st.text(alphabet="aЖ&<>\"';#lt9é\U0001f600", min_size=1, max_size=6).map(lambda text: f"x{text}x")


def page(body: str, head: str = '<meta charset="utf-8">') -> Document:
    return parse(f"<!DOCTYPE html><html lang=ru><head>{head}</head><body>{body}</body></html>", "a.html", "html")


def texts(body: str, head: str = '<meta charset="utf-8">') -> list[str]:
    return page(body, head).text.split("\n")


def edited(body: str, old: str, new: str) -> str:
    """The body with the words ``old`` of its text replaced."""
    document = page(body)
    segment = next(segment for segment in document.segments if old in segment.hypothesis)
    at = segment.hypothesis.index(old)
    written = write(document, [Edit(segment.seg_id, Span(at, at + len(old)), new)]).decode()
    return written.partition("<body>")[2].removesuffix("</body></html>")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>He <b>came</b>\n   home.<p>She left.", ["He came home.", "She left."]),
        ("<ul><li>One<li>Two</ul>Three<br>Four", ["One", "Two", "Three", "Four"]),
        ("<table><tr><td>A<td>B<tr><th>C</table>", ["A", "B", "C"]),
        ("AT&amp;T&nbsp;and &laquo;Q&raquo; &#8217; &unknown; &", ["AT&T\xa0and «Q» ’ &unknown; &"]),
        ("co&shy;op <wbr>a<!-- x -->b", ["coop ab"]),
        ("See <code>x = 1</code> here.<pre>no</pre><textarea>no</textarea>", ["See x = 1 here."]),
        ("<script>a = '<p>no</p>'</script><style>p{}</style><svg><text>no</text></svg>Yes", ["Yes"]),
        ("<p lang=ru>Русский<p>English<p lang=en-GB>British", ["English", "British"]),
        ('<div translate=no>Acme <p translate="yes">Yes</div><p class="a notranslate">No', ["Yes"]),
        ("He said <i lang='ru'>нет</i> twice.", ["He said нет twice."]),
        ("He left.<sup><a href=#1>1</a></sup> Ten m<sup>2</sup>.", ["He left. Ten m2."]),
        ('<img alt="A &quot;red&quot; fox" src=x.png> <img alt=none>', ['A "red" fox']),
        ("<p hidden>No<p>a < b <bogus>soup</i>&lt;b&gt;</p></div>", ["a < b", "soup<b>"]),
        ("Text <b>here", ["Text here"]),
        ("<p>He left.</htm", ["He left."]),
        ("<p>He left.<b<htm", ["He left."]),
    ],
)
def test_what_a_reader_sees(body: str, found: list[str]) -> None:
    whole = texts(body) if not body.endswith("</htm") else parse(body, "a.html", "html").text.split("\n")
    assert whole == found


def test_editors_are_shown_nothing_of_it_yet() -> None:
    assert known("<p>He lived in the the city.", "a.html", "html") is None


def test_title_and_descriptions_are_read() -> None:
    head = '<title>A title</title><meta name="description" content="What it says"><meta property=og:title content="T">'
    assert texts("Text", head + '<meta name="keywords" content="no, no">') == ["A title", "What it says", "T", "Text"]


def test_code_and_parts_in_other_languages_are_protected() -> None:
    (segment,) = page("Call <code>f(x)</code> or <i lang=fr>bon mot</i> now.").segments
    assert [segment.hypothesis[p.start : p.end] for p in segment.protected] == ["f(x)", "bon mot"]


@pytest.mark.parametrize(
    ("body", "old", "new", "expected"),
    [
        ("<p>He <b>said\n about</b> it", "said about", "spoke of", "<p>He <b>spoke of</b> it"),
        ("<p>He said&nbsp;about it", "said\xa0about", "told\xa0us", "<p>He told&nbsp;us it"),
        ("<p>A and B", "and", "<&>", "<p>A &lt;&amp;&gt; B"),
        ('<img alt="the the fox" src=a>', "the the", '"the"', '<img alt="&quot;the&quot; fox" src=a>'),
        ("<p>R&D lt;", "D ", "", "<p>R&amp;lt;"),
        ("<p>&copy2016 x", "x", "y", "<p>&copy2016 y"),
        ("<p>a < b", " b", "b", "<p>a &lt;b"),
        ("<p>the <i>old</i>", "old", "", "<p>the <i></i>"),
    ],
)
def test_edits_are_escaped_and_nothing_else_changes(body: str, old: str, new: str, expected: str) -> None:
    assert edited(body, old, new) == expected


def test_a_tag_is_not_swallowed() -> None:
    document = page("He <b>said</b> about it")
    with pytest.raises(ValueError, match="markup"):
        write(document, [Edit(0, Span(3, 13), "spoke of")])


def test_a_page_in_plain_ascii_that_declares_no_unicode_stays_so() -> None:
    for head in ("", "<meta charset=windows-1252>"):
        document = page("It's here", head)
        assert "It&#8217;s here" in write(document, [Edit(0, Span(2, 3), "’")]).decode("ascii")
    assert "It’s here" in write(page("It's here"), [Edit(0, Span(2, 3), "’")]).decode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("<meta charset=windows-1251>\n<p>It’s", "a.html:1: declares the encoding windows-1251, but is UTF-8"),
        ("<?xml version='1.0' encoding='koi8-r'?><p>“”", "a.html:1: declares the encoding koi8-r"),
        ("<meta charset=windows-1251><p>Министр сказал, что".encode("cp1251"), "a.html: not UTF-8 but windows-1251"),
    ],
)
def test_another_encoding_is_one_clear_line(data: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse(data, "a.html", "html")


def test_places_are_those_of_the_file() -> None:
    document = parse("\ufeff<p>One.\r\n  <b>Two &amp;</b> two.\r\n  Three.", "a.html", "html")
    assert [document.line_column(s.start) for s in document.segments] == [(1, 4), (2, 6), (3, 3)]
    assert document.line_column(document.text.index("two")) == (2, 20)


REMARKS = """\
<!-- mtcheck: allow doubled-word --><ul><li>the the one<li>the the two</ul>
<p>the the three<p><!-- mtcheck: allow style: meant -->the the four <b>x</b><p>the the five
<!-- mtcheck: allow all -->
<div><!-- mtcheck: allow all --> bare <p>other</div><!-- mtcheck: allow all -->
"""


def test_remarks_are_about_what_they_stand_in_or_before() -> None:
    document = parse(REMARKS, "a.html", "html")
    about = [document.text[c.about.start : c.about.end].split("\n")[:-1] for c in document.comments]
    assert about == [["the the one", "the the two"], ["the the four x"], ["the the five"], ["bare"], []]
    assert [comment.line for comment in document.comments] == [1, 2, 3, 4, 4]


def test_an_allowed_finding_is_allowed() -> None:
    document = parse(REMARKS, "a.html", "html")
    found = [Finding("doubled-word", "fluency/grammar", Severity.MINOR, n, Span(0, 7), "", 1) for n in range(3)]
    told = allow(document, found, ("doubled-word",))
    assert [finding.seg_id for finding in told.standing] == [2]


_PIECES = st.sampled_from(
    "<p> </p> <b> </b> <br> <i> </i> <div> <li> <td> <code> </code> <pre> </pre> <script> </script> &amp; &lt "
    "&nbsp; &copy; &#8217; &#x26; & < > &shy; <!--x--> <!x> <?x> <a\thref='x'> <img\talt='a\tb'> <p\tlang=ru> "
    "<sup> [1] </sup> ]]> <![CDATA[ é Ж word two A 1 . ,".split(" ")
) | st.sampled_from([" ", "\n", "\r\n", "\t"])
_SOUP = st.lists(_PIECES, max_size=25).map("".join) | st.text(alphabet="ab <>&;/!?-='\"\n#x1pi\ufeff\xad", max_size=60)


@given(soup=_SOUP, data=st.data())
@settings(max_examples=250, deadline=None)
def test_any_soup_comes_back(soup: str, data: st.DataObject) -> None:
    assert_round_trip(soup.encode(), "html", data, _WORDS)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0")))
@settings(max_examples=100)
def test_any_text_is_a_page(text: str) -> None:
    document = parse(text, "x", "html")
    assert write(document) == text.encode()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_real_pages_come_back(path: Path, data: st.DataObject) -> None:
    assert len(read(str(path)).segments) > 10
    assert_round_trip(path.read_bytes(), "html", data, _WORDS)


@pytest.mark.parametrize(
    "unfinished", ['<a href="<b>So</b>', "<b", "<C<#a", "</p left", "<!-- left", "<?left", "<![left"]
)
def test_a_tag_that_never_ends_takes_the_rest_with_it(unfinished: str) -> None:
    """As in browsers, which show none of it."""
    raw = "<p>The minister came. " + unfinished
    document = parse(raw.encode(), "x", "html")
    assert document.text == "The minister came."
    assert write(document, [Edit(0, Span(0, 3), 'A "B"')]).decode() == raw.replace("The", 'A "B"')


@pytest.mark.parametrize("piece", ["<a ", '<a b="', "<a b='", "&#; <a ", "<!-- ", "</a ", "<a/", "&#"])
def test_tags_without_end_take_no_time(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is looked at once, however many there are; html.parser alone reads from each to the end of the page."""
    tried, begin = [], HTMLParser.parse_starttag
    monkeypatch.setattr(HTMLParser, "parse_starttag", lambda page, at: tried.append(at) or begin(page, at))
    assert parse(("<p>The minister came. " + piece * 20_000).encode(), "x", "html").text.startswith(
        "The minister came."
    )
    assert len(tried) < 5


def test_a_loose_ampersand_and_number_sign_are_text() -> None:
    """html.parser would take what follows the second for text, tags included."""
    assert texts("<p>One &# two</p><p>R&#; three</p><p>The <b>end</b>") == ["One &# two", "R&#; three", "The end"]


def test_elements_without_end_are_no_trouble() -> None:
    body = "<b>The minister came. " * 3000  # time was quadratic in how many are open
    assert texts(body) == [("The minister came. " * 3000).strip()]


def test_our_own_reports_are_no_articles() -> None:
    report = page("<p>Lavrov said about the absence of plans.</p>", '<meta name="generator" content="mtcheck">')
    assert report.segments == ()
    for name in ("review.html", "comparison.html"):
        template = Path(__file__).parent.parent / "mtcheck" / "reports" / "assets" / name
        assert '<meta name="generator" content="mtcheck">' in template.read_text(encoding="utf-8")
