"""Articles in and out: bytes kept, paragraphs found, markup hidden, bad input refused in one line."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.documents import FORMATS, format_of, parse, read, read_text, replace_file, write
from mtcheck.documents.language import other_language
from mtcheck.documents.text_format import TextFormat
from mtcheck.errors import InputError, MtcheckError, OutputError, SettingsError
from mtcheck.schema import Document, Edit, Span

RUSSIAN = "Министр иностранных дел России Сергей Лавров заявил, что у Москвы нет планов захватить город Алеппо."
ENGLISH = "The minister said that Moscow has no plans to capture the city of Aleppo. He said so in an interview."

TEXT_FORMATS = sorted(name for name, form in FORMATS.items() if isinstance(form, TextFormat))
"""Any text is a file of these; the others have tests of their own."""
_ALPHABET = "ab. *_`[]()<>!#|\\-\n\r\t&~>1“”é\ufeff\u2028"
_TEXTS = st.one_of(st.text(), st.text(alphabet=_ALPHABET, max_size=80))


def _hypotheses(text: str, format_name: str = "text") -> list[str]:
    return [segment.hypothesis for segment in parse(text, "x", format_name).segments]


def _assert_traced(document: Document) -> None:
    """Segments are numbered, in order, disjoint, trimmed, and each code point stands where the gaps say."""
    end = 0
    for number, segment in enumerate(document.segments):
        assert segment.seg_id == number
        assert segment.hypothesis == segment.hypothesis.strip()
        assert segment.start >= end
        assert all(0 < gap.at < len(segment.hypothesis) and gap.length > 0 for gap in segment.gaps)
        for at, char in enumerate(segment.hypothesis):
            raw = segment.raw_span(Span(at, at + 1))
            assert raw.start >= end
            assert document.text[raw.start : raw.end] == char
            end = raw.end
        assert all(0 <= p.start < p.end <= len(segment.hypothesis) for p in segment.protected)


@pytest.mark.parametrize("format_name", TEXT_FORMATS)
@given(text=_TEXTS)
@settings(max_examples=150)
def test_any_text_comes_back_as_the_same_bytes(format_name: str, text: str) -> None:
    document = parse(text, "x", format_name)
    assert write(document) == text.encode()
    _assert_traced(document)


@pytest.mark.parametrize("format_name", TEXT_FORMATS)
@given(text=_TEXTS, data=st.data())
@settings(max_examples=80)
def test_edits_change_only_their_spans(format_name: str, text: str, data: st.DataObject) -> None:
    document = parse(text, "x", format_name)
    edits, expected, done = [], "", 0
    for segment in document.segments:
        at = data.draw(st.integers(0, len(segment.hypothesis) - 1))
        raw = segment.raw_span(Span(at, at + 1))
        edits.append(Edit(segment.seg_id, Span(at, at + 1), "Ж"))
        expected, done = expected + text[done : raw.start] + "Ж", raw.end
    assert write(document, edits) == (expected + text[done:]).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_are_restored(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    data = f"{ENGLISH}\r\n\nSecond “line” here.  \r\n".encode(encoding)
    path.write_bytes(data)
    document = read(str(path))
    assert document.segments[0].hypothesis.startswith("The minister")
    assert write(document) == data
    edit = Edit(0, Span(0, 3), "A")
    assert write(document, [edit]).decode(encoding) == data.decode(encoding).replace("The", "A", 1)


def test_a_title_and_lines_stand_alone() -> None:
    text = (
        "Lavrov denies plans\n\nBy Ivan Petrov\nThe plans are old. They were dropped.\n\n- one item\n2) another item\n"
    )
    assert _hypotheses(text) == [
        "Lavrov denies plans",
        "By Ivan Petrov",
        "The plans are old.",
        "They were dropped.",
        "one item",
        "another item",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_one_paragraph(newline: str) -> None:
    lines = [
        "A short title of this story",
        "The minister of foreign affairs met his colleague in the city of",
        "Geneva on Monday and said that the talks were going well. The next",
        "round will take place in a week,” – said Lavrov. No date was given.",
    ]
    document = parse(newline.join(lines), "x")
    flat = [
        segment.hypothesis.replace(newline.strip("\n") or "\n", " ").replace("\n", " ") for segment in document.segments
    ]
    assert flat == [
        "A short title of this story",
        "The minister of foreign affairs met his colleague in the city of Geneva on Monday "
        "and said that the talks were going well.",
        "The next round will take place in a week,” – said Lavrov.",
        "No date was given.",
    ]
    assert not any("\r\n" in segment.hypothesis for segment in document.segments)
    _assert_traced(document)


def test_long_lines_are_paragraphs() -> None:
    line = "The minister said that it was a good day for everybody in the city and in the whole country"
    assert len(_hypotheses(f"{line} {line}\n{line} {line}\nlower case line here")) == 3


MARKDOWN = """\ufeff---
title: "Front. Matter"
---
# Heading with **bold** text #

