"""Subtitles: sentences whole over cues, timings and tags kept, no edit across a cue's border."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.documents import parse, write
from mtcheck.errors import InputError
from mtcheck.schema import Edit, Span
from tests.round_trip import assert_round_trip

CASES = sorted((Path(__file__).parent / "cases" / "subtitles").glob("*.[sv][rt]t"))
SRT = r"""1
00:00:01,000 --> 00:00:03,000
{\an8}<i>The minister said about
the absence</i>

2
00:00:03,500 --> 00:00:05,000
of plans. He <font color="red">left.</font>
3
00:00:06,000 --> 00:00:08,000
- Are you sure?
- Yes! <b>2 < 3</b>

4
00:00:09,000 --> 00:00:10,000

"""
VTT = """\
WEBVTT - a talk

STYLE
::cue { color: red }

NOTE mtcheck: allow doubled-word

intro
00:01.000 --> 00:03.000 align:start
<v Anna>He &amp; the the <00:02.000><c.loud>dog</c> came

00:03.000 --> 00:04.000
home.
"""
_WORDS = st.text(alphabet="abЖ9 ", min_size=1, max_size=6).map(lambda text: f"x{'-'.join(text.split())}x")


def hypotheses(raw: str, name: str) -> list[str]:
    return [segment.hypothesis for segment in parse(raw, "a", name).segments]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_sentence_runs_over_cues(newline: str) -> None:
    document = parse(SRT.replace("\n", newline), "a.srt", "srt")
    sentences = ["The minister said about the absence of plans.", "He left.", "Are you sure?", "Yes! 2 < 3"]
    assert [segment.hypothesis for segment in document.segments] == sentences
    assert [document.line_column(s.start) for s in document.segments] == [(3, 10), (8, 11), (11, 3), (12, 3)]
    assert document.line_column(document.text.index("of plans")) == (8, 1)
    assert write(document) == SRT.replace("\n", newline).encode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_keeps_lines_and_cues(newline: str) -> None:
    raw = SRT.replace("\n", newline)
    document = parse(raw, "a.srt", "srt")
    at = document.segments[0].hypothesis.index("said about the")
    written = write(document, [Edit(0, Span(at, at + 14), "spoke of the")]).decode()
    assert written == raw.replace("said about", "spoke of")
    assert write(document, [Edit(0, Span(at, at + 14), "denied")]).decode() == raw.replace(
        f"said about{newline}the", "denied"
    )


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (0, 1), (-3, 4)])
def test_no_edit_crosses_the_border_of_a_cue(start: int, end: int) -> None:
    document = parse(SRT, "a.srt", "srt")
    border = document.segments[0].hypothesis.index(" of plans")
    with pytest.raises(ValueError, match=r"markup|join subtitles"):
        write(document, [Edit(0, Span(border + start, border + end), "x")])


def test_insertions_stay_on_their_side_of_the_border() -> None:
    document = parse(SRT, "a.srt", "srt")
    border = document.segments[0].hypothesis.index(" of plans")
    written = write(document, [Edit(0, Span(border, border), "A"), Edit(0, Span(border + 1, border + 1), "B")]).decode()
    assert written == SRT.replace("the absence<", "the absenceA<").replace("of plans", "Bof plans")


def test_webvtt_has_entities_and_remarks() -> None:
    document = parse(VTT, "a.vtt", "vtt")
    assert [segment.hypothesis for segment in document.segments] == ["He & the the dog came home."]
    (remark,) = document.comments
    assert (remark.text, remark.line) == ("mtcheck: allow doubled-word", 6)
    assert document.text[remark.about.start : remark.about.end] == document.text
    assert write(document, [Edit(0, Span(3, 8), "<&")]).decode() == VTT.replace("&amp; the", "&lt;&amp;")


def test_a_pause_or_a_dash_begins_another_text() -> None:
    raw = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>MOSCOW</i>\n\n2\n0:00:09,000 --> 0:00:10,000\nHe said\n\n"
        "3\n0:00:20,000 --> 0:00:21,000\nit twice\n---\n\n4\n0:00:22,000 --> 0:00:23,000\n<i>- No &amp; no</i>\n"
    )
    assert hypotheses(raw, "srt") == ["MOSCOW", "He said it twice", "No & no"]


def test_text_without_punctuation_is_cut_after_some_cues() -> None:
    cues = "".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\nword number {n}\n\n" for n in range(1, 21))
    assert len(hypotheses(cues, "srt")) == 3


def test_what_is_no_subtitle_file_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.srt: holds no subtitle; give lines of times"):
        parse("Just text.\n", "a.srt", "srt")


_LINES = st.sampled_from(
    [
        "",
        "7",
        "00:00:01,000 --> 00:00:02,000",
        "00:01.5 --> 00:02.5",
        "Word one",
        "and <i>two</i>",
        "- No. Yes",
        "{\\an8}x",
        "<b>",
        "  spaced  ",
        "Ж…",
        "NOTE mtcheck: allow all",
        "a &amp; b &",
        "1 <v X>y",
        "[noise]",
        "\ufeff",
    ]
)


@pytest.mark.parametrize("text", ["&lT;b&gt;", "&#1; b", "&Amp; &amp; &#0;"])
@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_what_looks_like_an_entity_is_read_as_it_stands(name: str, text: str) -> None:
    document = parse(f"00:00:01,000 --> 00:00:02,000\nHe said {text} there.\n", "x", name)
    whole = document.segments[0].hypothesis
    assert whole.startswith(f"He said {text[:3]}")
    at = whole.index("there")
    written = write(document, [Edit(0, Span(at, at + 5), "here")])
    assert written.endswith(f"He said {text} here.\n".encode())


@pytest.mark.parametrize("name", ["srt", "vtt"])
@given(lines=st.lists(_LINES, max_size=16), newline=st.sampled_from(["\n", "\r\n", "\r"]), data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_lines_come_back(name: str, lines: list[str], newline: str, data: st.DataObject) -> None:
    raw = newline.join(["00:00:01,000 --> 00:00:02,000", *lines])
    assert_round_trip(raw.encode(), name, data, _WORDS)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_real_subtitles_come_back(path: Path, data: st.DataObject) -> None:
    raw = path.read_bytes()
    assert parse(raw, path.name, path.suffix[1:]).segments
    assert_round_trip(raw, path.suffix[1:], data, _WORDS)
