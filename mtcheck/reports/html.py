"""One self-contained page to decide on: original and cleaned side by side, every change with its evidence one key away.

No network: style and script are inline, and the page's own policy allows nothing but the two (by hash).
Every text is escaped by Jinja2 and its control characters made visible; what the script needs stands once, in an inert
JSON block.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from mtcheck.prose_diff import Piece, pieces, readable_edits
from mtcheck.reports import _rule_pages, _why
from mtcheck.reports._deciding import deciding
from mtcheck.reports._entries import (
    Entry,
    Status,
    counts,
    entries,
    headline,
    metric_notes,
    score_text,
)
from mtcheck.reports._rows import rows
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.json import printable
from mtcheck.schema import Review, Severity

_STATUS_WORDS = {
    Status.CHANGED: "Changed",
    Status.OFFERED: "Offered",
    Status.FLAGGED: "Flagged only",
}
_INERT = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&'\ufffe\uffff"})


def render(review: Review, *, rule_pages: Mapping[str, str] | None = None) -> str:
    """The page. rule_pages: page text by rule name; the rules of this version unless given."""
    all_pages = _rule_pages.pages() if rule_pages is None else rule_pages
    listed = entries(review)
    named = sorted({finding.rule for finding in review.findings})
    return _template().render(
        review=review,
        listed=listed,
        rows=rows(review.document, listed),
        headline=headline(review),
        counts=counts(review),
        severities=tuple(reversed(Severity)),
        statuses=_STATUS_WORDS,
        notes=metric_notes(review),
        rule_pages={name: _rule_pages.sections(all_pages[name]) for name in named if name in all_pages},
        data=inert_json(review, listed),
        css=asset("review.css"),
        js=asset("review.js"),
        css_hash=csp_hash(asset("review.css")),
        js_hash=csp_hash(asset("review.js")),
    )


def inert_json(review: Review, listed: Sequence[Entry]) -> str:
    """The page's data for a script block: no character in it can end the block or open markup."""
    return printable(json.dumps(deciding(review, listed), ensure_ascii=False, separators=(",", ":"))).translate(_INERT)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    environment.filters.update(one_line=one_line, score=score_text, inline=_rule_pages.inline)
    environment.filters.update(why=_why.why, ways=_why.ways, measure=_why.measure, categories=_categories)
    environment.globals.update(changes=_changes)
    return environment.from_string(asset("review.html"))


def _shown(value: object) -> object:
    """What stands on the page: no text carries a control character there, wherever it comes from."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _changes(before: str, after: str) -> tuple[Piece, ...]:
    return pieces(before, readable_edits(before, after))


def _categories(listed: Iterable[Entry]) -> tuple[str, ...]:
    """The categories of the entries' findings, each once, in order."""
    return tuple(sorted({finding.category for entry in listed for finding in entry.findings}))


@cache
def asset(name: str) -> str:
    """Text of a template, style or script of this package."""
    return (files("mtcheck.reports") / "assets" / name).read_text(encoding="utf-8")


def csp_hash(text: str) -> str:
    """The source expression that lets a content security policy admit exactly this inline text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
