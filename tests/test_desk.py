"""The desks: the full screen at 80x24 and 120x40 through Textual's pilot, both desks through a pseudo-terminal."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from review_sample import REVIEW
from textual.pilot import Pilot
from textual.widgets import Input

from mtcheck import documents, pipeline
from mtcheck.cli import main
from mtcheck.decisions import read_ledger
from mtcheck.desk.elsewhere import Elsewhere
from mtcheck.desk.plain import Plain
from mtcheck.desk.screen import INTERRUPTED, LEFT, Desk
from mtcheck.engines import Engines
from mtcheck.errors import ModelError, OutputError
from mtcheck.schema import Alternative, Applicability, Proposal
from mtcheck.session import Answer, Judge, Session
from mtcheck.settings import Settings

ROOT = Path(__file__).parent.parent
NAME = "mtcheck-decisions.json"
ARTICLE = "Lavrov said about the absence of plans.\n\nHe gave an interview to the UN security Council today.\n"
SIZES = [(80, 24), (120, 40)]


def judged(proposal: Proposal, wording: str) -> Alternative:
    broken = ("number: lost 3,000",) if "broken" in wording else ()
    return Alternative(wording, ("translator",), Applicability.REVIEW, broken_guards=broken)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(REVIEW, tmp_path / NAME, judged)


# ---- full screen


def seen(desk: Desk) -> str:
    """The screen as text."""
    strips = desk.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


async def until(hand: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait for something to come true, for at most half a minute."""
    for _ in range(600):
        if holds():
            return
        await hand.pause(0.05)
    raise AssertionError("it did not come true")


def pilot(
    session: Session,
    size: tuple[int, int],
    act: Callable[[Desk, Pilot[int]], Awaitable[None]],
    judge: Judge | None = None,
) -> Desk:
    async def run() -> Desk:
        desk = Desk(session, judge)
        async with desk.run_test(size=size) as hand:
            await hand.pause()
            await act(desk, hand)
        return desk

    return asyncio.run(run())


def press(session: Session, *keys: str, size: tuple[int, int] = (80, 24)) -> str:
    """Press keys; returns what is then seen."""
    shown = []

    async def act(desk: Desk, hand: Pilot[int]) -> None:
        await hand.press(*keys)
        await hand.pause()
        shown.append(seen(desk))

    pilot(session, size, act)
    return shown[0]


@pytest.mark.parametrize("size", SIZES)
def test_everything_needed_is_on_the_screen(session: Session, size: tuple[int, int]) -> None:
    shown = press(session, size=size)
    lines = shown.splitlines()
    assert len(lines) == size[1]
    assert "1 of 6  ·  0 changed, 0 kept, 6 to decide  ·  lavrov.md" in lines[0]
    assert "# Lavrov said about the absence of plans" in shown
    assert "major said-about-noun: “said about” + noun is a calque" in shown
    assert "> 1 “spoke of”" in shown
    assert "guards kept · meaning 88.3 · fluency +2.21 · edit 11.1" in shown
    assert "reads back: Лавров [говорил] об отсутствии" in shown
    assert "x2 “denied”" in shown
    assert "? help  q quit" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("size", SIZES)
def test_no_place_loses_its_message_or_its_marked_alternative(session: Session, size: tuple[int, int]) -> None:
    async def act(desk: Desk, hand: Pilot[int]) -> None:
        for entry in session.entries:
            await hand.pause()
            shown = seen(desk)
            assert f"{entry.number} of 6" in shown
            assert f"{entry.severity} " in shown
            assert any(line.lstrip("│ ").startswith(">") or "│ >" in line for line in shown.splitlines()), shown
            await hand.press("n")

    pilot(session, size, act)


def test_one_key_a_place(session: Session) -> None:
    shown = press(session, "a", "k", "1", "a")
    assert session.answers[:4] == (
        Answer("spoke of"), Answer(None), Answer("in an interview with"), Answer("interview was published on"),
    )  # fmt: skip
    assert "4 becomes “interview was published on”" in shown
    assert "5 of 6" in shown


