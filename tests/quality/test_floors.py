"""Quality does not sink unnoticed: pinned floors and ceilings on a small committed sample.

``least`` and ``most`` hold every bound there has been, the one in force last. To lower a floor (or raise a ceiling):
append the new bound, say why in ``lowered``, and write the same words into CHANGELOG.md.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import pytest

from mtcheck.engines import Engines
from mtcheck.engines.load import open_detecting
from mtcheck.evaluation.flags import Measured, flag, measure
from mtcheck.evaluation.systems import Mtcheck
from mtcheck.settings import Settings
from tests.quality.sample import FOLDER, digest, part

ROOT = FOLDER.parent.parent
PINNED: dict[str, Any] = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
FLOORS: list[dict[str, Any]] = PINNED["floor"]


@cache
def system(name: str) -> Mtcheck:
    if name == "rules without models":
        return Mtcheck(Engines(), Settings())
    return Mtcheck(open_detecting(), Settings(), learned=name != "rules alone")


@cache
def measured(system_name: str, part_name: str) -> list[Measured]:
    return measure(flag(system(system_name), part(part_name)), resamples=0)


def marked(floor: dict[str, Any]) -> Any:
    marks = [] if floor["system"] == "rules without models" else [pytest.mark.models]
    return pytest.param(floor, id=f"{floor['system']}: {floor['part']}: {floor['metric']}", marks=marks)


@pytest.mark.parametrize("floor", [marked(floor) for floor in FLOORS])
def test_floor(floor: dict[str, Any]) -> None:
    found = measured(floor["system"], floor["part"])
    (value,) = (m.score.value for m in found if m.score.metric == floor["metric"])
    if "least" in floor:
        assert value >= floor["least"][-1]
    else:
        assert value <= floor["most"][-1]


def test_the_sample_is_the_one_the_floors_were_pinned_on() -> None:
    assert {name: digest(FOLDER / name) for name in PINNED["sha256"]} == PINNED["sha256"]


def test_a_bound_that_was_loosened_is_explained() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for floor in FLOORS:
        loosened = (
            floor["least"][-1] < max(floor["least"]) if "least" in floor else floor["most"][-1] > min(floor["most"])
        )
        assert not loosened or floor.get("lowered"), "say why"
        assert floor.get("lowered", "") in changes


def test_every_floor_bounds_one_side() -> None:
    assert all(("least" in floor) != ("most" in floor) for floor in FLOORS)