Para with *emphasis*, `code here` and [link text](http://x.y "t") that goes\x20\x20
on. Second sentence ![img](a.png) with https://foo.com/a_b. And ~~gone~~ now\\*. <b>Html</b> &amp; x_y_z 2*3.

> Quoted text that is
> wrapped here. And **then
> bold** more.
> - list in quote
>   continued. [ref] here.

1. One item. Two.

```py
code. Not.
```

| A head | B |
|---|:--|
| Cell one. Two | b \\| c |
| | line<br>two |

<div>
html. Text
</div>

[ref]: http://foo "bar"

Setext title
============

    indented code

Note[^1] is <https://a.b/c>.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_markdown_shows_prose_only(newline: str) -> None:
    text = MARKDOWN.replace("\n", newline)
    document = parse(text, "x", "markdown")
    assert [segment.hypothesis for segment in document.segments] == [
        "Heading with bold text",
        "Para with emphasis, code here and link text that goes\non.",
        "Second sentence with https://foo.com/a_b.",
        "And gone now*.",
        "Html &amp; x_y_z 2*3.",
        "Quoted text that is\nwrapped here.",
        "And then\nbold more.",
        "list in quote\ncontinued.",
        "ref here.",
        "One item.",
        "Two.",
        "A head",
        "B",
        "Cell one.",
        "Two",
        "b | c",
        "line",
        "two",
        "Setext title",
        "Note[^1] is https://a.b/c.",
    ]
    protected = [s.hypothesis[p.start : p.end] for s in document.segments for p in s.protected]
    assert protected == ["code here", "https://foo.com/a_b", "&amp;", "[^1]", "https://a.b/c"]
    assert write(document) == text.encode()
    _assert_traced(document)


def test_markdown_edits_keep_the_markup() -> None:
    text = "> He **said about** the\n> [plan](u) today.\n"
    document = parse(text, "x", "markdown")
    (segment,) = document.segments
    assert segment.hypothesis == "He said about the\nplan today."
    edits = [Edit(0, Span(3, 13), "spoke of"), Edit(0, Span(18, 22), "idea")]
    assert write(document, edits).decode() == "> He **spoke of** the\n> [idea](u) today.\n"
    with pytest.raises(ValueError, match="markup"):
        write(document, [Edit(0, Span(0, 13), "He spoke of")])


def test_a_rule_before_many_lines_is_no_front_matter_and_takes_no_time() -> None:
    text = "---\r\n" + "The minister came.\r\n" * 2000  # time was exponential in the number of such lines
    assert len(parse(text, "x", "markdown").segments) == 2000


def test_formats_follow_the_ending() -> None:
    assert format_of("a/b.MD") == "markdown"
    assert format_of("b.txt") == format_of("-") == format_of("README") == format_of("b.en") == "text"
    with pytest.raises(InputError, match=r"cannot read \.docm files; save .*\.txt.*\.md"):
        format_of("b.docm")
    with pytest.raises(SettingsError, match="no such format: pdf; use one of text, markdown"):
        parse("a", "x", "pdf")


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b"\xef\xbb\xbf \r\n\t\n", "is empty"),
    "no prose": (b"*** --- ***", "holds no sentence"),
    "nul": (ENGLISH.encode() + b"\0", "NUL"),
    "binary": (bytes(range(256)) * 4, "binary data"),
    "Parquet": (b"PAR1\x15\x04\x15\xf8\x00PAR1", "a Parquet table, not an article; name it to mtcheck batch"),
    "zip": (b"PK\x03\x04....", r"zip archive .*\.docx"),
    "cp1251": (RUSSIAN.encode("cp1251"), "windows-1251.*iconv -f windows-1251 -t utf-8"),
    "koi8": (RUSSIAN.encode("koi8-r"), "koi8-r"),
    "cp1252": (f"“{ENGLISH}”".encode("cp1252"), "iconv -f windows-1252 -t utf-8"),
    "utf-16 unmarked": (ENGLISH.encode("utf-16-be"), "iconv -f UTF-16BE"),
    "utf-32": (ENGLISH.encode("utf-32"), "UTF-32"),
    "damaged utf-16": (ENGLISH.encode("utf-16") + b"\0", "damaged UTF-16"),
    "russian": (RUSSIAN.encode(), "looks like Russian; give an English translation"),
    "german": ("Der Präsident hat gestern in Berlin mit dem Minister gesprochen und reiste ab.".encode(), "German"),
    "chinese": ("習近平國家主席在北京會見了俄羅斯外交部長拉夫羅夫先生".encode(), "Chinese"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_one_clear_line(name: str) -> None:
    data, message = BAD[name]
    with pytest.raises(InputError, match=message) as caught:
        read("-", stdin=io.BytesIO(data))
    assert str(caught.value).startswith("<stdin>")
    assert "\n" not in str(caught.value)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "none.txt", "no such file"),
        (tmp_path, "is a folder"),
        ("a\0.txt", "cannot be read"),
    ):
        with pytest.raises(InputError, match=message):
            read(str(path))