def test_undo_redo_back_and_jump(session: Session) -> None:
    assert "1 of 6" in press(session, "a", "a", "u", "u", "r", "p", "p")
    assert session.answers[:2] == (Answer("spoke of"), None)
    assert "5 of 6" in press(session, "g", "5", "enter")
    assert "there is no place 9" in press(session, "g", "9", "enter")


def test_the_filter_and_all_safe_changes(session: Session) -> None:
    shown = press(session, "f", "f", "s")
    assert "major and graver" in shown
    assert "took 3 safe changes; u takes them back" in shown
    assert session.progress.changed == 3
    assert "3 of 6" in shown


def test_a_reason_is_asked_for(session: Session) -> None:
    press(session, "d", *"quote", "enter")
    assert session.answers[0] == Answer(None, "quote")
    press(session, "d", *"no", "escape")
    assert session.progress.kept == 1


def test_what_breaks_a_guard_is_opened_for_editing(session: Session) -> None:
    shown = press(session, "2")
    assert "a wording by hand" in shown
    assert "│ denied" in shown
    assert session.progress.left == 6


def test_a_wording_by_hand_is_held_to_the_guards_as_it_is_typed(session: Session) -> None:
    shown = press(session, "e", *"broken")
    assert "breaks a guard: number: lost 3,000" in shown
    assert "enter again takes it all the same" in press(session, "e", *"broken", "enter")
    assert session.progress.left == 6
    press(session, "e", *" broken", "enter", "enter")
    assert session.answers[0] == Answer("spoke of broken")


def test_help(session: Session) -> None:
    assert "Every answer is saved at once" in press(session, "question_mark")
    assert "1 of 6" in press(session, "question_mark", "x")


@pytest.mark.parametrize(("key", "code"), [("q", LEFT), ("ctrl+q", LEFT), ("ctrl+c", INTERRUPTED)])
def test_leaving(session: Session, key: str, code: int) -> None:
    async def act(desk: Desk, hand: Pilot[int]) -> None:
        await hand.press("a", key)

    assert pilot(session, (80, 24), act).return_value == code
    assert len(read_ledger(session.path).decisions) == 1


def test_what_cannot_be_saved_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutputError("cannot be written (No space left on device)")

    monkeypatch.setattr("mtcheck.answers.write_ledger", full)
    assert "No space left on device" in press(session, "a", "k", "s", "u")[-400:] or session.progress.left == 6
    assert session.progress.left == 6


def test_the_screen_waits_for_no_model(session: Session) -> None:
    held, asked = threading.Event(), threading.Event()

    def slow(proposal: Proposal, wording: str) -> Alternative:
        asked.set()
        held.wait(30)
        return Alternative(wording, ("translator",), Applicability.REVIEW, f"назад: {wording}")

    async def act(desk: Desk, hand: Pilot[int]) -> None:
        await hand.press("e", *" x")
        assert "guards kept" in seen(desk)
        await until(hand, asked.is_set)
        await hand.press("enter", "k", "p", "p")  # all of it while the model works
        assert session.answers[:2] == (Answer("spoke of x"), Answer(None))
        assert "назад" not in seen(desk)
        held.set()
        await until(hand, lambda: "назад" in seen(desk))
        assert "reads back: [назад" in seen(desk)

    pilot(session, (80, 40), act, slow)


def test_a_model_that_fails_is_said(session: Session) -> None:
    def failing(proposal: Proposal, wording: str) -> Alternative:
        raise ModelError("the model is gone")

    async def act(desk: Desk, hand: Pilot[int]) -> None:
        await hand.press("e", *" x")
        await until(hand, lambda: "the model is gone" in seen(desk))
        assert desk.query_one(Input).value == "spoke of x"

    pilot(session, (80, 24), act, failing)


