"""A cache of model outputs on disk, keyed by the engine's signature and the text.

An SQLite file that two processes may share. A damaged file is set aside and begun anew; where nothing
can be written, what is there is read, and the rest is kept in memory. A cache never fails a review.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mtcheck.engines import (
    FluencyModel,
    Parser,
    PostEditor,
    Progress,
    Rewriter,
    SuggestedEdit,
    Tagger,
    Translator,
)
from mtcheck.engines.parse import PARSE_VERSION, Parse
from mtcheck.schema import Hypothesis, Span

FILE_NAME = "outputs.sqlite3"
_SCHEMA = "CREATE TABLE IF NOT EXISTS outputs (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
_MOST_ROWS = 200_000
"""Older rows go when a cache is opened; at about 500 bytes a row the file stays below 100 MB."""
_PATIENCE_SECONDS = 5.0
_KEYS_A_QUERY = 500


class OutputCache:
    """Text outputs by key. ``get`` and ``put`` never raise; what cannot be stored is remembered until the end."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None keeps everything in memory."""
        self._lock = threading.Lock()
        self._memory: dict[str, str] = {}
        self._file = _opened(path) if path else None

    def get(self, keys: Iterable[str]) -> dict[str, str]:
        """The stored values of those keys that have one."""
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._memory[key] for key in wanted if key in self._memory}
            for start in range(0, len(wanted) if self._file else 0, _KEYS_A_QUERY):
                some = wanted[start : start + _KEYS_A_QUERY]
                question = f"SELECT key, value FROM outputs WHERE key IN ({','.join('?' * len(some))})"
                with contextlib.suppress(sqlite3.Error):
                    found.update(self._file.execute(question, some) if self._file else ())
        return found

    def put(self, values: Mapping[str, str]) -> None:
        """Store the values, all or, where the file cannot be written, in memory."""
        with self._lock:
            try:
                if self._file:
                    with self._file:
                        self._file.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?)", values.items())
                    return
            except sqlite3.Error:
                pass  # read-only, full or locked for long: memory serves
            self._memory.update(values)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None


class CachedTranslator:
    """A translator that asks ``inner`` only for what is not in the cache.

    chunk: texts handed on at once; each chunk is stored when it is done, so an interrupted run is not lost.
    """

    def __init__(self, inner: Translator, cache: OutputCache, chunk: int = 64) -> None:
        """Wrap ``inner``; it may load its weights lazily, for they may not be needed."""
        self._inner, self._cache, self._chunk = inner, cache, chunk
        self.source_lang, self.target_lang, self.signature = inner.source_lang, inner.target_lang, inner.signature

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """As :meth:`mtcheck.engines.Translator.translate`; cached texts count as done at once."""

        def fresh(some: Sequence[str], told: Progress | None) -> list[Any]:
            return [[(h.text, h.log_prob) for h in best] for best in self._inner.translate(some, n_best, told)]

        keys = [_key(self.signature, "translate", str(n_best), text) for text in texts]
        found = _through(self._cache, keys, texts, fresh, self._chunk, progress)
        return [[Hypothesis(text, log_prob) for text, log_prob in best] for best in found]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """As :meth:`mtcheck.engines.Translator.score`."""
        pairs = list(zip(sources, targets, strict=True))

        def fresh(some: Sequence[tuple[str, str]], told: Progress | None) -> list[Any]:
            return self._inner.score([source for source, _ in some], [target for _, target in some])

        keys = [_key(self.signature, "score", source, target) for source, target in pairs]
        return _through(self._cache, keys, pairs, fresh, self._chunk, None)


class CachedRewriter:
    """A rewriter that asks ``inner`` only for what is not in the cache; a chunk is stored when it is done."""

    def __init__(self, inner: Rewriter, cache: OutputCache, chunk: int = 8) -> None:
        """Wrap ``inner``, which may load its weights lazily."""
        self._inner, self._cache, self._chunk = inner, cache, chunk
        self.signature = inner.signature

    def rewrite(
        self, texts: Sequence[str], sources: Sequence[str | None], progress: Progress | None = None
    ) -> list[str | None]:
        """As :meth:`mtcheck.engines.Rewriter.rewrite`; cached texts count as done at once."""
        pairs = list(zip(texts, sources, strict=True))

        def fresh(some: Sequence[tuple[str, str | None]], told: Progress | None) -> list[Any]:
            return list(self._inner.rewrite([text for text, _ in some], [source for _, source in some], told))

        keys = [_key(self.signature, "rewrite", text, source or "") for text, source in pairs]
        return _through(self._cache, keys, pairs, fresh, self._chunk, progress)


