"""Subtitles, SubRip (.srt) and WebVTT (.vtt): the running text of the cues; timings, numbers and tags stay.

A sentence often runs over several cues, and half a sentence reads as a fault to every rule. So the text of cues that
go on with one another is one unit, in which sentences are whole; the border of a cue in it is kept, so no edit takes
words from one cue into another. A line that begins with a dash is another speaker's, and a unit of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, takewhile

from mtcheck.documents.container import Changes, ContainerFormat, Unit
from mtcheck.documents.encoding import decode
from mtcheck.documents.text_format import BOM
from mtcheck.documents.traced import Lines, Traced, spliced
from mtcheck.errors import InputError
from mtcheck.schema import Comment, Span

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|$)")
_TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_TAG = re.compile(r"</?(?:[biusv]|c|font|lang|ruby|rt|\d{1,3}:\d\d)(?:[\s.:][^<>]*)?/?>|\{\\[^{}]*\}", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|lrm|rlm|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_NEWLINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*")
_DASH = re.compile(r"\s*[-–—]\s*(?=\S)")
_ENDED = re.compile(r"[.!?…♪)\]][”»\"’')\]]*$")
_LOWER = re.compile(r"[\"“«'‘(\[.…\s]*[^\W\d_A-ZА-ЯЁ]")
_REMARK = re.compile(r"NOTE[ \t]+(mtcheck\s*:.*)")
_PAUSE = 2.0
"""Seconds without a subtitle after which another text begins, unless it goes on in lower case."""
_MOST_CUES = 8
"""What runs on without a full stop for longer is text without punctuation, not a sentence."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """Raw ranges of the lines of text of one cue.

    first: line of the file, from 1, on which its timing stands; start, end: when it is shown, in seconds.
    """

    lines: tuple[tuple[int, int], ...]
    first: int
    start: float
    end: float


def _units(data: bytes, where: str) -> list[Unit]:
    raw, _ = decode(data, where)
    cues, lines = _cues(raw), Lines(raw)
    if raw.strip(BOM + " \t\r\n") and not cues:
        raise InputError(
            "holds no subtitle", where=where, repair="give lines of times such as 0:01:02,500 --> 0:01:04,000"
        )
    return [traced.unit(raw, lines) for traced in _passages(raw, cues)]


def _rewrite(data: bytes, changes: Changes, *, web: bool) -> bytes:
    raw, encoding = decode(data, "")
    passages, edits = list(_passages(raw, _cues(raw))), []
    for number, mine in changes.items():
        for change in mine:
            traced = passages[number]
            if any(kept.start < change.end and change.start < kept.end for kept in traced.protected):
                raise ValueError(f"edit {change} would join subtitles")
            start, end = traced.range(change)
            text = " ".join(change.replacement.splitlines())
            edits.append((start, end, _wrapped(raw[start:end], html.escape(text, quote=False) if web else text)))
    return spliced(raw, edits).encode(encoding)


def _wrapped(replaced: str, text: str) -> str:
    """The new text, broken into lines about where the old one was."""
    newline = _NEWLINE.search(replaced)
    spaces = [match.start() for match in re.finditer(" ", text)]
    if not newline or not spaces:
        return text
    wanted = newline.start() / len(replaced) * len(text)
    at = min(spaces, key=lambda space: abs(space - wanted))
    return text[:at] + newline.group() + text[at + 1 :]


def _comments(data: bytes) -> Sequence[Comment]:
    """Remarks in WebVTT's ``NOTE mtcheck: ...``, about the units that the next cue has a part in."""
    if b"mtcheck" not in data.replace(b"\0", b""):
        return ()
    raw, _ = decode(data, "")
    cues = _cues(raw)
    passages, found = list(_passages(raw, cues)), []
    for number, line in enumerate(_LINE.finditer(raw), 1):
        if match := _REMARK.fullmatch(line[1]):
            cue = next((cue for cue in cues if cue.first > number and cue.lines), None)
            about = _having(passages, cue.lines[0][0], cue.lines[-1][1]) if cue else Span(len(passages), len(passages))
            found.append(Comment(match[1].strip(), number, about))
    return found


