"""XLIFF of both kinds and SDLXLIFF: what is read, what is left alone, and that nothing but changed text changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mtcheck.cli import main
from mtcheck.documents import parse, read_data, write, write_annotated
from mtcheck.documents.xml_text import Element, Shown, read_xml
from mtcheck.errors import InputError, OtherLanguageError
from mtcheck.schema import Document, Edit, Revision, Span
from tests.cat_files import HEAD, TEXTS, assert_written, edits_of, markup

CASES = Path(__file__).parent / "cases"
OLD, NEW = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"
SDL = "http://sdl.com/FileTypes/SdlXliff/1.0"


def document(name: str) -> Document:
    path = CASES / name
    return parse(path.read_bytes(), path.name, "sdlxliff" if path.suffix == ".sdlxliff" else "xliff")


def old(*units: str, file: str = 'source-language="ru" target-language="en"', root: str = "") -> bytes:
    """An XLIFF 1.2 file."""
    body = "".join(units)
    return (
        f'<?xml version="1.0"?>\n<xliff xmlns="{OLD}" version="1.2"{root}>'
        f'<file original="a" datatype="plaintext" {file}>'
        f"<body>\n{body}</body></file></xliff>"
    ).encode()


def unit(target: str, source: str = "Министр приехал.", more: str = "", state: str = "") -> str:
    return f'<trans-unit id="1"{more}><source>{source}</source><target{state}>{target}</target></trans-unit>\n'


def texts(data: bytes, format_name: str = "xliff") -> list[str]:
    return [segment.hypothesis for segment in parse(data, "x.xlf", format_name).segments]


def replaced(found: Document, old_text: str, new: str, comment: str = "") -> Revision:
    """A revision of the first segment that holds a text."""
    segment = next(one for one in found.segments if old_text in one.hypothesis)
    start = segment.hypothesis.index(old_text)
    return Revision(Edit(segment.seg_id, Span(start, start + len(old_text)), new), comment)


def validated(data: bytes, schema: str) -> etree._Element:
    """The file's root, valid by the official schema."""

    class Local(etree.Resolver):
        def resolve(self, url: str, _id: str, context: object) -> object:
            name = url.rpartition("/")[2]
            return self.resolve_filename(str(CASES / "xliff" / name), context) if name == "xml.xsd" else None

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    rules = etree.XMLSchema(etree.parse(str(CASES / "xliff" / schema), parser))
    root = etree.fromstring(data)
    rules.assertValid(root)
    return root


def test_units_are_read_with_their_sources_and_places() -> None:
    found = document("xliff/news-1.2.xlf")
    assert [segment.hypothesis for segment in found.segments] == [
        "Lavrov said about the absence of Russian plans to seize Aleppo.",
        "The talks took place on\n          March 16 in the the Moscow & elsewhere.",
        "The the minister came.",
        "First one.",
        "Then the the other minister came.",
    ]
    assert [segment.source for segment in found.segments][3:] == ["Сначала один.", "Потом другой министр приехал."]
    second = found.segments[1]
    at = second.hypothesis.index("16")
    assert found.line_column(second.raw_span(Span(at, at + 2)).start) == (12, 17)
    elsewhere = second.raw_span(Span(second.hypothesis.index("elsewhere"), len(second.hypothesis))).start
    assert found.line_column(elsewhere) == (12, 44)


def test_inline_codes_are_gaps_and_never_text() -> None:
    target = (
        'On <g id="1">March <x id="2"/>16</g> <ph id="3">&lt;br/&gt;<sub>alt</sub></ph>the '
        '<mrk mtype="protected">Dozhd</mrk><!-- c --><bpt id="4">{</bpt>aired&#x20;it<ept id="4">}</ept>.'
    )
    segment = parse(old(unit(target)), "x.xlf", "xliff").segments[0]
    assert segment.hypothesis == "On March 16 the Dozhdaired it."
    assert [gap.at for gap in segment.gaps] == [3, 9, 11, 12, 16, 21, 29]
    assert segment.protected == (Span(16, 21),)


def test_placeholders_are_protected_and_escaped_tags_hidden() -> None:
    segment = parse(old(unit("Read &lt;b&gt;%d of {0}&lt;/b&gt; files, 50 % of ${all}.")), "x.xlf", "xliff").segments[0]
    assert segment.hypothesis == "Read %d of {0} files, 50 % of ${all}."
    assert [segment.hypothesis[p.start : p.end] for p in segment.protected] == ["%d", "{0}", "${all}"]


