"""The language server: over standard input and output, with a real client that has the abilities of real editors."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any, Union

import cattrs
import pytest
import pytest_lsp
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from mtcheck.lsp.actions import FIX_ALL, REVIEW, Target, actions
from mtcheck.lsp.hover import hover
from mtcheck.lsp.knowledge import Memory, know, read
from mtcheck.lsp.positions import Positions
from mtcheck.settings import Settings
from tests.review_sample import DOCUMENT as REVIEWED
from tests.review_sample import REVIEW as SAMPLE

PUSHED = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
ARTICLE = "He said it in interview to TV channel CNN.\n\nThe the talks on middle East ended.\n"
HOSTILE = (
    "\ufeffA page\x0cbreak and a line\u2028separator stand here 😀.\r\n"
    "\r\n"
    "\U0001d504\u0301 Кот 😀, said he, gave it in interview to CNN and e\u0301 the the talks on middle East ended.\r"
)


def converter() -> cattrs.Converter:
    """The library's own takes a code action that runs a command for a bare command."""
    made = default_converter()
    made.register_structure_hook(
        Union[types.Command, types.CodeAction],  # noqa: UP007 - the library's own key
        lambda record, _: made.structure(record, types.CodeAction),
    )
    return made


class Editor(LanguageClient):
    """A client that keeps every set of findings it is sent, in order."""

    def __init__(self) -> None:
        super().__init__(converter_factory=converter)
        self.sent: defaultdict[str, asyncio.Queue[types.PublishDiagnosticsParams]] = defaultdict(asyncio.Queue)
        register_lsp_features(self, DEFAULT_CLIENT_FEATURES | {PUSHED: _keep})
        self.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)


def _keep(ls: Editor, params: types.PublishDiagnosticsParams) -> None:
    ls.diagnostics[params.uri] = params.diagnostics
    ls.sent[params.uri].put_nowait(params)


def config(*options: str) -> ClientServerConfig:
    return ClientServerConfig([sys.executable, "-m", "mtcheck", "lsp", *options], client_factory=Editor)


def fetching() -> types.ClientCapabilities:
    """An editor that fetches diagnostics and can be told to come again, as VS Code and Neovim 0.12 do."""
    made = client_capabilities("neovim@0.11.0")
    assert made.workspace is not None
    made.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    return made


async def session(editor: Editor, capabilities: types.ClientCapabilities) -> AsyncIterator[None]:
    await editor.initialize_session(types.InitializeParams(capabilities=capabilities))
    yield
    await editor.shutdown_session()


@pytest_lsp.fixture(config=config("--fast", "--stdio"), scope="module")
async def emacs(lsp_client: Editor) -> AsyncIterator[None]:
    """Waits for findings and counts in UTF-32."""
    async for _ in session(lsp_client, client_capabilities("emacs@29.1")):
        yield


@pytest_lsp.fixture(config=config("--fast"), scope="module")
async def vscode(lsp_client: Editor) -> AsyncIterator[None]:
    """Fetches findings; counts in UTF-8."""
    async for _ in session(lsp_client, fetching()):
        yield


@pytest_lsp.fixture(config=config())
async def with_models(lsp_client: Editor) -> AsyncIterator[None]:
    async for _ in session(lsp_client, client_capabilities("emacs@29.1")):
        yield


def open_article(editor: Editor, path: Path, text: str) -> str:
    path.write_bytes(text.encode())
    item = types.TextDocumentItem(path.as_uri(), "plaintext", 1, text)
    editor.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return path.as_uri()


def change(editor: Editor, uri: str, version: int, text: str) -> None:
    whole = types.TextDocumentContentChangeWholeDocument(text)
    about = types.VersionedTextDocumentIdentifier(version, uri)
    editor.text_document_did_change(types.DidChangeTextDocumentParams(about, [whole]))


def save(editor: Editor, uri: str) -> None:
    editor.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))


def close(editor: Editor, uri: str) -> None:
    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))


async def published(editor: Editor, uri: str) -> types.PublishDiagnosticsParams:
    return await asyncio.wait_for(editor.sent[uri].get(), 60)


