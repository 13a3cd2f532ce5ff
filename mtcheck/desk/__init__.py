"""Where a person answers a review: on a full screen (``screen``), or line by line (``plain``).

Both show the same session in the same words (``wording``). On the screen, what models say of a wording by hand is asked
for in another thread (``background``), so that it never waits for one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from mtcheck.errors import InputError
from mtcheck.session import Judge, Session


def require_terminal(*, plain: bool) -> None:
    """Raise InputError when there is no screen to fill; the plain desk takes answers from anywhere."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)  # Textual draws on the last
    if plain:
        return
    if not all(stream and stream.isatty() for stream in streams):
        raise InputError("a review by keyboard needs a terminal", repair="leave out -i, or use --plain")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise InputError("this terminal cannot show a full screen", repair="use --plain")


def sit_down(session: Session, judge: Judge | None, say: Callable[[str], None], *, plain: bool) -> None:
    """Have a person answer a session. Raises KeyboardInterrupt when they interrupt it; every answer is kept then too.

    judge: scores a wording by hand with models, which may take seconds; None without any.
    """
    if plain:
        from mtcheck.desk.plain import Plain

        return Plain(session, judge, sys.stdin, say).run()
    from mtcheck.desk.screen import LEFT, Desk

    if Desk(session, judge).run() != LEFT:  # Ctrl-C as a key, or as a signal, which leaves nothing behind
        raise KeyboardInterrupt
    return None
