"""What every section is given: where texts come from, where it may write, how long it may take."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bench.tables import Measured
from benchmarks.bench.texts import SEED


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the benchmarks.

    data: the folder of public data; None where there is none. scratch: emptied when the run ends. kept: for what takes
    long to make and is the same every time. quick: the least that still goes through every step.
    before: what sections measured before this one, in this run or in an earlier one, by the table's name.
    """

    data: Path | None
    scratch: Path
    kept: Path
    quick: bool = False
    before: Mapping[str, Measured] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """How often a thing is measured, after once that does not count."""
        return 1 if self.quick else 5

    def some(self, full: int, quick: int) -> int:
        """A size: the first in a full run, the second in a quick one."""
        return quick if self.quick else full

    def folder(self, name: str) -> Path:
        """A new folder in the scratch folder."""
        made = self.scratch / name
        made.mkdir()
        return made


PYTHON = (sys.executable, "-W", "ignore")
MTCHECK = (sys.executable, "-m", "mtcheck")

__all__ = ["MTCHECK", "PYTHON", "SEED", "Run"]