def rules_in(sent: types.PublishDiagnosticsParams) -> set[str]:
    return {str(one.code) for one in sent.diagnostics}


async def offered(
    editor: Editor, uri: str, within: types.Range, only: list[str] | None = None
) -> list[types.CodeAction]:
    about = types.TextDocumentIdentifier(uri)
    context = types.CodeActionContext([], only)
    return list(await editor.text_document_code_action_async(types.CodeActionParams(about, within, context)) or [])


def cut(text: str, place: types.Range, encoding: str) -> str:
    """What an editor that counts in an encoding's units sees at a range; worked out from bytes alone."""
    codec, size = CODECS[encoding]
    assert place.start.line == place.end.line
    line = re.split("\r\n|\r|\n", text)[place.start.line].encode(codec)
    return line[place.start.character * size : place.end.character * size].decode(codec)


def edited(text: str, edit: types.WorkspaceEdit | None, encoding: str) -> str:
    assert edit is not None
    if edit.changes:
        changes: Iterable[Any] = next(iter(edit.changes.values()))
    else:
        assert edit.document_changes
        changes = edit.document_changes[0].edits  # type: ignore[union-attr]
    places = Positions(text, encoding)
    for one in sorted(changes, key=lambda one: places.offset(one.range.start), reverse=True):
        text = text[: places.offset(one.range.start)] + one.new_text + text[places.offset(one.range.end) :]
    return text


# -- findings


@pytest.mark.asyncio(loop_scope="module")
async def test_findings_are_sent_with_rule_severity_key_and_fixes(emacs: Editor, tmp_path: Path) -> None:
    uri = open_article(emacs, tmp_path / "a.txt", ARTICLE)
    sent = await published(emacs, uri)
    assert sent.version == 1
    found = {str(one.code): one for one in sent.diagnostics}
    assert list(found) == [
        "wrong-preposition-after-noun",
        "generic-noun-before-name",
        "doubled-word",
        "lower-case-region",
    ]
    region = found["lower-case-region"]
    assert (region.source, region.severity) == ("mtcheck", types.DiagnosticSeverity.Information)
    assert region.code_description is None
    assert cut(ARTICLE, region.range, "utf-32") == "middle East"
    assert region.data["fixes"] == [{"replacement": "Middle East", "applicability": "safe"}]
    assert re.fullmatch("[0-9a-f]{16}", region.data["key"])
    close(emacs, uri)
    assert (await published(emacs, uri)).diagnostics == ()


