"""An engine that is opened when it is first asked something, which is never where all its outputs are cached."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any


class Together:
    """The engines of one run: when the first is asked something, the others open too, side by side with its work."""

    def __init__(self) -> None:
        """No engine yet."""
        self._engines: list[Later] = []
        self._begun = threading.Lock()

    def add(self, engine: Later) -> None:
        """Another engine of the run; they open in the order in which they were added."""
        self._engines.append(engine)

    def begin(self) -> None:
        """Open all in the background; only the first call does anything."""
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._open, name="opening engines").start()

    def _open(self) -> None:
        for engine in self._engines:
            with contextlib.suppress(Exception):  # whoever asks this engine something will be told
                engine.open_unless_busy()


class Later:
    """Stands for the engine that ``make`` opens; what is known of it before that are attributes.

    Whatever ``make`` raises is raised by the first question.
    """

    def __init__(self, make: Callable[[], Any], together: Together | None = None, **known: str) -> None:
        """Open nothing yet; ``known`` holds the signature, and whatever else is asked of an engine before it works.

        together: the engines that open when this one does.
        """
        self._make, self._opening, self._together = make, threading.Lock(), together
        self._opened: Any = None
        vars(self).update(known)
        if together:
            together.add(self)

    def __getattr__(self, name: str) -> Any:
        """What is not known before."""
        if name.startswith("_"):
            raise AttributeError(name)
        if self._together and self._opened is None:
            self._together.begin()
        with self._opening:
            return getattr(self._engine(), name)

    def open_unless_busy(self) -> None:
        """Open the engine, unless another thread is at it."""
        if self._opening.acquire(blocking=False):
            try:
                self._engine()
            finally:
                self._opening.release()

    def _engine(self) -> Any:
        if self._opened is None:
            self._opened = self._make()
        return self._opened
