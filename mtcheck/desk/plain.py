"""The plain desk: numbered questions and typed answers, for screen readers, dumb terminals and scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from mtcheck.desk import wording
from mtcheck.errors import MtcheckError
from mtcheck.reports import one_line, visible
from mtcheck.schema import Severity
from mtcheck.session import Judge, Session, is_offered

HELP = """\
Answer with a letter or a number, then Enter. Every answer is saved at once.
  Enter      take the suggested alternative
  1, 2, ...  take that alternative
  k          keep the words as they are
  e WORDS    write a wording by hand
  d REASON   keep the words, and say why
  u          undo the last answer; r gives it again
  n, b       next place, place before
  o          next place not decided
  g NUMBER   go to a place
  s          take all safe changes at once
  f GRADE    pass over what is milder: neutral, minor, major or critical
  q          quit"""


class Plain:
    """The plain desk of one session.

    judge: scores a wording by hand, which the person waits for; None without models. answers: what the person types;
    out: says something, in whole lines.
    """

    def __init__(self, session: Session, judge: Judge | None, answers: TextIO, out: Callable[[str], None]) -> None:
        self.session, self._judge, self._answers, self._out = session, judge, answers, out
        self._commands: dict[str, Callable[[str], str]] = {
            "": lambda _: self._take(wording.best(session)),
            "k": lambda _: self._keep(""),
            "e": self._edit,
            "d": self._keep,
            "u": lambda _: "taken back" if session.undo() else "nothing to take back",
            "r": lambda _: "given again" if session.redo() else "nothing to give again",
            "n": lambda _: "" if session.move(1) else "there is none further on",
            "b": lambda _: "" if session.move(-1) else "this is the first",
            "o": lambda _: "" if session.next_open() else "every place is decided",
            "g": lambda value: "" if value.isdecimal() and session.jump(int(value)) else f"there is no place {value}",
            "s": lambda _: self._safe(),
            "f": self._filter,
        }

    def run(self) -> None:
        """Ask until the person quits or the answers end. KeyboardInterrupt passes; nothing is lost with it."""
        self._out(f"{wording.progress(self.session)}. Type ? for help, q to quit.")
        shown = (-1, -1)
        while self.session.entries:
            now = (self.session.at, len(self.session.alternatives))
            if now != shown:
                self._show()
                shown = now
            typed = self._ask(f"Answer for {self.session.entry.number}: ")
            if typed is None or typed.strip() == "q":
                break
            said = self._obey(typed.strip())
            if said:
                self._out(said)

    def _obey(self, typed: str) -> str:
        """Do what was typed; returns what to say of it."""
        name, _, value = typed.partition(" ")
        if name == "?":
            return "\n".join((HELP, *wording.SCORES_EXPLAINED))
        if name.isdecimal() and name.isascii():
            command: Callable[[str], str] | None = lambda _: self._take(int(name))  # noqa: E731 - one of the commands
        else:
            command = self._commands.get(name)
        if command is None:
            return f"“{one_line(name)}” is no answer; type ? for help"
        try:
            return command(value.strip())
        except MtcheckError as error:
            return str(error)

    # ---- answers

    def _take(self, index: int) -> str:
        if index and not self.session.may_take(index):
            known = index < len(self.session.alternatives)
            why = wording.verdict(self.session.alternatives[index]) if known else "there is no such alternative"
            return f"{index} cannot be taken: {why}; e WORDS writes your own"
        return self._answered(lambda: self.session.accept(index))

    def _keep(self, reason: str) -> str:
        return self._answered(lambda: self.session.keep(reason))

    def _edit(self, words: str) -> str:
        if self.session.locked:
            return "markup stands inside these words: keep them, and mend them in the file"
        if not words:
            words = (self._ask("Your wording (nothing leaves it): ") or "").strip()
        if not words:
            return "left as it was"
        proposal = self.session.entry.proposal
        judged = self._judge(proposal, words) if self._judge else self.session.judged(words)
        back = wording.reads_back(self.session.original, self.session.entry, judged)
        self._out(f"{wording.quoted(words)}: {wording.verdict(judged)}; {wording.worth(judged)}")
        if back:
            self._out(f"Reads back as: {back}")
        if not is_offered(judged) and (self._ask("Take it all the same? y or n: ") or "").strip() != "y":
            return "left as it was"
        index, chosen = self.session.at, self.session.edit(words)
        self.session.scored(index, judged)
        return self._answered(lambda: self.session.accept(chosen))

    def _safe(self) -> str:
        taken = self.session.accept_safe()
        self.session.next_open(self.session.at)
        return f"took {taken} safe changes; {wording.progress(self.session)}"

    def _filter(self, grade: str) -> str:
        if grade not in list(Severity):
            return f"write f and one of {', '.join(Severity)}"
        self.session.show_from(Severity(grade))
        return f"{len(self.session.shown)} of {len(self.session.entries)} places are {grade} or graver"

    def _answered(self, give: Callable[[], None]) -> str:
        index = self.session.at
        give()
        left = self.session.next_open()
        said = f"{index + 1} {wording.standing(self.session, index)}. {wording.progress(self.session)}."
        return said if left else f"{said} Every place is decided; q quits."

    # ---- lines

    def _ask(self, question: str) -> str | None:
        """What was typed; None at the end of the input."""
        self._out(question)
        line = self._answers.readline()
        return line.rstrip("\r\n") if line else None

    def _show(self) -> None:
        """One place: where, what is wrong, the words in their sentence, the alternatives."""
        entry, session = self.session.entry, self.session
        before, after = (visible(part).replace("\n", " ") for part in entry.context(200))
        lines = [
            "",
            f"Place {entry.number} of {len(session.entries)}, line {entry.line}, column {entry.column}: "
            f"{wording.standing(session, session.at)}.",
            *(f"Finding: {line}." for line in wording.found(entry)),
            f"Text: {before}[[{one_line(entry.original)}]]{after}",
        ]
        for index, one in enumerate(session.alternatives):
            back = wording.reads_back(session.original, entry, one)
            if index:
                mark = ", suggested" if index == wording.best(session) else ""
                lines.append(
                    f"{index}{mark}: {wording.quoted(one.replacement)}; {wording.worth(one)}; {wording.verdict(one)}."
                )
            if back:
                lines.append(f"   Reads back as: {back}")
        self._out("\n".join(lines))
