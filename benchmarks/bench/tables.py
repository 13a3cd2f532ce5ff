"""What a benchmark says: tables of raw numbers with all it takes to read them, as JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Units stand in the names of the columns; None is what could not be measured.

    packages: distributions whose versions matter. notes: what was done, and what a number does not say.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a row that does not fit its columns."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: {row} does not fit {self.columns}")


@dataclass(frozen=True, slots=True)
class Measured:
    """A table with the circumstances of its making."""

    table: Table
    command: str
    started: str
    seconds: float
    load_average: float
    machine: Mapping[str, Cell]
    versions: Mapping[str, str] = field(default_factory=dict)

    def cell(self, row: str, column: str) -> Cell:
        """A cell by the first cell of its row and the name of its column; None where there is none."""
        for one in self.table.rows:
            if one[0] == row and column in self.table.columns:
                return one[self.table.columns.index(column)]
        return None


def to_json(measured: Measured) -> dict[str, Any]:
    """As plain data."""
    return asdict(measured)


def from_json(data: Mapping[str, Any]) -> Measured:
    """The opposite of :func:`to_json`, after a way through a JSON file."""
    table = data["table"]
    rows = tuple(map(tuple, table["rows"]))
    made = Table(
        table["name"],
        table["title"],
        tuple(table["columns"]),
        rows,
        tuple(table["notes"]),
        tuple(table["packages"]),
    )
    return Measured(**{**data, "table": made})


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """The installed version of each distribution."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def markdown(measured: Measured) -> str:
    """The table with its notes and circumstances."""
    table = measured.table
    numbers = [all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))]
    lines = [
        f"### {table.title}",
        "",
        f"| {' | '.join(table.columns)} |",
        f"|{'|'.join('---:' if number else '---' for number in numbers)}|",
        *(f"| {' | '.join(map(shown, row))} |" for row in table.rows),
        "",
        *(f"- {note}" for note in table.notes),
    ]
    return "\n".join([*lines, f"- {_circumstances(measured)}", ""])


def _circumstances(measured: Measured) -> str:
    return "; ".join(
        (
            f"`{measured.command}` on {measured.started}, {measured.seconds:.0f} s",
            ", ".join(f"{key} {shown(value)}" for key, value in measured.machine.items()),
            f"load average at start {measured.load_average:.2f}",
            ", ".join(f"{name} {number}" for name, number in measured.versions.items()),
        )
    )


def shown(value: Cell) -> str:
    """A cell for people: whole numbers with separators, others with three significant digits."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value.replace("|", "\\|")
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