@pytest.mark.parametrize(
    "left_alone",
    [
        unit("Left alone.", more=' translate="no"'),
        f'<group translate="no">{unit("Left alone.")}</group>',
        unit("Left alone.", more=' m:locked="true"'),
        unit("Left alone.", more=' mq:locked="locked"'),
        unit(""),
        unit("Министр приехал.", state=' state="new"'),
        unit("{n, plural, one {# file} other {# files}}"),
        '<trans-unit id="1"><source>Раз.</source><alt-trans><target>Left alone.</target></alt-trans></trans-unit>',
        f"<mq:historical-unit>{unit('Left alone.')}</mq:historical-unit>",
    ],
)
def test_left_alone(left_alone: str) -> None:
    tools = ' xmlns:mq="MQXliff" xmlns:m="http://www.memsource.com/mxlf/2.0"'
    assert texts(old(left_alone, unit("Read."), root=tools)) == ["Read."]


@pytest.mark.parametrize(
    "final",
    [
        unit("Signed off.", more=' approved="yes"'),
        unit("Signed off.", state=' state="final"'),
        unit("Signed off.", state=' state="signed-off"'),
        unit("Signed off.", more=' xmlns:mq="MQXliff" mq:status="Proofread"'),
    ],
)
def test_what_is_signed_off_is_read_and_protected(final: str) -> None:
    assert parse(old(final), "x.xlf", "xliff").segments[0].protected == (Span(0, 11),)


def test_fix_leaves_what_is_signed_off(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    path.write_bytes(old(unit("The the minister came.", more=' approved="yes"'), unit("He left the the city.")))
    assert CliRunner().invoke(main, ["fix", "--fast", str(path)]).exit_code in (0, 1)
    assert texts(path.read_bytes()) == ["The the minister came.", "He left the city."]


def test_every_file_into_english_is_read_and_others_are_not() -> None:
    data = old(unit("One.")).replace(
        b"</xliff>",
        b'<file original="b" datatype="plaintext" source-language="ru" target-language="de"><body>'
        + unit("Zwei.").encode()
        + b'</body></file><file original="c" datatype="plaintext" source-language="ru" target-language="en-GB"><body>'
        + unit("Three.").encode()
        + b"</body></file></xliff>",
    )
    assert texts(data) == ["One.", "Three."]


def test_a_file_into_another_language_is_refused_with_its_line() -> None:
    data = old(unit("Der Minister kam."), file='source-language="ru" target-language="de-AT"')
    with pytest.raises(OtherLanguageError, match=r"x\.xlf:3: translates into German, not into English"):
        parse(data, "x.xlf", "xliff")


def test_a_source_that_is_not_russian_is_not_compared() -> None:
    data = old(unit("The minister came.", "Der Minister kam."), file='source-language="de" target-language="en"')
    assert parse(data, "x.xlf", "xliff").segments[0].source is None


def test_a_source_that_nobody_declares_is_looked_at() -> None:
    assert parse(old(unit("The minister came."), file=""), "x.xlf", "xliff").segments[0].source == "Министр приехал."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><xliff>&c;</xliff>', "x.xlf:1:13: brings a document type"),
        (b'<!DOCTYPE x SYSTEM "/etc/passwd"><xliff>&nbsp;</xliff>', "x.xlf:1:41: the entity &nbsp; is not known"),
        (b"<xliff>" + b"<g>" * 300, "more than 200 elements inside one another"),
        (b"<xliff><file></xliff>", "x.xlf:1:16: not well-formed XML (mismatched tag)"),
        (b"", "not well-formed XML (no element found)"),
        (b"<html/>", "not XLIFF but <html>"),
        (b"PK\x03\x04", "a zip archive"),
        ('<?xml version="1.0" encoding="utf-8"?><xliff>é</xliff>'.encode("latin-1"), "not UTF-8"),
        (b'<?xml version="1.0" encoding="rot13"?><xliff/>', "not rot13 text, as it says"),
    ],
)
def test_bad_input_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(data, "x.xlf", "xliff")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "iso-8859-5"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_changed_text_changes(codec: str, newline: str) -> None:
    declared = codec.removesuffix("-sig")
    raw = (
        f"<?xml version='1.0' encoding=\"{declared}\" ?>\n<!-- a -->\n<xliff xmlns='{OLD}' version='1.2'>"
        f"<file original='a'\n  datatype='plaintext' source-language='ru' target-language='en'><body>\n"
        f"<trans-unit id='1' ><source>Да &#1078;</source><target state = 'translated' ><![CDATA[Old <b>words</b> & "
        f"more.]]> Old &#x77;ords.</target ></trans-unit>\n</body></file></xliff>\n<?end of?>"
    ).replace("\n", newline)
    data = raw.encode(codec)
    found = parse(data, "x.xlf", "xliff")
    assert found.segments[0].hypothesis == "Old words & more. Old words."
    assert write(found) == data
    edits = [Edit(0, Span(0, 3), "A > ≥new≤"), Edit(0, Span(18, 27), "R&D")]
    changed = raw.replace("Old &#x77;ords", "R&amp;D")
    quotes = ("≥", "≤") if codec.startswith("utf") else ("]]>&#8805;<![CDATA[", "]]>&#8804;<![CDATA[")
    new = f"A ]]>&#62;<![CDATA[ {quotes[0]}new{quotes[1]}"
    assert write(found, edits).decode(codec) == changed.replace("[Old", f"[{new}")


