"""What is wrong in an article: the evidence of the engines at hand, and the findings of the rules in force."""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.detectors import detect, rules
from mtcheck.detectors.rule import Analysis, Rule
from mtcheck.engines import Engines
from mtcheck.errors import SettingsError
from mtcheck.schema import Document, Finding
from mtcheck.settings import Settings


def analyse(document: Document, engines: Engines) -> list[Analysis]:
    """Every segment with what the parser, the language model and the tagger see in it."""
    texts = [segment.hypothesis for segment in document.segments]
    docs = engines.parser.parse(texts) if engines.parser else [None] * len(texts)
    surprisal = engines.fluency.word_log_probs(texts) if engines.fluency else [[] for _ in texts]
    bad = engines.tagger.bad_probabilities(texts) if engines.tagger else [[] for _ in texts]
    return [
        Analysis.of(segment, doc=doc, surprisal=tuple(logs), bad=tuple(probabilities))
        for segment, doc, logs, probabilities in zip(document.segments, docs, surprisal, bad, strict=True)
    ]


def find(article: Sequence[Analysis], engines: Engines, settings: Settings) -> list[Finding]:
    """Findings of every selected rule whose evidence is at hand, in document order."""
    present = {name for name in ("parser", "fluency", "tagger") if getattr(engines, name)}
    if any(analysis.segment.source for analysis in article):
        present.add("source")
    findings = detect(article, present, selected(settings))
    return [finding for finding in findings if finding.confidence >= settings.min_confidence]


def selected(settings: Settings) -> list[Rule]:
    """The rules in force. Raises SettingsError when a setting names a rule that does not exist."""
    known = {rule.name: rule for rule in rules()}
    for name in (*settings.select, *settings.ignore):
        if name not in known:
            raise SettingsError(f"unknown rule “{name}”", repair="see `mtcheck rules`")
    chosen = settings.select or tuple(known)
    return [known[name] for name in chosen if name not in settings.ignore]
