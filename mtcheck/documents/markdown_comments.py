"""Remarks to mtcheck in Markdown: HTML comments, ``[//]: # (...)``, and front matter.

One within a paragraph, heading, list item or table row is about that; one on a line of its own is about the next block,
be it a whole list or table; one in the front matter is about the whole file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mtcheck.documents.markdown_blocks import Line, blocks, front_matter
from mtcheck.documents.markdown_inline import inline_marks
from mtcheck.schema import Comment, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

_COMMENT = re.compile(r"<!--\s*(mtcheck\s*:.*?)\s*-->", re.DOTALL)
_YAML_COMMENT = re.compile(r"(?:^|\s)#\s*(mtcheck\s*:[^\r\n]*)", re.MULTILINE)
_KEY = re.compile(r"^\[?mtcheck\b", re.MULTILINE)


def comments(text: str) -> Iterator[Comment]:
    """Every remark to mtcheck, those of the front matter first."""
    if "mtcheck" not in text:
        return
    yield from _in_front_matter(front_matter(text), Span(0, len(text)))
    lines, tokens, env = blocks(text)
    for index, token in enumerate(tokens):
        if token.type == "html_block":
            about = _next_block(tokens[index + 1 :], lines)
            yield from (_comment(match, token, about) for match in _COMMENT.finditer(token.content))
        elif token.type == "inline" and "<!--" in token.content:
            hidden = inline_marks(token.content, env).hidden
            for match in _COMMENT.finditer(token.content):
                if all(hidden[match.start() : match.end()]):  # one in code is shown, not meant
                    yield _comment(match, token, _range(token, lines))
    for definition in (*env.get("references", {}).values(), *env.get("duplicate_refs", ())):
        if re.match(r"mtcheck\s*:", definition["title"]):
            first, end = definition["map"]
            later = [token for token in tokens if token.map and token.map[0] >= end]
            yield Comment(definition["title"], first + 1, _next_block(later, lines))


def _comment(match: re.Match[str], token: Token, about: Span) -> Comment:
    line = (token.map or [0])[0] + token.content.count("\n", 0, match.start()) + 1
    return Comment(match[1], line, about)


def _next_block(tokens: list[Token], lines: list[Line]) -> Span:
    """Raw range of the first block that is not itself a comment; empty, at the end of the file, without one."""
    for token in tokens:
        if token.map and not (token.type == "html_block" and token.content.lstrip().startswith("<!--")):
            return _range(token, lines)
    return Span(lines[-1][0], lines[-1][0])


def _range(token: Token, lines: list[Line]) -> Span:
    first, end = token.map or (0, 0)
    start, last = lines[first][0], lines[min(end, len(lines)) - 1]
    return Span(start, last[0] + len(last[1]))


def _in_front_matter(matter: str, whole: Span) -> Iterator[Comment]:
    for match in _YAML_COMMENT.finditer(matter):
        yield Comment(match[1], matter.count("\n", 0, match.start(1)) + 1, whole)
    if key := _KEY.search(matter):
        yield Comment(f"mtcheck: {_value(matter)}", matter.count("\n", 0, key.start()) + 1, whole)


def _value(matter: str) -> str:
    """What the front matter's key ``mtcheck`` says, in the words of a comment."""
    try:
        values = _parsed(matter).get("mtcheck")
    except ValueError:
        return "in front matter that cannot be read"
    names = values.get("allow") if isinstance(values, dict) and len(values) == 1 else None
    return f"allow {names if isinstance(names, str) else ', '.join(map(str, names))}" if names else str(values)


def _parsed(matter: str) -> dict[str, Any]:
    """Raises ValueError for what is neither YAML nor TOML."""
    body = "\n".join(matter.splitlines()[1:-1])
    if matter.startswith("+++"):
        return tomllib.loads(body)
    import yaml  # costs about 30 ms, and few files speak to mtcheck there

    try:
        values = yaml.safe_load(body)
    except yaml.YAMLError as error:
        raise ValueError(error) from error
    return values if isinstance(values, dict) else {}