def test_the_end_of_a_cdata_section_never_comes_about() -> None:
    found = parse(old(unit("One ]x]> two."), unit("<![CDATA[One ]x]> two.]]>")), "x.xlf", "xliff")
    written = write(found, [Edit(0, Span(5, 6), ""), Edit(1, Span(5, 6), "")])
    assert texts(written) == ["One ]]> two."] * 2


def test_what_xml_cannot_hold_is_refused() -> None:
    found = parse(old(unit("One two.")), "x.xlf", "xliff")
    with pytest.raises(ValueError, match=r"U\+0007"):
        write(found, [Edit(0, Span(0, 3), "\a")])


def test_notes_and_states_of_the_first_version_are_valid() -> None:
    found = document("xliff/news-1.2.xlf")
    revisions = [replaced(found, "absence", "lack", "Reads oddly & <odd>."), replaced(found, "other", "second")]
    annotated = write_annotated(found, revisions)
    assert annotated is not None
    root = validated(annotated, "xliff-core-1.2-strict.xsd")
    targets = {target.getparent().get("id"): target for target in root.iter(f"{{{OLD}}}target")}
    assert [targets[key].get("state") for key in "1235"] == [
        "needs-review-translation",
        None,
        "final",
        "needs-review-translation",
    ]
    notes = [
        (note.getparent().get("id"), note.text) for note in root.iter(f"{{{OLD}}}note") if note.get("from") == "mtcheck"
    ]
    assert notes == [("1", "“absence” → “lack”\nReads oddly & <odd>."), ("5", "“other” → “second”")]


def test_notes_and_states_of_the_second_version_are_valid() -> None:
    found = document("xliff/news-2.0.xlf")
    assert found.segments[0].source == "Переговоры прошли 15 марта в Москве."
    annotated = write_annotated(
        found, [replaced(found, "16", "15", "The source says so."), replaced(found, "came", "went")]
    )
    assert annotated is not None
    root = validated(annotated, "xliff-core-2.0.xsd")
    states = [(one.get("state"), one.get("subState")) for one in root.iter(f"{{{NEW}}}segment")]
    assert states == [("translated", "mtcheck:changed")] * 2 + [("final", None)]
    assert [note.text for note in root.iter(f"{{{NEW}}}note")] == [
        "“16” → “15”\nThe source says so.",
        "“came” → “went”",
        "keep",
    ]
    assert next(root.iter(f"{{{NEW}}}unit"))[0].tag == f"{{{NEW}}}notes"


def test_a_unit_with_notes_of_its_own_keeps_them() -> None:
    data = (CASES / "xliff/news-2.0.xlf").read_bytes().replace(b'state="final"', b'state="translated"')
    found = parse(data, "x.xlf", "xliff")
    last = found.segments[-1]
    annotated = write_annotated(found, [Revision(Edit(last.seg_id, Span(0, 3), "A"), "why")])
    assert annotated is not None
    notes = [note.text for note in validated(annotated, "xliff-core-2.0.xsd").iter(f"{{{NEW}}}note")]
    assert notes == ["keep", "“The” → “A”\nwhy"]


def test_memoq_and_phrase_segments_lose_their_confirmation() -> None:
    data = old(
        unit("One two.", more=' mq:status="ManuallyConfirmed" m:confirmed="1"'),
        root=' xmlns:mq="MQXliff" xmlns:m="http://www.memsource.com/mxlf/2.0"',
    )
    found = parse(data, "x.mqxliff", "xliff")
    annotated = write_annotated(found, [replaced(found, "two", "three")])
    assert annotated is not None
    assert b'mq:status="PartiallyEdited" m:confirmed="0"' in annotated


