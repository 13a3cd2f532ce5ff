"""Bytes to text, without guessing: UTF-8, or UTF-16 that says so; anything else is refused by name."""

from __future__ import annotations

import codecs

from mtcheck.errors import InputError

_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive (an office file such as .docx or .odt?)"),
    (b"\xd0\xcf\x11\xe0", "an old office file (.doc?)"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "rich text (.rtf)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_LEGACY = {"cp1251": "windows-1251", "cp1252": "windows-1252", "koi8_r": "koi8-r", "cp866": "cp866"}


def decode(data: bytes, where: str) -> tuple[str, str]:
    """The text, any byte order mark kept as its first code point, and the codec that restores the bytes.

    Raises InputError (``where`` names the file) for binary data and for other encodings.
    """
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"not a text file but {kind}", where=where, repair="save the article as UTF-8 text")
    encoding = _declared(data, where)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, encoding, error, where) from None
    if "\0" in text:
        raise InputError("not a text file (it holds NUL bytes)", where=where, repair="save the article as UTF-8 text")
    return text, encoding


def decode_declared(data: bytes, declared: str, where: str) -> tuple[str, str]:
    """:func:`decode` for a file that names its encoding itself, which may then be any that gives the same bytes back.

    Raises InputError for bytes that are not in that encoding, and for one that is not known.
    """
    if declared.lower().replace("_", "-") in ("utf-8", "utf8", "us-ascii", "ascii", "utf-16"):
        return decode(data, where)
    try:
        text = data.decode(declared)
        if text.encode(declared) == data:
            return text, declared
    except (LookupError, UnicodeError):
        pass
    raise InputError(f"not {declared} text, as it says", where=where, repair="convert it to UTF-8")


def _declared(data: bytes, where: str) -> str:
    """The codec that the byte order mark declares; without one, UTF-8."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _convert("UTF-32", where)
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = data[:400]
    if len(sample) >= 4 and sample.count(0) >= 0.4 * len(sample):
        for at, name in ((1, "UTF-16LE"), (0, "UTF-16BE")):
            if all(byte == 0 for byte in sample[at::2]):
                raise _convert(name, where)
    return "utf-8"


def _undecodable(data: bytes, encoding: str, error: UnicodeDecodeError, where: str) -> InputError:
    if encoding != "utf-8":
        return InputError(f"damaged {encoding.upper()} text at byte {error.start}", where=where, repair="save it again")
    if data.startswith(b"PAR1"):
        return InputError("a Parquet table, not an article", where=where, repair="name it to mtcheck batch")
    if b"\0" in data or _control_share(data) > 0.02:
        return InputError("not a text file (binary data)", where=where, repair="save the article as UTF-8 text")
    guess = _guess(data)
    if guess is None:
        line = data.count(b"\n", 0, error.start) + 1
        return InputError("not UTF-8 text", where=f"{where}:{line}", repair="convert it to UTF-8")
    return _convert(guess, where)


def _convert(name: str, where: str) -> InputError:
    return InputError(
        f"not UTF-8 but {name}, it seems", where=where, repair=f"convert it with iconv -f {name} -t utf-8"
    )


def _control_share(data: bytes) -> float:
    sample = data[:4000]
    return sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in sample) / len(sample)


def _guess(data: bytes) -> str | None:
    """The legacy encoding that the bytes look like, for the message only."""
    from charset_normalizer import from_bytes

    sample = data[:20000]
    best = from_bytes(sample, cp_isolation=list(_LEGACY)).best()
    if best is None:
        return None
    # English with typographic quotes is the same in both Windows code pages; only letters tell them apart.
    cyrillic = sum(byte >= 0xC0 for byte in sample)
    return "windows-1252" if cyrillic < 0.1 * len(sample) else _LEGACY.get(best.encoding)
