"""Quality does not sink unnoticed: pinned floors and ceilings on a small committed sample.

``least`` and ``most`` hold every bound there has been, the one in force last. To lower a floor (or raise a ceiling):
append the new bound, say why in ``lowered``, and write the same words into CHANGELOG.md.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from mtcheck.engines import Engines
from mtcheck.engines.load import open_detecting, open_engines
from mtcheck.evaluation import clean
from mtcheck.evaluation.cleaners import Cleaner, Reviewed, RuleFixes
from mtcheck.evaluation.flags import Measured, flag, measure
from mtcheck.evaluation.systems import Mtcheck
from mtcheck.settings import Settings
from tests.quality.sample import FOLDER, corpus, digest, part

ROOT = FOLDER.parent.parent
PINNED: dict[str, Any] = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
FLOORS: list[dict[str, Any]] = PINNED["floor"]
CLEAN_FLOORS: list[dict[str, Any]] = PINNED["clean"]


@cache
def system(name: str) -> Mtcheck:
    if name == "rules without models":
        return Mtcheck(Engines(), Settings())
    return Mtcheck(open_detecting(), Settings(), learned=name != "rules alone")


@cache
def measured(system_name: str, part_name: str) -> list[Measured]:
    return measure(flag(system(system_name), part(part_name)), resamples=0)


def marked(floor: dict[str, Any]) -> Any:
    marks = [] if floor["system"].endswith("without models") else [pytest.mark.models]
    return pytest.param(floor, id=f"{floor['system']}: {floor['part']}: {floor['metric']}", marks=marks)


@pytest.mark.parametrize("floor", [marked(floor) for floor in FLOORS])
def test_floor(floor: dict[str, Any]) -> None:
    found = measured(floor["system"], floor["part"])
    (value,) = (m.score.value for m in found if m.score.metric == floor["metric"])
    assert_within(value, floor)


def assert_within(value: float, floor: dict[str, Any]) -> None:
    if "least" in floor:
        assert value >= floor["least"][-1]
    else:
        assert value <= floor["most"][-1]


@cache
def cleaner(name: str) -> Cleaner:
    if name.endswith("without models"):
        return RuleFixes(Engines(), Settings(), unsafe="--unsafe" in name)
    # a round trip asks the language model about twice as many wordings: left out here, since nothing is cached
    return Reviewed(replace(open_engines(fast=True, cache=False), round_trips=()), Settings())


@cache
def cleaned(system_name: str, corpus_name: str) -> dict[str, float]:
    text = corpus(corpus_name)
    _, row = clean.measure([clean.untouched(text), clean.clean(cleaner(system_name), text)], resamples=0)
    values = {tested.score.metric: tested.score.value for against in row.against for tested in against.scores}
    values |= {"facts broken": row.broken, "edits in 100 lines": 100 * row.edits / row.lines}
    return values | {f"lines {what}": getattr(a, what) for a in row.against for what in ("better", "worse")}


@pytest.mark.parametrize("floor", [marked(floor) for floor in CLEAN_FLOORS])
def test_floor_of_the_cleaned_text(floor: dict[str, Any]) -> None:
    assert_within(cleaned(floor["system"], floor["part"])[floor["metric"]], floor)


def test_the_sample_is_the_one_the_floors_were_pinned_on() -> None:
    assert {name: digest(FOLDER / name) for name in PINNED["sha256"]} == PINNED["sha256"]


def test_a_bound_that_was_loosened_is_explained() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for floor in (*FLOORS, *CLEAN_FLOORS):
        loosened = (
            floor["least"][-1] < max(floor["least"]) if "least" in floor else floor["most"][-1] > min(floor["most"])
        )
        assert not loosened or floor.get("lowered"), "say why"
        assert floor.get("lowered", "") in changes


def test_every_floor_bounds_one_side() -> None:
    assert all(("least" in floor) != ("most" in floor) for floor in (*FLOORS, *CLEAN_FLOORS))