def test_trados_segments_become_drafts_with_comments() -> None:
    found = document("sdlxliff/news.sdlxliff")
    assert [segment.source for segment in found.segments] == [
        "Переговоры прошли 15 марта в Москве.",
        "Министр не приехал.",
    ]
    assert [bool(segment.protected) for segment in found.segments] == [False, True]
    annotated = write_annotated(found, [replaced(found, "16", "15", "why"), replaced(found, "the the", "the")])
    assert annotated is not None
    root = etree.fromstring(annotated)
    status = {one.get("id"): one.get("conf") for one in root.iter(f"{{{SDL}}}seg")}
    assert status == {"1": "Draft", "2": "ApprovedSignOff"}
    definition = root.find(f"{{{SDL}}}doc-info/{{{SDL}}}cmt-defs/{{{SDL}}}cmt-def")
    mark = next(one for one in root.iter(f"{{{OLD}}}mrk") if one.get("mtype") == "x-sdl-comment")
    assert definition is not None
    assert mark.get(f"{{{SDL}}}cid") == definition.get("id")
    assert "".join(mark.itertext()) == "The talks took place on March 15 in the Moscow."
    said = [(one.text, one.get("user")) for one in definition.iter(f"{{{SDL}}}Comment")]
    assert said == [("“16” → “15”\nwhy", "mtcheck"), ("“the the” → “the”", "mtcheck")]
    assert write_annotated(found, [replaced(found, "16", "15", "why"), replaced(found, "the the", "the")]) == annotated


@pytest.mark.parametrize("head", ["", "<doc-info xmlns='{0}'/>", "<sdl:doc-info><sdl:cmt-defs/></sdl:doc-info>"])
def test_comments_find_their_place_in_any_head(head: str) -> None:
    data = (CASES / "sdlxliff/news.sdlxliff").read_text(encoding="utf-8")
    start, end = data.index("<doc-info"), data.index("</doc-info>") + len("</doc-info>")
    changed = (data[:start] + head.format(SDL) + data[end:]).encode()
    found = parse(changed, "x.sdlxliff", "sdlxliff")
    annotated = write_annotated(found, [replaced(found, "16", "15", "why")])
    assert annotated is not None
    assert etree.fromstring(annotated).find(f"{{{SDL}}}doc-info/{{{SDL}}}cmt-defs/{{{SDL}}}cmt-def") is not None


def test_locked_segments_and_deleted_words_are_left_out() -> None:
    data = (CASES / "sdlxliff/news.sdlxliff").read_bytes()
    locked = data.replace(b'<sdl:seg id="2" ', b'<sdl:seg id="2" locked="true" ')
    assert len(texts(locked, "sdlxliff")) == 1
    tracked = data.replace(b"in the the", b'in <mrk mtype="x-sdl-deleted" sdl:revid="r">the </mrk>the')
    assert texts(tracked, "sdlxliff")[0] == "The talks took place on March 16 in the Moscow."


def test_findings_point_at_the_line_and_column_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "news.xlf"
    path.write_bytes((CASES / "xliff/news-1.2.xlf").read_bytes())
    result = CliRunner().invoke(main, ["check", "--fast", "--format", "json", str(path)])
    assert result.exit_code == 1
    found = {(one["rule"], one["line"], one["column"]) for one in json.loads(result.stdout)["findings"]}
    assert ("number-differs-from-source", 12, 17) in found
    assert ("negation-differs-from-source", 17, 48) in found
    line = path.read_text(encoding="utf-8").split("\n")[11]
    assert line[16:18] == "16"


def test_units_that_say_the_same_are_compared_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    source = "Переговоры прошли 15 марта в Москве, и обе стороны назвали их полезными для мира."
    target = "The talks took place on March 15 in Moscow, and both sides called them useful for peace."
    path.write_bytes(old(*[unit(target, source)] * 3))
    assert CliRunner().invoke(main, ["check", "--fast", str(path)]).stdout == ""