class CachedFluency:
    """A fluency model that asks ``inner`` only for what is not in the cache."""

    def __init__(self, inner: FluencyModel, cache: OutputCache, chunk: int = 512) -> None:
        """Wrap ``inner``; contexts are handed on to it where there are any."""
        self._inner: Any = inner
        self._cache, self._chunk = cache, chunk
        self.signature = inner.signature

    def word_log_probs(
        self, texts: Sequence[str], contexts: Sequence[str] | None = None
    ) -> list[list[tuple[Span, float]]]:
        """As :meth:`mtcheck.engines.FluencyModel.word_log_probs`."""
        pairs = list(zip(texts, contexts or [""] * len(texts), strict=True))

        def fresh(some: Sequence[tuple[str, str]], told: Progress | None) -> list[Any]:
            before = [context for _, context in some]
            scored = self._inner.word_log_probs([text for text, _ in some], *([before] if any(before) else []))
            return [[(span.start, span.end, log_prob) for span, log_prob in words] for words in scored]

        keys = [_key(self.signature, "words", *pair) for pair in pairs]
        found = _through(self._cache, keys, pairs, fresh, self._chunk, None)
        return [[(Span(start, end), log_prob) for start, end, log_prob in words] for words in found]

    def log_probs(self, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[float]:
        """As :meth:`mtcheck.engines.FluencyModel.log_probs`."""
        return [sum(log_prob for _, log_prob in words) for words in self.word_log_probs(texts, contexts)]


class CachedParser:
    """A parser that asks ``inner`` only for what is not in the cache."""

    def __init__(self, inner: Parser, cache: OutputCache, chunk: int = 512) -> None:
        """Wrap ``inner``."""
        self._inner, self._cache, self._chunk = inner, cache, chunk
        self.signature = inner.signature

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """As :meth:`mtcheck.engines.Parser.parse`."""

        def fresh(some: Sequence[str], _told: Progress | None) -> list[Any]:
            return [parse.rows for parse in self._inner.parse(some)]

        keys = [_key(self.signature, PARSE_VERSION, text) for text in texts]
        return [Parse(rows) for rows in _through(self._cache, keys, texts, fresh, self._chunk, None)]


class CachedTagger:
    """A tagger that asks ``inner`` only for what is not in the cache."""

    def __init__(self, inner: Tagger, cache: OutputCache, chunk: int = 512) -> None:
        """Wrap ``inner``."""
        self._inner, self._cache, self._chunk = inner, cache, chunk
        self.signature = inner.signature

    def bad_probabilities(self, texts: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """As :meth:`mtcheck.engines.Tagger.bad_probabilities`."""

        def fresh(some: Sequence[str], _told: Progress | None) -> list[Any]:
            return [[(span.start, span.end, bad) for span, bad in row] for row in self._inner.bad_probabilities(some)]

        keys = [_key(self.signature, "bad", text) for text in texts]
        found = _through(self._cache, keys, texts, fresh, self._chunk, None)
        return [[(Span(start, end), bad) for start, end, bad in row] for row in found]


class CachedPostEditor:
    """A post-editor that asks ``inner`` only for what is not in the cache."""

    def __init__(self, inner: PostEditor, cache: OutputCache, chunk: int = 512) -> None:
        """Wrap ``inner``."""
        self._inner, self._cache, self._chunk = inner, cache, chunk
        self.signature = inner.signature

    def edits(self, texts: Sequence[str], threshold: float | None = None) -> list[list[SuggestedEdit]]:
        """As :meth:`mtcheck.engines.PostEditor.edits`."""

        def fresh(some: Sequence[str], _told: Progress | None) -> list[Any]:
            return [
                [(edit.span.start, edit.span.end, edit.replacement, edit.probability) for edit in edits]
                for edits in self._inner.edits(some, threshold)
            ]

        keys = [_key(self.signature, f"edits:{threshold}", text) for text in texts]
        found = _through(self._cache, keys, texts, fresh, self._chunk, None)
        return [[SuggestedEdit(Span(start, end), *rest) for start, end, *rest in edits] for edits in found]


class LatestFluency:
    """A fluency model that remembers the texts of the last question.

    Rules and tagger ask about the same texts, one after the other; after a fix most texts of an article are the same.
    """

    def __init__(self, inner: FluencyModel) -> None:
        """Wrap ``inner``; memory is that of the largest single question."""
        self._inner: Any = inner
        self._latest: dict[tuple[str, str], list[tuple[Span, float]]] = {}
        self.signature = inner.signature

    def word_log_probs(
        self, texts: Sequence[str], contexts: Sequence[str] | None = None
    ) -> list[list[tuple[Span, float]]]:
        """As :meth:`mtcheck.engines.FluencyModel.word_log_probs`."""
        pairs = list(zip(texts, contexts or [""] * len(texts), strict=True))
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._latest]
        before = [context for _, context in new]
        scored = (
            self._inner.word_log_probs([text for text, _ in new], *([before] if any(before) else [])) if new else []
        )
        known = self._latest | dict(zip(new, scored, strict=True))
        self._latest = {pair: known[pair] for pair in pairs}
        return [list(self._latest[pair]) for pair in pairs]

    def log_probs(self, texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[float]:
        """As :meth:`mtcheck.engines.FluencyModel.log_probs`."""
        return [sum(log_prob for _, log_prob in words) for words in self.word_log_probs(texts, contexts)]


def _through(
    cache: OutputCache,
    keys: Sequence[str],
    items: Sequence[Any],
    fresh: Callable[[Sequence[Any], Progress | None], list[Any]],
    chunk: int,
    progress: Progress | None,
) -> list[Any]:
    """JSON values of the items, by their keys: from the cache, or made in chunks and stored."""
    found = {key: value for key, text in cache.get(keys).items() if (value := _sound(text)) is not None}
    left = list({key: item for key, item in zip(keys, items, strict=True) if key not in found}.items())
    done = len(set(keys)) - len(left)
    total = done + len(left)
    if progress:
        progress(done, total)
    for start in range(0, len(left), chunk):
        some = left[start : start + chunk]
        told = _shifted(progress, done + start, total)
        made = fresh([item for _, item in some], told)
        values = {key: value for (key, _), value in zip(some, made, strict=True)}
        # through JSON either way: what is made now equals, in type too, what a later run reads back
        encoded = {key: json.dumps(value, ensure_ascii=False) for key, value in values.items()}
        cache.put(encoded)
        found.update({key: json.loads(value) for key, value in encoded.items()})
        if progress:
            progress(min(total, done + start + len(some)), total)
    return [found[key] for key in keys]


def _sound(text: str) -> Any:
    """The value that JSON stands for; None for what was damaged in a way that the file does not notice."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return (lambda done, _: progress(before + done, total)) if progress else None


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _opened(path: Path) -> sqlite3.Connection | None:
    """A connection that works, after setting a damaged file aside; None where there can be none."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(path)
    except sqlite3.OperationalError:
        return None  # cannot be opened, or is locked for long
    except sqlite3.DatabaseError:
        with contextlib.suppress(OSError, sqlite3.Error):
            os.replace(path, path.with_suffix(".damaged"))
            return _connected(path)
    return None


def _connected(path: Path) -> sqlite3.Connection:
    writable = os.access(path if path.exists() else path.parent, os.W_OK) and os.access(path.parent, os.W_OK)
    address = f"{path.absolute().as_uri()}?mode={'rwc' if writable else 'ro'}"
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS, check_same_thread=False)
    try:
        if writable:
            with connection:
                connection.execute(_SCHEMA)
                connection.execute(
                    "DELETE FROM outputs WHERE rowid <= (SELECT max(rowid) FROM outputs) - ?", (_MOST_ROWS,)
                )
        connection.execute("SELECT count(*) FROM (SELECT value FROM outputs ORDER BY rowid DESC LIMIT 50)").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
