"""Exit statuses mean one thing each, whatever goes wrong."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from mtcheck.cli import Commands, main
from mtcheck.errors import InputError


def run(action: object) -> tuple[int, str]:
    @click.group(cls=Commands)
    def group() -> None:
        """A group with the real mapping of failures."""

    @click.command()
    def job() -> None:
        if isinstance(action, BaseException):
            raise action

    class Fixed(Commands):
        def list_commands(self, ctx: click.Context) -> list[str]:
            return ["job"]

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            return job if cmd_name == "job" else None

    result = CliRunner().invoke(Fixed("mtcheck"), ["job"])
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("action", "status", "line"),
    [
        (None, 0, ""),
        (
            InputError("is empty", where="a.txt", repair="give an article"),
            2,
            "mtcheck: a.txt: is empty; give an article\n",
        ),
        (KeyboardInterrupt(), 130, "mtcheck: interrupted; nothing half-written\n"),
        (click.Abort(), 130, "mtcheck: interrupted; nothing half-written\n"),
        (SystemExit(1), 1, ""),
    ],
)
def test_failures_map_to_exit_statuses(action: object, status: int, line: str) -> None:
    assert run(action) == (status, line)


def test_a_crash_is_not_a_finding() -> None:
    status, shown = run(RuntimeError("boom"))
    assert status == 2
    assert "internal error (RuntimeError: boom)" in shown.splitlines()[-1]


def test_usage_errors_exit_2() -> None:
    assert CliRunner().invoke(main, ["review"]).exit_code == 2
    assert CliRunner().invoke(main, ["no-such-command"]).exit_code == 2
    assert CliRunner().invoke(main, ["review", "a.txt", "--no-such-option"]).exit_code == 2


def test_runs_as_a_module() -> None:
    result = subprocess.run([sys.executable, "-m", "mtcheck", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("mtcheck ")


def test_every_command_has_help() -> None:
    names = main.list_commands(click.Context(main))  # type: ignore[attr-defined]
    assert {"review", "models"} <= set(names)
    for name in names:
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0, name
        assert len(shown.stdout.splitlines()) > 3, name
