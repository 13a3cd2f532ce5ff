"""What is wrong in an article: the evidence of the engines at hand, and the findings of the rules in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

from mtcheck.detectors import detect, rules
from mtcheck.detectors.rule import Analysis, Rule
from mtcheck.engines import Engines
from mtcheck.errors import SettingsError, did_you_mean
from mtcheck.glossary import glossary_of
from mtcheck.schema import Document, Finding, Segment
from mtcheck.settings import Settings, Sources

ALL = "all"
"""Stands for every rule."""


def analyse(document: Document, engines: Engines) -> list[Analysis]:
    """Every segment with what the parser, the language model and the tagger see in it.

    The parser, which is slow to open and works in Python, has a thread of its own beside them.
    """
    texts = [segment.hypothesis for segment in document.segments]
    with ThreadPoolExecutor(1) as beside:
        parsing = beside.submit(engines.parser.parse, texts) if engines.parser else None
        surprisal = engines.fluency.word_log_probs(texts) if engines.fluency else [[] for _ in texts]
        bad = engines.tagger.bad_probabilities(texts) if engines.tagger else [[] for _ in texts]
        docs = parsing.result() if parsing else [None] * len(texts)
    return [
        Analysis.of(segment, doc=doc, surprisal=tuple(logs), bad=tuple(probabilities))
        for segment, doc, logs, probabilities in zip(document.segments, docs, surprisal, bad, strict=True)
    ]


def find(article: Sequence[Analysis], engines: Engines, settings: Settings) -> list[Finding]:
    """Findings of every selected rule whose evidence is at hand, in document order."""
    glossary = glossary_of(settings)
    present = _present((analysis.segment for analysis in article), engines, settings)
    findings = detect([replace(analysis, glossary=glossary) for analysis in article], present, selected(settings))
    return [finding for finding in findings if finding.confidence >= settings.min_confidence]


def in_force(document: Document, engines: Engines, settings: Settings) -> tuple[str, ...]:
    """Names of the selected rules whose evidence is at hand for an article, sorted."""
    present = _present(document.segments, engines, settings)
    return tuple(sorted(rule.name for rule in selected(settings) if present.issuperset(rule.needs)))


def selected(settings: Settings) -> list[Rule]:
    """The rules in force. Raises SettingsError when a setting names neither a rule nor a category."""
    for name in (*settings.select, *settings.ignore):
        if name not in selectors():
            raise SettingsError(
                f"unknown rule “{name}”", repair=did_you_mean(name, selectors()) or "see `mtcheck rules`"
            )
    chosen = rules_named(settings.select or (ALL,)) - rules_named(settings.ignore)
    return [rule for rule in rules() if rule.name in chosen]


def rules_named(names: Iterable[str]) -> frozenset[str]:
    """Names of the rules that names of rules and categories stand for; every name must be one of the selectors."""
    return frozenset().union(*(selectors()[name] for name in names))


@cache
def selectors() -> Mapping[str, frozenset[str]]:
    """What may stand for rules, and for which: a rule's name, an MQM category (``style/awkward``), its first part
    with or without a slash (``style``, ``style/``), and ``all``.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for rule in rules():
        first = rule.category.partition("/")[0]
        for name in (ALL, rule.name, rule.category, first, f"{first}/"):
            found[name].add(rule.name)
    return {name: frozenset(names) for name, names in found.items()}


def sources(options: Mapping[str, Any]) -> Sources:
    """Settings of any path from files and options, held to the rules and categories there are."""
    return Sources(options, selectors())


def _present(segments: Iterable[Segment], engines: Engines, settings: Settings) -> set[str]:
    present = {name for name in ("parser", "fluency", "tagger") if getattr(engines, name)}
    if settings.glossary or settings.names:
        present.add("glossary")
    return present | {"source"} if any(segment.source for segment in segments) else present
