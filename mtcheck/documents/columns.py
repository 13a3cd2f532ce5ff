"""Which column of a table, or field of JSON objects, holds the English text, and which its Russian original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from mtcheck.errors import InputError, did_you_mean

_TARGETS = "target tgt trg en eng english en-us en-gb translation.en translation mt hypothesis text".split()
_SOURCES = "source src ru rus russian ru-ru translation.ru".split()


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the two columns; an empty one is found by the names that such columns usually have."""

    target: str = ""
    source: str = ""

    @property
    def query(self) -> str:
        """The names as part of a format's name: ``target=English&source=Russian``."""
        return urlencode([(key, value) for key, value in (("target", self.target), ("source", self.source)) if value])

    @classmethod
    def of(cls, query: str) -> Columns:
        """The columns that a query names."""
        return cls(**dict(parse_qsl(query)))

    def found(self, names: Iterable[str], where: str) -> tuple[str, str]:
        """The names, as the file has them, of target and source; the source's is empty when there is none.

        Raises InputError when no column holds the target, or one that was asked for is not there.
        """
        by_name = {name.strip().lower(): name for name in reversed(list(names))}
        target = _chosen(self.target, _TARGETS, by_name, where)
        if not target:
            listed = ", ".join(sorted(by_name.values())[:8])
            repair = 'name it in mtcheck.toml: target_column = "..."'
            raise InputError(
                f"has no column of English text that mtcheck knows (it has {listed})", where=where, repair=repair
            )
        rest = {key: name for key, name in by_name.items() if name != target}
        return target, _chosen(self.source, _SOURCES, rest, where)


def _chosen(wanted: str, usual: Iterable[str], by_name: dict[str, str], where: str) -> str:
    if wanted and wanted.strip().lower() not in by_name:
        repair = did_you_mean(wanted, by_name.values()) or "correct target_column or source_column in mtcheck.toml"
        raise InputError(f"no column “{wanted}”", where=where, repair=repair)
    return next((by_name[name] for name in ([wanted.strip().lower()] if wanted else usual) if name in by_name), "")
