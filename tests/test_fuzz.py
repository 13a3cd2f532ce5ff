"""A few seconds of the fuzzing that ``python -m benchmarks.fuzz`` does for hours: no input crashes a reader."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_targets import mutated, targets
from mtcheck.errors import MtcheckError

TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
@given(chance=st.randoms(use_true_random=True), pick=st.integers(0, 100))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_input_crashes_a_reader(
    name: str, chance: random.Random, pick: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    target = TARGETS[name]
    data = mutated(chance, target.seeds[pick % len(target.seeds)], target)
    with suppress(MtcheckError):
        target.run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_begins_from_is_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for seed in TARGETS[name].seeds[:1]:
        assert TARGETS[name].run(seed)
