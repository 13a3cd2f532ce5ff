"""Scores of wordings by hand, made in a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from mtcheck.errors import MtcheckError
from mtcheck.schema import Alternative, Proposal
from mtcheck.session import Judge


class Background:
    """Asks a judge one wording at a time; of several for one entry that wait, only the latest is asked for.

    judge: may take seconds. tell: called in that thread with the entry's index and the scored alternative, or with what
    went wrong. The thread is a daemon: whoever quits does not wait for a model.
    """

    def __init__(self, judge: Judge, tell: Callable[[int, Alternative | str], None]) -> None:
        self._judge, self._tell = judge, tell
        self._waiting: dict[int, tuple[Proposal, str]] = {}
        self._news = threading.Condition()
        threading.Thread(target=self._work, daemon=True, name="mtcheck-judge").start()

    def ask(self, index: int, proposal: Proposal, wording: str) -> None:
        """Have a wording of an entry scored soon."""
        with self._news:
            self._waiting[index] = (proposal, wording)
            self._news.notify()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting)
                index = next(iter(self._waiting))
                proposal, wording = self._waiting.pop(index)
            try:
                self._tell(index, self._judge(proposal, wording))
            except MtcheckError as error:
                self._tell(index, str(error))