def _having(passages: Sequence[Traced], start: int, end: int) -> Span:
    numbers = [at for at, passage in enumerate(passages) if passage.starts[0] < end and start < passage.ends[-1]]
    return Span(numbers[0], numbers[-1] + 1) if numbers else Span(0, 0)


def _cues(raw: str) -> list[_Cue]:
    """Each cue: after a line of times, the lines up to an empty one or the next cue's."""
    lines = [match for match in _LINE.finditer(raw, raw.startswith(BOM)) if match.end() > match.start()]
    timings = [at for at, line in enumerate(lines) if _TIMING.match(line[1])]
    found = []
    for at, following in pairwise([*timings, len(lines)]):
        end = following - (following < len(lines) and lines[following - 1][1].strip().isdigit())
        text = takewhile(lambda line: line[1].strip(), lines[at + 1 : end])
        shown = (_seconds(time) for time in re.findall(_TIME, lines[at][1])[:2])
        found.append(_Cue(tuple(line.span(1) for line in text), at + 1, *shown))
    return found


def _seconds(time: str) -> float:
    *hours, minutes, seconds = time.replace(",", ".").split(":")
    return float(seconds) + 60 * int(minutes) + 3600 * int(hours[0] if hours else 0)


def _passages(raw: str, cues: Sequence[_Cue]) -> Iterator[Traced]:
    """The running texts of the cues, in order."""
    run: list[tuple[Traced, int]] = []  # pieces, and the number of the cue that each is of
    for number, cue in enumerate(cues):
        for line in cue.lines:
            piece = _line(raw, *line)
            dash = _DASH.match(piece.text)
            if run and (dash or not _goes_on(cues, run, piece, number)):
                yield _joined(raw, run)
                run = []
            words = _part(piece, dash.end() if dash else 0, len(piece.text))
            if any(char.isalnum() for char in words.text):
                run.append((words, number))
    if run:
        yield _joined(raw, run)


def _goes_on(cues: Sequence[_Cue], run: list[tuple[Traced, int]], piece: Traced, number: int) -> bool:
    """True when a line belongs to the running text before it."""
    before, last = run[-1]
    if last == number:
        return True
    if number - run[0][1] >= _MOST_CUES:
        return False
    paused = cues[number].start - cues[last].end > _PAUSE
    return bool(_LOWER.match(piece.text)) or not (paused or _ENDED.search(before.text))


def _line(raw: str, start: int, end: int) -> Traced:
    """What is read of one line: tags left out, entities resolved, which many SubRip files have too."""
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    at = start
    while at < end:
        tag = _TAG.match(raw, at, end)
        entity = _ENTITY.match(raw, at, end)
        shown = html.unescape(entity.group()) if entity else raw[at]
        if len(shown) != 1:  # no entity of HTML, or of no character
            entity, shown = None, raw[at]
        found = tag or entity
        past = found.end() if found else at + 1
        if not tag and (chars or not shown.isspace()):
            chars.append(shown)
            places.append((at, past))
        at = past
    whole = Traced("".join(chars), [s for s, _ in places], [e for _, e in places])
    return _part(whole, 0, len(whole.text.rstrip()))


def _part(traced: Traced, start: int, end: int) -> Traced:
    return Traced(traced.text[start:end], traced.starts[start:end], traced.ends[start:end])


def _joined(raw: str, run: Sequence[tuple[Traced, int]]) -> Traced:
    """Lines as one text, a space standing for each line end.

    One between two cues, or over a line without words, stands for no raw text behind the first line, and is kept.
    """
    text, kept = "", []
    starts: list[int] = []
    ends: list[int] = []
    for at, (piece, number) in enumerate(run):
        if at:
            newlines = list(_NEWLINE.finditer(raw, ends[-1], piece.starts[0]))
            border = number != run[at - 1][1] or len(newlines) > 1
            if border:
                kept.append(Span(len(text), len(text) + 1))
            text += " "
            starts.append(newlines[0].end() if border else newlines[0].start())
            ends.append(newlines[0].end())
        text += piece.text
        starts += piece.starts
        ends += piece.ends
    return Traced(text, starts, ends, tuple(kept))


SRT = ContainerFormat("srt", (".srt",), _units, partial(_rewrite, web=False))
VTT = ContainerFormat("vtt", (".vtt",), _units, partial(_rewrite, web=True), comments=_comments)
