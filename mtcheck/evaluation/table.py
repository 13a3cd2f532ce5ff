"""The tables of an evaluation as Markdown, signatures below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mtcheck.evaluation.clean import Against, Change, Row, Tested
from mtcheck.evaluation.flags import Measured, RuleRow


def markdown(measured: Sequence[Measured]) -> str:
    """One table a part, a row a measure and a column a system, then what the numbers were made with."""
    systems = list(dict.fromkeys(m.system for m in measured))
    lines: list[str] = []
    for part in dict.fromkeys(m.part for m in measured):
        mine = {(m.score.metric, m.system): m for m in measured if m.part == part}
        lines += [f"| {part} | {' | '.join(systems)} |", "|---" * (len(systems) + 1) + "|"]
        for metric in dict.fromkeys(name for name, _ in mine):
            row = [mine.get((metric, system)) for system in systems]
            shown = next((m for m in row if m), None)
            label = f"{metric} ({shown.count})" if shown and metric.startswith("touched") else metric
            lines.append(f"| {label} | {' | '.join(_cell(m) if m else '' for m in row)} |")
        lines.append("")
    return "\n".join([*lines, *_signatures(m.score.signature for m in measured)])


def _cell(m: Measured) -> str:
    number = m.score.value
    value = f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
    return value if m.low == m.high else f"{value} [{m.low:.2f}, {m.high:.2f}]"


def _signatures(signatures: Iterable[str]) -> Iterator[str]:
    """Every piece of every signature once: a number's signature is the pieces of its system, part and measure."""
    pieces = dict.fromkeys(piece for signature in signatures for piece in signature.split(" ; "))
    for kind in ("system", "data", "metric", "bootstrap"):
        yield from (f"- `{piece}`" for piece in pieces if piece.startswith(f"{kind}:"))


def rule_table(rules: Mapping[str, Sequence[RuleRow]]) -> str:
    """One table a system, worst rule first."""
    lines: list[str] = []
    for system, rows in rules.items():
        lines += [
            f"| {system}: rule | flags on articles | right | right, all marks | partial credit | alarms on news |",
            "|---|---|---|---|---|---|",
        ]
        lines += [f"| {r.rule} | {r.flags} | {r.right} | {r.right_all} | {r.credit:.2f} | {r.alarms} |" for r in rows]
        lines.append("")
    return "\n".join(lines)


def clean_table(rows: Sequence[Row]) -> str:
    """One table a corpus, a row a system for each kind of version; scores with half of their 95 % interval and p."""
    lines: list[str] = []
    for corpus in dict.fromkeys(row.corpus for row in rows):
        mine = [row for row in rows if row.corpus == corpus]
        metrics = [tested.score.metric for against in mine[0].against[:1] for tested in against.scores]
        heads = [f"{corpus}, {mine[0].lines} lines, {mine[0].words:,} words", *metrics]
        heads += ["better / same / worse"] * bool(metrics)
        heads += ["lines changed", "edits in 100 lines", "edits per 1,000 words", "facts broken", "seconds"]
        lines += [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        for i in range(max(1, len(mine[0].against))):
            lines += [f"| {' | '.join(_row_cells(row, row.against[i : i + 1]))} |" for row in mine]
        lines.append("")
    scored = [tested.score.signature for row in rows for against in row.against for tested in against.scores]
    return "\n".join([*lines, *_signatures([*scored, *(row.signature for row in rows)])])


def _row_cells(row: Row, against: Sequence[Against]) -> Iterator[str]:
    yield row.system + "".join(f", against {one.kind}" for one in against)
    for one in against:
        yield from map(_tested, one.scores)
        yield f"{one.better} / {one.same} / {one.worse}"
    yield str(row.changed)
    yield f"{100 * row.edits / max(1, row.lines):.1f}"
    yield f"{1000 * row.edits / max(1, row.words):.1f}"
    yield str(row.broken)
    yield "" if row.seconds is None else f"{row.seconds:.1f}"


def _tested(tested: Tested) -> str:
    shown = f"{tested.score.value:.2f}"
    if tested.half_interval:
        shown += f" ± {tested.half_interval:.1f}"
    return shown if tested.p is None else f"{shown} (p {tested.p:.3f})"


def changes_shown(changes: Iterable[Change]) -> str:
    """Every changed line before (-) and after (+), people's versions (=) and the facts that broke (!)."""
    blocks = []
    for change in changes:
        versions = [f"= {version}" for some in change.line.versions.values() for version in some]
        broken = [f"! {clause}" for clause in change.broken]
        head = f"{change.system}: {change.corpus}"
        blocks.append("\n".join([head, f"- {change.line.text}", f"+ {change.cleaned}", *versions, *broken]))
    return "\n\n".join(blocks)
