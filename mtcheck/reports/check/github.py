"""Annotations of GitHub Actions: one workflow command a line.

Critical and major findings are errors, minor ones warnings, neutral ones notices. The gravest come first, because
GitHub shows ten annotations of a kind in a step. Escaping follows the ``@actions/core`` package.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.checking import CheckRun, PlacedFinding
from mtcheck.reports._visible import visible
from mtcheck.reports.check._findings import LEVELS, new_in, path_of, reason, remarks, said
from mtcheck.schema import Severity

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(run: CheckRun) -> str:
    """What could not be checked, then the new findings, the gravest first; empty when there is neither."""
    grades = list(Severity)
    found = [(path_of(article), finding) for article in run.articles for finding in new_in(article)]
    found.sort(key=lambda one: -grades.index(one[1].severity))
    return "".join([*_files(run), *(_finding(path, finding) for path, finding in found)])


def _files(run: CheckRun) -> Iterator[str]:
    for article in run.articles:
        place = {"file": path_of(article), "title": "mtcheck"}
        if article.error:
            yield _command("error", f"could not be checked: {reason(article)}", place)
        for remark in remarks(article):
            yield _command("warning", remark, place)


def _finding(path: str, finding: PlacedFinding) -> str:
    place: dict[str, str | int] = {"file": path, "line": finding.line, "endLine": finding.end_line}
    if finding.line == finding.end_line:  # GitHub refuses columns of a range over several lines
        place |= {"col": finding.column, "endColumn": finding.end_column}
    place["title"] = f"{finding.rule} ({finding.severity})"
    return _command(_COMMANDS[LEVELS[finding.severity]], said(finding), place)


def _command(name: str, message: str, properties: dict[str, str | int] | dict[str, str]) -> str:
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
