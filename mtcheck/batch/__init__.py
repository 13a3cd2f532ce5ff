"""Check or clean a corpus: articles in, records out in parts, by as many processes as there are.

:func:`run` is the whole of it: read -> cut into shards -> work on each -> write its part. A part is finished or not
there, so a run that was ended in any way goes on where it was. The bytes of the parts depend on the articles, their
order and the signature alone, not on processes, engine or accidents; the manifest's digest not even on the order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtcheck import __version__, store
from mtcheck.batch import parts, pools
from mtcheck.batch.articles import Columns, read, shards
from mtcheck.batch.records import COUNTS, Tally, Work
from mtcheck.checking.running import package_stamp
from mtcheck.documents import replace_file
from mtcheck.errors import OutputError
from mtcheck.schema import SCHEMA_VERSION
from mtcheck.settings import Settings

__all__ = ["MANIFEST", "Columns", "Order", "Tally", "run"]

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run.

    folder: for the parts and the manifest. clean: review each article and give its text too; else only find faults.
    form: one of ``parts.FORMATS``. shard: the most articles in a part.
    engine: one of ``pools.ENGINES``; processes: 0 is one a core. Neither changes a result.
    anew: throw away what another run, of another signature, left in the folder.
    """

    folder: Path
    clean: bool = False
    form: str = "jsonl"
    shard: int = 100
    columns: Columns = field(default_factory=Columns)
    engine: str = "local"
    processes: int = 0
    anew: bool = False


def run(
    inputs: Sequence[str],
    settings_of: Callable[[str], Settings],
    order: Order,
    progress: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Check or clean every article of the inputs, leaving out what an earlier run finished.

    progress: told what is done so far, whenever a shard is.
    Raises InputError for a table that cannot be read, OutputError, SettingsError and ModelError; parts that are
    finished stay, and the next run goes on from them.
    """
    signature = _signature(order, settings_of(inputs[0]))
    pool = _pool(order)
    articles, passed_over = read(inputs, settings_of, order.columns)
    with _alone_in(order.folder):
        _begin(order, signature)
        work = Work(order.folder.absolute(), order.clean, order.form, f"{signature} ; {package_stamp()}")
        total, made = Tally(missing=passed_over), list[str]()
        for done in pools.outcomes(work, shards(articles, order.shard), pool):
            total += done.tally
            made.append(done.part)
            progress(total)
        kept = frozenset(made)
        for part in parts.present(order.folder):
            if part.name not in kept:
                part.unlink()
        _write_manifest(order, signature, {**_counts(total), "parts": made})
    return total


def _pool(order: Order) -> Callable[[int], pools.Pool]:
    if order.form == "parquet":
        parts.require_pyarrow()
    if order.engine == "ray":
        from mtcheck.batch.on_ray import OnRay as Chosen
    else:
        from mtcheck.batch.pools import Local as Chosen  # type: ignore[assignment]
    return lambda count: Chosen(count or order.processes)


def _signature(order: Order, settings: Settings) -> str:
    """What decides the results besides the articles, in words; ``clean`` may use any model that is here."""
    models = ""
    if order.clean:
        models = " ; ".join(f"{m.role}:{m.id}:{m.digest}" for m in store.known() if store.present(m.id))
    elif not settings.fast:
        from mtcheck.engines.load import detecting_models

        models = detecting_models()[0]
    made_by = f"mtcheck:{__version__} ; schema:{SCHEMA_VERSION} ; batch:{_command(order)} ; form:{order.form}"
    return " ; ".join(filter(None, (made_by, f"settings:{settings.fingerprint()}", models)))


def _command(order: Order) -> str:
    return "clean" if order.clean else "check"


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """The folder, made and free of what a killed run was writing, for this run alone."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError("another run is at work there", where=str(folder), repair="wait for it") from None
    except OSError as error:
        repair = "name another folder with --out"
        raise OutputError(f"cannot be written to ({error.strerror})", where=str(folder), repair=repair) from error
    try:
        parts.tidy(folder)
        yield
    finally:
        parts.tidy(folder)
        lock.release()


def _begin(order: Order, signature: str) -> None:
    """Make sure that what is in the folder is this run's own. Raises OutputError otherwise."""
    where, here = str(order.folder), list(parts.present(order.folder))
    try:
        before = json.loads((order.folder / MANIFEST).read_bytes())["signature"]
    except FileNotFoundError:
        before = signature
        if any(path.name.startswith("part-") for path in order.folder.iterdir()):
            repair = "name an empty folder with --out"
            raise OutputError("holds part files of something else", where=where, repair=repair) from None
    except (OSError, ValueError, KeyError, TypeError):
        before = "nothing that can be read"
    if before != signature:
        if not order.anew:
            repair = "name another folder, or begin anew with --anew"
            raise OutputError(f"holds results made by {before}, not by {signature}", where=where, repair=repair)
        for part in here:
            part.unlink()
    _write_manifest(order, signature, {"complete": False})


def _write_manifest(order: Order, signature: str, rest: dict[str, Any]) -> None:
    about = {"schema_version": SCHEMA_VERSION, "tool": {"name": "mtcheck", "version": __version__}}
    manifest = {**about, "command": _command(order), "signature": signature, **rest}
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    replace_file(order.folder / MANIFEST, text.encode())


def _counts(total: Tally) -> dict[str, Any]:
    counts = {name: getattr(total, name) for name in COUNTS}
    return {"complete": True, **counts, "digest": f"{total.digest:064x}", "missing": sorted(total.missing)}
