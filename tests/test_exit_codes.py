"""Exit statuses 0, 1, 2 and 130 of every command, as docs/exit-codes.md has them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mtcheck.cli import main

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "exit-codes.md"
SEED = (ROOT / "seeds" / "lavrov-aleppo.en.txt").read_text(encoding="utf-8")
DECISION = {"rule": "doubled-word", "quote": " the", "before": "He lived in the", "after": "city.", "replacement": ""}
CLEAN = "The minister said on Tuesday that the talks would continue.\n"
BAD = "He lived in the the city.\n"
COMMAND = [sys.executable, "-m", "mtcheck"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "clean.txt").write_text(CLEAN)
    (tmp_path / "bad.txt").write_text(BAD)
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    lapsed = DECISION | {"before": "They lived in the"}
    for name, decided in (("none", []), ("some", [DECISION]), ("lapsed", [lapsed])):
        made = [one | {"article": "bad.txt"} for one in decided]
        (tmp_path / f"{name}.json").write_text(json.dumps({"schema_version": "1.1", "decisions": made}))
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / ".cache"))
    return tmp_path


def run(line: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, line.split(), input=stdin)


# Each command with what makes it end so; the files are those of the fixture above.
STATUSES = {
    "check": {
        0: ["check --fast clean.txt", "check --fast bad.txt --max-findings 1", "check --fast bad.txt --fail-on major"],
        1: ["check --fast bad.txt", "check --fast bad.txt clean.txt --format json"],
        2: [
            "check --fast nowhere.txt",
            "check --fast bad.txt binary.txt",
            "check --fast no*thing",
            "check --format nix",
        ],
    },
    "fix": {
        0: [
            "fix --fast clean.txt",
            "fix --fast --check clean.txt",
            "fix --fast --diff clean.txt",
            "fix --fast bad.txt",
        ],
        1: ["fix --fast --check bad.txt", "fix --fast --diff bad.txt"],
        2: ["fix --fast nowhere.txt", "fix --fast --check bad.txt binary.txt", "fix --select nix bad.txt", "fix --nix"],
    },
    "review": {
        2: ["review nowhere.txt --fast", "review", "review binary.txt --fast", "review clean.txt --fast --format nix"],
    },
    "batch": {
        0: ["batch check --fast clean.txt --out out"],
        1: ["batch check --fast bad.txt --out out"],
        2: [
            "batch",
            "batch check --fast bad.txt",
            "batch check --fast bad.txt nowhere.txt --out out",
            "batch check --fast nowhere.jsonl --out out",
            "batch check --fast binary.txt --out clean.txt",
            "batch clean --fast nowhere.txt --out out --format nix",
        ],
    },
    "diff": {
        0: ["diff clean.txt clean.txt"],
        1: ["diff clean.txt bad.txt"],
        2: ["diff clean.txt", "diff clean.txt nowhere.txt", "diff clean.txt binary.txt"],
    },
    "baseline": {
        0: ["baseline create --fast bad.txt"],
        2: ["baseline", "baseline create --fast nowhere.txt", "baseline prune --fast bad.txt", "baseline create --nix"],
    },
    "apply": {
        0: ["apply none.json", "apply none.json clean.txt", "apply some.json", "apply some.json clean.txt"],
        1: ["apply some.json --check", "apply some.json --diff", "apply some.json lapsed.json"],
        2: [
            "apply",
            "apply bad.txt",
            "apply nowhere.json",
            "apply none.json nowhere.txt",
            "apply none.json binary.txt",
        ],
    },
    "dismiss": {2: ["dismiss", "dismiss clean.txt:1:1 --fast", "dismiss nowhere.txt:1:1 --fast"]},
    "completion": {0: ["completion bash", "completion fish"], 2: ["completion", "completion tcsh"]},
    "names": {
        0: ["names --fast clean.txt", "names --fast bad.txt clean.txt --out names.csv"],
        2: ["names", "names --fast nowhere.txt", "names --fast clean.txt --out clean.txt"],
    },
    "rules": {0: ["rules", "rules --json"], 2: ["rules extra"]},
    "rule": {0: ["rule doubled-word"], 2: ["rule", "rule nix"]},
    "models": {0: ["models list"], 2: ["models", "models where nix", "models verify nix", "models fetch nix"]},
    "evaluate": {2: ["evaluate", "evaluate flags nowhere", "evaluate flags . --set nix"]},
    "lsp": {2: ["lsp extra", "lsp --nix"]},
    "settings": {0: ["settings"], 2: ["settings --nix"]},
}
LINES = [(line, code) for codes in STATUSES.values() for code, lines in codes.items() for line in lines]


@pytest.mark.parametrize(("line", "code"), LINES, ids=[f"{line} = {code}" for line, code in LINES])
def test_status(folder: Path, line: str, code: int) -> None:
    result = run(line)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    if code == 2:
        assert result.stderr


def test_every_command_is_tried_and_documented() -> None:
    names = set(main.list_commands(click.Context(main)))
    assert names <= set(STATUSES)
    text = DOCS.read_text(encoding="utf-8")
    assert names <= {name.split()[0] for name in re.findall(r"`([a-z ]+)`", text)}
    for name in names:
        for code in STATUSES[name]:
            row = next(line for line in text.splitlines() if re.match(rf"\| .*`{name}\b", line))
            assert row.split("|")[2 + code].strip(), f"{name} {code}"


@pytest.mark.parametrize("command", ["check --fast", "fix --fast", "review --fast", "baseline create --fast"])
def test_broken_settings_end_a_run(folder: Path, command: str) -> None:
    (folder / "mtcheck.toml").write_text("colour = 1\n")
    result = run(f"{command} clean.txt")
    assert result.exit_code == 2
    assert "mtcheck.toml" in result.stderr
    assert "colour" in result.stderr


def test_an_unreadable_file_among_good_ones(folder: Path) -> None:
    result = run("check --fast --format json clean.txt binary.txt nowhere.txt report.docx bad.txt")
    assert result.exit_code == 2
    assert "doubled-word" in result.stdout
    assert all(f"mtcheck: {name}: " in result.stderr for name in ("binary.txt", "nowhere.txt", "report.docx"))


@pytest.mark.parametrize("command", ["check --fast", "fix --fast", "fix --fast --diff"])
def test_a_crash_is_no_finding(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def crash(*arguments: object, **options: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("mtcheck.checking.check_files", crash)
    monkeypatch.setattr("mtcheck.checking.fix_files", crash)
    result = run(f"{command} bad.txt")
    assert result.exit_code == 2
    assert re.search(
        r"mtcheck: internal error \(RuntimeError: out of luck\); please report it .*mtcheck \d", result.stderr
    )


# ---- standard streams


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = f"set -o pipefail; {line.replace('mtcheck', ' '.join(COMMAND), 1)}"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_reader_that_goes_away_leaves_the_status(folder: Path) -> None:
    (folder / "long.txt").write_text(SEED * 40)
    result = shell("mtcheck check --fast long.txt | head -1", folder)
    assert (result.returncode, len(result.stdout.splitlines())) == (1, 1)
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr
    assert shell("mtcheck rules | head -1", folder).returncode == 0
    assert shell("mtcheck check --fast long.txt 2>&1 | head -1", folder).returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_trouble(folder: Path) -> None:
    result = shell("mtcheck check --fast bad.txt > /dev/full", folder)
    assert result.returncode == 2
    assert "mtcheck: standard output cannot be written (No space left on device)" in result.stderr
    assert "Traceback" not in result.stderr


def test_no_standard_output_at_all(folder: Path) -> None:
    assert shell("mtcheck check --fast bad.txt >&-", folder).returncode == 1
    assert shell("mtcheck check --fast bad.txt >&- 2>&-", folder).returncode == 1
    assert shell("mtcheck fix --fast bad.txt >&- 2>&-", folder).returncode == 0
    assert (folder / "bad.txt").read_text() == "He lived in the city.\n"


# ---- interruption


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="finds worker processes in /proc, which only Linux has"
)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture
def many(folder: Path) -> Path:
    (folder / "many").mkdir()
    for number in range(240):
        (folder / "many" / f"{number:03}.txt").write_text(SEED.replace("Lavrov", f"Lavrov {number}"), encoding="utf-8")
    return folder


def started(command: str, folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """The command over ``many`` files in two processes, at work, and its processes (multiprocessing's own included)."""
    process = subprocess.Popen(
        [*COMMAND, *command.split(), "--fast", "--jobs", "2", "many"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    pool: list[int] = []
    while len(pool) < 3 and process.poll() is None:
        pool = children(process.pid)
        time.sleep(0.02)
    time.sleep(0.1)
    assert process.poll() is None, "ended before it could be interrupted"
    return process, pool


def wait_for_end(pool: list[int]) -> bool:
    deadline = time.monotonic() + 30
    while any(map(alive, pool)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, pool))


@needs_proc
@pytest.mark.parametrize(("command", "to"), [("check --no-cache", "terminal"), ("fix", "terminal"), ("fix", "parent")])
def test_ctrl_c(many: Path, command: str, to: str) -> None:
    process, pool = started(command, many)
    if to == "terminal":  # which sends it to every process in the foreground
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.endswith("mtcheck: interrupted; nothing half-written\n")
    assert "Traceback" not in errors
    assert wait_for_end(pool)
    articles = list((many / "many").iterdir())
    assert len(articles) == 240
    assert all(len(path.read_text(encoding="utf-8")) > 0.9 * len(SEED) for path in articles)


@needs_proc
def test_a_killed_run_leaves_no_process_behind(many: Path) -> None:
    process, pool = started("check --no-cache", many)
    process.kill()
    process.communicate(timeout=60)
    assert wait_for_end(pool)


@needs_proc
def test_a_process_that_dies_is_trouble(many: Path) -> None:
    process, pool = started("check --no-cache", many)
    os.kill(max(pool), signal.SIGKILL)  # the last one started works; the first is multiprocessing's own
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "a process ended unexpectedly; use --jobs 1, or give the machine more memory" in errors
    assert "Traceback" not in errors
    assert wait_for_end(pool)
