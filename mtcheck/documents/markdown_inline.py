"""Which code points of an inline Markdown text are markup, and which may not be edited.

markdown-it-py keeps no positions for inline tokens. Each of its inline rules is wrapped here to
note the range it consumed, so the parser itself stays the only judge of what is markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from mtcheck.schema import Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_Rule = Callable[["StateInline", bool], bool]
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class Marks:
    """What the inline rules said about the code points of one text.

    hidden: 1 for each code point of markup; protected: content that stays as it is (code, addresses, entities);
    breaks: positions of ``<br>`` tags, where a passage ends.
    """

    def __init__(self, content: str) -> None:
        """Nothing is marked yet."""
        self.hidden = bytearray(len(content))
        self.protected: list[Span] = []
        self.breaks: list[int] = []
        self.delimiters: list[tuple[Any, int, int]] = []

    def hide(self, start: int, end: int) -> None:
        """Mark a range as markup."""
        self.hidden[start:end] = b"\1" * (end - start)

    def settle_delimiters(self) -> None:
        """Hide the asterisks, underscores and tildes that found their partner; the others are plain text."""
        for token, start, end in self.delimiters:
            if token.type != "text" or not token.content:
                self.hide(start, end)


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; only its blocks are parsed, inline text is left to ``inline_marks``."""
    from markdown_it import MarkdownIt

    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    md.core.ruler.disable("inline")
    md.inline.ruler2.disable("fragments_join")  # would merge the delimiter tokens that Marks holds on to
    for name, rule in zip(md.inline.ruler.get_active_rules(), md.inline.ruler.getRules(""), strict=True):
        md.inline.ruler.at(name, _noting(name, rule))
    return md


def inline_marks(content: str, env: dict[str, Any]) -> Marks:
    """Parse one inline text; ``env`` holds the link definitions of the document."""
    from markdown_it.rules_inline import StateInline

    md = parser()
    state = StateInline(content, md, env, [])
    marks = Marks(content)
    state.marks = marks  # type: ignore[attr-defined]
    md.inline.tokenize(state)
    for rule in md.inline.ruler2.getRules(""):
        rule(state)
    marks.settle_delimiters()
    return marks


def _noting(name: str, rule: _Rule) -> _Rule:
    """The rule, with what it consumed noted in ``state.marks`` (pictures parse their text in a state without)."""
    note = _NOTES.get(name)
    if note is None:
        return rule

    def noting(state: StateInline, silent: bool) -> bool:
        marks = getattr(state, "marks", None)
        if silent or marks is None:
            return rule(state, silent)
        start = state.pos
        done = rule(state, silent)
        if done:
            note(marks, state, start)
        return done

    return noting


def _newline(marks: Marks, state: StateInline, start: int) -> None:
    before = start
    while before and state.src[before - 1] == " ":
        before -= 1
    marks.hide(before, start)
    marks.hide(start + 1, state.pos)


def _escape(marks: Marks, state: StateInline, start: int) -> None:
    if state.src[start + 1] == "\n":
        marks.hide(start + 2, state.pos)
    if state.src[start + 1] == "\n" or state.tokens[-1].content != state.src[start : state.pos]:
        marks.hide(start, start + 1)


def _code(marks: Marks, state: StateInline, start: int) -> None:
    if not state.tokens or state.tokens[-1].type != "code_inline" or state.pending:
        return  # backticks without a partner are text
    fence = len(state.tokens[-1].markup)
    marks.hide(start, start + fence)
    marks.hide(state.pos - fence, state.pos)
    marks.protected.append(Span(start + fence, state.pos - fence))


def _delimiters(marks: Marks, state: StateInline, start: int) -> None:
    at = state.pos
    tokens = reversed(state.tokens)
    while at > start:
        token = next(tokens)
        begin = at - len(token.content)
        marks.delimiters.append((token, begin, at))
        at = begin


def _link(marks: Marks, state: StateInline, start: int) -> None:
    marks.hide(start, start + 1)
    marks.hide(state.md.helpers.parseLinkLabel(state, start, True), state.pos)


def _autolink(marks: Marks, state: StateInline, start: int) -> None:
    marks.hide(start, start + 1)
    marks.hide(state.pos - 1, state.pos)
    marks.protected.append(Span(start + 1, state.pos - 1))


def _hidden(marks: Marks, state: StateInline, start: int) -> None:
    between_spaces = state.src[max(0, start - 1) : start] == " " and state.src[state.pos : state.pos + 1] == " "
    marks.hide(start, state.pos + between_spaces)  # “a ![](b) c” reads as “a c”
    if _BREAK.fullmatch(state.src, start, state.pos):
        marks.breaks.append(start)


def _entity(marks: Marks, state: StateInline, start: int) -> None:
    marks.protected.append(Span(start, state.pos))


_NOTES: dict[str, Callable[[Marks, Any, int], None]] = {
    "newline": _newline,
    "escape": _escape,
    "backticks": _code,
    "strikethrough": _delimiters,
    "emphasis": _delimiters,
    "link": _link,
    "image": _hidden,
    "autolink": _autolink,
    "html_inline": _hidden,
    "entity": _entity,
}
