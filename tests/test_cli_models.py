"""`mtcheck models`: what is printed where, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fake_origins import (  # noqa: F401 - fixtures
    REVISION,
    Index,
    ModelHub,
    cache,
    direct,
    index,
    model_hub,
    model_table,
    wheel_origin,
    write_manifest,
)

from mtcheck import store
from mtcheck.cli import main
from mtcheck.store import folders

# ruff: noqa: F811 - a fixture is used by naming it again

FILES = {"config.json": b"{}", "model.safetensors": b"weights " * 400}
pytestmark = pytest.mark.usefixtures("cache", "direct")


@pytest.fixture(autouse=True)
def toy(tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest with a model that can be fetched, one that cannot, and one for training only."""
    pin = index.add("toy-model", {f"toy/{name}": content for name, content in FILES.items()})
    origin, lost = wheel_origin("toy-model", pin, "toy/"), wheel_origin("lost-model", pin, "toy/")
    write_manifest(
        tmp_path / "models",
        model_table("toy", FILES, origin),
        model_table("lost", FILES, lost, role="fluency", direction="de"),
        model_table("start", FILES, lost, role="base"),
    )
    monkeypatch.setattr(folders, "models_folder", lambda: tmp_path / "models")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments])


def test_list_tells_role_licence_size_and_state() -> None:
    run("fetch", "toy")
    rows = [line.split() for line in run("list").stdout.splitlines()]
    assert rows[0] == ["id", "role", "direction", "licence", "size", "state"]
    assert rows[1] == ["toy", "fluency", "en", "MIT", "0", "MB", "fetched"]
    assert rows[2][-1] == "absent"


def test_list_as_json(cache: Path) -> None:
    run("fetch", "toy")
    listed = json.loads(run("list", "--json").stdout)
    assert listed["cache"] == str(cache)
    toy, lost, _ = listed["models"]
    assert (toy["state"], toy["path"]) == ("fetched", str(store.locate("toy")))
    assert (lost["state"], lost["path"]) == ("absent", None)
    assert len(toy["sha256"]) == 64


def test_fetch_prints_progress_on_stderr_only() -> None:
    result = run("fetch", "toy")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "toy: 100 % of" in result.stderr
    assert result.stderr.endswith(f"toy: {store.locate('toy')}\n")


def test_fetch_without_names_gets_what_a_review_uses() -> None:
    result = run("fetch")
    assert store.present("toy")
    assert result.exit_code == 2
    line = "mtcheck: lost could not be fetched: the package index has no lost-model 1.0, or cannot be reached\n"
    assert result.stderr.endswith(line)
    assert "start" not in result.stderr


def test_where() -> None:
    assert (run("where", "toy").exit_code, run("where", "toy").stdout) == (2, "")
    assert run("where", "toy").stderr == "mtcheck: model toy is not here; run: mtcheck models fetch toy\n"
    run("fetch", "toy")
    assert run("where", "toy").stdout == f"{store.locate('toy')}\n"
    assert run("where", "no-such").stderr == "mtcheck: there is no model 'no-such'; run: mtcheck models list\n"


def test_verify() -> None:
    assert (run("verify").exit_code, run("verify").stderr) == (0, "no model is here yet\n")
    run("fetch", "toy")
    assert (run("verify").exit_code, run("verify").stdout) == (0, "toy: ok\n")
    weights = store.locate("toy") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    result = run("verify")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("toy: model.safetensors has sha256 ")
    assert result.stderr.endswith("; run: mtcheck models fetch toy\n")
    assert run("verify", "lost").exit_code == 2


def test_a_hub_model_has_the_role_and_direction_that_were_given(model_hub: ModelHub) -> None:
    model_hub.add("org/opus", FILES, large=("model.safetensors",))
    name = f"hub:org/opus@{REVISION}"
    assert run("fetch", name, "--direction", "en-ru").exit_code == 0
    found = store.best("translator", "en-ru")
    assert found is not None
    assert found.id == name
    assert name in run("list").stdout
    assert run("verify", name).stdout == f"{name}: ok\n"


def test_the_hub_is_the_one_that_the_environment_names(model_hub: ModelHub, cache: Path) -> None:
    model_hub.add("org/opus", FILES, large=("model.safetensors",))
    environment = {**os.environ, "HF_ENDPOINT": model_hub.url, "HF_HOME": str(cache / "hf"), "AGENT": "x"}
    name = f"hub:org/opus@{REVISION}"
    command = [sys.executable, "-m", "mtcheck", "models", "fetch", name]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert store.present(name)
    asked = {request.split()[1] for request in model_hub.requests}
    expected = {f"/org/opus/resolve/{REVISION}/{file}" for file in FILES}
    assert asked == {f"/api/models/org/opus/revision/{REVISION}"} | expected, "and nothing else is told or asked"
