"""The report on two versions as a Word document: summary page, then every change with its reasons.

What goes is struck out and red, what comes is underlined and green. Headings of tables repeat on every page; bars are
characters, so that nothing needs a picture and its description.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from mtcheck.comparison import Comparison
from mtcheck.reports._changes import Change, Run, groups
from mtcheck.reports._entries import score_text
from mtcheck.reports._overview import Overview, Tally, changed, findings_line, overview
from mtcheck.reports._visible import visible
from mtcheck.schema import Review

_GONE, _COME = RGBColor(0x9C, 0x1C, 0x12), RGBColor(0x14, 0x5A, 0x2C)
_GREY = RGBColor(0x55, 0x55, 0x55)
_HEADING_FILL = "E7ECF2"
_BAR = 24
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can tell


def document(comparison: Comparison, review: Review | None = None) -> bytes:
    """The .docx; the same comparison gives the same bytes, which is why it bears no date."""
    told = overview(comparison, review)
    doc = _blank(told.title, comparison.after.target_lang)
    _summary(doc, told)
    for title, changes in groups(comparison, review).items():
        doc.add_heading(f"{title} ({len(changes)})", 1)
        _changes(doc, changes)
    doc.add_heading("How it was measured", 1)
    for row in told.rows:
        _labelled(doc, row.metric, row.after.signature)
    for metric, signature in told.edits_scored:
        _labelled(doc, f"{metric} of an edit", signature)
    for signature in told.signatures:
        _labelled(doc, "Findings", signature)
    return _packed(doc)


def _blank(title: str, language: str) -> Any:
    """An empty landscape page with styles of its own."""
    doc = Document()
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(1.8))
    normal = doc.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in (("Title", 20), ("Heading 1", 14), ("Heading 2", 11.5)):
        font = doc.styles[name].font
        font.name, font.size, font.color.rgb = "Calibri", Pt(size), RGBColor(0x1F, 0x3A, 0x5F)
        doc.styles[name].element.rPr.rFonts.attrib.clear()
        doc.styles[name].element.rPr.rFonts.set(qn("w:ascii"), "Calibri")
        doc.styles[name].element.rPr.rFonts.set(qn("w:hAnsi"), "Calibri")
    for border in doc.styles["Table Grid"].element.iter(qn("w:tblBorders")):
        for line in border:
            line.set(qn("w:color"), "B5BCC4")
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), "en-GB" if language == "en" else language)
    normal.element.get_or_add_rPr().append(tongue)
    core = doc.core_properties
    for child in list(core._element):
        core._element.remove(child)
    core.title, core.author = title[:255], "mtcheck"
    doc.add_heading(title, 0)
    return doc


def _summary(doc: Any, told: Overview) -> None:
    if told.verdict:
        doc.add_paragraph().add_run(f"{told.verdict}.").bold = True
    doc.add_paragraph(f"{told.headline}.")
    for clause in told.missing:
        doc.add_paragraph(f"Done without: {clause}", style="List Bullet")
    if told.severities:
        doc.add_heading(f"Findings: {findings_line(told)}", 2)
        _tallies(doc, "severity", told.severities, told.versions)
        _tallies(doc, "category", told.categories, told.versions)
        doc.add_heading(f"By category and severity, {' → '.join(told.versions)}", 2)
        rows = [(name, *map(changed, tallies)) for name, tallies in told.table.items()]
        rows.append(("all", *map(changed, told.severities)))
        _table(doc, ("category", *(one.name for one in told.severities)), rows, (5.5, *(2.4,) * len(told.severities)))
    if any(told.strip):
        doc.add_heading("Where the changes lie", 2)
        line = doc.add_paragraph().add_run(f"|{told.sparkline}|")
        line.font.name, line.font.size = "DejaVu Sans Mono", Pt(12)
        doc.add_paragraph(told.where)
    doc.add_heading("Scores", 2)
    scores = [
        (row.metric, score_text(row.before) if row.before else "–", score_text(row.after), row.note)
        for row in told.rows
    ]
    _table(doc, ("metric", "before", "after", "how to read it"), scores, (6.0, 2.4, 2.4, 9.0))


def _tallies(doc: Any, what: str, tallies: Sequence[Tally], versions: Sequence[str]) -> None:
    """A bar chart in characters: hollow for the first version, full for the second."""
    most = max(max(one.before, one.after) for one in tallies)
    rows = [
        (one.name, f"{one.before:,}\n{one.after:,}", f"{_bar('░', one.before, most)}\n{_bar('█', one.after, most)}")
        for one in tallies
    ]
    _table(doc, (what, "number", f"░ {versions[0]}  █ {versions[1]}"), rows, (5.5, 2.0, 9.0))
    doc.add_paragraph()


def _bar(char: str, value: int, most: int) -> str:
    return char * -(-value * _BAR // most)


def _table(doc: Any, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
    table = _headed(doc, heads, widths)
    for row in rows:
        for at, (cell, text) in enumerate(zip(_row(table, widths), row, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(visible(text))
            if at and text[:1] in "–-0123456789":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _headed(doc: Any, heads: Sequence[str], widths: Sequence[float]) -> Any:
    """A table with a shaded row of headings that every page repeats."""
    table = doc.add_table(rows=0, cols=len(heads))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    cells = _row(table, widths)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for cell, head in zip(cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", _HEADING_FILL)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    return table


def _row(table: Any, widths: Sequence[float]) -> Sequence[Any]:
    """A new row that no page end divides."""
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Cm(width)
        cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    return tuple(row.cells)


def _changes(doc: Any, changes: Iterable[Change]) -> None:
    widths = (2.4, 7.7, 7.7, 8.3)
    table = _headed(doc, ("place", "original", "corrected", "why"), widths)
    for change in changes:
        where, original, corrected, why = _row(table, widths)
        where.paragraphs[0].add_run(f"{change.line}:{change.column}")
        where.add_paragraph().add_run(change.label).font.size = Pt(9)
        _runs(original.paragraphs[0], change.original)
        _runs(corrected.paragraphs[0], change.corrected)
        for at, line in enumerate(change.why):
            paragraph = why.paragraphs[0] if at == 0 else why.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(line)
            run.font.size = Pt(9)


def _runs(paragraph: Any, runs: Iterable[Run]) -> None:
    for one in runs:
        run = paragraph.add_run(visible(one.text).replace("\r\n", "\n"))
        if one.kind == "deleted":
            run.font.strike, run.font.color.rgb = True, _GONE
        elif one.kind == "inserted":
            run.font.underline, run.font.color.rgb = True, _COME
        run.bold = True if one.kind == "flagged" else None


def _labelled(doc: Any, label: str, text: str) -> None:
    paragraph = doc.add_paragraph()
    paragraph.add_run(f"{label}: ").bold = True
    run = paragraph.add_run(visible(text))
    run.font.size, run.font.color.rgb = Pt(8.5), _GREY


def _packed(doc: Any) -> bytes:
    """The file with every part of one date, whenever it is made."""
    raw, packed = io.BytesIO(), io.BytesIO()
    doc.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
