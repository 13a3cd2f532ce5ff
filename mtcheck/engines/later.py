"""An engine that is opened when it is first asked something, which is never where all its outputs are cached."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Later:
    """Stands for the engine that ``make`` opens; what is known of it before that are attributes.

    Whatever ``make`` raises is raised by the first question.
    """

    def __init__(self, make: Callable[[], Any], **known: str) -> None:
        """Open nothing yet; ``known`` holds the signature, and whatever else is asked of an engine before it works."""
        self._make, self._opening = make, threading.Lock()
        self._opened: Any = None
        vars(self).update(known)

    def __getattr__(self, name: str) -> Any:
        """What is not known before."""
        if name.startswith("_"):
            raise AttributeError(name)
        with self._opening:
            if self._opened is None:
                self._opened = self._make()
        return getattr(self._opened, name)