@pytest.mark.asyncio(loop_scope="module")
async def test_only_the_last_of_quick_changes_is_shown(emacs: Editor, tmp_path: Path) -> None:
    uri = open_article(emacs, tmp_path / "b.txt", ARTICLE)
    await published(emacs, uri)
    for version in range(2, 12):
        change(emacs, uri, version, f"{ARTICLE}Line {version} of the the text.\n")
        await asyncio.sleep(0.01)
    sent = await published(emacs, uri)
    assert sent.version == 11
    assert len(sent.diagnostics) == 5
    close(emacs, uri)
    await published(emacs, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_answers_are_about_the_text_as_it_is_now(emacs: Editor, tmp_path: Path) -> None:
    uri = open_article(emacs, tmp_path / "c.txt", "All is well here.\n")
    change(emacs, uri, 2, ARTICLE)
    made = await offered(emacs, uri, types.Range(types.Position(2, 18), types.Position(2, 18)))
    assert "Replace “middle East” with “Middle East”" in [action.title for action in made]
    close(emacs, uri)
    await published(emacs, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_client_that_fetches_is_not_sent_anything(vscode: Editor, tmp_path: Path) -> None:
    uri = open_article(vscode, tmp_path / "a.txt", HOSTILE)
    about = types.TextDocumentIdentifier(uri)
    report = await vscode.text_document_diagnostic_async(types.DocumentDiagnosticParams(about))
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    shown = [(str(one.code), cut(HOSTILE, one.range, "utf-8")) for one in report.items]
    assert shown == [
        ("untranslated-cyrillic", "Кот"),
        ("wrong-preposition-after-noun", "in interview to"),
        ("doubled-word", " the"),
        ("lower-case-region", "middle East"),
    ]
    again = types.DocumentDiagnosticParams(about, previous_result_id=report.result_id)
    assert isinstance(
        await vscode.text_document_diagnostic_async(again), types.RelatedUnchangedDocumentDiagnosticReport
    )
    assert uri not in vscode.diagnostics
    (tmp_path / "mtcheck.toml").write_text('ignore = ["doubled-word"]\n', encoding="utf-8")
    changed = types.FileEvent((tmp_path / "mtcheck.toml").as_uri(), types.FileChangeType.Created)
    vscode.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    report = await vscode.text_document_diagnostic_async(again)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert len(report.items) == 3
    assert vscode.diagnostic_refresh_count == 1
    close(vscode, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_settings_are_those_of_the_folder_and_a_fault_in_them_is_told_once(emacs: Editor, tmp_path: Path) -> None:
    settings = tmp_path / "mtcheck.toml"
    settings.write_text("selekt = []\n", encoding="utf-8")
    before = len(emacs.messages)
    uri = open_article(emacs, tmp_path / "a.txt", ARTICLE)
    assert (await published(emacs, uri)).diagnostics == ()
    change(emacs, uri, 2, ARTICLE + "\n")
    assert (await published(emacs, uri)).diagnostics == ()
    told = emacs.messages[before:]
    assert [message.type for message in told] == [types.MessageType.Error]
    assert "mtcheck.toml:1" in told[0].message
    assert "selekt" in told[0].message
    settings.write_text('select = ["lower-case-region"]\n', encoding="utf-8")
    save(emacs, uri)
    assert [one.code for one in (await published(emacs, uri)).diagnostics] == ["lower-case-region"]
    close(emacs, uri)
    await published(emacs, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_known_findings_are_hints(emacs: Editor, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Talks on middle East ended.\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mtcheck", "baseline", "create", "--fast", "a.txt"], cwd=tmp_path, check=True)
    (tmp_path / "mtcheck.toml").write_text('baseline = "mtcheck-baseline.json"\n', encoding="utf-8")
    uri = open_article(emacs, tmp_path / "a.txt", "Talks on middle East ended. The the end.\n")
    found = {str(one.code): one.severity for one in (await published(emacs, uri)).diagnostics}
    assert found == {
        "lower-case-region": types.DiagnosticSeverity.Hint,
        "doubled-word": types.DiagnosticSeverity.Information,
    }
    close(emacs, uri)
    await published(emacs, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_another_language_is_told_once(emacs: Editor, tmp_path: Path) -> None:
    russian = "Об этом заявил министр иностранных дел России Сергей Лавров в интервью телеканалу.\n"
    before = len(emacs.messages)
    uri = open_article(emacs, tmp_path / "ru.txt", russian)
    assert (await published(emacs, uri)).diagnostics == ()
    change(emacs, uri, 2, russian * 2)
    assert (await published(emacs, uri)).diagnostics == ()
    assert [message.type for message in emacs.messages[before:]] == [types.MessageType.Warning]
    assert "looks like Russian" in emacs.messages[-1].message
    close(emacs, uri)
    await published(emacs, uri)


# -- what is offered


@pytest.mark.asyncio(loop_scope="module")
async def test_hover_shows_the_finding_and_the_page_of_its_rule(emacs: Editor, tmp_path: Path) -> None:
    uri = open_article(emacs, tmp_path / "a.txt", ARTICLE)
    about = types.TextDocumentIdentifier(uri)
    shown = await emacs.text_document_hover_async(types.HoverParams(about, types.Position(2, 20)))
    assert shown is not None
    assert isinstance(shown.contents, types.MarkupContent)
    assert shown.contents.kind is types.MarkupKind.Markdown
    assert cut(ARTICLE, shown.range, "utf-32") == "middle East"
    for part in ("**lower-case-region** · minor", "Better: “Middle East” (safe)", "**What it flags.**", "**Better.**"):
        assert part in shown.contents.value
    assert await emacs.text_document_hover_async(types.HoverParams(about, types.Position(0, 0))) is None
    close(emacs, uri)
    await published(emacs, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_fixes_one_by_one_and_all_at_once(vscode: Editor, tmp_path: Path) -> None:
    uri = open_article(vscode, tmp_path / "b.txt", HOSTILE)
    whole = types.Range(types.Position(0, 0), types.Position(9, 0))
    fixes = {action.title: action for action in await offered(vscode, uri, whole, ["quickfix"])}
    region = fixes["Replace “middle East” with “Middle East”"]
    assert region.is_preferred
    assert region.diagnostics
    assert edited(HOSTILE, region.edit, "utf-8") == HOSTILE.replace("middle East", "Middle East")
    interview = fixes["Replace “in interview to” with “in an interview with”"]
    assert not interview.is_preferred
    [everything] = await offered(vscode, uri, whole, ["source.fixAll"])
    assert everything.kind == FIX_ALL
    mended = HOSTILE.replace("middle East", "Middle East").replace("the the", "the")
    assert edited(HOSTILE, everything.edit, "utf-8") == mended
    assert await offered(vscode, uri, whole, ["refactor"]) == []
    close(vscode, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_review_of_nothing_is_refused(emacs: Editor) -> None:
    with pytest.raises(Exception, match="expected the URI of an open article"):
        await emacs.workspace_execute_command_async(types.ExecuteCommandParams(REVIEW, arguments=["file:///no"]))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_finding_is_dismissed_for_good(emacs: Editor, tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text('decisions = "mtcheck-decisions.json"\n', encoding="utf-8")
    uri = open_article(emacs, tmp_path / "a.txt", ARTICLE)
    region = (await published(emacs, uri)).diagnostics[-1]
    dismiss = next(action for action in await offered(emacs, uri, region.range) if "Dismiss" in action.title)
    assert dismiss.title == "Dismiss lower-case-region for “middle East”, wherever it stands"
    await run_command(emacs, dismiss)
    assert "lower-case-region" not in rules_in(await published(emacs, uri))
    assert '"article": "a.txt"' in (tmp_path / "mtcheck-decisions.json").read_text(encoding="utf-8")
    close(emacs, uri)
    await published(emacs, uri)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (
            "Talks on middle East  \nended.\n",
            "Talks on middle East <!-- mtcheck: allow lower-case-region -->  \nended.\n",
        ),
        ("# The middle East\n", "# The middle East <!-- mtcheck: allow lower-case-region -->\n"),
        (
            "| a |\n|---|\n| The middle East talks |\n",
            "| a |\n|---|\n| The middle East <!-- mtcheck: allow lower-case-region --> talks |\n",
        ),
    ],
)
def test_a_comment_that_allows_a_finding_is_put_where_it_works(text: str, allowed: str) -> None:
    document = read(text, "a.md", None)
    assert document
    known = know(document, Settings(), Memory(), "utf-16")
    whole = types.Range(types.Position(0, 0), types.Position(9, 0))
    made = actions(known, Target("file:///a.md", 1, True), whole, None)
    [allow] = [action for action in made if action.title == "Allow lower-case-region here"]
    assert edited(text, allow.edit, "utf-16") == allowed
    again = read(allowed, "a.md", None)
    assert again
    assert know(again, Settings(), Memory(), "utf-16").findings == ()


def test_plain_text_has_no_comments_to_allow_with() -> None:
    document = read("Talks on middle East ended.\n", "a.txt", None)
    assert document
    known = know(document, Settings(), Memory(), "utf-16")
    whole = types.Range(types.Position(0, 0), types.Position(9, 0))
    assert not any("Allow" in action.title for action in actions(known, Target("", 1, True), whole, None))


def test_wordings_of_a_review_become_actions_with_scores_and_back_translations() -> None:
    memory = Memory().under(Settings()).with_review(SAMPLE)
    known = know(REVIEWED, Settings(), memory, "utf-16")
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    made = {action.title: action for action in actions(known, Target("file:///a.md", 1, True), whole, ["quickfix"])}
    title = "Replace “said about” with “spoke of” (meaning 88, fluency +2.2, reads back as «говорил»)"
    assert edited(REVIEWED.text, made[title].edit, "utf-16") == REVIEWED.text.replace("said about", "spoke of")
    assert any("“Russian Foreign Minister” (meaning 100, fluency +5.4, reads back the same)" in title for title in made)
    assert not any("denied" in title for title in made), "what breaks a guard is not offered"
    shown = hover(known, known.positions.position(REVIEWED.text.index("said about")))
    assert shown is not None
    assert isinstance(shown.contents, types.MarkupContent)
    assert "reads back as *Лавров говорил об отсутствии планов захвата Алеппо*" in shown.contents.value
    assert SAMPLE.signature in shown.contents.value


def test_what_models_said_outlives_edits_of_other_sentences() -> None:
    memory = Memory().under(Settings()).with_review(SAMPLE)
    moved = read("A new line of text.\n\n" + REVIEWED.text.replace("3,000 people", "400 people"), "a.md", None)
    assert moved is not None
    known = know(moved, Settings(), memory, "utf-16")
    kept = {p.finding.rule for p in known.proposals}
    assert "said-about-noun" in kept
    assert "half-capitalised-name" not in kept, "its sentence has changed"
    raw = known.segment(known.proposals[0].finding).raw_span(known.proposals[0].span)
    assert moved.text[raw.start : raw.end] == "said about"
    assert know(moved, Settings(ignore=("said-about-noun",)), memory, "utf-16").proposals == ()


# -- positions


@given(st.text(st.sampled_from("aé\u0301😀\U0001d504\u2028\x0c\r\n ")), st.sampled_from(sorted(CODECS)), st.data())
def test_positions_are_exact(text: str, encoding: str, data: st.DataObject) -> None:
    places = Positions(text, encoding)
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":
        return
    codec, size = CODECS[encoding]
    *lines, last = re.split("\r\n|\r|\n", text[:offset])
    position = places.position(offset)
    assert position == types.Position(len(lines), len(last.encode(codec)) // size)
    assert places.offset(position) == offset


def test_positions_beyond_the_text_and_within_a_character() -> None:
    places = Positions("a😀b\nc")
    assert places.offset(types.Position(0, 2)) == 1, "the middle of a character stands for its start"
    assert places.offset(types.Position(0, 99)) == 3
    assert places.offset(types.Position(9, 0)) == 5


# -- the process


def frame(body: str) -> bytes:
    return f"Content-Length: {len(body)}\r\n\r\n{body}".encode()


def run(*bodies: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mtcheck", "lsp", "--fast"]
    return subprocess.run(command, input=b"".join(map(frame, bodies)), capture_output=True, timeout=60, check=False)


INITIALIZE = '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}'
SHUTDOWN = '{"jsonrpc": "2.0", "id": 2, "method": "shutdown"}'
EXIT = '{"jsonrpc": "2.0", "method": "exit"}'


@pytest.mark.parametrize(
    ("bodies", "status"), [((INITIALIZE, SHUTDOWN, EXIT), 0), ((INITIALIZE, EXIT), 1), ((INITIALIZE,), 1)]
)
def test_exit_status(bodies: tuple[str, ...], status: int) -> None:
    ended = run(*bodies)
    assert ended.returncode == status, ended.stderr.decode()
    assert ended.stdout.startswith(b"Content-Length: ")


def test_what_libraries_print_does_not_reach_the_client() -> None:
    code = (
        "import os; from mtcheck.lsp import _own_pipes\n"
        "reader, writer = _own_pipes(); print('noise', flush=True); os.system('echo noise; cat')\n"
        "writer.write(reader.read()); writer.flush()"
    )
    ended = subprocess.run([sys.executable, "-c", code], input=b"echo", capture_output=True, timeout=60, check=True)
    assert ended.stdout == b"echo"
    assert ended.stderr == b"noise\nnoise\n"


# -- with scripted models


@pytest_lsp.fixture(
    config=ClientServerConfig([sys.executable, "-m", "tests.scripted_lsp"], client_factory=Editor), scope="module"
)
async def scripted(lsp_client: Editor) -> AsyncIterator[None]:
    async for _ in session(lsp_client, client_capabilities("emacs@29.1")):
        yield


AWKWARD = "An awkward phrase.\n\nAnother awkward phrase.\n"


@pytest.mark.asyncio(loop_scope="module")
async def test_what_models_found_stays_until_the_sentence_changes(scripted: Editor, tmp_path: Path) -> None:
    uri = open_article(scripted, tmp_path / "a.txt", AWKWARD)
    assert (await published(scripted, uri)).diagnostics == ()
    save(scripted, uri)
    while not (deeper := await published(scripted, uri)).diagnostics:
        pass
    assert rules_in(deeper) == {"low-fluency"}
    assert [cut(AWKWARD, one.range, "utf-32") for one in deeper.diagnostics] == ["awkward", "awkward"]
    changed = "A line more.\n\n" + AWKWARD.replace("Another", "One more")
    change(scripted, uri, 2, changed)
    kept = (await published(scripted, uri)).diagnostics
    assert [one.range.start.line for one in kept] == [2]
    assert [message.message for message in scripted.messages].count("no tagger here") == 1
    close(scripted, uri)
    await published(scripted, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_server_answers_while_models_think_and_forgets_what_is_stale(
    scripted: Editor, tmp_path: Path
) -> None:
    text = "Read slowly.\n\n" + AWKWARD
    uri = open_article(scripted, tmp_path / "a.txt", text)
    await published(scripted, uri)
    save(scripted, uri)
    await published(scripted, uri)
    while not (bar := list(scripted.progress_reports.values())[-1]) or isinstance(bar[-1], types.WorkDoneProgressEnd):
        await asyncio.sleep(0.02)
    about = types.TextDocumentIdentifier(uri)
    assert await scripted.text_document_hover_async(types.HoverParams(about, types.Position(0, 0))) is None
    assert not isinstance(bar[-1], types.WorkDoneProgressEnd), "the models are still at it"
    change(scripted, uri, 2, "Something else.\n\n" + AWKWARD.replace("Another", "One more"))
    assert (await published(scripted, uri)).diagnostics == ()
    deeper = await published(scripted, uri)
    assert deeper.version == 2
    assert [one.range.start.line for one in deeper.diagnostics] == [2], "only the sentence that still stands"
    close(scripted, uri)
    await published(scripted, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_progress_bar_stops_the_models(scripted: Editor, tmp_path: Path) -> None:
    bars = len(scripted.progress_reports)
    uri = open_article(scripted, tmp_path / "a.txt", "Read slowly.\n\n" + AWKWARD)
    await published(scripted, uri)
    save(scripted, uri)
    while len(scripted.progress_reports) == bars or not (bar := list(scripted.progress_reports.items())[-1])[1]:
        await asyncio.sleep(0.02)
    scripted.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(bar[0]))
    while not isinstance(bar[1][-1], types.WorkDoneProgressEnd):
        await asyncio.sleep(0.02)
    assert isinstance(bar[1][0], types.WorkDoneProgressBegin)
    assert len(bar[1]) < 12, "ten reports, the beginning and the end, had it not been stopped"
    assert scripted.diagnostics[uri] == ()
    close(scripted, uri)
    await published(scripted, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_model_that_fails_is_told_once(scripted: Editor, tmp_path: Path) -> None:
    uri = open_article(scripted, tmp_path / "a.txt", "This is broken.\n")
    await published(scripted, uri)
    trouble = "the weights are gone; fetch them"
    for _ in range(2):
        save(scripted, uri)
        await published(scripted, uri)
        while trouble not in [message.message for message in scripted.messages]:
            await asyncio.sleep(0.02)
    close(scripted, uri)
    await published(scripted, uri)
    assert [message.message for message in scripted.messages].count(trouble) == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_a_review_brings_wordings_one_finding_or_the_whole_article(scripted: Editor, tmp_path: Path) -> None:
    uri = open_article(scripted, tmp_path / "a.txt", AWKWARD)
    await published(scripted, uri)
    save(scripted, uri)
    while not (deeper := await published(scripted, uri)).diagnostics:
        pass
    first, second = (one.range for one in deeper.diagnostics)
    look = next(action for action in await offered(scripted, uri, first) if action.command)
    assert look.title == "Look for other wordings of “awkward” (slow)"
    assert await run_command(scripted, look) == 1
    titles = {action.title: action for action in await offered(scripted, uri, first, ["quickfix"])}
    wording = "Replace “awkward” with “smooth” (meaning 91, fluency +3.4, reads back as «Гладкая»)"
    assert edited(AWKWARD, titles[wording].edit, "utf-32") == AWKWARD.replace("awkward", "smooth", 1)
    assert wording not in {action.title for action in await offered(scripted, uri, second)}
    [everything] = await offered(scripted, uri, first, ["source.review"])
    assert await run_command(scripted, everything) == 2
    assert wording in {action.title for action in await offered(scripted, uri, second)}
    assert scripted.messages[-1].message == "mtcheck: other wordings in 2 places; they are among the quick fixes"
    close(scripted, uri)
    await published(scripted, uri)


async def run_command(editor: Editor, action: types.CodeAction) -> Any:
    assert action.command
    params = types.ExecuteCommandParams(action.command.command, arguments=action.command.arguments)
    return await editor.workspace_execute_command_async(params)


# -- with models


@pytest.mark.models
@pytest.mark.asyncio
async def test_models_read_what_is_saved_and_look_for_wordings(with_models: Editor, tmp_path: Path) -> None:
    text = "He said it in interview to CNN.\n\nFull text of the interview published on the website of ministry.\n"
    uri = open_article(with_models, tmp_path / "a.txt", text)
    by_rules = rules_in(await published(with_models, uri))
    save(with_models, uri)
    while "missing-copula" not in rules_in(deeper := await published(with_models, uri)):
        assert rules_in(deeper) == by_rules
    [bar] = with_models.progress_reports.values()
    assert isinstance(bar[0], types.WorkDoneProgressBegin)
    assert isinstance(bar[-1], types.WorkDoneProgressEnd)
    change(with_models, uri, 2, "A line more.\n\n" + text)
    kept = await published(with_models, uri)
    assert rules_in(kept) == rules_in(deeper)
    (tmp_path / "mtcheck.toml").write_text("fast = true\n", encoding="utf-8")  # leaves out the slow back-translator
    save(with_models, uri)
    rest = await published(with_models, uri)
    assert rules_in(rest) == by_rules
    arguments = [uri, rest.diagnostics[0].data["key"]]
    places = await with_models.workspace_execute_command_async(types.ExecuteCommandParams(REVIEW, arguments=arguments))
    titles = [action.title for action in await offered(with_models, uri, rest.diagnostics[0].range, ["quickfix"])]
    assert places == 1
    assert any(title.startswith("Replace “in interview to") and "fluency" in title for title in titles), titles
    assert with_models.messages[-1].message == "mtcheck: other wordings in 1 place; they are among the quick fixes"


# -- the how-to


def test_settings_shown_for_editors_can_be_read_and_start_the_server() -> None:
    page = (Path(__file__).parent.parent / "docs" / "editors.md").read_text(encoding="utf-8")
    blocks = [dedent(block) for block in re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", page, re.MULTILINE)]
    assert len(blocks) == 6
    neovim, vscode, helix, emacs, sublime, kate = blocks
    assert "cmd = { 'mtcheck', 'lsp' }" in neovim
    assert '("mtcheck" "lsp")' in emacs
    server = tomllib.loads(helix)["language-server"]["mtcheck"]
    assert [server["command"], *server["args"]] == ["mtcheck", "lsp"]
    settings = json.loads(vscode)
    assert [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]] == ["mtcheck", "lsp"]
    assert FIX_ALL in settings["editor.codeActionsOnSave"]
    assert json.loads(sublime)["clients"]["mtcheck"]["command"] == ["mtcheck", "lsp"]
    assert json.loads(kate)["servers"]["mtcheck"]["command"] == ["mtcheck", "lsp"]
