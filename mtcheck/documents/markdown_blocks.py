"""The lines and blocks of a Markdown file, as markdown-it-py sees them, less byte order mark and front matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mtcheck.documents.markdown_inline import parser
from mtcheck.documents.text_format import BOM

if TYPE_CHECKING:
    from markdown_it.token import Token

Line = tuple[int, str]
"""Raw offset and text, without its newline."""

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*(?>\r\n?|\n)(?:[^\r\n]*(?>\r\n?|\n))*?(?:\1|\.\.\.)[ \t]*(?=[\r\n]|$)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def front_matter(text: str) -> str:
    """The front matter with its fences, or nothing."""
    found = _FRONT_MATTER.match(text, int(text.startswith(BOM)))
    return found.group() if found else ""


def blocks(text: str) -> tuple[list[Line], list[Token], dict[str, Any]]:
    """The lines of the file, its tokens (their ``map`` counts these lines from 0) and its link definitions."""
    bom = int(text.startswith(BOM))
    start = bom + len(front_matter(text))
    lines = [(match.start(), match.group().rstrip("\r\n")) for match in _LINE.finditer(text, bom)]
    env: dict[str, Any] = {}
    tokens = parser().parse("\n".join(line if at >= start else "" for at, line in lines), env)
    return lines, [part for token in tokens for part in (token, *_prose_after(token))], env


def _prose_after(token: Token) -> list[Token]:
    """What follows a comment that begins a line: HTML to CommonMark, but prose to whoever reads the page."""
    if token.type != "html_block" or not token.map or not token.content.lstrip().startswith("<!--"):
        return []
    prose = token.content.partition("-->")[2].strip()
    return [type(token)("inline", "", 0, content=prose, map=[token.map[1] - 1, token.map[1]])] if prose else []