def test_a_window_that_changes_its_size(session: Session) -> None:
    async def act(desk: Desk, hand: Pilot[int]) -> None:
        await hand.resize_terminal(120, 40)
        await hand.pause()
        assert "│ line 1, column 10" in seen(desk)
        await hand.resize_terminal(60, 20)
        await hand.pause()
        assert "> 1 “spoke of”" in seen(desk)

    pilot(session, (80, 24), act)


# ---- plain


def plainly(session: Session, typed: str, judge: Judge | None = None) -> str:
    said: list[str] = []
    Plain(session, judge, io.StringIO(typed), said.append).run()
    return "\n".join(said)


def test_numbered_questions(session: Session) -> None:
    said = plainly(session, "\nk\n1\nq\n")
    assert "Place 1 of 6, line 1, column 10: not decided." in said
    assert "Finding: major said-about-noun:" in said
    assert "Text: Lavrov [[said about]] the absence of plans to seize Aleppo" in said
    assert "1, suggested: “spoke of”; meaning 88.3 · fluency +2.21 · edit 11.1 · by rule-fix; guards kept." in said
    assert "breaks a guard: negation" in said
    assert session.progress.changed == 2
    assert session.progress.kept == 1


def test_every_plain_answer(session: Session) -> None:
    said = plainly(
        session,
        "?\n2\n9\nfoo\ne told of\nu\nr\nb\nd a quotation\ng 5\ng 7\nn\nn\no\nf major\nf x\ns\n"
        "e broken\nn\ne broken\ny\ne\n\n",
    )
    for line in (
        "Answer with a letter or a number",
        "2 cannot be taken: breaks a guard: negation",
        "9 cannot be taken: there is no such alternative",
        "“foo” is no answer; type ? for help",
        "1 becomes “told of”. 1 changed, 0 kept, 5 to decide.",
        "taken back",
        "given again",
        "there is no place 7",
        "there is none further on",
        "4 of 6 places are major or graver",
        "write f and one of neutral, minor, major, critical",
        "took 2 safe changes",
        "“broken”: breaks a guard: number: lost 3,000",
        "left as it was",
    ):
        assert line in said, line
    assert "becomes “broken”" in said


def test_plain_wordings_by_hand_are_scored_by_the_models(session: Session) -> None:
    def scored(proposal: Proposal, wording: str) -> Alternative:
        return Alternative(wording, ("translator",), Applicability.REVIEW, "Лавров рассказал")

    assert "Reads back as: Лавров [рассказал]" in plainly(session, "e told of\nq\n", scored)


# ---- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path / ".cache"))
    return tmp_path


def test_without_a_terminal_it_is_one_line(folder: Path) -> None:
    result = CliRunner().invoke(main, ["review", "-i", "--fast", "a.txt"])
    assert result.exit_code == 2
    assert result.stderr == "mtcheck: a review by keyboard needs a terminal; leave out -i, or use --plain\n"


def test_the_article_cannot_come_with_the_answers(folder: Path) -> None:
    result = CliRunner().invoke(main, ["review", "--plain", "--fast", "-"], input=ARTICLE)
    assert result.exit_code == 2
    assert "name the article's file" in result.stderr


