"""Word documents: what is read of them, that only what is edited changes, and changes tracked as Word tracks them."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx_sample import RICH, code, deleted, ins, members, p, package, r, resolved, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mtcheck.cli import main
from mtcheck.documents import parse, read_data, write, write_annotated
from mtcheck.documents.docx_names import name_of, value
from mtcheck.documents.docx_package import Package
from mtcheck.documents.docx_reader import lines
from mtcheck.errors import InputError
from mtcheck.schema import Document, Edit, Revision, Segment, Span
from mtcheck.store import CACHE_VARIABLE

CASES = Path(__file__).parent / "cases" / "docx"
FILES = sorted(CASES.glob("*.docx"))
COMMENT = "“said about” is a calque [said-about-noun, major]\nDecided by mtcheck: changed"


@cache
def document(data: bytes) -> Document:
    return parse(data, "a.docx", "docx")


def texts(*blocks: str, **parts: str) -> list[str]:
    return document(package("".join(blocks), **parts)).text.split("\n")


def edit(data: bytes, old: str, new: str) -> Edit:
    """Replace the first occurrence of some words in the document's sentences."""
    segment = next(one for one in document(data).segments if old in one.hypothesis)
    at = segment.hypothesis.index(old)
    return Edit(segment.seg_id, Span(at, at + len(old)), new)


def cleaned(data: bytes, *pairs: tuple[str, str]) -> bytes:
    return write(document(data), [edit(data, *pair) for pair in pairs])


def reviewed(data: bytes, *pairs: tuple[str, str], comment: str = COMMENT) -> bytes:
    made = write_annotated(document(data), [Revision(edit(data, *pair), comment) for pair in pairs])
    assert made is not None
    return made


def body(data: bytes) -> str:
    """The body's XML without namespaces declared, from the first paragraph on."""
    xml = members(data)["word/document.xml"].decode()
    return re.sub(r"</?w:(document|body)[^>]*>|<w:sectPr/>|<\?xml.*\?>\s*", "", xml)


# What is read


def test_paragraphs_cells_boxes_notes_and_headers_are_read_once_with_their_places() -> None:
    read = document(RICH).text.split("\n")
    assert read[:4] == [
        "Lavrov said about the plans",
        "He said that Moscow has no plans at all. It was late.",
        "See the full text of it.",
        "We prefer the color of old books on page 12 here.",
    ]
    assert read[-4:] == [
        "A control holds this.",
        "Split by revision marks only.",
        " A note of the editor.",
        "The daily news of the world, page 3",
    ]
    assert read.count("A box of text.") == 1
    assert document(RICH).segments[2].hypothesis == "It was late."
    assert document(RICH).line_column(document(RICH).segments[2].start) == (2, 42)


def test_what_was_deleted_hidden_or_is_a_code_is_no_text() -> None:
    assert texts(p("A", deleted("B"), ins(r("C")))) == ["AC"]
    assert texts(p("A ", r("secret ", "vanish"), "tale")) == ["A tale"]
    assert texts(p("Price ", code("= 1 + 1", r("2")), ".")) == ["Price 2."]
    assert texts(p("He "), p(code('TOC \\o "1-3"', r("Heading")))) == ["He "]
    empty = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click</w:t></w:r></w:sdtContent></w:sdt>"
    )
    assert texts(p("Name: ", empty, "Ivan")) == ["Name: Ivan"]
    moved = '<w:moveFrom w:id="1" w:author="A"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'
    assert texts(p("Here ", moved, "stays")) == ["Here stays"]


def test_a_table_of_contents_over_several_paragraphs_is_skipped() -> None:
    first = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    first += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    last = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert texts(p(first, "One 1"), p("Two 2"), p(last), p("Prose.")) == ["Prose."]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    mark = '<w:pPr><w:rPr><w:del w:id="3" w:author="Anna"/></w:rPr></w:pPr>'
    assert texts(p(mark, "He came "), p("and went."), p("She stayed.")) == ["He came and went.", "She stayed."]


def test_a_line_break_ends_a_line_unless_the_sentence_goes_on() -> None:
    line_break, page = "<w:r><w:br/></w:r>", '<w:r><w:br w:type="page"/></w:r>'
    assert texts(p("Headline", line_break, "Text of it,", line_break, "going on.")) == [
        "Headline",
        "Text of it,",
        "going on.",
    ]
    wrapped = document(package(p("Headline", line_break, "Text of it,", line_break, "going on.")))
    assert [segment.hypothesis for segment in wrapped.segments] == ["Headline", "Text of it,\ngoing on."]
    assert texts(p("one", page, "two")) == ["one", "two"]


