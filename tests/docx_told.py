"""What a Word report says, as text: a line a paragraph or row, marked by the looks of the runs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.table import Table


def docx_text(data: bytes) -> str:
    """Runs as ``[-struck out-]``, ``{+underlined+}`` or ``**bold**``; ``#`` before headings, ``|`` between cells."""
    return "\n".join(_lines(Document(io.BytesIO(data)))) + "\n"


def _lines(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(" / ".join(map(_marked, cell.paragraphs)) for cell in row.cells)
        else:
            mark = "# " if block.style.name.startswith(("Heading", "Title")) else ""
            yield f"{mark}{_marked(block)}"


def _marked(paragraph: Any) -> str:
    return "".join(map(_look, paragraph.runs))


def _look(run: Any) -> str:
    text = run.text.replace("\n", "⏎")
    if run.font.strike:
        return f"[-{text}-]"
    if run.font.underline:
        return f"{{+{text}+}}"
    return f"**{text}**" if run.bold else text
