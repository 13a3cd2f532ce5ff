"""Parts: the files that results are written to, one a shard, as JSONL or Parquet.

A part's name holds the hash of everything it was made from, and it appears whole or not at all: a part that is there is
finished, in this run as in the next.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mtcheck.documents import replace_file
from mtcheck.errors import SettingsError
from mtcheck.reports.json import printable

Record = dict[str, Any]
FORMATS = ("jsonl", "parquet")
_PART = re.compile(r"part-\d{5,}-[0-9a-f]{16}\.(?:jsonl|parquet)")
_BEING_WRITTEN = re.compile(r"\.mtcheck-[0-9a-f]{16}\.tmp")


def path_of(folder: Path, number: int, key: str, form: str) -> Path:
    """Where the part of a shard stands; ``key`` is in hexadecimal."""
    return folder / f"part-{number:05}-{key[:16]}.{form}"


def present(folder: Path) -> Iterator[Path]:
    """The parts in a folder, in order of name."""
    return (path for path in sorted(folder.iterdir()) if _PART.fullmatch(path.name))


def tidy(folder: Path) -> None:
    """Remove what a killed run was just writing."""
    for path in folder.iterdir():
        if _BEING_WRITTEN.fullmatch(path.name):
            path.unlink(missing_ok=True)


def line(record: Record) -> str:
    """A record as a line of JSON, its line end included; no control character in it is raw."""
    return printable(json.dumps(record, ensure_ascii=False)) + "\n"


def write(path: Path, records: Sequence[Record]) -> None:
    """Write a part whole. Raises OutputError."""
    replace_file(path, _parquet(records) if path.suffix == ".parquet" else "".join(map(line, records)).encode())


def read(path: Path) -> list[Record] | None:
    """The records of a part; None when there is none, or it was damaged since it was written."""
    with suppress(OSError, ValueError):  # pyarrow's errors are among them
        data = path.read_bytes()
        if path.suffix == ".jsonl":
            return [json.loads(one) for one in data.decode().split("\n")[:-1]]
        import pyarrow.parquet

        return list(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist())
    return None


def require_pyarrow() -> Any:
    """The pyarrow module. Raises SettingsError, which names the extra, where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise SettingsError("Parquet needs pyarrow", repair="run: pip install 'mtcheck[parquet]'") from None
    return pyarrow


def _parquet(records: Sequence[Record]) -> bytes:
    require_pyarrow()
    import pyarrow.parquet

    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(records), _schema(records)), sink, compression="zstd")
    return sink.getvalue()


def _schema(records: Sequence[Record]) -> Any:
    """The columns; those of ``clean`` where the records have them. An empty list has no type, so it is stated here."""
    import pyarrow as pa

    texts = pa.list_(pa.string())
    span = [("offset", pa.int64()), ("end_offset", pa.int64())]
    finding = pa.struct(
        [
            *[(name, pa.string()) for name in ("rule", "category", "severity")],
            ("confidence", pa.float64()),
            *[(name, pa.string()) for name in ("message", "quote")],
            *span,
            ("line", pa.int64()),
            ("column", pa.int64()),
            ("fixes", texts),
        ]
    )
    columns = [("id", pa.string()), ("words", pa.int64()), ("skipped", pa.string()), ("error", pa.string())]
    columns += [("warnings", texts), ("findings", pa.list_(finding))]
    if "text" in records[0]:
        edit = pa.struct([*span, ("original", pa.string()), ("replacement", pa.string()), ("generators", texts)])
        columns += [("text", pa.string()), ("edits", pa.list_(edit))]
    return pa.schema(columns)
