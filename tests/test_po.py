"""PO catalogues: which messages are read, and that nothing but changed text changes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.documents import parse, write, write_annotated
from mtcheck.errors import InputError, OtherLanguageError
from mtcheck.schema import Edit, Revision, Span
from tests.cat_files import HEAD, TEXTS, assert_written, edits_of

CASES = Path(__file__).parent / "cases" / "po"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: en\\n"\n\n'


def catalogue(body: str, header: str = HEADER) -> bytes:
    return (header + body).encode()


def message(translation: str, source: str = "Да.", before: str = "") -> str:
    return f'{before}msgid "{source}"\nmsgstr "{translation}"\n\n'


def pairs(data: bytes) -> list[tuple[str, str | None]]:
    return [(segment.hypothesis, segment.source) for segment in parse(data, "x.po", "po").segments]


def test_messages_are_read_with_their_sources_and_places() -> None:
    data = (CASES / "news.po").read_bytes()
    assert pairs(data) == [
        (
            "The talks took place on March 16 in the the Moscow, said %(name)s.",
            "Переговоры прошли 15 марта в Москве, сказал %(name)s.",
        ),
        ('The the minister "came".', "Министр не приехал."),
        ("The the ministers came.", "Министры не приехали."),
    ]
    found = parse(data, "news.po", "po")
    first, second, third = found.segments
    at = first.hypothesis.index("Moscow")
    assert found.line_column(first.raw_span(Span(at, at + 6)).start) == (13, 6)
    assert [first.hypothesis[p.start : p.end] for p in first.protected] == ["%(name)s"]
    at = second.hypothesis.index("came")
    assert found.line_column(second.raw_span(Span(at, at + 4)).start) == (19, 31)
    assert [gap.at for gap in third.gaps] == [18, 22]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (message("Yes.", before="#~ ").replace("\nmsgstr", "\n#~ msgstr"), []),
        (message("Yes.", before='#, fuzzy\n#| msgid "Нет."\n'), []),
        (message("Yes.", before="#, fuzzy\n"), [("Yes.", "Да.")]),
        (message(""), []),
        (
            message("Yes.", before='msgctxt "one"\n') + message("No.", before='msgctxt "two"\n'),
            [("Yes.", "Да."), ("No.", "Да.")],
        ),
        ('msgid ""\n"Да"\n" нет."\nmsgstr ""\n"Yes "\n"no."\n', [("Yes no.", "Да нет.")]),
        ('msgid "Да."\nmsgstr "Yes.\\tNo\\x21 \\"\\\\\\041"\n', [('Yes.\tNo! "\\!', "Да.")]),
        ('msgid "Да."\nmsgstr "Yes."\nmsgid "Нет."\nmsgstr "No."', [("Yes.", "Да."), ("No.", "Нет.")]),
    ],
)
def test_which_messages_are_read(body: str, read: list[tuple[str, str | None]]) -> None:
    assert pairs(catalogue(body)) == read


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("charset", ["UTF-8", "koi8-r", "windows-1251"])
def test_only_the_changed_text_changes(charset: str, newline: str) -> None:
    raw = (HEADER.replace("UTF-8", charset) + message('Old \\"words\\" here.') + "# end").replace("\n", newline)
    found = parse(raw.encode(charset), "x.po", "po")
    assert write(found) == raw.encode(charset)
    written = write(found, [Edit(0, Span(4, 11), 'a "\\ new"')])
    assert written.decode(charset) == raw.replace('\\"words\\"', 'a \\"\\\\ new\\"')


def test_lines_stay_wrapped_where_no_edit_reaches_over_the_wrap() -> None:
    data = catalogue('msgid "Да."\nmsgstr ""\n"One two "\n"three four."\n')
    found = parse(data, "x.po", "po")
    assert write(found, [Edit(0, Span(0, 3), "Six"), Edit(0, Span(8, 13), "ten")]) == data.replace(
        b"One", b"Six"
    ).replace(b"three", b"ten")
    assert b'"One six four."\n' in write(found, [Edit(0, Span(4, 13), "six")])


def test_a_catalogue_out_of_english_is_refused() -> None:
    data = catalogue(message("Да.", "Yes."), HEADER.replace("en\\n", "ru\\n"))
    with pytest.raises(OtherLanguageError, match=r"x\.po:7: translates into Russian, not into English"):
        pairs(data)


def test_a_source_that_is_not_russian_is_not_compared() -> None:
    header = HEADER.replace('"Language', '"X-Source-Language: de\\n"\n"Language')
    assert pairs(catalogue(message("Yes.", "Ja."), header)) == [("Yes.", None)]
    assert pairs(catalogue(message("The colour of it.", "The color of it."))) == [("The colour of it.", None)]


def test_other_text_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"x\.po:6: no line of a gettext catalogue"):
        pairs(catalogue("msgstr broken\n"))


def test_a_charset_that_lacks_a_character_is_named() -> None:
    found = parse((HEADER.replace("UTF-8", "koi8-r") + message("Yes.")).encode("koi8-r"), "x.po", "po")
    with pytest.raises(InputError, match="the encoding koi8-r has no “é”"):
        write(found, [Edit(0, Span(0, 1), "é")])


def test_changes_are_noted_in_comments_and_msgfmt_agrees(tmp_path: Path) -> None:
    found = parse((CASES / "news.po").read_bytes(), "news.po", "po")
    revisions = [Revision(Edit(0, Span(30, 32), "15"), "why\nand how"), Revision(Edit(2, Span(0, 7), "The"), "")]
    annotated = write_annotated(found, revisions)
    assert annotated is not None
    text = annotated.decode()
    assert "\n# mtcheck: “16” → “15”\n# why\n# and how\n#. extracted\n" in text
    assert "# translator\n# mtcheck: “The the” → “The”\nmsgctxt" in text
    assert "fuzzy" not in text
    from translate.storage.pypo import pofile

    unit = pofile.parsestring(annotated).units[1]
    assert "March 15" in str(unit.target)
    assert "“16” → “15”" in unit.getnotes("translator")
    if shutil.which("msgfmt"):
        (tmp_path / "a.po").write_bytes(annotated)
        subprocess.run(["msgfmt", "--check-format", "-o", tmp_path / "a.mo", tmp_path / "a.po"], check=True)


@pytest.mark.parametrize("name", ["django-admin-js.en_GB.po", "polib-indented.po", "polib-previous-msgid.po"])
def test_real_catalogues_come_back_as_they_were(name: str) -> None:
    found = parse((CASES / name).read_bytes(), name, "po")
    assert write(found) == found.container
    assert_written(found, [Edit(segment.seg_id, Span(0, 1), 'Q "\\') for segment in found.segments])


LINES = st.lists(TEXTS, max_size=4).map(
    lambda lines: '"\n"'.join(line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") for line in lines)
)


@given(bodies=st.lists(LINES, min_size=1, max_size=3), data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_edits_change_the_text_and_nothing_else(bodies: list[str], data: st.DataObject) -> None:
    raw = catalogue("".join(message(HEAD + body, f"Да {n}.", "#: a.c:1\n") for n, body in enumerate(bodies)))
    found = parse(raw, "x", "po")
    written = assert_written(found, data.draw(edits_of(found)))
    kept = [line for line in raw.decode().split("\n") if line[:1] in "#m" and not line.startswith("msgstr")]
    assert [line for line in written.decode().split("\n") if line[:1] in "#m" and not line.startswith("msgstr")] == kept


def test_only_the_header_declares_an_encoding() -> None:
    body = message("Content-Type: text/plain; charset=UTF-8")
    found = parse(catalogue(body), "x.po", "po")
    at = body.index("UTF-8") - body.index("Content-Type")
    written = write(found, [Edit(0, Span(at, at + 3), "wide")])
    assert parse(written, "x.po", "po").text == "Content-Type: text/plain; charset=wide-8"


@pytest.mark.parametrize("spelt", [r"\x0", r"\1", r"\12", r"\\x0"])
def test_new_text_does_not_lengthen_an_escape(spelt: str) -> None:
    found = parse(catalogue(message(f"One {spelt}word.")), "x.po", "po")
    at = found.text.index("word")
    written = write(found, [Edit(0, Span(at, at + 4), "1abc")])
    assert parse(written, "x.po", "po").text == found.text.replace("word", "1abc")
