"""The models behind the server: opened once, when first wanted, and used by one thread at a time."""

from __future__ import annotations

from mtcheck import pipeline
from mtcheck.checking.article import reported
from mtcheck.engines import Engines
from mtcheck.errors import ModelError
from mtcheck.proposing import Progress
from mtcheck.schema import Document, Finding, Review
from mtcheck.settings import Settings


class Models:
    """Engines for checks and for reviews; the latter do for both, once they are open."""

    def __init__(self) -> None:
        self._detecting: Engines | None = None
        self._reviewing: dict[tuple[str | None, bool], Engines] = {}

    def findings(
        self, document: Document, settings: Settings, progress: Progress
    ) -> tuple[list[Finding], tuple[str, ...]]:
        """Every finding of a check with models, and what it had to do without. Raises SettingsError and ModelError."""
        engines = self._detecting or self._opened_for_checks(progress)
        progress("checking", 0, 0)
        return reported(document, engines, settings), engines.missing

    def review(self, document: Document, settings: Settings, progress: Progress) -> Review:
        """A whole review. Raises SettingsError, and ModelError without a back-translator unless settings are fast."""
        key = settings.translator, settings.fast
        if key not in self._reviewing:
            from mtcheck.engines.load import open_engines

            opened = open_engines(*key, progress=lambda phrase: progress(phrase, 0, 0))
            if not opened.back_translator and not settings.fast:
                raise ModelError("no model to back-translate with", repair="run: mtcheck models fetch, or set fast")
            self._reviewing, self._detecting = {key: opened}, opened
        return pipeline.review(document, self._reviewing[key], settings, progress)

    def _opened_for_checks(self, progress: Progress) -> Engines:
        from mtcheck.engines.load import open_detecting

        self._detecting = open_detecting(told=lambda phrase: progress(phrase, 0, 0))
        return self._detecting
