"""Wordings judged by models in a process of their own.

A thread would not do: a library may hold Python's lock while it loads a model, and the screen would stand still.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from multiprocessing.resource_tracker import ensure_running

from mtcheck import pipeline
from mtcheck.engines.load import open_engines
from mtcheck.errors import ModelError, MtcheckError
from mtcheck.schema import Alternative, Document, Proposal
from mtcheck.settings import Settings


class Elsewhere:
    """A judge whose models run in another process, begun with the first wording and gone when this process ends.

    cache: whether outputs of models are remembered. Calling it waits for the answer, in whichever thread calls.
    """

    def __init__(self, document: Document, settings: Settings, *, cache: bool) -> None:
        self._given = (document, settings, cache)
        self._line: Connection | None = None
        ensure_running()  # it needs standard error, which a full screen takes over

    def __call__(self, proposal: Proposal, wording: str) -> Alternative:
        """The wording with its guards and scores. Raises ModelError when a model fails or the process is gone."""
        line = self._line = self._line or self._begun()
        try:
            line.send((proposal, wording))
            outcome: Alternative | str = line.recv()
        except (EOFError, OSError):
            self._line = None
            raise ModelError("the process of the models ended", repair="give the machine more memory") from None
        if isinstance(outcome, str):
            raise ModelError(outcome)
        return outcome

    def _begun(self) -> Connection:
        here, there = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        context.Process(target=_serve, args=(there, *self._given), daemon=True, name="mtcheck-judge").start()
        there.close()
        return here


def _serve(line: Connection, document: Document, settings: Settings, cache: bool) -> None:
    """Judge what comes down the line until it closes; say nothing, since the screen belongs to somebody else."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    engines = open_engines(settings.translator, bool(settings.fast), cache=cache)
    while True:
        try:
            proposal, wording = line.recv()
        except EOFError:
            return
        try:
            line.send(pipeline.judge(document, engines, proposal, wording))
        except MtcheckError as error:
            line.send(str(error))
