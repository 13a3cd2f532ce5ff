"""The client's progress bar, for work in another thread."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

Told = Callable[[str, int, int], None]


class StoppedError(Exception):
    """The user stopped the work."""


@asynccontextmanager
async def progress(server: LanguageServer, title: str) -> AsyncIterator[Told]:
    """A bar that is there for the body's length; the body gets what its thread reports a stage with.

    A report is a phrase, how much is done and of how much (0 when unknown); it raises StoppedError once the user has
    pressed the bar's button. A client that knows no bars sees nothing.
    """
    if not get_capability(server.client_capabilities, "window.work_done_progress", False):
        yield lambda stage, done, total: None
        return
    bars, token, loop = server.work_done_progress, uuid.uuid4().hex, asyncio.get_running_loop()
    stopped = threading.Event()

    def report(stage: str, done: int, total: int) -> None:
        if stopped.is_set():
            raise StoppedError
        percentage = 100 * done // total if total else None
        value = types.WorkDoneProgressReport(message=stage, percentage=percentage)
        loop.call_soon_threadsafe(bars.report, token, value)

    await bars.create_async(token)
    bars.tokens[token].add_done_callback(lambda future: stopped.set())
    bars.begin(token, types.WorkDoneProgressBegin(title, cancellable=True))
    try:
        yield report
    finally:
        # Reports the thread has already handed over are sent before the end.
        await asyncio.sleep(0)
        bars.end(token, types.WorkDoneProgressEnd())
        del bars.tokens[token]
