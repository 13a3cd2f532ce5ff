"""What the server does when the client opens, changes, saves, points or asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcRequestCancelled

from mtcheck import decisions
from mtcheck.checking import baseline
from mtcheck.errors import MtcheckError
from mtcheck.lsp import actions
from mtcheck.lsp.diagnostics import SOURCE, diagnostics
from mtcheck.lsp.hover import hover
from mtcheck.lsp.progress import StoppedError
from mtcheck.lsp.server import OpenArticle, Server
from mtcheck.reports._entries import plural

PAUSE = 0.25
"""Seconds without a change before findings are sent."""
_WATCHED = [f"**/{name}" for name in ("mtcheck.toml", "pyproject.toml", decisions.FILE_NAME, baseline.FILE_NAME)]
Result = TypeVar("Result")


def make_server(fast: bool) -> Server:
    """A server that is ready to start; ``fast``: it never reads a model."""
    server = Server(fast)
    for method, (handler, options) in _HANDLERS.items():
        server.feature(method, options)(handler)
    server.command(actions.REVIEW)(_review)
    server.command(actions.DISMISS)(_dismiss)
    return server


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    """Clients that can be told to come again fetch diagnostics themselves; others are sent them."""
    client = params.capabilities
    refreshable = get_capability(client, "workspace.diagnostics.refresh_support", False)
    ls.pulls = bool(refreshable and get_capability(client, "text_document.diagnostic"))
    if ls.pulls:
        options = types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False, identifier=SOURCE)
        ls.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(_diagnostic)


async def _initialized(ls: Server, params: types.InitializedParams) -> None:
    if get_capability(ls.client_capabilities, "workspace.did_change_watched_files.dynamic_registration", False):
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted = types.Registration("mtcheck-settings", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        await ls.client_register_capability_async(types.RegistrationParams([wanted]))


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    ls.articles[params.text_document.uri] = OpenArticle()
    ls.show(params.text_document.uri)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    ls.show(params.text_document.uri, PAUSE)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    uri = params.text_document.uri
    ls.articles[uri].known = None  # settings may have changed too, and not every client watches files
    ls.show(uri)
    ls.deepen(uri)


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.close(params.text_document.uri)


async def _settings_changed(ls: Server, params: Any) -> None:
    await ls.reread_settings()


def _shutdown(ls: Server, params: None) -> None:
    ls.said_goodbye = True


async def _diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    uri = params.text_document.uri
    if uri not in ls.articles:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    known, serial = await ls.known(uri), str(ls.articles[uri].serial)
    if params.previous_result_id == serial:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=serial)
    return types.RelatedFullDocumentDiagnosticReport(items=diagnostics(known), result_id=serial)


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    return hover(await ls.known(params.text_document.uri), params.position)


async def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    known = await ls.known(uri)
    versioned = get_capability(ls.client_capabilities, "workspace.workspace_edit.document_changes", False)
    target = actions.Target(uri, ls.workspace.get_text_document(uri).version, bool(versioned))
    return actions.actions(known, target, params.range, params.context.only)


async def _review(ls: Server, *arguments: Any) -> int:
    """``mtcheck.review``: arguments are a URI and, for a single finding, its key (``data.key`` of the diagnostic)."""
    uri, key = _article(ls, arguments)
    places = await _told(ls.review(uri, key))
    told = (
        f"other wordings in {plural(places, 'place')}; they are among the quick fixes"
        if places
        else "no other wordings"
    )
    ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"mtcheck: {told}"))
    return places


async def _dismiss(ls: Server, *arguments: Any) -> None:
    """``mtcheck.dismiss``: arguments are a URI and a finding's key."""
    await _told(ls.dismiss(*_article(ls, arguments)))


def _article(ls: Server, arguments: tuple[Any, ...]) -> tuple[str, str | None]:
    uri, key = (*arguments, None, None)[:2]
    if uri not in ls.articles:
        raise JsonRpcInvalidParams("expected the URI of an open article, and perhaps a finding's key")
    return uri, key


async def _told(job: Awaitable[Result]) -> Result:
    """The result of a command, or its failure in words that the client shows."""
    try:
        return await job
    except MtcheckError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed) from error
    except StoppedError:
        raise JsonRpcRequestCancelled("stopped") from None


_HANDLERS: dict[str, tuple[Callable[..., Any], Any]] = {
    types.INITIALIZE: (_initialize, None),
    types.INITIALIZED: (_initialized, None),
    types.SHUTDOWN: (_shutdown, None),
    types.TEXT_DOCUMENT_DID_OPEN: (_opened, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (_changed, None),
    types.TEXT_DOCUMENT_DID_SAVE: (_saved, None),
    types.TEXT_DOCUMENT_DID_CLOSE: (_closed, None),
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: (_settings_changed, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (_settings_changed, None),
    types.TEXT_DOCUMENT_HOVER: (_hover, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        _code_action,
        types.CodeActionOptions([actions.QUICK_FIX, actions.FIX_ALL, actions.REVIEW_ALL]),
    ),
}
