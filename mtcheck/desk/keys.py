"""The keys of the full-screen desk: what each does, the two lines at the bottom, and the page of help."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from mtcheck.desk import wording

_ACTIONS = {
    "enter,a": "take", "up": "mark(-1)", "down": "mark(1)", "k,0": "keep", "e": "edit", "d": "dismiss", "u": "undo",
    "r,ctrl+r": "redo", "s": "safe", "n,right": "step(1)", "p,left": "step(-1)", "o": "open", "g": "jump",
    "f": "filter", "pageup": "read(-1)", "pagedown": "read(1)", "question_mark": "help", "q": "leave",
}  # fmt: skip
BINDINGS: list[BindingType] = [
    Binding("ctrl+c", "interrupt", priority=True, show=False),
    Binding("ctrl+q", "desk_leave", priority=True, show=False),
    Binding("escape", "stop_asking", show=False),
    *(Binding(key, f"desk_{action}", show=False) for key, action in _ACTIONS.items()),
    *(Binding(str(number), f"desk_number({number})", show=False) for number in range(1, 10)),
]
_SUMMARY = (
    {"a": "take", "1-9": "choose", "k": "keep", "e": "edit", "d": "keep, saying why", "u": "undo", "s": "all safe"},
    {"n": "next", "p": "back", "o": "next open", "g": "go to", "f": "filter", "?": "help", "q": "quit"},
)
_HELP = """\
Every answer is saved at once: quit whenever you like, and go on later.

 enter a  take the marked alternative       up down      mark another one
 1 to 9   take an alternative by number     k 0          keep the words as they are
 e        write a wording by hand           d            keep them, and say why
 u r      undo, redo                        s            take all safe changes
 n right  next place                        p left       place before
 o        next place not decided            g            go to a place by number
 f        pass over milder findings         pgup pgdn    read on in the article
 q        quit                              ctrl+c       quit, exit status 130

 > marked   = decided   x breaks a guard: its number opens it for editing

"""


def summary() -> Text:
    """The keys in two lines of 80 columns."""
    lines = (
        Text("  ").join(Text.assemble((key, "bold"), f" {what}") for key, what in line.items()) for line in _SUMMARY
    )
    return Text("\n").join(lines)


class Help(ModalScreen[None]):
    """The keys, until another key is pressed."""

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(id="help"):
            scores = "\n".join(f" {line}" for line in wording.SCORES_EXPLAINED)
            yield Static(Text(f"{_HELP}{scores}\n\n any key goes back"))

    def on_key(self, event: events.Key) -> None:
        """Close it, unless the key scrolls."""
        if event.key not in ("up", "down", "pageup", "pagedown"):
            event.stop()
            self.dismiss()
