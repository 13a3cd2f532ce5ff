"""What may go wrong around a run: it is killed, the disk is full, nothing may be written, the text is odd.

docs/faults.md lists every fault with its test. MTCHECK_KILLS says how often each command is killed here (3).
"""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_origins import Index, cache, direct, index, model_table, wheel_origin, write_manifest  # noqa: F401 - fixtures
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline

from mtcheck import documents, store
from mtcheck.checking import check_document
from mtcheck.checking.fixing import fix_document
from mtcheck.documents.markdown_inline import inline_marks
from mtcheck.engines import Engines
from mtcheck.engines import cache as output_cache
from mtcheck.engines.cache import CachedTranslator, OutputCache
from mtcheck.errors import ModelError
from mtcheck.settings import Settings
from mtcheck.store import folders, wheels

# ruff: noqa: F811 - a fixture is used by naming it again

ROOT = Path(__file__).parent.parent
SEED = (ROOT / "seeds" / "lavrov-aleppo.en.txt").read_text(encoding="utf-8")
BAD = "He lived in the the city.\n"
KILLS = int(os.environ.get("MTCHECK_KILLS", "3"))
FAST = Settings(fast=True)
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bad.txt").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / ".cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def mtcheck(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mtcheck", *arguments]
    return subprocess.run(command, **{"capture_output": True, "text": True, "check": False} | options)


def plain_error(done: subprocess.CompletedProcess[str], said: str) -> None:
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


# -- killed


def kill_when(process: subprocess.Popen[bytes], begun: Callable[[], bool], rng: random.Random, within: float) -> None:
    """SIGKILL, up to ``within`` seconds after the work has begun."""
    while not begun() and process.poll() is None:
        time.sleep(0.005)
    time.sleep(rng.uniform(0, within))
    process.kill()
    process.wait()


def test_fix_killed_at_any_time_leaves_whole_files(folder: Path) -> None:
    bad = {f"{number:02}.txt": f"Number {number}.\n{SEED}{BAD}".encode() for number in range(12)}
    good = {
        name: fix_document(documents.parse(data, name), Engines(), FAST, unsafe=False).new for name, data in bad.items()
    }
    rng = random.Random(8)
    for kill in range(KILLS):
        place = folder / f"articles{kill}"
        place.mkdir()
        for name, data in bad.items():
            (place / name).write_bytes(data)
        command = [sys.executable, "-m", "mtcheck", "fix", "--fast", "--jobs", "1", place.name]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        kill_when(process, lambda place=place: (place / "00.txt").read_bytes() == good["00.txt"], rng, 0.5)
        now = {name: (place / name).read_bytes() for name in bad}
        assert all(data in (bad[name], good[name]) for name, data in now.items())
    assert mtcheck("fix", "--fast", place.name).returncode == 0
    assert {name: (place / name).read_bytes() for name in bad} == good


WRITE = """
from mtcheck.documents import replace_file
while True:
    for letter in b"ab":
        for name in ("cleaned.txt", "review.json", "review.html"):
            replace_file(name, bytes([letter]) * 3_000_000)
"""


def test_results_killed_while_they_are_written_are_whole(folder: Path) -> None:
    """What ``review --out``, reports, baselines and parts of a corpus are written with."""
    names, rng = ("cleaned.txt", "review.json", "review.html"), random.Random(8)
    for name in names:
        (folder / name).write_bytes(b"a" * 3_000_000)
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", WRITE])
        kill_when(process, lambda: any((folder / name).read_bytes()[0] == ord("b") for name in names), rng, 0.3)
        for name in names:
            data = (folder / name).read_bytes()
            assert (len(data), len(set(data))) == (3_000_000, 1)


def test_a_review_killed_at_any_time_leaves_whole_files(folder: Path) -> None:
    """Before it writes, while it writes, and after: each file is absent or what an undisturbed run makes of it."""
    review = ("review", "bad.txt", "--fast", "--out")
    begun = time.monotonic()
    assert mtcheck(*review, "whole").returncode in (0, 1)
    lasts, rng = time.monotonic() - begun, random.Random(8)
    whole = {path.name: path.read_bytes() for path in Path("whole").iterdir()}
    for _ in range(-(-KILLS // 3)):  # a run takes seconds
        process = subprocess.Popen([sys.executable, "-m", "mtcheck", *review, "out"], stdout=subprocess.DEVNULL)
        kill_when(process, lambda: True, rng, lasts)
        assert Path("bad.txt").read_text() == BAD
        assert all(path.read_bytes() == whole[path.name] for path in Path("out").glob("[!.]*"))
    assert mtcheck(*review, "out").returncode in (0, 1)
    assert {path.name: path.read_bytes() for path in Path("out").glob("[!.]*")} == whole


FETCH = """
import sys
from pathlib import Path
from mtcheck import store
from mtcheck.store import folders
folders.models_folder = lambda: Path(sys.argv[1])
print(store.fetch("toy"))
"""


def test_fetch_killed_at_any_time(folder: Path, index: Index, cache: Path) -> None:
    files = {"config.json": b"{}", "model.safetensors": bytes(range(256)) * 4000}
    pin = index.add("toy-model", {f"toy/{name}": content for name, content in files.items()})
    write_manifest(folder / "models", model_table("toy", files, wheel_origin("toy-model", pin, "toy/")))
    fetch = [sys.executable, "-c", FETCH, str(folder / "models")]
    rng = random.Random(8)
    for _ in range(KILLS):
        process = subprocess.Popen(fetch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kill_when(process, lambda: (cache / "partial").exists(), rng, 2)
        for place in (cache / "models").glob("*/"):  # whole or not there
            assert {path.name: path.read_bytes() for path in place.iterdir()} == files
            shutil.rmtree(place)
    done = subprocess.run(fetch, capture_output=True, text=True, check=True)
    assert {path.name: path.read_bytes() for path in Path(done.stdout.strip()).iterdir()} == files


# -- no room, no permission


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize(
    "command",
    [
        "fix --fast long.txt",
        "check --fast long.txt --no-cache --format json --output report.json",
        "batch check --fast long.txt --out out",
    ],
)
def test_a_full_disk(folder: Path, command: str) -> None:
    """A limit of file size stands in for the disk: the same error, in the middle of a write."""
    text = (SEED + BAD) * 20
    (folder / "long.txt").write_text(text)
    plain_error(mtcheck(*command.split(), preexec_fn=small_files), "cannot be written (File too large)")
    assert (folder / "long.txt").read_text() == text
    left = {path.name for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts}
    assert left <= {"bad.txt", "long.txt", "manifest.json", ".lock"}


def test_a_cache_without_room_is_done_without(folder: Path) -> None:
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"{number} {BAD}" * 20)
    done = mtcheck("check", "--fast", ".", preexec_fn=small_files)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 40 * 20 + 1
    assert "Traceback" not in done.stderr


def test_a_fetch_without_room(
    folder: Path, direct: None, index: Index, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"model.safetensors": bytes(range(256)) * 400}
    pin = index.add("toy-model", {f"toy/{name}": content for name, content in files.items()})
    write_manifest(folder / "models", model_table("toy", files, wheel_origin("toy-model", pin, "toy/")))
    monkeypatch.setattr(folders, "models_folder", lambda: folder / "models")

    def full(source: Any, sink: Any, size: int) -> None:
        sink.write(source.read(1000))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(wheels.shutil, "copyfileobj", full)
        with pytest.raises(ModelError, match=r"cannot be written \(No space left on device\)"):
            store.fetch("toy")
    assert not (cache / "models").exists()
    assert (store.fetch("toy")).read_bytes() == files["model.safetensors"]


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"'


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command in a folder that may be read and not written to: root is held by a mount, others by its mode."""
    place = tmp_path / "locked"
    place.mkdir()
    (place / "bad.txt").write_text(BAD)
    wrapped: list[str] = []
    if os.geteuid() == 0:
        wrapped = ["unshare", "-m", "sh", "-c", READ_ONLY, str(place)]
        if (
            not shutil.which("unshare")
            or subprocess.run([*wrapped, "true"], capture_output=True, check=False).returncode
        ):
            pytest.skip("root can write everywhere here")
    place.chmod(0o555)

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        names = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
        command = [*wrapped, sys.executable, "-m", "mtcheck", *arguments]
        return subprocess.run(command, cwd=place, env=names, capture_output=True, text=True, check=False)

    yield run
    assert [path.name for path in place.iterdir()] == ["bad.txt"]
    assert (place / "bad.txt").read_text() == BAD
    place.chmod(0o755)


def test_a_folder_that_may_not_be_written(locked: Run) -> None:
    assert "doubled-word" in locked("check", "--fast", "bad.txt").stdout
    plain_error(locked("fix", "--fast", "bad.txt"), "bad.txt: may not be written")
    plain_error(locked("review", "--fast", "bad.txt", "--out", "out"), "out: cannot be written to (")
    plain_error(locked("batch", "check", "--fast", "bad.txt", "--out", "out"), "out: cannot be written to (")
    plain_error(locked("baseline", "create", "--fast", "bad.txt"), "cannot be written")


@pytest.mark.parametrize("home", [{}, {"HOME": "/proc/nowhere"}, {"HOME": ""}, {"HOME": "."}])
def test_no_home_folder(locked: Run, home: dict[str, str]) -> None:
    done = locked("check", "--fast", "bad.txt", **home)
    assert (done.returncode, done.stdout.count("doubled-word")) == (1, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert locked("models", "list", **home).returncode == 0


# -- caches


def test_two_runs_on_one_cache(folder: Path) -> None:
    for number in range(10):
        (folder / f"{number}.txt").write_text(f"Number {number}.\n{SEED}")
    command = [sys.executable, "-m", "mtcheck", "check", "--fast", "--jobs", "1", "."]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    (first, _), (second, errors) = (run.communicate(timeout=120) for run in runs)
    assert [run.returncode for run in runs] == [1, 1], errors
    assert first == second
    assert mtcheck("check", "--fast", ".").stdout.encode() == first


def other_table(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE outputs (name TEXT, number INTEGER)")
    file.close()


def nonsense_inside(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("UPDATE outputs SET value = '{'")
    file.close()


@pytest.mark.parametrize("damage", [other_table, nonsense_inside], ids=lambda damage: damage.__name__)
def test_a_cache_that_is_not_ours_or_holds_nonsense(
    folder: Path, damage: Callable[[Path], None], scripted_translator: Any
) -> None:
    right = mtcheck("check", "--fast", "bad.txt").stdout
    results = folder / ".cache" / "checks.sqlite3"
    if damage is other_table:
        results.unlink()
    damage(results)
    assert mtcheck("check", "--fast", "bad.txt").stdout == right
    outputs, inner = folder / "outputs.sqlite3", scripted_translator({"a": "б"})
    if damage is nonsense_inside:
        CachedTranslator(inner, OutputCache(outputs)).translate(["a"])
    damage(outputs)
    assert CachedTranslator(inner, OutputCache(outputs)).translate(["a"])[0][0].text == "б"


def test_a_cache_that_somebody_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_cache, "_PATIENCE_SECONDS", 0.1)
    path = folder / "outputs.sqlite3"
    OutputCache(path).put({"a": "1"})
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")
    cache = OutputCache(path)
    cache.put({"b": "2"})
    assert cache.get(["a", "b"]) == {"b": "2"}
    holder.close()
    assert OutputCache(path).get(["a"]) == {"a": "1"}


# -- odd surroundings


def test_no_standard_input(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m mtcheck check --fast - <&-"], capture_output=True, text=True, check=False
    )
    plain_error(done, "mtcheck: ")
    assert mtcheck("check", "--fast", "-", stdin=subprocess.DEVNULL).returncode == 2


@pytest.mark.parametrize("terminal", ["", "nonsense"])
def test_plain_locale_and_no_terminal(folder: Path, terminal: str) -> None:
    (folder / "quoted.txt").write_text("He said about the “plan” in the the city of Kyїv.\n", encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": terminal}
    for form in ("concise", "full"):
        done = mtcheck("check", "--fast", "--format", form, "quoted.txt", env=os.environ | plain, text=False)
        assert done.returncode == 1, done.stderr
        assert "“".encode() in done.stdout
    assert mtcheck("fix", "--fast", "--diff", "quoted.txt", env=os.environ | plain, text=False).returncode in (0, 1)
    assert mtcheck("rule", "doubled-word", env=os.environ | plain, text=False).returncode == 0


# -- odd texts


ODD = {
    "astral": "He lived in the the 🏙️ city of 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧.",
    "combining": "He lived in the the cafe\u0301 " + "a" + "\u0301" * 500 + " there.",
    "right to left": "He said about the plan in \u202eעברית العربية\u202c to the the press.",
    "zero width": "He lived\u200b in\u200d the\u2060 the\ufeff city \u00ad there.",
    "mixed newlines": "One line.\r\nTwo the the lines.\nThree.\rFour.\u2028Five.\x0b\x0cSix.\x85Seven.",
    "only newlines between": "\n\r\n\r\r\n" * 50 + "He lived in the the city.",
    "controls": "He \x1b[31mlived\x07 in the the city\x7f.",
    "private and unassigned": "He lived \ue000 in the the \U0010ffff city \ufffe.",
    "no letters": "… — « » “ ” 1 2 3 % № ,,, ;;; ((((((((((",
    "dotless": "He lived " + "very " * 5000 + "far in the the city",
    "one line": "He lived in the the city. " * 3000,
    "one word": "a" * 100_000,
}
WRAPPINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_odd_text_is_checked_and_comes_back(name: str, wrapping: str, form: str) -> None:
    data = WRAPPINGS[wrapping](ODD[name])
    document = documents.parse(data, name, form)
    assert documents.write(document) == data
    checked = check_document(document, Engines(), FAST)
    for finding in checked.findings:
        assert (
            finding.quote in " ".join(document.text[finding.start : finding.end].split("\n")) or "\n" in finding.quote
        )
    fixed = fix_document(document, Engines(), FAST, unsafe=True)
    assert documents.write(documents.parse(fixed.new, name, form)) == fixed.new
    if "the the" in ODD[name] and name not in ("mixed newlines", "one line", "dotless"):
        assert "doubled-word" in {f.rule for f in checked.findings} or name == "zero width"


NESTED = {
    "quotes": ">" * 3000 + " He lived in the the city.",
    "lists": "\n".join("  " * depth + "- item" for depth in range(400)),
    "brackets": "[" * 5000 + "text" + "](x)" * 5000,
    "emphasis": "*" * 5000 + "text" + "*" * 5000,
    "backticks": "".join("`" * n + "a" for n in range(1, 200)),
    "links": "[a](<b" * 3000,
    "html": "<div>" * 3000 + "text",
    "entities": "&amp;" * 10_000,
    "tables": "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "|b" * 2000,
}


@pytest.mark.parametrize("name", NESTED)
def test_deep_markdown(name: str) -> None:
    data = NESTED[name].encode()
    document = documents.parse(data, f"{name}.md", "markdown")
    assert documents.write(document) == data
    check_document(document, Engines(), FAST)


@pytest.mark.parametrize("unit", ["[", "![", "[![", "![*", "[a]["])
@pytest.mark.parametrize("end", ["", "]" * 100])
def test_brackets_that_stay_open_cost_markdown_their_length(
    monkeypatch: pytest.MonkeyPatch, unit: str, end: str
) -> None:
    steps, real = Counter[int](), ParserInline.skipToken

    def skip(parser: ParserInline, state: StateInline) -> None:
        steps[len(state.src)] += 1
        real(parser, state)

    monkeypatch.setattr(ParserInline, "skipToken", skip)
    for times in (1, 4):
        inline_marks(unit * 500 * times + end * times, {})
    shorter, longer = sorted(steps)
    assert steps[longer] / steps[shorter] < 1.1 * longer / shorter


@pytest.mark.parametrize("joint", ["\n\n", " "])
def test_thousands_of_findings(folder: Path, joint: str) -> None:
    (folder / "many.txt").write_text(joint.join(["He lived in the the city."] * 3000))
    for form in ("concise", "json", "sarif", "junit", "markdown"):
        done = mtcheck("check", "--fast", "--format", form, "many.txt")
        assert done.returncode == 1, done.stderr[-500:]
        assert "3,000 findings" in done.stderr or form != "json"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Он жил в городе.\n".encode("cp1251") * 20, "not UTF-8"),
        ("“Yes”, he said.\n".encode("cp1252") * 20, "not UTF-8"),
        ("He lived there.\n".encode("utf-16-le"), "not UTF-8 but UTF-16LE"),
        (b"He lived\0 there.\n", "NUL"),
        (b"He lived \xed\xa0\x80 there.\n", "not UTF-8"),  # half a surrogate pair, written out
        ("Он жил в большом городе и писал письма каждый день.\n".encode(), "looks like Russian"),
        (b"\xff\xfeH", "damaged UTF-16"),
    ],
)
def test_what_is_no_english_text_is_refused(folder: Path, data: bytes, said: str) -> None:
    (folder / "odd.txt").write_bytes(data)
    for command in ("check --fast", "fix --fast"):
        plain_error(mtcheck(*command.split(), "odd.txt"), said)
    assert (folder / "odd.txt").read_bytes() == data