def test_white_space_counts_as_word_counts_it() -> None:
    assert texts(p("<w:r><w:t> a  b </w:t></w:r>", " c")) == ["a  b c"]


def test_headers_without_prose_and_unused_notes_are_left_out() -> None:
    footnotes = f'<w:footnote w:id="4">{p("Nobody refers to it.")}</w:footnote>'
    assert texts(p("Prose."), header=p("Page ", code("PAGE", r("1"))), footnotes=footnotes) == ["Prose."]


def test_formatting_is_a_border_and_revision_marks_are_not() -> None:
    (segment,) = document(package(p("a ", r("bold", "b"), r(" c", 'lang w:val="ru"'), r(" d", "noProof")))).segments
    assert [gap.at for gap in segment.gaps] == [2, 6]
    fonts = 'rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="{}"'.format
    assert not document(package(p(r("a", fonts("X")), r(" b", fonts("Y"))))).segments[0].gaps


def test_fields_tabs_and_choices_are_protected_and_links_are_not() -> None:
    chooser = f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{r('Yes')}</w:sdtContent></w:sdt>"
    simple = f'<w:fldSimple w:instr=" DATE ">{r("1 May")}</w:fldSimple>'
    blocks = p("On ", simple, " he said ", chooser, " and ", code('HYPERLINK "http://a.b"', r("read")), " it.")
    (segment,) = document(package(blocks)).segments
    assert [segment.hypothesis[span.start : span.end] for span in segment.protected] == ["1 May", "Yes"]


def test_strict_documents_are_read() -> None:
    assert document((CASES / "strict-format.docx").read_bytes()).text == "Test"


# What is written


def test_a_part_in_another_encoding_is_written_in_utf_8() -> None:
    made = members(package(p(r("The old books came."))))
    head = '<?xml version="1.0" encoding="UTF-7"?>'
    text = made["word/document.xml"].decode().partition("?>")[2]
    data = zipped(made | {"word/document.xml": (head + text).encode()})
    assert document(cleaned(data, ("old", "Жé"))).text == "The Жé books came."


def test_a_relationship_type_without_a_folder_is_one() -> None:
    made = members(package(p(r("The old books came."))))
    loose = re.sub(rb'Type="[^"]*/officeDocument"', b'Type="officeDocument"', made["_rels/.rels"])
    assert (
        document(reviewed(zipped(made | {"_rels/.rels": loose}), ("old", "ancient"))).text == "The ancient books came."
    )


def test_only_the_touched_texts_change() -> None:
    made = cleaned(RICH, ("said about", "spoke of"), ("old books", "ancient books"), ("note", "remark"))
    before, after = members(RICH), members(made)
    assert list(before) == list(after)
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["word/document.xml", "word/footnotes.xml"]
    expected = before["word/document.xml"].decode()
    for old, new in (("said about the", "spoke of the"), ("the color of old ", "the color of ancient ")):
        expected = expected.replace(old, new)
    assert after["word/document.xml"].decode() == expected
    with zipfile.ZipFile(io.BytesIO(RICH)) as old_zip, zipfile.ZipFile(io.BytesIO(made)) as new_zip:
        for old_info, new_info in zip(old_zip.infolist(), new_zip.infolist(), strict=True):
            for name in ("filename", "date_time", "compress_type", "external_attr", "create_system"):
                assert getattr(old_info, name) == getattr(new_info, name)


def test_what_is_inserted_looks_like_what_stands_before_it() -> None:
    data = package(p("in ", r("bold", "b"), " type"))
    assert body(cleaned(data, ("in ", "in the "))).count("in the ") == 1
    linked = package(p("see ", f'<w:hyperlink w:anchor="a">{r("this")}</w:hyperlink>', " text"))
    made = write(document(linked), [Edit(0, Span(8, 8), " long")])
    assert "> long text</w:t>" in body(made)


def test_text_has_room_beside_fields_and_tabs() -> None:
    data = package(p("It is page ", code("PAGE", r("12"))))
    made = body(write(document(data), [Edit(0, Span(13, 13), ".")]))
    assert made.index('fldCharType="end"') < made.index("<w:t>.</w:t>")


def test_an_edit_over_a_border_or_a_field_is_refused() -> None:
    data = package(p("in ", r("bold", "b"), " type on page ", code("PAGE", r("12")), " here"))
    with pytest.raises(ValueError, match="markup"):
        cleaned(data, ("bold type", "plain"))
    with pytest.raises(ValueError, match="field"):
        cleaned(data, ("12", "13"))


