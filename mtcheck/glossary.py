"""The user's own terms and names: what they are, and the files they are read from.

A glossary is CSV or TSV with named columns, or TBX (ISO 30042, versions 2 and 3); a list of names is CSV or TSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtcheck.errors import InputError

if TYPE_CHECKING:
    from mtcheck.settings import Settings

_COLUMNS = {
    "source": "source src ru rus russian ru-ru русский источник термин",
    "target": "target tgt trg en eng english en-us en-gb translation preferred перевод английский",
    "forbidden": "forbidden avoid wrong deprecated not запрещено нельзя",
    "note": "note notes comment comments definition context domain примечание комментарий",
    "variant": "variant variants wrong avoid spelling вариант",
    "preferred": "preferred name right use имя правильно",
    "confirmed": "confirmed",
}
"""Names of columns, in lower case; the first that fits counts, others are not read."""
_YES = ("yes", "y", "true", "1", "x", "+", "да")
_ALTERNATIVES = re.compile(r"\s*[;|]\s*")
_DELIMITERS = "\t;,"
_TARGET_LANGUAGE, _SOURCE_LANGUAGE = "en", "ru"
_DEPRECATED = re.compile(r"deprecated|superseded|forbidden|obsolete", re.I)


@dataclass(frozen=True, slots=True)
class Term:
    """A term: what it is in Russian, what it must be in English, and what it must not be.

    source: "" for a rule about English alone. targets: allowed wordings, the preferred one first.
    """

    source: str
    targets: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling of a name that is not wanted, and the one that is."""

    variant: str
    preferred: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """Everything the user wants of terms and names."""

    terms: tuple[Term, ...] = ()
    names: tuple[Name, ...] = ()


def glossary_of(settings: Settings) -> Glossary | None:
    """The glossary that the settings name, None when they name none. Raises InputError for a file that is no use."""
    if not settings.glossary and not settings.names:
        return None
    return Glossary(
        _read_once(read_glossary, settings.glossary) if settings.glossary else (),
        _read_once(read_names, settings.names) if settings.names else (),
    )


def _read_once(read: Any, path: str) -> Any:
    try:
        state = Path(path).stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _cached(read, path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=16)
def _cached(read: Any, path: str, _size: int, _changed: int) -> Any:
    return read(path)


def read_glossary(path: str) -> tuple[Term, ...]:
    """The terms of a CSV, TSV or TBX file. Raises InputError, with the line, for one that cannot be used."""
    if path.lower().endswith(".tbx"):
        return tuple(_terms_of_tbx(path))
    return tuple(_terms_of_table(path))


def read_names(path: str) -> tuple[Name, ...]:
    """The names of a CSV or TSV file with columns ``variant`` and ``preferred``. Raises InputError likewise.

    Where there is a column ``confirmed`` (``mtcheck names`` writes one), only rows that say yes in it count.
    """
    found = []
    for line, row in _rows(path, ("variant", "preferred"), ("confirmed",)):
        if row.get("confirmed", _YES[0]).lower() not in _YES:
            continue
        if not row["variant"] or not row["preferred"]:
            raise InputError(
                "a name needs both its columns", where=f"{path}:{line}", repair="fill variant and preferred"
            )
        found += [Name(variant, row["preferred"]) for variant in _split(row["variant"])]
    return tuple(found)


def _terms_of_table(path: str) -> Iterator[Term]:
    for line, row in _rows(path, ("target",), ("source", "forbidden", "note")):
        forbidden = _split(row.get("forbidden", ""))
        if not row["target"] or not (row.get("source") or forbidden):
            raise InputError(
                "a term needs a target, and a source or a forbidden wording",
                where=f"{path}:{line}",
                repair="fill the row or remove it",
            )
        yield Term(row.get("source", ""), _split(row["target"]), forbidden, row.get("note", ""))


def _rows(path: str, needed: Sequence[str], wanted: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column of each row that is not empty or a comment."""
    import csv

    lines = _text(path).splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not numbers:
        raise InputError("holds no rows", where=path, repair=f"begin with a line of column names: {','.join(needed)}")
    head = lines[numbers[0] - 1]
    delimiter = max(_DELIMITERS, key=head.count)
    places = _columns(next(csv.reader([head], delimiter=delimiter)), (*needed, *wanted))
    for column in needed:
        if column not in places:
            raise InputError(
                f"no column “{column}”",
                where=f"{path}:{numbers[0]}",
                repair=f"name it in the first line: {','.join((*needed, *wanted))}",
            )
    for number in numbers[1:]:
        cells = next(csv.reader([lines[number - 1]], delimiter=delimiter))
        if len(cells) <= max(places[column] for column in needed):
            raise InputError("too few columns", where=f"{path}:{number}", repair="fill the row or remove it")
        yield number, {column: cells[at].strip() for column, at in places.items() if at < len(cells)}


def _columns(head: Sequence[str], wanted: Iterable[str]) -> dict[str, int]:
    """Place of each wanted column; a header may use any of its known names."""
    names = [name.strip().lower() for name in head]
    found: dict[str, int] = {}
    for column in wanted:
        for name in _COLUMNS[column].split():
            if name in names and names.index(name) not in found.values():
                found[column] = names.index(name)
                break
    return found


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in _ALTERNATIVES.split(cell.strip()) if part)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", where=path, repair="save it as UTF-8") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> InputError:
    return InputError(f"cannot be read ({error.strerror})", where=path, repair="check the path")


def _terms_of_tbx(path: str) -> Iterator[Term]:
    """Concepts with a Russian and an English term; deprecated English terms are forbidden."""
    for entry in _tbx_entries(path):
        by_language: dict[str, list[tuple[str, bool]]] = {_SOURCE_LANGUAGE: [], _TARGET_LANGUAGE: []}
        for section in _below(entry, "langSet", "langSec"):
            language = next((value for key, value in section.attrib.items() if key.endswith("lang")), "")[:2].lower()
            for group in _below(section, "tig", "ntig", "termSec"):
                term = next(("".join(part.itertext()).strip() for part in _below(group, "term")), "")
                status = " ".join("".join(part.itertext()) for part in _below(group, "termNote"))
                if term and language in by_language:
                    by_language[language].append((term, bool(_DEPRECATED.search(status))))
        targets = tuple(term for term, deprecated in by_language[_TARGET_LANGUAGE] if not deprecated)
        forbidden = tuple(term for term, deprecated in by_language[_TARGET_LANGUAGE] if deprecated)
        note = next(("".join(part.itertext()).strip() for part in _below(entry, "descrip", "note")), "")
        for source, _ in by_language[_SOURCE_LANGUAGE] or [("", False)]:
            if targets and (source or forbidden):
                yield Term(source, targets, forbidden, note)


def _tbx_entries(path: str) -> list[Any]:
    """The concepts of a TBX file; entities stay unexpanded and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(path, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise InputError(
            f"not well-formed XML ({error.msg})", where=f"{path}:{line}", repair="correct the file"
        ) from error
    except OSError as error:
        raise InputError("cannot be read", where=path, repair="check the path") from error
    entries = _below(tree.getroot(), "termEntry", "conceptEntry")
    if not entries:
        raise InputError("holds no term entries", where=path, repair="give a TBX file")
    return entries


def _below(element: Any, *names: str) -> list[Any]:
    """Elements of these local names, whatever their namespace."""
    return [part for part in element.iter("{*}*") if part.tag.rpartition("}")[2] in names]