def test_source_text_must_be_russian() -> None:
    assert read_text("-", stdin=io.BytesIO(b"\xef\xbb\xbf" + RUSSIAN.encode())) == RUSSIAN
    with pytest.raises(InputError, match="looks like English; give the Russian original"):
        read_text("-", stdin=io.BytesIO(ENGLISH.encode()))


def test_names_and_short_texts_pass_for_english() -> None:
    names = "Dmitry Peskov, Sergey Shoigu, Nikolai Patrushev, Vladimir Zhirinovsky, Gennady Zyuganov, Sergei Mironov"
    for text in (names, "Lavrov zayavil", "No.", "1 2 3", "Putin, Medvedev and Shoigu met Lavrov in Nizhny Novgorod"):
        assert other_language(text, "en") is None
    assert (
        other_language("Міністр закордонних справ України заявив, що країна не братиме участі у переговорах", "ru")
        == "Ukrainian"
    )


def test_replacing_keeps_mode_and_follows_links(tmp_path: Path) -> None:
    target, link = tmp_path / "a.txt", tmp_path / "link.txt"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    replace_file(tmp_path / "b.txt", b"x")
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b.txt", "link.txt"]


def test_a_failed_write_leaves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        replace_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_unwritable_places_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        replace_file(tmp_path, b"")
    with pytest.raises(OutputError, match="create the folder"):
        replace_file(tmp_path / "no" / "a.txt", b"")
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="permission denied") as caught:
        replace_file(target, b"new")
    assert isinstance(caught.value, MtcheckError)
    assert target.read_bytes() == b"old"


def test_importing_documents_loads_nothing_heavy() -> None:
    import subprocess

    heavy = "{'torch', 'transformers', 'spacy', 'nupunkt', 'lingua', 'markdown_it', 'charset_normalizer'}"
    code = f"import sys, mtcheck.documents; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