def test_the_copy_of_a_text_box_for_old_programs_follows() -> None:
    for made in (cleaned(RICH, ("box of text", "frame of words")), reviewed(RICH, ("box of text", "frame of words"))):
        assert body(made).count("frame of words") == 2


# Changes tracked


def test_a_change_is_a_deletion_an_insertion_and_a_comment() -> None:
    data = package(p(r("He said about the plans.", "i")))
    made = reviewed(data, ("said about the plans", "spoke of the plans"))
    text = '<w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">'
    assert body(made) == (
        f"<w:p>{text}He </w:t></w:r>"
        '<w:commentRangeStart w:id="3"/>'
        '<w:del w:id="1" w:author="mtcheck"><w:r><w:rPr><w:i/></w:rPr><w:delText>said about</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="mtcheck"><w:r><w:rPr><w:i/></w:rPr><w:t>spoke of</w:t></w:r></w:ins>'
        '<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
        f"{text} the plans.</w:t></w:r></w:p>"
    )
    parts = members(made)
    (comment,) = etree.fromstring(parts["word/comments.xml"])
    assert (value(comment, "author"), value(comment, "initials"), value(comment, "id")) == ("mtcheck", "mt", "3")
    assert [" ".join(line.itertext()) for line in comment] == COMMENT.split("\n")
    assert b'PartName="/word/comments.xml"' in parts["[Content_Types].xml"]
    assert b'Target="comments.xml"' in parts["word/_rels/document.xml.rels"]


def test_words_that_stay_are_not_touched() -> None:
    data = package(p("the block in the council of the resolution"))
    made = body(reviewed(data, ("the block in the council of the res", "the blocks in the council of a res")))
    assert re.findall(r"<w:delText[^>]*>([^<]*)", made) == ["block", "the"]
    assert re.findall(r"<w:ins [^>]*><w:r><w:t[^>]*>([^<]*)", made) == ["blocks", "a"]
    assert made.count("commentReference") == 1


def test_an_earlier_insertion_stays_its_authors() -> None:
    data = package(p("He ", ins(r("came to the old city")), " today."))
    made = reviewed(data, ("old city", "ancient town"))
    around = [
        (name_of(one), value(one, "author")) for one in etree.fromstring(members(made)["word/document.xml"])[0][0]
    ]
    kinds = [kind for kind in around if kind[0] in ("ins", "del", "r")]
    assert kinds == [("r", ""), ("ins", "Anna"), ("ins", "mtcheck"), ("r", ""), ("r", "")]
    assert re.search(r'to the </w:t></w:r><w:commentRangeStart [^>]*/><w:del [^>]*w:author="mtcheck"', body(made))
    divided = body(reviewed(data, ("the old", "an old")))
    ids = re.findall(r'<w:(?:ins|del) w:id="(\d+)"', divided)
    assert len(ids) == len(set(ids)) == 4
    assert divided.count('w:author="Anna"') == 2


def test_a_note_a_box_and_a_header_are_remarked_on_in_the_body() -> None:
    made = reviewed(RICH, ("note", "remark"), ("box", "frame"), ("daily", "weekly"))
    parts = members(made)
    for name in ("word/footnotes.xml", "word/header.xml"):
        assert b"w:del " in parts[name]
        assert b"commentReference" not in parts[name]
    said = [" ".join(one.itertext()) for one in etree.fromstring(parts["word/comments.xml"])]
    assert [one.split("“said")[0] for one in said] == [
        "In this text box: “box” becomes “frame” ",
        "In this footnote: “note” becomes “remark” ",
        "In a header: “daily” becomes “weekly” ",
    ]
    shown = body(made)
    assert shown.count("<w:commentReference") == 3
    assert re.search(
        r'commentRangeStart w:id="\d+"/><w:r><w:rPr><w:vertAlign [^>]*/></w:rPr><w:footnoteReference', shown
    )


def test_earlier_comments_and_changes_are_kept() -> None:
    data = (CASES / "comments.docx").read_bytes()
    before, after = members(data), members(reviewed(data, ("Ouch", "Oh")))
    old, new = (etree.fromstring(parts["word/comments.xml"]) for parts in (before, after))
    assert [etree.tostring(one) for one in old] == [etree.tostring(one) for one in new[: len(old)]]
    assert len(new) == len(old) + 1
    assert before["word/settings.xml"] == after["word/settings.xml"]
    made = body(reviewed(RICH, ("old books", "ancient books")))
    assert '<w:del w:id="902" w:author="Anna"' in made


