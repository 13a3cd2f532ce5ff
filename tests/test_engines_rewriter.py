"""Instruct models as rewriters: what they are asked, what of their answers is kept, where a server may stand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from mtcheck.alternatives import from_source, rewrite
from mtcheck.engines.cache import CachedRewriter, OutputCache
from mtcheck.engines.instruct import InstructModel
from mtcheck.engines.rewriter import EndpointRewriter, InstructRewriter
from mtcheck.errors import ModelError, SettingsError
from mtcheck.schema import Hypothesis, Segment, Span

MACHINE = "The minister said about the absence of plans."
EDITED = "The minister said there were no plans."
RUSSIAN = "Министр заявил об отсутствии планов."


class ScriptedModel:
    """Stands for llama.cpp: answers every question alike and keeps them."""

    def __init__(self, answer: str) -> None:
        self.answer, self.prompts = answer, []  # type: ignore[var-annotated]

    def handle_completions(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["n_predict"]:
            self.prompts.append(request["prompt"])
        return {"choices": [{"text": self.answer, "finish_reason": "stop"}]}


def scripted(tmp_path: Path, answer: str) -> tuple[InstructRewriter, ScriptedModel]:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    model = InstructModel(tmp_path / "m.gguf", digest="0123456789abcdef")
    server = ScriptedModel(answer)
    model._server = server
    return InstructRewriter(model), server


def test_the_source_is_shown_where_it_is_known(tmp_path: Path) -> None:
    rewriter, server = scripted(tmp_path, f" {EDITED}")
    assert rewriter.rewrite([MACHINE, MACHINE], [None, RUSSIAN]) == [EDITED, EDITED]
    alone, beside = server.prompts
    assert alone.endswith(f"\n\nMachine: {MACHINE}\nEditor:")
    assert "Russian:" not in alone
    assert beside.endswith(f"\n\nRussian: {RUSSIAN}\nMachine: {MACHINE}\nEditor:")


@pytest.mark.parametrize(
    "answer", ["", "Sorry, I cannot help with that.", "no " * 40, "Министр сказал, что планов нет."]
)
def test_useless_answers_are_dropped(tmp_path: Path, answer: str) -> None:
    assert scripted(tmp_path, answer)[0].rewrite([MACHINE], [None]) == [None]


def test_answers_are_kept_by_text_and_source(tmp_path: Path) -> None:
    rewriter, server = scripted(tmp_path, EDITED)
    cached = CachedRewriter(rewriter, OutputCache(tmp_path / "outputs.sqlite3"))
    for _ in range(2):
        assert cached.rewrite([MACHINE, MACHINE], [None, RUSSIAN]) == [EDITED, EDITED]
    assert len(server.prompts) == 2


def test_rewritings_and_translations_become_span_edits(tmp_path: Path) -> None:
    class Translating:
        source_lang, target_lang, signature = "ru", "en", "fake"

        def translate(self, texts: Any, n_best: int = 1, progress: Any = None) -> list[list[Hypothesis]]:
            assert list(texts) == [RUSSIAN]
            return [[Hypothesis(EDITED, -1.0)]]

        def score(self, sources: Any, targets: Any) -> list[float]:
            raise NotImplementedError

    segments = [Segment(0, 0, MACHINE, source=RUSSIAN), Segment(1, 60, EDITED)]
    by_model = rewrite.edits(segments, scripted(tmp_path, EDITED)[0])
    by_source = from_source.edits(segments, Translating(), 1)
    assert {edit.seg_id for edit in (*by_model, *by_source)} == {0}
    assert [(e.span, e.replacement) for e in by_model] == [(e.span, e.replacement) for e in by_source]
    text = MACHINE
    for edit in sorted(by_model, key=lambda e: e.span, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    assert text == EDITED
    assert all(edit.span != Span(0, len(MACHINE)) for edit in by_model)


@pytest.fixture
def server() -> Iterator[tuple[str, list[dict[str, Any]], dict[str, Any]]]:
    """A chat-completions server: its address, the requests it got, and how it answers (status, body)."""
    asked: list[dict[str, Any]] = []
    answer: dict[str, Any] = {"status": 200, "body": {"choices": [{"message": {"content": EDITED}}]}}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, **body})
            self.send_response(answer["status"])
            self.send_header("Location", "http://example.org/")
            self.end_headers()
            self.wfile.write(json.dumps(answer["body"]).encode())

        def log_message(self, *args: Any) -> None:
            pass

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}/v1", asked, answer
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_server_on_this_machine_is_asked_in_chat_form(server: Any) -> None:
    address, asked, _ = server
    assert EndpointRewriter(f"{address}#small").rewrite([MACHINE], [RUSSIAN]) == [EDITED]
    (request,) = asked
    assert (request["path"], request["model"], request["temperature"]) == ("/v1/chat/completions", "small", 0)
    assert [m["role"] for m in request["messages"][:3]] == ["system", "user", "assistant"]
    assert request["messages"][-1]["content"] == f"Russian: {RUSSIAN}\nMachine: {MACHINE}\nEditor:"


@pytest.mark.parametrize(("status", "body"), [(500, {}), (302, {}), (200, {"error": "no"}), (200, {"choices": []})])
def test_a_server_that_fails_or_sends_elsewhere_is_told(server: Any, status: int, body: Any) -> None:
    address, _, answer = server
    answer.update(status=status, body=body)
    with pytest.raises(ModelError, match="gave no answer"):
        EndpointRewriter(address).rewrite([MACHINE], [None])


@pytest.mark.parametrize(
    "address",
    ["http://example.org/v1", "https://10.0.0.1/v1", "http://localhost.example.org", "ftp://localhost", "file:///x"],
)
def test_no_text_leaves_the_machine(address: str) -> None:
    with pytest.raises(SettingsError, match="not a server on this machine"):
        EndpointRewriter(address)