def test_a_note_allows_a_rule(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    noted = unit("He left the the city.").replace(
        "</trans-unit>", "<note>mtcheck: allow doubled-word</note></trans-unit>"
    )
    path.write_bytes(old(noted))
    assert CliRunner().invoke(main, ["check", "--fast", str(path)]).exit_code == 0


@pytest.mark.parametrize("name", ["security.en.xlf", "resources-2.0-multi-segment-unit.xlf", "encoding.xlf"])
def test_real_files_come_back_as_they_were(name: str) -> None:
    found = document(f"xliff/{name}")
    assert found.segments
    edits = [Edit(segment.seg_id, Span(0, 1), "Q & “A”") for segment in found.segments]
    written = assert_written(found, edits)
    assert markup(written) == markup(found.container)


def test_a_real_file_with_a_document_type_is_read() -> None:
    assert [segment.hypothesis for segment in document("xliff/withdoctype.xlf").segments] == ["bar"]


def test_other_tools_read_what_is_written() -> None:
    from translate.storage.xliff import xlifffile
    from translate.storage.xliff2 import Xliff2File

    for name, tool, notes in (("1.2", xlifffile, "“16” → “15” why keep"), ("2.0", Xliff2File, "")):
        found = document(f"xliff/news-{name}.xlf")
        annotated = write_annotated(found, [replaced(found, "16", "15", "why")])
        assert annotated is not None
        units = tool.parsestring(annotated).units
        changed = [one for one in units if one.target and "March 15" in " ".join(str(one.target).split())]
        assert [" ".join(one.getnotes().split()) for one in changed] == [notes]  # this tool reads no notes of 2.0


INLINE = st.sampled_from(
    ['<x id="1"/>', '<g id="2">in &amp; side</g>', '<ph id="3">code</ph>', "<!-- c -->", "<![CDATA[raw ]] > & text]]>"]
)
PLAIN = TEXTS.map(lambda text: text.replace("&", "&amp;").replace(">", "&gt;"))
CONTENT = st.lists(st.one_of(PLAIN, INLINE, st.just("&#x416;"), st.just("&lt;b&gt;")), max_size=6).map("".join)


@given(contents=st.lists(CONTENT, min_size=1, max_size=3), data=st.data(), codec=st.sampled_from(["utf-8", "utf-16"]))
@settings(max_examples=120, deadline=None)
def test_any_edits_change_the_text_and_nothing_else(contents: list[str], data: st.DataObject, codec: str) -> None:
    for make in (_old, _new, _trados):
        raw, format_name = make(contents)
        found = parse(raw.encode(codec), "x", format_name)
        written = assert_written(found, data.draw(edits_of(found)))
        assert markup(written) == markup(found.container)


def _old(contents: list[str]) -> tuple[str, str]:
    return old(*(unit(HEAD + content) for content in contents)).decode(), "xliff"


def _new(contents: list[str]) -> tuple[str, str]:
    inside = "".join(
        f'<unit id="{n}"><segment><source>Да.</source><target>{HEAD}{_renamed(content)}</target></segment></unit>'
        for n, content in enumerate(contents)
    )
    return f'<xliff xmlns="{NEW}" version="2.1" srcLang="ru" trgLang="en"><file id="f">{inside}</file></xliff>', "xliff"


def _renamed(content: str) -> str:
    return content.replace("<g ", "<pc ").replace("</g>", "</pc>").replace("<x ", "<ph ").replace(">code</ph>", "/>")


def _trados(contents: list[str]) -> tuple[str, str]:
    segments = "".join(f'<mrk mtype="seg" mid="{n}">{HEAD}{content}</mrk>' for n, content in enumerate(contents))
    status = "".join(f'<sdl:seg id="{n}" conf="Translated" />' for n in range(len(contents)))
    target = f"<target>{segments}</target><sdl:seg-defs>{status}</sdl:seg-defs>"
    inside = f'<trans-unit id="1"><source>Да.</source>{target}</trans-unit>'
    return old(inside, root=f' xmlns:sdl="{SDL}"').decode(), "sdlxliff"


def test_untranslated_files_have_nothing_to_check() -> None:
    with pytest.raises(InputError, match="is empty"):
        read_data(old(unit("")), "x.xlf")


def test_a_tree_knows_where_its_parts_stand() -> None:
    xml = read_xml(b"<a><b c='d'>One &amp; <e/>two</b ></a>", "x.xml")
    part = next(xml.root.elements)
    assert xml.raw[part.start : part.end] == "<b c='d'>One &amp; <e/>two</b >"
    assert xml.raw[part.inner_start : part.inner_end] == "One &amp; <e/>two"

    def nothing(_: Element) -> Shown:
        return Shown.NOTHING

    text = xml.content(part, nothing)
    assert text.text == "One & two"
    assert [xml.raw[a:b] for a, b in zip(text.starts, text.ends, strict=True)][4] == "&amp;"
