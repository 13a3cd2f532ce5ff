"""JUnit XML: a suite an article, a failed case a finding, a passed case for an article with nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from mtcheck.checking import Checked, CheckRun, PlacedFinding
from mtcheck.reports._visible import one_line, visible
from mtcheck.reports.check._findings import better, edits, new_in, path_of, reason, remarks, skipped


def render(run: CheckRun) -> str:
    """The suites in order of path; characters that XML cannot hold are shown as ``⟨U+0000⟩``."""
    root = ET.Element("testsuites", name="mtcheck")
    root.extend(_suite(article) for article in run.articles)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(article: Checked) -> ET.Element:
    path, new = one_line(path_of(article)), new_in(article)
    cases = list(_cases(article, path))
    suite = ET.Element("testsuite", name=path, tests=str(len(cases)), failures=str(len(new)))
    suite.set("errors", str(int(bool(article.error))))
    suite.set("skipped", str(int(skipped(article))))
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="words", value=str(article.words))
    ET.SubElement(properties, "property", name="known findings", value=str(len(article.findings) - len(new)))
    suite.extend(cases)
    if (said := remarks(article)) and not skipped(article):
        ET.SubElement(suite, "system-err").text = "\n".join(said)
    return suite


def _cases(article: Checked, path: str) -> Iterator[ET.Element]:
    if article.error:
        case = ET.Element("testcase", classname=path, name="can be checked")
        ET.SubElement(case, "error", type="error", message=reason(article))
        yield case
    for finding in new_in(article):
        name = f"{finding.rule} at {finding.line}:{finding.column}: “{one_line(finding.quote)}”"
        case = ET.Element("testcase", classname=path, name=name)
        failure = ET.SubElement(case, "failure", type=finding.severity.value, message=one_line(finding.message))
        failure.text = _explained(finding, path)
        yield case
    if not article.error and not new_in(article):
        case = ET.Element("testcase", classname=path, name="reads well")
        if skipped(article):
            ET.SubElement(case, "skipped", message="; ".join(remarks(article)))
        yield case


def _explained(finding: PlacedFinding, path: str) -> str:
    lines = [f"{path}:{finding.line}:{finding.column}", f"{finding.before}[={finding.quote}=]{finding.after}"]
    lines += [f"{better(fix)} ({fix.applicability})" for fix in edits(finding)]
    lines.append(f"{finding.category}, confidence {finding.confidence:.2f}; mtcheck rule {finding.rule}")
    return "\n".join(visible(" ".join(line.split())) for line in lines)
