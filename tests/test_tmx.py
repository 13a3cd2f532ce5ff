"""TMX: which variants are read, and that nothing but changed text changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mtcheck.documents import parse, write_annotated
from mtcheck.errors import InputError, OtherLanguageError
from mtcheck.schema import Edit, Revision, Span
from tests.cat_files import HEAD, TEXTS, assert_written, edits_of, markup

CASES = Path(__file__).parent / "cases" / "tmx"


def memory(*variants: str, srclang: str = "ru", more: str = "") -> bytes:
    """A memory of one unit: its variants as ``language|segment``."""
    inside = "".join('<tuv xml:lang="{}"><seg>{}</seg></tuv>'.format(*one.split("|", 1)) for one in variants)
    return f'<tmx version="1.4"><header srclang="{srclang}"/><body><tu{more}>{inside}</tu></body></tmx>'.encode()


def pairs(data: bytes) -> list[tuple[str, str | None]]:
    return [(segment.hypothesis, segment.source) for segment in parse(data, "x.tmx", "tmx").segments]


def test_the_english_variant_is_read_beside_its_source() -> None:
    data = (CASES / "news.tmx").read_bytes()
    assert pairs(data) == [
        ("The talks took place on March 16 in the the Moscow.", "Переговоры прошли 15 марта в Москве.")
    ]
    found = parse(data, "news.tmx", "tmx")
    assert [gap.at for gap in found.segments[0].gaps] == [24, 32]
    assert found.line_column(found.segments[0].raw_span(Span(33, 35)).start) == (9, 94)


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (memory("ru-RU|Да.", "en|Yes."), [("Yes.", "Да.")]),
        (memory("en-GB|Yes.", "ru|Да.", "en-US|Yeah.", srclang="*all*"), [("Yes.", "Да."), ("Yeah.", "Да.")]),
        (memory("de|Ja.", "en|Yes.", srclang="de"), [("Yes.", None)]),
        (memory("ru|Да.", "en|Yes.", srclang="en", more=' srclang="ru"'), [("Yes.", "Да.")]),
        (memory("ru|Да.", "en|A <hi>b</hi> <ph>x</ph>c."), [("A b c.", "Да.")]),
        (memory("ru|Да.", "en|Yes.").replace(b"xml:lang", b"lang"), [("Yes.", "Да.")]),
    ],
)
def test_sources_and_targets(data: bytes, read: list[tuple[str, str | None]]) -> None:
    assert pairs(data) == read


def test_a_memory_out_of_english_is_refused() -> None:
    with pytest.raises(OtherLanguageError, match=r"x\.tmx:1: translates into Russian, not into English"):
        pairs(memory("en|Yes indeed.", "ru|Да, конечно.", srclang="en"))


def test_what_is_no_memory_is_refused() -> None:
    with pytest.raises(InputError, match="not TMX but <html>"):
        pairs(b"<html/>")


def test_changes_are_noted_without_a_clock() -> None:
    found = parse((CASES / "news.tmx").read_bytes(), "news.tmx", "tmx")
    annotated = write_annotated(found, [Revision(Edit(0, Span(30, 32), "15"), "why & how")])
    assert annotated is not None
    variant = etree.fromstring(annotated).findall("body/tu/tuv")[1]
    assert (variant.get("changeid"), variant.get("changedate")) == ("mtcheck", None)
    assert (variant[0].tag, variant[0].text) == ("note", "mtcheck: “16” → “15”\nwhy & how")
    assert variant[1].tag == "seg"
    from translate.storage.tmx import tmxfile

    assert "March 15" in str(tmxfile.parsestring(annotated).units[0].gettarget("en"))


INLINE = st.sampled_from(['<ph x="1"/>', "<hi>high &amp; low</hi>", "<bpt i='1'>code</bpt>", "<!-- c -->", "&#x416;"])
PLAIN = TEXTS.map(lambda text: text.replace("&", "&amp;").replace("]]>", "]]&gt;"))


@given(content=st.lists(st.one_of(PLAIN, INLINE), max_size=6).map("".join), data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_edits_change_the_text_and_nothing_else(content: str, data: st.DataObject) -> None:
    raw = memory("ru|Да.", f"en|{HEAD}{content.replace(']]>', ']]&gt;')}")
    found = parse(raw, "x", "tmx")
    assert markup(assert_written(found, data.draw(edits_of(found)))) == markup(raw)
