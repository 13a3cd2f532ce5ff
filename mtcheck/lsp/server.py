"""The server's state: which articles are open, what is known of each, and the threads that find it out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, ParamSpec, TypeVar

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError
from pygls.lsp.server import LanguageServer

from mtcheck import __version__
from mtcheck.detection import sources
from mtcheck.errors import InputError, MtcheckError
from mtcheck.lsp import allowing
from mtcheck.lsp.diagnostics import diagnostics
from mtcheck.lsp.knowledge import Knowledge, Memory, know, read
from mtcheck.lsp.models import Models
from mtcheck.lsp.progress import StoppedError, progress
from mtcheck.settings import Settings

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass
class OpenArticle:
    """An article in the editor.

    known, basis: the latest knowledge and what it was drawn from; serial: its number, new for every knowledge.
    said: what the user was told about it. showing, deepening: work under way.
    """

    memory: Memory = field(default_factory=Memory)
    known: Knowledge | None = None
    basis: tuple[Any, ...] = ()
    serial: int = 0
    said: set[str] = field(default_factory=set)
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    showing: asyncio.Task[None] | None = None
    deepening: asyncio.Task[None] | None = None


class Server(LanguageServer):
    """Thinks about open articles in two threads, one for rules and one for models, and shows what it found."""

    def __init__(self, fast: bool) -> None:
        """``fast``: never read a model."""
        # Whole texts: pygls would place partial changes by Python's line ends, which are more than the protocol's.
        super().__init__("mtcheck", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.articles: dict[str, OpenArticle] = {}
        self.pulls = False
        self.said_goodbye = False
        self._fast, self._models = fast, Models()
        self._rules_thread, self._models_thread = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._said: set[str] = set()
        self._settings_read = 0
        self._serials = count(1)

    async def known(self, uri: str) -> Knowledge:
        """What is known of the text as it stands now; the rules run when they have not seen it."""
        article = self.articles[uri]
        async with article.busy:
            while article.known is None or article.basis != self._basis(uri):
                basis = self._basis(uri)
                article.known, article.basis = await self._think(uri, article), basis
                article.serial = next(self._serials)
        return article.known

    def show(self, uri: str, pause: float = 0.0) -> None:
        """Send the findings, after ``pause`` seconds without another call, to a client that does not fetch them."""
        if not self.pulls:
            article = self.articles[uri]
            article.showing = self._instead_of(article.showing, self._show(uri, pause))

    def deepen(self, uri: str) -> None:
        """Let models read the article as it is now, in the background, and show what they find."""
        article = self.articles[uri]
        article.deepening = self._instead_of(article.deepening, self._deepen(uri))

    async def review(self, uri: str, key: str | None) -> int:
        """Review the sentence of a finding, or the whole article; the number of places with other wordings.

        Raises ModelError and SettingsError.
        """
        known = await self.known(uri)
        if known.document is None:
            return 0
        document = known.document
        if (about := known.finding(key)) and (segment := document.segment_at(about.start)):
            document = replace(document, segments=(replace(segment, seg_id=0),))
        settings = replace(known.settings, fast=known.settings.fast or self._fast)
        async with progress(self, "mtcheck: review") as told:
            made = await self._in_thread(self._models_thread, self._models.review, document, settings, told)
        if article := self.articles.get(uri):
            article.memory = article.memory.under(known.settings).with_review(made)
            await self._renew()
        return sum(len(proposal.alternatives) > 1 for proposal in made.proposals)

    async def dismiss(self, uri: str, key: str | None) -> None:
        """Remember that the words of a finding stay. Raises SettingsError and OutputError."""
        known = await self.known(uri)
        if about := known.finding(key):
            allowing.dismiss(known, about)
            await self.reread_settings()

    def close(self, uri: str) -> None:
        """Forget an article and take its findings from the screen."""
        article = self.articles.pop(uri)
        for task in (article.showing, article.deepening):
            if task:
                task.cancel()
        if not self.pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    async def reread_settings(self) -> None:
        """Settings files changed: check every article anew."""
        self._settings_read += 1
        await self._renew()

    def say(self, text: str, kind: types.MessageType = types.MessageType.Error, said: set[str] | None = None) -> None:
        """Show a message, unless it is among those already said; without ``said``, once in a session."""
        said = self._said if said is None else said
        if text not in said:
            said.add(text)
            self.window_show_message(types.ShowMessageParams(kind, text))

    def _encoding(self) -> str:
        """The encoding whose units the client counts in."""
        agreed = self.server_capabilities.position_encoding
        return agreed.value if isinstance(agreed, types.PositionEncodingKind) else agreed or "utf-16"

    def _basis(self, uri: str) -> tuple[Any, ...]:
        return self.workspace.get_text_document(uri).source, self.articles[uri].memory, self._settings_read

    async def _think(self, uri: str, article: OpenArticle) -> Knowledge:
        document = self.workspace.get_text_document(uri)
        text, path = document.source, document.path or ""
        settings = Settings()
        try:
            settings = sources({})(path)
            thought = await self._in_thread(
                self._rules_thread, _think, text, path, document.language_id, settings, article.memory, self._encoding()
            )
        except InputError as error:
            self.say(str(error), types.MessageType.Warning, article.said)
        except MtcheckError as error:
            self.say(str(error), said=article.said)
        else:
            article.said.clear()
            return thought
        return Knowledge(text, settings)

    async def _show(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        known = await self.known(uri)
        version = self.workspace.get_text_document(uri).version
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics(known), version))

    async def _deepen(self, uri: str) -> None:
        known = await self.known(uri)
        if known.document is None or known.settings.fast or self._fast:
            return
        try:
            async with progress(self, "mtcheck: models") as told:
                found, missing = await self._in_thread(
                    self._models_thread, self._models.findings, known.document, known.settings, told
                )
        except MtcheckError as error:
            self.say(str(error))
        except StoppedError:
            pass
        else:
            article = self.articles[uri]
            article.memory = article.memory.under(known.settings).with_findings(known.document, found)
            for clause in missing:
                self.say(clause, types.MessageType.Warning)
            await self._renew()

    async def _renew(self) -> None:
        if self.pulls:
            await self.workspace_diagnostic_refresh_async(None)
        for uri in self.articles:
            self.show(uri)

    async def _in_thread(
        self, thread: ThreadPoolExecutor, job: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        return await asyncio.wrap_future(thread.submit(job, *args, **kwargs))

    def _instead_of(self, running: asyncio.Task[None] | None, job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a job in the background and stop the one it takes the place of."""
        if running:
            running.cancel()
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self.report_server_error(error, FeatureNotificationError)


def _think(
    text: str, path: str, language_id: str | None, settings: Settings, memory: Memory, encoding: str
) -> Knowledge:
    document = None if settings.excludes(path) else read(text, path, language_id)
    return know(document, settings, memory, encoding) if document else Knowledge(text, settings)
