"""The table of an evaluation as Markdown: a row a measure, a column a system, signatures below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mtcheck.evaluation.flags import Measured, RuleRow


def markdown(measured: Sequence[Measured]) -> str:
    """One table a part, then what the numbers were made with."""
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
    return "\n".join([*lines, *_signatures(measured)])


def _cell(m: Measured) -> str:
    number = m.score.value
    value = f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
    return value if m.low == m.high else f"{value} [{m.low:.2f}, {m.high:.2f}]"


def _signatures(measured: Sequence[Measured]) -> Iterator[str]:
    """Every piece of every signature once: a number's signature is the pieces of its system, part and measure."""
    pieces = dict.fromkeys(piece for m in measured for piece in m.score.signature.split(" ; "))
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
