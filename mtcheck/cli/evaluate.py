"""``mtcheck evaluate``: how good the results are, on public data, each number with its signature."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mtcheck.errors import InputError
from mtcheck.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mtcheck.engines import Engines
    from mtcheck.evaluation.clean import Change, Row
    from mtcheck.evaluation.cleaners import Cleaner
    from mtcheck.evaluation.corpora import Corpus
    from mtcheck.evaluation.systems import System

CORPORA = ["articles", "news2015", "mlqe", "newstest2020", "human"]
TRANSLATED = "translated"


@click.group()
def evaluate() -> None:
    """Measure mtcheck on public data."""


@evaluate.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--set", "which", type=click.Choice(["dev", "test"]), default="dev", show_default=True)
@click.option("--rivals", is_flag=True, help="Harper and LanguageTool's rules beside it (extra: bench).")
@click.option("--resamples", default=1000, show_default=True, help="Bootstrap resamples; 0 leaves intervals out.")
@click.option("--with-source", is_flag=True, help="Show rules the source sentence of articles and of MLQE-PE.")
@click.option("--rules-only", is_flag=True, help="Leave out the language model and the tagger, and what they feed.")
@click.option(
    "--only", multiple=True, type=click.Choice(["articles", "news", "tags"]), help="Leave the other data out."
)
@click.option("--per-rule", is_flag=True, help="Add a table of the rules.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object, with the whole signature of every number.")
def flags(
    data: Path,
    which: str,
    rivals: bool,
    resamples: int,
    with_source: bool,
    rules_only: bool,
    only: tuple[str, ...],
    per_rule: bool,
    as_json: bool,
) -> None:
    """Measure the flags on DATA, the folder described in docs/evaluation.md.

    Editor-marked articles, false alarms on human news, word tags of MLQE-PE, and time; for mtcheck, its rules alone,
    surprisal alone and flagging everything.
    """
    from mtcheck.evaluation import table
    from mtcheck.evaluation.flags import KINDS, evaluate
    from mtcheck.schema import to_json

    systems = _systems(data, rules_only, _rivals("systems") if rivals else [])
    kinds = only or KINDS
    measured, rules = evaluate(
        systems, data, which, resamples=resamples, with_source=with_source, kinds=kinds, progress=_told
    )
    if as_json:
        click.echo(json.dumps({"measured": to_json(measured), "rules": to_json(rules)}, ensure_ascii=False, indent=1))
        return
    click.echo(table.markdown(measured))
    if per_rule:
        click.echo("\n" + table.rule_table(rules))


@evaluate.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--set", "which", type=click.Choice(["dev", "test"]), default="dev", show_default=True)
@click.option("--corpus", "names", multiple=True, type=click.Choice([*CORPORA, TRANSLATED]), help="Leave others out.")
@click.option("--rivals", is_flag=True, help="Other ways of cleaning beside it (extra: bench).")
@click.option("--ablation", is_flag=True, help="Rows of mtcheck with one part left out each.")
@click.option("--with-source", is_flag=True, help="Show mtcheck the source sentences.")
@click.option("--translator", help="Back-translate with this model; without it, do without (fast).")
@click.option("--rewriter", help="An instruct model that proposes too, as in mtcheck review.")
@click.option(
    "--rescore", is_flag=True, help="Let the large language model weigh wordings, as a review without --fast."
)
@click.option("--no-cache", is_flag=True, help="Ask the models again, for the time that it takes.")
@click.option("--resamples", default=1000, show_default=True, help="Bootstrap resamples; 0 leaves tests out.")
@click.option("--show", is_flag=True, help="Print every changed line first, with people's versions.")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
def clean(
    data: Path,
    which: str,
    names: tuple[str, ...],
    rivals: bool,
    ablation: bool,
    with_source: bool,
    translator: str | None,
    rewriter: str | None,
    rescore: bool,
    no_cache: bool,
    resamples: int,
    show: bool,
    form: str,
) -> None:
    """Measure the cleaned text on DATA, the folder described in docs/evaluation.md.

    Nearness to people's versions before and after, beside the rules' own fixes; facts broken; edits; time. The corpus
    "translated" is the articles as the best translator from Russian puts them (an instruct model: minutes, once).
    """
    from mtcheck.engines.load import open_engines
    from mtcheck.evaluation.clean import evaluate

    corpora = [_corpus(name, data, which, with_source) for name in names or CORPORA]
    fast = translator is None
    engines = open_engines(translator, fast, not no_cache, rewriter=rewriter, with_source=with_source, rescore=rescore)
    cleaners = _cleaners(engines, rivals=rivals, ablation=ablation)
    rows, changes = evaluate(cleaners, corpora, resamples=resamples, progress=_told)
    _print_clean(rows, changes if show else [], form)


def _corpus(name: str, data: Path, which: str, with_source: bool) -> tuple[Corpus, ...]:
    from mtcheck.engines.load import open_engines
    from mtcheck.evaluation.corpora import READERS, articles, translated

    if name != TRANSLATED:
        return READERS[name](data, which, with_source=with_source)
    translator = open_engines(with_source=True).translator
    if translator is None:
        raise InputError("no translator from Russian", repair="see `mtcheck models list`, and fetch one")
    return (translated(articles(data, which, with_source=with_source)[0], translator),)


def _cleaners(engines: Engines, *, rivals: bool, ablation: bool) -> list[Cleaner]:
    from mtcheck.evaluation.cleaners import Reviewed, RuleFixes, ablations

    settings = Settings()
    found: list[Cleaner] = [Reviewed(engines, settings)]
    found += ablations(engines, settings) if ablation else []
    found += [RuleFixes(engines, settings, unsafe=unsafe) for unsafe in (False, True)]
    found += _rivals("cleaners", engines) if rivals else []
    return found


def _print_clean(rows: Sequence[Row], changes: Sequence[Change], form: str) -> None:
    from mtcheck.evaluation.table import changes_shown, clean_table
    from mtcheck.schema import to_json

    if form == "json":
        click.echo(json.dumps({"rows": to_json(rows), "changes": to_json(changes)}, ensure_ascii=False, indent=1))
        return
    if changes:
        click.echo(changes_shown(changes) + "\n")
    click.echo(clean_table(rows))


def _told(line: str) -> None:
    click.echo(line, err=True)


def _systems(data: Path, rules_only: bool, rivals: list[System]) -> list[System]:
    from mtcheck.engines.cache import OutputCache
    from mtcheck.engines.load import open_detecting
    from mtcheck.evaluation.systems import Everything, Mtcheck, Surprisal
    from mtcheck.evaluation.texts import articles

    engines = open_detecting(OutputCache(None))
    rules = Mtcheck(engines, Settings(), learned=False)
    if rules_only:
        return [rules, *rivals]
    if engines.fluency is None or engines.tagger is None:
        raise InputError("models are missing", repair="run: mtcheck models fetch, or use --rules-only")
    alone = Surprisal(engines.fluency, articles(data, "dev"))
    return [Mtcheck(engines, Settings()), rules, *rivals, alone, Everything()]


def _rivals(kind: str, *engines: Engines) -> list[Any]:
    """What ``benchmarks.rivals`` offers of one kind: ``systems`` that flag or ``cleaners``."""
    try:
        found: list[Any] = getattr(importlib.import_module("benchmarks.rivals"), kind)(*engines)
    except ImportError as error:
        raise InputError(
            f"no rivals here ({error})", repair="in a checkout of mtcheck, run: pip install -e '.[bench]'"
        ) from error
    return found
