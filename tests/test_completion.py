"""What Tab completes, the scripts for it, and what the bare name says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mtcheck import store
from mtcheck.cli import COMPLETING, main
from mtcheck.detection import selectors
from mtcheck.detectors import rules
from mtcheck.reports import formats


def completed(line: str) -> list[str]:
    """What is offered at the end of a line, as the script for zsh gets it: kind, word and help in three lines each."""
    words = line.split(" ")
    environment = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), COMPLETING: "bash_complete"}
    return CliRunner().invoke(main, [], env=environment, prog_name="mtcheck").stdout.splitlines()


def test_commands_and_options() -> None:
    assert "plain,review" in completed("mtcheck ")
    assert "plain,--min-confidence" in completed("mtcheck check --min")
    assert completed("mtcheck models fe") == ["plain,fetch"]


def test_rules_formats_and_models() -> None:
    ids = [f"plain,{model.id}" for model in store.known()]
    for option in ("--select", "--ignore"):
        assert completed(f"mtcheck check {option} ") == [f"plain,{name}" for name in sorted(selectors())]
    assert completed("mtcheck rule doubled-w") == ["plain,doubled-word"]
    assert completed("mtcheck dismiss --rule ") == [f"plain,{rule.name}" for rule in rules()]
    assert completed("mtcheck review --format ") == [f"plain,{name}" for name in formats()]
    assert completed("mtcheck check --format sa") == ["plain,sarif"]
    for line in ("models fetch ", "models where ", "models verify ", "review --translator "):
        assert completed(f"mtcheck {line}") == sorted(ids)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("check new", ["file,new"]),
        ("review --source a", ["file,a"]),
        ("names ", ["file,"]),
        ("review --out re", ["dir,re"]),
        ("dismiss a", ["file,a"]),
    ],
)
def test_files_and_folders(line: str, expected: list[str]) -> None:
    assert completed(f"mtcheck {line}") == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert f"{COMPLETING}={shell}_complete" in result.stdout
    program = shutil.which(shell)
    if program:
        subprocess.run([program, "-n"], input=result.stdout, text=True, check=True)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed, and its completion runs in it")
def test_bash_completes(tmp_path: Path) -> None:
    command = tmp_path / "mtcheck"
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from mtcheck.cli import main; main(prog_name=\'mtcheck\')"\n'
    )
    command.chmod(0o755)
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    typed = (
        "COMP_WORDS=(mtcheck check --select doubled-w); COMP_CWORD=3; _mtcheck_completion mtcheck; echo ${COMPREPLY[@]}"
    )
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    result = subprocess.run(
        ["bash", "-c", f"{script}\n{typed}"], capture_output=True, text=True, env=environment, check=False
    )
    assert result.stdout == "doubled-word\n", result.stderr


def test_the_bare_name_says_what_to_do_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "present", lambda model_id: True)
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 0
    assert "Models: all here." in result.stdout
    assert max(map(len, result.stdout.splitlines())) < 120
    assert len(result.stdout.splitlines()) < 15
    monkeypatch.setattr(store, "present", lambda model_id: False)
    assert "mtcheck models fetch" in CliRunner().invoke(main, []).stdout


def test_a_review_without_models_names_the_command_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / "cache"))
    (tmp_path / "a.txt").write_text("The minister said on Tuesday that the talks would continue.\n")
    result = CliRunner().invoke(main, ["review", str(tmp_path / "a.txt")])
    assert result.exit_code == 2
    assert "mtcheck models fetch" in result.stderr or "pip install" in result.stderr