def test_nothing_found_asks_nothing(folder: Path) -> None:
    (folder / "clean.txt").write_text("The talks ended on Monday, officials said.\n")
    result = CliRunner().invoke(main, ["review", "--plain", "--fast", "clean.txt"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing found" in result.stderr


def test_plain_answers_then_apply_give_the_same_bytes(folder: Path) -> None:
    run = CliRunner().invoke
    result = run(main, ["review", "--plain", "--fast", "--out", "out", "a.txt"], input="\n\n")
    assert result.exit_code == 0, result.output
    assert "2 places: 2 changed, 0 kept, 0 to decide; the decisions are in mtcheck-decisions.json" in result.stderr
    assert 'add decisions = "mtcheck-decisions.json" to mtcheck.toml' in result.stderr
    cleaned = (folder / "out" / "a.cleaned.txt").read_bytes()
    assert run(main, ["apply", NAME]).exit_code == 0
    assert (folder / "a.txt").read_bytes() == cleaned != ARTICLE.encode()


def test_the_next_run_goes_on_where_the_last_one_ended(folder: Path) -> None:
    (folder / "mtcheck.toml").write_text(f'decisions = "{NAME}"\n')
    run = CliRunner().invoke
    assert run(main, ["review", "--plain", "--fast", "a.txt"], input="k\n").exit_code == 1
    again = run(main, ["review", "--plain", "--fast", "a.txt"], input="")
    assert "0 changed, 1 kept, 1 to decide" in again.stdout
    assert "Place 2 of 2" in again.stdout
    assert run(main, ["check", "--fast", "a.txt"]).stdout.count("\n") == 1


# ---- pseudo-terminals


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
class TestTerminal:
    """The command as a person meets it."""

    def talk(
        self, folder: Path, arguments: list[str], keys: list[str], waits_for: str, kill: int = 0
    ) -> tuple[int, str]:
        """Start ``mtcheck review a.txt --fast``, wait for some words, send keys; exit status and all that was shown."""
        import fcntl
        import pty
        import struct
        import termios

        environment = os.environ | {"TERM": "xterm-256color", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(
                sys.executable, [sys.executable, "-m", "mtcheck", "review", "a.txt", "--fast", *arguments], environment
            )
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        shown, waiting, deadline = b"", list(keys), time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                ready, _, _ = select.select([terminal], [], [], 0.3)
                data = os.read(terminal, 65536) if ready else b""
            except OSError:  # the other end is gone
                break
            if ready and not data:
                break
            shown += data
            if waits_for.encode() in shown and not ready:
                if waiting:
                    os.write(terminal, waiting.pop(0).encode())
                elif kill:
                    os.kill(pid, kill)
                    kill = 0
        else:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), shown.decode(errors="replace")

    def test_full_screen(self, folder: Path) -> None:
        code, shown = self.talk(folder, ["-i"], ["a", "k", "q"], "quit")
        assert code == 0, shown
        assert "2 places: 1 changed, 1 kept, 0 to decide; the decisions are in mtcheck-decisions.json" in shown
        assert "38;" not in shown  # no colour
        assert "31m" not in shown

    @pytest.mark.parametrize(("keys", "kill"), [(["a", "\x03"], 0), (["a"], signal.SIGINT)])
    def test_ctrl_c(self, folder: Path, keys: list[str], kill: int) -> None:
        code, shown = self.talk(folder, ["-i"], keys, "quit", kill)
        assert code == 130, shown
        assert "Traceback" not in shown
        assert len(read_ledger(folder / NAME).decisions) == 1

    def test_plain_questions_then_ctrl_c(self, folder: Path) -> None:
        code, shown = self.talk(folder, ["--plain"], ["1\n", "e Security council\n", "\x03"], "Answer for 1:")
        assert code == 130, shown
        assert "1 becomes “said there were no”" in shown
        assert "2 becomes “Security council”" in shown
        assert "nothing half-written" in shown
        assert len(read_ledger(folder / NAME).decisions) == 2


# ---- models in another process


def test_models_work_in_a_process_of_their_own(folder: Path) -> None:
    document = documents.read("a.txt")
    review = pipeline.review(document, Engines(), Settings())
    judge = Elsewhere(document, Settings(fast=True), cache=False)
    alternative = judge(review.proposals[0], "told 50 people of")
    assert alternative.replacement == "told 50 people of"
    assert alternative.broken_guards[0] == "number: new 50"
    (process,) = [child for child in multiprocessing.active_children() if child.name == "mtcheck-judge"]
    process.kill()
    process.join()
    with pytest.raises(ModelError, match="the process of the models ended"):
        judge(review.proposals[0], "denied them")
