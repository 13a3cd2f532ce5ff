"""Quotation marks, apostrophes and dashes: straight for a model that knows no others, and back as a text has them."""

from __future__ import annotations

import re

_STRAIGHT = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`", "'"), "…": "..."})
_DASH = re.compile(r"\s*[–—]\s*")


def straightened(text: str) -> str:
    """The text with straight quotes and apostrophes, three dots, and spaced hyphens for dashes between words.

    A dash between digits becomes a bare hyphen.
    """
    text = text.translate(_STRAIGHT)
    text = re.sub(r"(?<=\d)[–—](?=\d)", "-", text)
    return _DASH.sub(" - ", text).strip()


def like(model: str, text: str) -> str:
    """``text`` with the kinds of quotes, apostrophes, dashes and ellipsis that ``model`` uses."""
    if "“" in model or "”" in model:
        text = re.sub(r'(^|[\s(\[—–-])"(?=\S)', r"\1“", text).replace('"', "”")
    elif "«" in model:
        text = re.sub(r'(^|[\s(\[—–-])"(?=\S)', r"\1«", text).replace('"', "»")
    if "’" in model or ("“" in model and "'" not in model):
        text = re.sub(r"(?<=\w)'", "’", text)
        text = re.sub(r"(^|\s)'(?=\w)", r"\1‘", text)
        text = text.replace("'", "’")
    if re.search(r"\d–\d", model):
        text = re.sub(r"(?<=\d)-(?=\d)", "–", text)
    dash = re.search(r"\s*[–—]\s*", re.sub(r"(?<=\d)[–—](?=\d)", "", model))
    if dash:
        text = text.replace(" - ", dash.group())
    return text.replace("...", "…") if "…" in model else text