def test_the_same_input_gives_the_same_bytes() -> None:
    assert reviewed(RICH, ("plans", "ideas"), ("late", "early")) == reviewed(
        RICH, ("plans", "ideas"), ("late", "early")
    )
    assert b"w:date" not in members(reviewed(package(p("He came.")), ("came", "went")))["word/document.xml"]


# Properties


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_edits_give_the_same_bytes(path: Path) -> None:
    data = path.read_bytes()
    assert write(document(data)) == data
    assert write_annotated(document(data), []) == data


WORDS = st.sampled_from(["", "Ж", "new words here", " x", "x ", "the", "a\u2011b", "two  spaces", "&<>"])


def without_margins(made: Document) -> list[Segment]:
    """Headers and footers, which come last, are no prose any more once an edit leaves too few words in them."""
    kept = [line for line in lines(Package(made.container)) if not re.search("header|footer", line.part)]
    end = sum(len(line.text) + 1 for line in kept)
    return [segment for segment in made.segments if segment.start < end]


@st.composite
def edits(draw: st.DrawFn, made: Document) -> list[Edit]:
    """Disjoint edits that respect borders and what is protected, with the words that they replace at times kept."""
    found: list[Edit] = []
    for segment in without_margins(made):
        at, size = 0, len(segment.hypothesis)
        for _ in range(draw(st.integers(0, 3))):
            start = draw(st.integers(min(at, size), size))
            span = Span(start, min(size, start + draw(st.sampled_from([0, 1, 3, 9, 40]))))
            kept = any(one.start < span.end and span.start < one.end for one in segment.protected)
            if span.start >= at and not segment.crosses_markup(span) and not kept:
                old = segment.hypothesis[span.start : span.end]
                found.append(Edit(segment.seg_id, span, draw(st.sampled_from([old + " ", ""])) + draw(WORDS)))
                at = span.end
    return found


def same(left: str, right: str) -> bool:
    """Equal but for lines left empty, which are no lines of text when they are read again."""
    return [one for one in left.split("\n") if one.strip()] == [one for one in right.split("\n") if one.strip()]


@pytest.mark.parametrize("data", [RICH, *(path.read_bytes() for path in FILES)], ids=["rich", *(f.stem for f in FILES)])
@given(draw=st.data())
@settings(max_examples=8, deadline=None)
def test_edits_come_back_and_can_be_accepted_or_rejected(data: bytes, draw: st.DataObject) -> None:
    made = document(data)
    chosen = draw.draw(edits(made))
    expected = made.apply(chosen)
    assert same(document(write(made, chosen)).text, expected)
    tracked = write_annotated(made, [Revision(one, COMMENT) for one in chosen])
    assert tracked is not None
    assert same(document(tracked).text, expected)
    assert same(document(resolved(tracked, accepting=True)).text, expected)
    assert same(document(resolved(tracked, accepting=False)).text, made.text)


# What is refused


def with_member(name: str, data: bytes) -> bytes:
    return zipped(members(RICH) | {name: data})


