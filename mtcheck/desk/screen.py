"""The full-screen desk: the article with the present words marked, what is wrong with them, the alternatives, the keys.

Textual rather than prompt_toolkit: it lays out and scrolls panes by itself, paints with the terminal's own colours (or
none: NO_COLOR), and has a pilot for tests and pictures of the screen. It is pure Python, 8 MB installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from mtcheck.desk import keys, painting, wording
from mtcheck.desk.background import Background
from mtcheck.errors import MtcheckError
from mtcheck.schema import Alternative, Severity
from mtcheck.session import Judge, Session, is_offered

LEFT, INTERRUPTED = 0, 130
_WIDE = 110
_PAUSE = 0.3  # seconds without a key before the models are asked about a wording being typed


class Desk(App[int]):
    """The desk of one session; ``run`` returns LEFT or INTERRUPTED.

    judge: scores a wording by hand with the models at hand, called in another thread; None when there are none.
    """

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = keys.BINDINGS

    @dataclass
    class Judged(Message):
        """A wording by hand has its scores, or a model failed."""

        index: int
        outcome: Alternative | str

    def __init__(self, session: Session, judge: Judge | None = None) -> None:
        super().__init__(ansi_color=True)
        self.session = session
        self._marked = 0
        self._news = ""
        self._asked: Callable[[str], None] | None = None
        self._typed: Alternative | None = None
        self._warned = ""
        self._pause: Timer | None = None
        self._background = Background(judge, self._tell) if judge else None

    def compose(self) -> ComposeResult:
        """Head, article, finding with its alternatives, a line to type in, news, keys."""
        yield Static(id="head")
        with Container(id="panes"):
            with VerticalScroll(id="article", can_focus=False):
                yield Static(id="text")
            with Container(id="finding"):
                yield Static(id="message")
                with VerticalScroll(id="alternatives", can_focus=False):
                    yield Static(id="choices")
        yield Static(id="typed")
        yield Input(id="line", select_on_focus=False)
        yield Static(id="news")
        yield Static(keys.summary(), id="keys")

    def on_mount(self) -> None:
        """Show the first place that nobody decided."""
        self.set_focus(None)
        self._enter()

    def on_resize(self, event: events.Resize) -> None:
        """Article and finding stand side by side where there is room."""
        self.set_class(event.size.width >= _WIDE, "wide")
        self.call_after_refresh(self._paint)

    # ---- painting

    def _enter(self, news: str = "") -> None:
        """Show the present place, its best alternative marked."""
        self._news = news
        if self.session.entries:
            self._marked = wording.best(self.session)
        self._paint()

    def _paint(self) -> None:
        self.query_one("#head", Static).update(painting.head(self.session))
        self.query_one("#news", Static).update(Text(self._news))
        if not self.session.entries:
            self.query_one("#choices", Static).update(Text(f"{wording.ended(self.session)}\n\nq quits"))
            return
        self._paint_article()
        self._paint_choices()

    def _paint_article(self) -> None:
        pane = self.query_one("#article")
        text, at = painting.article(self.session)
        self.query_one("#text", Static).update(text)
        line = painting.height([text[: at + 1]], pane.scrollable_content_region.width) - 1
        pane.scroll_to(y=max(0, line - pane.size.height // 2), animate=False, force=True)

    def _paint_choices(self) -> None:
        self.query_one("#message", Static).update(painting.finding(self.session))
        blocks = [
            painting.alternative(self.session, index, one, marked=index == self._marked)
            for index, one in enumerate(self.session.alternatives)
        ]
        self.query_one("#choices", Static).update(Group(*blocks))
        self.call_after_refresh(self._show_marked, blocks)

    def _show_marked(self, blocks: list[RenderableType]) -> None:
        """Scroll so that the marked alternative is seen, once the panes have their sizes."""
        pane = self.query_one("#alternatives")
        width = pane.scrollable_content_region.width
        top, bottom = (painting.height(blocks[: self._marked + more], width) for more in (0, 1))
        pane.scroll_to(y=0 if bottom <= pane.size.height else top, animate=False, force=True)

    # ---- answers

    def _answer(self, give: Callable[[], None]) -> None:
        """Give an answer and go on to the next place; what went wrong is said, and nothing is answered."""
        index = self.session.at
        try:
            give()
        except MtcheckError as error:
            self._news = str(error)
            return self._paint()
        said = f"{index + 1} {wording.standing(self.session, index)}"
        left = self.session.next_open()
        return self._enter(said if left else f"{said}; every place shown is decided, q quits")

    def action_desk_take(self) -> None:
        """Take the marked alternative."""
        self.action_desk_number(self._marked)

    def action_desk_number(self, index: int) -> None:
        """Take an alternative; one that breaks a guard is opened for editing instead."""
        if index >= len(self.session.alternatives):
            self._enter(f"there is no alternative {index}")
        elif index == 0 or self.session.may_take(index):
            self._answer(lambda: self.session.accept(index))
        else:
            self._edit(self.session.alternatives[index].replacement)

    def action_desk_keep(self) -> None:
        """Keep the words as they are."""
        self._answer(self.session.keep)

    def action_desk_safe(self) -> None:
        """Take every safe change."""
        try:
            taken = self.session.accept_safe()
        except MtcheckError as error:
            return self._enter(str(error))
        self.session.next_open(self.session.at)
        return self._enter(f"took {taken} safe changes; u takes them back" if taken else "no safe change is left")

    def action_desk_undo(self) -> None:
        """Take the last answer back."""
        self._travel(self.session.undo, "took the last answer back; r gives it again", "nothing to take back")

    def action_desk_redo(self) -> None:
        """Give again what was taken back."""
        self._travel(self.session.redo, "gave it again", "nothing to give again")

    def _travel(self, travel: Callable[[], bool], done: str, nothing: str) -> None:
        try:
            self._enter(done if travel() else nothing)
        except MtcheckError as error:
            self._enter(str(error))

    # ---- moving about

    def action_desk_mark(self, step: int) -> None:
        """Mark another alternative."""
        self._marked = max(0, min(self._marked + step, len(self.session.alternatives) - 1))
        self._paint_choices()

    def action_desk_step(self, step: int) -> None:
        """Go to the next place or the one before."""
        self._enter("" if self.session.move(step) else "there is none further on" if step > 0 else "this is the first")

    def action_desk_open(self) -> None:
        """Go to the next place that nobody decided."""
        self._enter("" if self.session.next_open() else "every place shown is decided, q quits")

    def action_desk_filter(self) -> None:
        """Pass over milder findings; from the gravest back to all."""
        grades = list(Severity)
        self.session.show_from(grades[(grades.index(self.session.at_least) + 1) % len(grades)])
        self._enter(
            f"{len(self.session.shown)} of {len(self.session.entries)} places are {self.session.at_least} or graver"
        )

    def action_desk_read(self, step: int) -> None:
        """Scroll the article."""
        pane = self.query_one("#article")
        pane.scroll_relative(y=step * (pane.size.height - 1), animate=False)

    def action_desk_help(self) -> None:
        """Show the keys."""
        self.push_screen(keys.Help())

    def action_desk_leave(self) -> None:
        """End; everything is saved already."""
        self.exit(LEFT)

    action_leave = action_desk_leave

    def action_interrupt(self) -> None:
        """End at once."""
        self.exit(INTERRUPTED)

    # ---- typing

    def _ask(self, label: str, value: str, then: Callable[[str], None]) -> None:
        line = self.query_one(Input)
        self._asked, self._typed, self._warned = then, None, ""
        self.query_one("#typed", Static).update("")
        self.add_class("asking")
        line.border_title = label
        line.value = value
        line.cursor_position = len(value)
        line.focus()

    def action_stop_asking(self) -> None:
        """Leave the line without an answer."""
        self._asked = None
        self.remove_class("asking")
        self.set_focus(None)
        self._paint()

    @on(Input.Submitted)
    def _asked_for(self, event: Input.Submitted) -> None:
        if self._asked:
            self._asked(event.value)

    def action_desk_jump(self) -> None:
        """Go to a place by its number."""
        self._ask("go to number (enter goes, esc leaves)", "", self._jump)

    def _jump(self, value: str) -> None:
        self.action_stop_asking()
        went = value.strip().isdecimal() and self.session.jump(int(value))
        self._enter("" if went else f"there is no place {value.strip()}")

    def action_desk_dismiss(self) -> None:
        """Keep the words, and say why."""
        self._ask("keep, because (enter keeps, esc leaves)", "", self._dismiss)

    def _dismiss(self, reason: str) -> None:
        self.action_stop_asking()
        self._answer(lambda: self.session.keep(reason))

    def action_desk_edit(self) -> None:
        """Write a wording by hand, beginning with the marked one."""
        self._edit(self.session.alternatives[self._marked].replacement)

    def _edit(self, begin: str) -> None:
        if self.session.locked:
            return self._enter("markup stands inside these words: keep them, and mend them in the file")
        return self._ask("a wording by hand (enter takes it, esc leaves)", begin, self._take_typed)

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        """Hold what is typed to the guards at once, and have the models look at it when the typing stops."""
        if self._asked != self._take_typed:
            return
        self._show_typed(self.session.judged(event.value))
        if self._pause:
            self._pause.stop()
        proposal, index = self.session.entry.proposal, self.session.at
        if self._background:
            asked = self._background.ask
            self._pause = self.set_timer(_PAUSE, lambda: asked(index, proposal, event.value))

    def _show_typed(self, judged: Alternative) -> None:
        self._typed = judged
        back = wording.reads_back(self.session.original, self.session.entry, judged)
        lines = [f"{wording.verdict(judged)} · {wording.worth(judged)}"] + [f"reads back: {back}"] * bool(back)
        self.query_one("#typed", Static).update(Text("\n".join(lines)))

    def _take_typed(self, value: str) -> None:
        judged = self._typed if self._typed and self._typed.replacement == value else self.session.judged(value)
        if not is_offered(judged) and self._warned != value:
            self._warned, self._news = value, "it breaks a guard: enter again takes it all the same"
            return self._paint()
        self.action_stop_asking()
        index, proposal = self.session.at, self.session.entry.proposal
        chosen = self.session.edit(value)
        self.session.scored(index, judged)
        if self._background and not judged.back_translation:
            self._background.ask(index, proposal, value)
        return self._answer(lambda: self.session.accept(chosen))

    def _tell(self, index: int, outcome: Alternative | str) -> None:
        self.post_message(self.Judged(index, outcome))

    def on_desk_judged(self, event: Judged) -> None:
        """Put scores in their place, if the words still matter."""
        if isinstance(event.outcome, str):
            self._news = event.outcome
            return self._paint()
        self.session.scored(event.index, event.outcome)
        if event.index != self.session.at:
            return None
        if self._asked == self._take_typed and self.query_one(Input).value == event.outcome.replacement:
            return self._show_typed(event.outcome)
        return self._paint_choices()
