"""A summary for a job's page or a comment on a pull request: how much, where, and the gravest findings in full.

The text of an article can neither break out of its place nor mention, link or style anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.prose_diff import pieces, readable_edits
from mtcheck.reports._entries import plural
from mtcheck.reports.check._findings import context, edits, flat, new_in, path_of, reason, remarks
from mtcheck.reports.check._summary import headline
from mtcheck.schema import Severity

_GRADES = tuple(reversed(Severity))
_CONTEXT = 60  # code points on either side
_MOST_ARTICLES = 50
_MARKUP = re.compile(r"[^\w\s,.;?!'()/-]|_|(?<=www)\.", re.ASCII)
_NAMES = {"deleted": "del", "inserted": "ins", "same": ""}

Found = tuple[Checked, PlacedFinding]


def render(run: CheckRun, *, shown: int = 10, most: int = 100) -> str:
    """Headline, counts by article and severity, then the gravest findings.

    shown: how many findings stand open; the others up to ``most`` are folded away, so that the whole stays below the
    65,536 characters that GitHub allows a comment.
    """
    found = [(article, finding) for article in run.articles for finding in new_in(article)]
    found.sort(key=lambda one: _GRADES.index(one[1].severity))
    blocks = ["## mtcheck", f"{headline(run)}."]
    if found:
        blocks += ["\n".join(_table(run)), _list(found[:shown])]
    if rest := found[shown:most]:
        blocks.append(f"<details><summary>{plural(len(rest), 'more finding')}</summary>\n\n{_list(rest)}\n\n</details>")
    if left := len(found) - most if len(found) > most else 0:
        blocks.append(f"{plural(left, 'finding')} beyond these: see another format.")
    if said := list(_remarks(run)):
        blocks.append("\n".join(said))
    return "\n\n".join([*blocks, f"<sub>{_text(run.signature)}</sub>"]) + "\n"


def _table(run: CheckRun) -> Iterator[str]:
    """The articles with new findings, those with the gravest first."""
    rows = [(article, _tally(new_in(article))) for article in run.articles if new_in(article)]
    rows.sort(key=lambda row: [-count for count in row[1]])
    used = [at for at, _ in enumerate(_GRADES) if any(tally[at] for _, tally in rows)]
    yield f"| article | {' | '.join(_GRADES[at] for at in used)} | new | known |"
    yield "|---|" + "--:|" * (len(used) + 2)
    for article, tally in rows[:_MOST_ARTICLES]:
        numbers = [*(tally[at] for at in used), sum(tally), len(article.findings) - sum(tally)]
        yield f"| {_code(path_of(article))} | {' | '.join(map(str, numbers))} |"
    if len(rows) > _MOST_ARTICLES:
        yield f"| {plural(len(rows) - _MOST_ARTICLES, 'more article')} |" + " |" * (len(used) + 2)


def _tally(findings: Iterable[PlacedFinding]) -> list[int]:
    found = [finding.severity for finding in findings]
    return [found.count(grade) for grade in _GRADES]


def _list(found: Iterable[Found]) -> str:
    return "\n".join(
        f"- **{finding.severity}** {_code(f'{path_of(article)}:{finding.line}:{finding.column}')} "
        f"{_code(finding.rule)}: {_text(finding.message)}<br>{_sentence(finding)}"
        for article, finding in found
    )


def _sentence(finding: PlacedFinding) -> str:
    """The words flagged among those around them, in bold, or as a change when there is an edit."""
    before, after = context(finding, _CONTEXT)
    if best := next(iter(edits(finding)), None):
        changes = pieces(finding.quote, readable_edits(finding.quote, best.replacement))
        middle = "".join(_tagged(_NAMES[piece.kind], piece.text) for piece in changes)
    else:
        middle = _tagged("b", finding.quote)
    return f"{_text(before)}{middle}{_text(after)}"


def _remarks(run: CheckRun) -> Iterator[str]:
    for article in run.articles:
        if article.error:
            yield f"- {_code(path_of(article))} could not be checked: {_text(reason(article))}"
        for remark in remarks(article):
            yield f"- {_code(path_of(article))}: {_text(remark)}"
    for clause in run.missing:
        yield f"- Done without: {_text(clause)}"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _tagged(tag: str, text: str) -> str:
    # White space stays outside, where Markdown keeps it.
    return f"<{tag}>{_text(text)}</{tag}>" if tag and text else _text(text)


def _text(text: str) -> str:
    """Text on one line in which nothing is markup, a mention, a reference or a link."""
    # An entity is never read as markup; a comment keeps a code host from seeing a name or a number after the sign.
    return _MARKUP.sub(lambda match: _escaped(match.group()), flat(text))


def _escaped(character: str) -> str:
    if not character.isascii():
        return character
    return f"&#{ord(character)};" + ("<!-- -->" if character in "@#" else "")
