"""A table of names proposed from articles: which spellings there are, which to keep, what they render.

A person confirms rows once; ``mtcheck.glossary.read_names`` then reads them wherever the settings name the table.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtcheck.detectors.name_spelled_several_ways import Mention, Variant, variants
from mtcheck.detectors.rule import Analysis
from mtcheck.detectors.source_facts import SourceWord, source_words
from mtcheck.detectors.source_names import may_translate
from mtcheck.errors import InputError
from mtcheck.schema import Document, Segment

BOM = "\ufeff"
"""Begins a new table: without it spreadsheets take the Russian in it for another encoding."""
_DELIMITERS = ",;\t"
COLUMNS = ("confirmed", "variant", "preferred", "times", "preferred_times", "kind", "russian", "where")
_KINDS = {
    "PERSON": "person",
    "ORG": "organisation",
    **dict.fromkeys(("GPE", "LOC", "FAC"), "place"),
    **dict.fromkeys(("NORP", "PRODUCT", "EVENT", "WORK_OF_ART"), "other"),
}
"""What spaCy calls the entities that have names, and what the table calls them."""
_NAMES = frozenset(("Name", "Surn", "Patr", "Geox", "Orgn"))


@dataclass(frozen=True, slots=True)
class ProposedName:
    """A spelling not to use and the one to use instead, as found.

    times, preferred_times: how often each stands in the articles. kind: person, place, organisation or other, "" where
    nobody looked. russian: what the sources have for it, in its dictionary form. where: first ``path:line:column``.
    """

    variant: str
    preferred: str
    times: int
    preferred_times: int
    kind: str = ""
    russian: str = ""
    where: str = ""


def propose(
    documents: Sequence[Document], parse: Callable[[Sequence[str]], Sequence[Any]] | None = None
) -> tuple[ProposedName, ...]:
    """Every spelling in the articles, taken together, that is not its name's best one; the most frequent names first.

    parse: a parser that knows names (``SpacyParser.parse``); with it, words that it never takes for one are left out.
    """
    placed = [(document, segment) for document in documents for segment in document.segments]
    texts = [segment.hypothesis for _, segment in placed]
    parsed = parse(texts) if parse else [None] * len(texts)
    article = [Analysis.of(segment, doc=doc) for (_, segment), doc in zip(placed, parsed, strict=True)]
    found = (_proposed(variant, placed, article, named=parse is not None) for variant in variants(article))
    return tuple(sorted(filter(None, found), key=lambda one: (-one.times - one.preferred_times, one.variant)))


def _proposed(
    variant: Variant, placed: Sequence[tuple[Document, Segment]], article: Sequence[Analysis], *, named: bool
) -> ProposedName | None:
    mentions = (*variant.mentions, *variant.established)
    kinds = Counter(kind for mention in mentions if (kind := _kind(article[mention.index].doc, mention)))
    if named and not kinds:
        return None
    russian = Counter(name for mention in mentions for name in _russian(placed[mention.index][1], mention))
    first = variant.mentions[0]
    document, segment = placed[first.index]
    line, column = document.line_column(segment.start + first.start)
    return ProposedName(
        variant.spelling,
        variant.best,
        len(variant.mentions),
        len(variant.established),
        kinds.most_common(1)[0][0] if kinds else "",
        russian.most_common(1)[0][0] if russian else "",
        f"{document.doc_id}:{line}:{column}",
    )


def _kind(doc: Any, mention: Mention) -> str:
    inside = (e for e in (doc.ents if doc else ()) if e.start_char < mention.end and mention.start < e.end_char)
    return next((_KINDS[entity.label_] for entity in inside if entity.label_ in _KINDS), "")


def _russian(segment: Segment, mention: Mention) -> Iterator[str]:
    """The first name of the source that the mention may render, in its dictionary form."""
    words = (word for word in source_words(segment.source or "") if word.text[0].isupper() and len(word.text) > 2)
    for word in words:
        if may_translate(word.text, mention.spelling):
            yield _dictionary_form(word)
            return


def _dictionary_form(word: SourceWord) -> str:
    """As the dictionary has the name; a word that it does not know as one as it stands, for its guesses are poor."""
    known = (reading.lemma for reading in word.readings if reading.known and reading.grammemes & _NAMES)
    return "-".join(part.capitalize() for part in next(known, word.text).split("-"))


def table(names: Iterable[ProposedName], old: str = "", where: str = "") -> tuple[str, int]:
    """The table as CSV text, nothing in it confirmed, and how many rows are new.

    old: the table as it was; its rows stay as they are, confirmed, refused or open, and are not proposed again.
    where: names it in errors. Raises InputError when new rows of it would be in force at once.
    """
    old = old or f"{BOM}{','.join(COLUMNS)}\n"
    lines = [line for line in old.removeprefix(BOM).splitlines() if line.strip() and not line.startswith("#")]
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else ","
    head, *rows = csv.reader(lines, delimiter=delimiter) if lines else [[]]
    columns = [name.strip().lower() for name in head]
    if not {"confirmed", "variant", "preferred"}.issubset(columns):
        repair = f"give another file to --out, or begin this one with {','.join(COLUMNS)}"
        raise InputError("has no columns confirmed, variant and preferred", where=where, repair=repair)
    at = columns.index("variant")
    known = {spelling.strip() for row in rows if at < len(row) for spelling in re.split("[;|]", row[at])}
    fresh = [name for name in names if name.variant not in known]
    added = io.StringIO()
    writer = csv.writer(added, delimiter=delimiter, lineterminator="\r\n" if "\r\n" in old else "\n")
    writer.writerows(["no" if key == "confirmed" else getattr(name, key, "") for key in columns] for name in fresh)
    return old + "\n" * (not old.endswith("\n")) + added.getvalue(), len(fresh)


def read_old(path: str) -> str:
    """The table at a path as it stands, "" when there is none. Raises InputError for one that cannot be read."""
    try:
        return Path(path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read as UTF-8 text", where=path, repair="check the file") from error
