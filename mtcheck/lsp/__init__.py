"""The language server: findings in an editor, as you write.

Rules run at every change and models when the file is saved, each in a thread of its own, so that the server always
answers. One call, :func:`serve`, is the whole of it.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import BinaryIO


def serve(fast: bool) -> int:
    """Serve one client on standard input and output until it says goodbye or is gone; the exit status.

    fast: never read a model. The status is 0 after ``shutdown`` and ``exit``, else 1, as the protocol has it.
    """
    from mtcheck.lsp.handlers import make_server

    reader, writer = _own_pipes()
    server = make_server(fast)
    # A thread that waits for input cannot be interrupted: leave without it.
    signal.signal(signal.SIGINT, lambda number, frame: os._exit(130))
    server.start_io(reader, writer)
    return 0 if server.said_goodbye else 1


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the client, out of reach of everything else: what libraries print goes to standard error."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout.flush()
    os.dup2(2, 1)
    return reader, writer