def overlapping() -> bytes:
    """A document whose first two members are said to begin at one place but for a byte."""
    data = bytearray(RICH)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = (1).to_bytes(4, "little")
    return bytes(data)


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = BILLION.replace('<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">', '<!ENTITY c SYSTEM "file:///etc/passwd">')
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"He came and went.", "damaged Word document"),
    "empty": (lambda: b"", "damaged Word document"),
    "cut short": (lambda: RICH[: len(RICH) // 2], "damaged Word document"),
    "another archive": (lambda: zipped({"a.txt": b"x"}), "no Word document"),
    "a sheet": (lambda: package(p("a"), SHEET), "no Word document"),
    "macros": (lambda: package(p("a"), MACROS), r"holds macros; .*\.docx"),
    "template": (lambda: package(p("a"), TEMPLATE), "is a template"),
    "old Word": (lambda: COMPOUND + "WordDocument".encode("utf-16-le"), r"old Word \(\.doc\)"),
    "encrypted": (lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
    "entities": (lambda: with_member("word/document.xml", BILLION.encode()), "document type"),
    "outside entity": (lambda: with_member("word/document.xml", OUTSIDE.encode()), "document type"),
    "not well formed": (lambda: with_member("word/document.xml", b"<a><b></a>"), "damaged Word document"),
    "bomb": (lambda: with_member("word/document.xml", b" " * 9_000_000), "unpacks to too much"),
    "members": (lambda: zipped(members(RICH) | {f"x{n}": b"" for n in range(10_001)}), "10,0.. members"),
    "same name": (lambda: with_member("WORD/document.xml", b""), "same name"),
    "shared bytes": (lambda: overlapping(), "two members share their bytes"),
    "nothing to read": (lambda: package(p("")), "is empty"),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_documents_are_refused_in_one_line(fault: str, tmp_path: Path) -> None:
    make, message = BAD[fault]
    with pytest.raises(InputError, match=message):
        read_data(make(), "a.docx")


def test_names_of_members_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = cleaned(with_member("../../evil.xml", b"x"), ("plans", "ideas"))
    assert members(made)["../../evil.xml"] == b"x"
    assert not list(tmp_path.iterdir())


def test_a_bomb_that_is_not_read_does_no_harm() -> None:
    made = cleaned(with_member("word/media/image1.png", bytes(30_000_000)), ("plans", "ideas"))
    assert len(made) < 50_000


def test_damage_anywhere_is_told_and_crashes_nothing() -> None:
    chance = random.Random(7)
    told: list[str] = []
    for _ in range(300):
        data = bytearray(RICH)
        for _ in range(chance.choice([1, 5, 50])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            made = parse(bytes(data), "a.docx", "docx")
            if made.segments:
                write_annotated(made, [Revision(Edit(0, Span(0, 1), "X"), "why")])
        except InputError as error:
            told.append(str(error))
    assert len(told) > 200
    assert all(one.startswith("a.docx: ") for one in told)


# The commands


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))  # no models there
    path = tmp_path / "a.docx"
    path.write_bytes((CASES / "seed-libreoffice.docx").read_bytes())
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments))
    assert not isinstance(result.exception, ValueError | TypeError)
    return result.exit_code, result.stdout, result.stderr


def test_check_fix_baseline_and_diff_take_word_documents(article: Path, tmp_path: Path) -> None:
    status, out, _ = run("check", "--fast", str(article))
    assert status == 1
    assert f"{article.as_posix()}:2:249: minor half-capitalised-institution" in out
    status, out, _ = run("fix", "--fast", "--diff", str(article))
    assert status == 1
    assert "+Despite the block in the UN Security Council" in out
    old = article.read_bytes()
    assert run("fix", "--fast", str(article))[0] == 0
    assert article.read_bytes() != old
    assert list(members(article.read_bytes())) == list(members(old))
    (tmp_path / "old.docx").write_bytes(old)
    status, out, _ = run("diff", "--findings", "none", str(tmp_path / "old.docx"), str(article))
    assert status in (0, 1)
    assert "Security" in out
    baseline = tmp_path / "known.json"
    assert run("baseline", "create", "--fast", "--baseline", str(baseline), str(article))[0] == 0
    assert json.loads(baseline.read_text(encoding="utf-8"))


def test_review_writes_a_cleaned_and_a_reviewed_document(article: Path, tmp_path: Path) -> None:
    article.write_bytes(package(p("The plan was put to the UN ", r("security Council", "b"), " on Monday.")))
    (tmp_path / "mtcheck.toml").write_text('select = ["half-capitalised-institution"]\n', encoding="utf-8")
    out = tmp_path / "out"
    assert run("review", "--fast", "--out", str(out), str(article))[0] == 1
    clean, marked = (document((out / f"a.{kind}.docx").read_bytes()) for kind in ("cleaned", "reviewed"))
    assert clean.text == marked.text == "The plan was put to the UN Security Council on Monday."
    (comment,) = etree.fromstring(members(marked.container)["word/comments.xml"])
    assert "half-capitalised-institution" in "".join(comment.itertext())


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice, which opens the document, is not installed")
def test_libreoffice_lists_the_tracked_changes_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(reviewed(RICH, ("said about", "spoke of"), ("old books", "ancient books"), ("note", "remark")))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "fodt", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "a.fodt").read_text(encoding="utf-8")
    authors = re.findall(r"<text:(insertion|deletion)>\s*<office:change-info>\s*<dc:creator>(\w+)", text)
    assert sorted(authors) == sorted(
        [(kind, "mtcheck") for kind in ("insertion", "deletion") for _ in range(3)]
        + [("insertion", "Anna")] * 3  # what comes before the deletion in hers, that deletion's own, what comes after
        + [("deletion", "Anna")]
    )
    assert text.count("<office:annotation ") == 3
