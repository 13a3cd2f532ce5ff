"""What SECURITY.md promises: nothing leaves the machine, nothing that is read is run, no text takes for ever."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from mtcheck import documents
from mtcheck.errors import ModelError
from mtcheck.schema import Edit, Span
from mtcheck.segmentation import _LONGEST
from mtcheck.store import wheels
from mtcheck.store.manifest import is_inside

ROOT = Path(__file__).parent.parent
SECURITY = ROOT / "SECURITY.md"
BAD = "He lived in the the city and said about the plan.\n"
WITHOUT_NETWORK = """
import socket, sys
def refuse(*arguments, **options):
    raise AssertionError(f"a connection was tried: {arguments}")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = socket.socket.bind = refuse
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
from mtcheck.cli import main
try:
    main(sys.argv[1:])
finally:
    heard = [name for name in ("requests", "httpx", "urllib3", "aiohttp", "huggingface_hub") if name in sys.modules]
    print("NETWORK LIBRARIES", heard, file=sys.stderr)
"""


def cut_off(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in a process in which no socket can be opened to anywhere."""
    command = [sys.executable, "-c", WITHOUT_NETWORK, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "line",
    [
        "check --fast bad.txt",
        "fix --fast --diff bad.txt",
        "diff bad.txt other.txt",
        "rules",
        "models list",
        "settings",
        "baseline create --fast bad.txt",
        "batch check --fast bad.txt --out out --jobs 1",
        "review bad.txt --fast --no-cache --out review",
    ],
)
def test_no_command_but_fetch_opens_a_connection(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.txt").write_text(BAD)
    (tmp_path / "other.txt").write_text(BAD.replace("the the", "the"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = cut_off(*line.split(), folder=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert "a connection was tried" not in done.stderr
    if "review" not in line:
        assert "NETWORK LIBRARIES []" in done.stderr


def test_the_cut_is_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            WITHOUT_NETWORK.replace("main(sys.argv[1:])", "socket.create_connection(('localhost', 9))"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "a connection was tried" in done.stderr


def calls(tree: ast.AST) -> set[str]:
    """Dotted names of everything that is called or imported."""
    names = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


SOURCES = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in sorted((ROOT / "mtcheck").rglob("*.py"))]
RUNS_CODE = re.compile(
    r"(?:pickle|cPickle|dill|joblib|marshal|shelve|cloudpickle)(?:\..*)?|eval|exec|os\.system|os\.popen|torch\.load"
    r"|yaml\.(?:load|unsafe_load|full_load)|(?:\w+\.)*extractall"
)


@pytest.mark.parametrize("path", SOURCES)
def test_nothing_that_is_read_is_run(path: Path) -> None:
    """No pickle, eval, shell, whole archive or code of a model's repository, in any file of the package."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert not {name for name in calls(tree) if RUNS_CODE.fullmatch(name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("shell", "trust_remote_code", "allow_pickle"):
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False


@pytest.mark.parametrize("path", SOURCES)
def test_only_the_store_reaches_the_network(path: Path) -> None:
    networked = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "socket", "huggingface_hub"}
    found = {name for name in calls(ast.parse(path.read_text(encoding="utf-8"))) if name in networked}
    # the rewriter asks a server on this machine alone: tests/test_engines_rewriter.py
    assert not found or path.relative_to(ROOT / "mtcheck").parts[:2] in {
        ("store", "hub.py"),
        ("engines", "rewriter.py"),
    }


@pytest.mark.parametrize(
    "name", ["../out", "a/../../out", "/etc/passwd", "a\\..\\..\\out", "C:\\out", "..", "C:/out", "a/../..", "\\out"]
)
def test_no_member_of_an_archive_leaves_its_folder(name: str, tmp_path: Path) -> None:
    assert not is_inside(name)
    wheel = tmp_path / "w.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(name, b"x")
    if name in zipfile.ZipFile(wheel).namelist():
        with pytest.raises(ModelError, match="leaves the folder"):
            wheels._open(wheel)


@pytest.mark.parametrize(
    "word", ["word ", "word", "Mr. A. ", "“a” ", "слово ", "(", "a\n", "https://a.b/ ", "a" * 6000]
)
def test_no_segment_is_longer_than_the_bound(word: str) -> None:
    text = f"It begins {word * (30_000 // len(word))} and it ends."
    for form in ("text", "markdown"):
        document = documents.parse(text.encode(), "long", form)
        assert documents.write(document) == text.encode()
        assert all(len(segment.hypothesis) <= _LONGEST for segment in document.segments)
        letters = "".join(segment.hypothesis for segment in document.segments)
        if form == "text" and any(map(str.isalnum, word)):
            assert "".join(letters.split()) == "".join(text.split())


def test_no_translation_unit_is_longer_either() -> None:
    """A longer one is read in pieces, which are compared with no source; edits find their way back."""
    words = "He went home again and " * 600
    raw = f'msgid "Да"\nmsgstr "{words}slept."\n\nmsgid "Нет"\nmsgstr "No one did."\n'
    document = documents.parse(raw.encode(), "x.po", "po")
    *pieces, last = document.segments
    assert all(len(piece.hypothesis) <= _LONGEST and piece.source is None for piece in pieces)
    assert (len(pieces), last.source) == (3, "Нет")
    edits = [Edit(piece.seg_id, Span(0, 2), "She") for piece in pieces if piece.hypothesis.startswith("He")]
    written = documents.write(document, edits).decode()
    assert (written.count("She went"), len(written)) == (len(edits), len(raw) + len(edits))
    assert edits


def locked() -> dict[str, tuple[str, bool]]:
    """Version of each package of the lock, and whether it has a hash."""
    text = "".join((ROOT / f"requirements{which}.lock").read_text(encoding="utf-8") for which in ("-build", ""))
    entries = re.findall(
        r"^([\w.-]+)==(\S+)(?: ;[^\\\n]*(?= ))?((?: \\\n    --hash=sha256:[0-9a-f]{64})*)", text, re.MULTILINE
    )
    return {normal(name): (version, bool(hashes)) for name, version, hashes in entries}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_locked_with_a_hash() -> None:
    lock = locked()
    assert all(hashed for _, hashed in lock.values())
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, extras = settings["project"], settings["project"]["optional-dependencies"]
    asked = [*project["dependencies"], *extras["models"], *extras["parquet"], *extras["dev"]]
    asked += settings["build-system"]["requires"]
    names = {normal(match[0]) for one in asked if (match := re.match(r"[\w.-]+", one))} - {"mtcheck", "torch"}
    assert names <= set(lock), "run: make lock"
    pinned = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    versions = {normal(name): version for name, version in pinned}
    assert {name for name, (version, _) in lock.items() if versions.get(name) != version} == set(), "run: make lock"
    assert "torch" not in lock


def test_make_installs_by_the_lock() -> None:
    """What `make` would run; LOCK= is the way out for a platform that the lock does not know."""

    def told(*arguments: str) -> list[str]:
        command = ["make", "--dry-run", "--always-make", "VENV=nowhere", *arguments, "nowhere/.ready"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return [line.split(" install --quiet ")[1] for line in done.stdout.splitlines() if " install " in line]

    *by_hash, torch, project = told()
    assert by_hash == [
        "--require-hashes --only-binary :all: --no-deps -r requirements-build.lock",
        "--require-hashes --only-binary :all: --no-binary breame --no-build-isolation --no-deps -r requirements.lock",
    ]
    assert [torch, project] == ["-c constraints.txt torch==2.13.0", "--no-deps --no-build-isolation --editable ."]
    assert all(line.startswith("-c constraints.txt ") for line in told("LOCK="))


def test_every_claim_names_tests_that_exist() -> None:
    claimed = re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", SECURITY.read_text(encoding="utf-8"))
    claimed += re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", (ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))
    assert len(claimed) > 20
    for file, name in claimed:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, f"{file}::{name}"
