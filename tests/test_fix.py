"""mtcheck fix: what is mended, what is left, and what is never touched."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck import documents
from mtcheck.checking import fix_document, fixing
from mtcheck.cli import main
from mtcheck.detectors import rules
from mtcheck.engines import Engines
from mtcheck.reports.diff import colored
from mtcheck.schema import Applicability, Finding, Fix, Severity, Span
from mtcheck.settings import Settings

FAST = Settings(fast=True)
SEED = Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt"
BAD = "He lived in the the city. Talks with north Korea began.\n"
GOOD = "He lived in the city. Talks with North Korea began.\n"
REVIEW = "At a press-conference he spoke to the crowd.\n"
CLEAN = "The minister said on Tuesday that the talks would continue.\n"


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["fix", "--fast", *arguments], input=stdin)


def mended(text: str, *, unsafe: bool = False) -> str:
    fixed = fix_document(documents.parse(text.encode(), "a.txt"), Engines(), FAST, unsafe=unsafe)
    return fixed.new.decode()


# ---- what is mended


def test_safe_fixes_alone_unless_unsafe() -> None:
    assert mended(BAD + "\n" + REVIEW) == GOOD + "\n" + REVIEW
    assert mended(BAD + "\n" + REVIEW, unsafe=True) == GOOD + "\n" + "At a press conference he spoke to the crowd.\n"


def test_fixes_for_show_are_never_made() -> None:
    text = "The rest was including Дамиру and others.\n"
    shown = [
        f for f in fix_document(documents.parse(text, "a.txt"), Engines(), FAST, unsafe=True).left.findings if f.fixes
    ]
    assert all(fix.applicability is Applicability.DISPLAY for finding in shown for fix in finding.fixes[:1])


def test_the_seed_is_mended_once_and_for_all() -> None:
    document = documents.read(str(SEED))
    for unsafe in (False, True):
        first = fix_document(document, Engines(), FAST, unsafe=unsafe)
        assert first.changed
        again = fix_document(documents.parse(first.new, "a.txt"), Engines(), FAST, unsafe=unsafe)
        assert (again.new, again.mended) == (first.new, Counter())
    assert "Jabhat al-Nusra" in first.new.decode()
    assert "people ‘on the ground’." in first.new.decode()  # neither quotation mark without the other


def test_nothing_but_the_faults_changes() -> None:
    raw = b"\xef\xbb\xbfHe saw  the the city.\r\n\r\n\tTalks with north Korea began."
    fixed = fix_document(documents.parse(raw, "a.txt"), Engines(), FAST, unsafe=False)
    assert fixed.new == b"\xef\xbb\xbfHe saw  the city.\r\n\r\n\tTalks with North Korea began."


def test_markup_code_and_addresses_stay() -> None:
    text = "Read `the the` code at https://the.the/ of **the** the city.\n"
    fixed = fix_document(documents.parse(text, "a.md", "markdown"), Engines(), FAST, unsafe=True)
    assert "`the the`" in fixed.new.decode()
    assert "https://the.the/" in fixed.new.decode()
    assert "**the**" in fixed.new.decode()


def test_a_fix_that_reaches_over_markup_is_cut_down_to_the_words_it_changes() -> None:
    text = "Lavrov **said** about the absence of plans.\n"
    fixed = fix_document(documents.parse(text, "a.md", "markdown"), Engines(), FAST, unsafe=True)
    assert fixed.new.decode() == "Lavrov **said** there were no plans.\n"


EXAMPLES = sorted(
    {example.text for rule in rules() for example in rule.must_flag if not example.source}
    | {segment.hypothesis for segment in documents.read(str(SEED)).segments}
)


@given(
    sentences=st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=12),
    joint=st.sampled_from([" ", "\n", "\r\n", "\n\n"]),
    unsafe=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_a_second_fix_changes_nothing_and_no_number_is_lost(sentences: list[str], joint: str, unsafe: bool) -> None:
    text = joint.join(sentences)
    once = mended(text, unsafe=unsafe)
    assert mended(once, unsafe=unsafe) == once
    assert not Counter(re.findall(r"\d", text)) - Counter(re.findall(r"\d", once))


# ---- which fix goes first


def finding(start: int, end: int, replacement: str, applicability: Applicability, rule: str = "a") -> Finding:
    fixes = (Fix(replacement, applicability),)
    return Finding(rule, "style/awkward", Severity.MINOR, 0, Span(start, end), "", 0.9, fixes)


BOTH = {Applicability.SAFE, Applicability.REVIEW}


def test_a_safe_fix_goes_before_a_wider_one_that_asks_for_judgement() -> None:
    document = documents.parse("The big red house stood.", "a.txt")
    safe = finding(4, 8, "", Applicability.SAFE)
    wide = finding(0, 12, "A huge", Applicability.REVIEW)
    assert fixing.choose(document, [wide, safe], BOTH) == [safe]
    assert fixing.choose(document, [wide, safe], {Applicability.SAFE}) == [safe]
    assert fixing.choose(document, [wide], {Applicability.SAFE}) == []
    assert fixing.choose(document, [finding(4, 8, "big ", Applicability.SAFE)], BOTH) == []  # says the same


@pytest.mark.parametrize("replacement", ["", "On 8 May he", "On 7 May Smith"])
def test_no_fix_loses_or_brings_in_a_fact(replacement: str) -> None:
    document = documents.parse("On 7 May he left Aleppo.", "a.txt")
    assert fixing.choose(document, [finding(0, 11, replacement, Applicability.SAFE)], BOTH) == []
    assert fixing.choose(document, [finding(0, 11, "He on 7 May", Applicability.SAFE)], BOTH)


def test_touching_fixes_wait_for_the_next_pass() -> None:
    document = documents.parse("The big red house stood.", "a.txt")
    first = finding(4, 8, "", Applicability.SAFE)
    second = finding(8, 12, "", Applicability.SAFE)
    apart = finding(18, 23, "lay", Applicability.REVIEW)
    assert fixing.choose(document, [first, second, apart], BOTH) == [first, apart]


def test_fixes_that_undo_one_another_are_left_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapping(document: Any, engines: Any, settings: Any) -> list[Finding]:
        text = document.segments[0].hypothesis
        swap = finding(0, 3, "Her", Applicability.SAFE, "to-her") if text.startswith("His") else None
        back = finding(0, 3, "His", Applicability.SAFE, "to-his") if text.startswith("Her") else None
        at = text.find("big ")
        ready = [finding(at, at + 4, "", Applicability.SAFE, "big")] if at >= 0 else []
        return [*filter(None, (swap, back)), *ready]

    monkeypatch.setattr(fixing, "reported", swapping)
    fixed = fix_document(documents.parse("His big house stood.", "a.txt"), Engines(), FAST, unsafe=False)
    assert fixed.new in (b"His house stood.", b"Her house stood.")
    assert "undo one another" in fixed.left.warnings[0]
    again = fix_document(documents.parse(fixed.new, "a.txt"), Engines(), FAST, unsafe=False)
    assert again.new == fixed.new


def test_a_diff_in_colour_says_the_same() -> None:
    diff = "--- a\n+++ a\n@@ -1,2 +1,2 @@\n same\n-old\r\n+new\r\n"
    shown = colored(diff)
    assert "\x1b[31m-old\x1b[0m\r\n\x1b[32m+new\x1b[0m\r\n" in shown
    assert re.sub(r"\x1b\[\d+m", "", shown) == diff


# ---- the command


def test_files_are_replaced_and_the_others_not_touched(tmp_path: Path) -> None:
    bad, clean = tmp_path / "bad.txt", tmp_path / "clean.txt"
    bad.write_text(BAD), clean.write_text(CLEAN)
    bad.chmod(0o640)
    os.utime(clean, ns=(1, 1))
    result = run(str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "fixed 2 findings in 1 article" in result.stderr
    assert bad.read_text() == GOOD
    assert stat.S_IMODE(bad.stat().st_mode) == 0o640
    assert clean.stat().st_mtime_ns == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.txt", "clean.txt"]
    os.utime(bad, ns=(1, 1))
    assert "nothing to fix" in run(str(tmp_path)).stderr
    assert bad.stat().st_mtime_ns == 1


def test_the_summary_says_what_is_left_to_whom(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{BAD}\n{REVIEW}\nThe ministrestvo of defence spoke to him.\n")
    result = run(str(tmp_path))
    assert "fixed 2 findings in 1 article; 1 more with --unsafe; 1 needs a person: run mtcheck review" in result.stderr


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_check_and_diff_write_nothing(tmp_path: Path, option: str) -> None:
    (tmp_path / "a.txt").write_text(BAD)
    result = run(option, str(tmp_path))
    assert result.exit_code == 1
    assert "would fix 2 findings" in result.stderr
    assert (tmp_path / "a.txt").read_text() == BAD
    assert run("--select", "split-cannot", option, str(tmp_path)).exit_code == 0
    assert run("--ignore", "doubled-word", "--ignore", "lower-case-region", option, str(tmp_path)).exit_code == 0


ARTICLES = {
    "plain.txt": (BAD * 3 + "\n" + CLEAN * 9 + "\n" + BAD).encode(),
    "no newline at the end.txt": BAD.rstrip().encode(),
    "crlf.txt": (BAD + "\n" + CLEAN + "\n" + BAD).replace("\n", "\r\n").encode(),
    "deep/down/mark.md": b"\xef\xbb\xbf# Title\n\n" + BAD.encode() + b"\n- --- a\n- +++ b\n",
}


@pytest.mark.parametrize("tool", [["patch", "-p0", "--binary"], ["git", "apply", "-p0", "-"]], ids=["patch", "git"])
def test_a_diff_can_be_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in ARTICLES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    diff = run("--diff", ".").stdout_bytes
    subprocess.run(tool, input=diff, check=True, capture_output=True)
    patched = {name: (tmp_path / name).read_bytes() for name in ARTICLES}
    for name, data in ARTICLES.items():
        (tmp_path / name).write_bytes(data)
    assert run(".").exit_code == 0
    assert patched == {name: (tmp_path / name).read_bytes() for name in ARTICLES}
    assert all(patched[name] != data for name, data in ARTICLES.items())


def test_files_in_another_language_are_counted(tmp_path: Path) -> None:
    russian = "Министр заявил во вторник, что переговоры продолжатся на следующей неделе в Москве.\n" * 3
    (tmp_path / "a.ru.txt").write_text(russian, encoding="utf-8")
    (tmp_path / "b.txt").write_text(BAD)
    result = run(str(tmp_path))
    assert result.exit_code == 0
    assert result.stderr == "fixed 2 findings in 1 article; skipped 1 file that is no article to mend\n"


def test_stdin_goes_to_stdout(tmp_path: Path) -> None:
    result = run("-", stdin=b"He saw the the city.\r\n")
    assert (result.exit_code, result.stdout_bytes) == (0, b"He saw the city.\r\n")
    assert run("-", stdin=CLEAN.encode()).stdout == CLEAN
    shown = run("--diff", "--stdin-name", "news/a.md", "-", stdin=BAD.encode())
    assert shown.exit_code == 1
    assert shown.stdout.startswith("--- news/a.md\n+++ news/a.md\n@@")
    assert run("--check", "-", stdin=BAD.encode()).stdout == ""
    broken = run("-", stdin=b"\xff\xfe\x00")
    assert (broken.exit_code, broken.stdout) == (2, "")


def test_allowances_are_kept(tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    article.write_text(f"<!-- mtcheck: allow doubled-word -->\n{BAD}")
    run(str(article))
    assert article.read_text().endswith("He lived in the the city. Talks with North Korea began.\n")


def test_trouble_with_one_file_leaves_the_others_mended(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BAD)
    (tmp_path / "b.txt").write_bytes(b"\xff\xff\xff caf\xe9 \x81")
    (tmp_path / "c.txt").write_text(BAD)
    result = run(str(tmp_path))
    assert result.exit_code == 2
    assert "b.txt" in result.stderr
    assert (tmp_path / "a.txt").read_text() == (tmp_path / "c.txt").read_text() == GOOD


def test_a_file_that_cannot_be_written_stands_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BAD)
    opened = os.open

    def full(path: Any, *arguments: Any, **options: Any) -> int:
        if str(path).endswith(".tmp"):
            raise OSError(28, "No space left on device")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", full)
    result = run(str(tmp_path))
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert "nothing to fix" in result.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": BAD, "b.txt": BAD}


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article = tmp_path / "a.txt"
    article.write_text(BAD)
    fixed = fix_document(documents.read(str(article)), Engines(), FAST, unsafe=False)
    article.write_text("Somebody else was here.\n")
    with pytest.raises(documents.files.OutputError, match="changed while"):
        fixing.write(fixed)
    assert article.read_text() == "Somebody else was here.\n"


def test_the_same_result_for_any_number_of_processes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for number in range(6):
            (tmp_path / folder / f"{number}.txt").write_text(BAD * (number + 1) + REVIEW)
    one, two = run("--jobs", "1", str(tmp_path / "one")), run("--jobs", "2", str(tmp_path / "two"))
    assert one.stderr == two.stderr
    assert [path.read_bytes() for path in sorted((tmp_path / "one").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "two").iterdir())
    ]
