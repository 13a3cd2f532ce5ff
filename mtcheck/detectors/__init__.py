"""One file per rule; this module finds them all and runs those whose needs are met."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Collection, Sequence
from functools import cache

from mtcheck.detectors.rule import Analysis, Rule
from mtcheck.schema import Finding


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the package, by name, with its file's docstring as ``page``."""
    found = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if isinstance(rule := getattr(module, "RULE", None), Rule):
            found.append(dataclasses.replace(rule, page=(module.__doc__ or "").strip()))
    return tuple(sorted(found, key=lambda rule: rule.name))


def detect(
    article: Sequence[Analysis], present: Collection[str], select: Sequence[Rule] | None = None
) -> list[Finding]:
    """Findings of every rule whose ``needs`` are all present, in document order."""
    findings = [
        finding
        for rule in (rules() if select is None else select)
        if set(rule.needs) <= set(present)
        for finding in rule.findings(article)
    ]
    return sorted(findings, key=lambda f: (f.seg_id, f.span, f.rule))
