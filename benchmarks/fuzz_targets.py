# ruff: noqa: E501 - inputs, a line each
"""What is fuzzed: each reader of mtcheck with the inputs to begin from, and what must hold for any bytes at all.

A target takes bytes and returns whether they were read. Being refused with an MtcheckError is fine; whatever else is
raised is a fault, and so is a document that does not come back as the same bytes, or cannot be read once edited.
"""

from __future__ import annotations

import io
import random
import re
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile, ZipInfo

from mtcheck import decisions, glossary, naming, settings
from mtcheck.checking import baseline
from mtcheck.documents import parse, write, write_annotated
from mtcheck.errors import MtcheckError
from mtcheck.schema import Document, Edit, Revision, Span
from mtcheck.settings.patterns import compiled

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
LARGEST = 1000
"""Bytes of an input, so that many can be tried."""
REPLACEMENTS = (
    "wording",
    "Ж",
    'a "b", c',
    "x & y < z]]>",
    "two\nlines",
    "tab\tand\rreturn",
    "\\n{0}%s=1",
    "é\U0001f600",
)
ARTICLE = b"The the minister said that Moscow has no plans. He said so in an interview.\n\nIt cost 1 250 000.\n"


@dataclass(frozen=True, slots=True)
class Target:
    """run: True when the bytes were read, MtcheckError when they were refused; tokens: pieces worth putting in.

    largest: bytes of an input; text: it is UTF-8 as a rule.
    """

    name: str
    run: Callable[[bytes], bool]
    seeds: tuple[bytes, ...]
    tokens: tuple[str, ...]
    largest: int = LARGEST
    text: bool = True

    def within(self, largest: int) -> Target:
        """The same with inputs of that many bytes at most: small ones are tried faster, and break as much."""
        if self.largest <= largest:
            return self
        fitting = tuple(seed for seed in self.seeds if len(seed) <= largest)
        return replace(self, seeds=fitting or tuple(seed[:largest] for seed in self.seeds), largest=largest)


def document(form: str) -> Callable[[bytes], bool]:
    """Read, give back, edit, read again."""

    def run(data: bytes) -> bool:
        read = parse(data, "x", form)
        assert write(read) == data, "not the same bytes without edits"
        assert all(min(read.line_column(segment.start)) >= 1 for segment in read.segments), "no place in the file"
        edits = two_edits(read, random.Random(zlib.crc32(data)))
        if not edits:
            return True
        again = _again(write(read, edits), form)
        assert not read.container or again.text.split() == read.apply(edits).split(), "edits read back as other text"
        shown = write_annotated(read, [Revision(edit, "Why: “x” & <y>\nand more") for edit in edits])
        if shown is not None:
            _again(shown, form)
        return True

    return run


def _again(data: bytes, form: str) -> Document:
    try:
        return parse(data, "x", form)
    except MtcheckError as error:
        raise AssertionError(f"what was written is not read: {error}") from error


def two_edits(read: Document, chance: random.Random) -> list[Edit]:
    """Up to two replacements of words, in different segments, over no markup and nothing protected."""
    edits = []
    for segment in chance.sample(read.segments, min(2, len(read.segments))):
        words = [Span(*match.span()) for match in re.finditer(r"\w+", segment.hypothesis)]
        free = [
            span
            for span in words
            if not segment.crosses_markup(span) and not any(span.overlaps(kept) for kept in segment.protected)
        ]
        if free:
            edits.append(Edit(segment.seg_id, chance.choice(free), chance.choice(REPLACEMENTS)))
    return edits


def in_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], bool]:
    """For what is read from a path: the bytes are put in a file of that name first."""
    made: list[Path] = []

    def run(data: bytes) -> bool:
        if not made:
            made.append(Path(mkdtemp(prefix="mtcheck-fuzz-")) / name)
        made[0].write_bytes(data)
        read(made[0])
        return True

    return run


def _settings(path: Path) -> None:
    compiled.cache_clear()
    found = settings.load(path.parent / "drafts" / "a.txt")
    found.excludes("drafts/a.txt")
    found.fingerprint()


def _decisions(path: Path) -> None:
    ledger = decisions.read_ledger(path)
    decisions.placed(parse(ARTICLE, "x"), ledger)
    decisions.write_ledger(path, ledger)
    assert decisions.read_ledger(path) == ledger, "decisions read back as others"


def _baseline(path: Path) -> None:
    known = baseline.read_baseline(path)
    baseline.write_baseline(known)
    assert baseline.read_baseline(path) == known, "a baseline read back as another"


def _names(path: Path) -> None:
    old = naming.read_old(str(path))
    with suppress(MtcheckError):  # the other reader is to be tried too
        naming.table([naming.ProposedName("Lavroff", "Lavrov", 1, 2)], old, "x")
    glossary.read_names(str(path))


def packed(flat: bytes) -> bytes:
    """A zip archive of parts written one after the other, each under a line ``=====name``: so one can mutate XML."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for part in flat.split(b"\n=====")[1:]:
            name, _, content = part.partition(b"\n")
            archive.writestr(ZipInfo(name.decode("utf-8", "replace")[:60] or "x"), content)
    return made.getvalue()


def flat(path: Path) -> bytes:
    """The parts of a Word file that mtcheck reads, as :func:`packed` takes them."""
    wanted = re.compile(r"\[Content_Types\].xml|_rels/.rels|word/(_rels/)?(document|footnotes|endnotes|comments).*")
    with ZipFile(path) as archive:
        names = [name for name in archive.namelist() if wanted.fullmatch(name)]
        return b"".join(b"\n=====" + name.encode() + b"\n" + archive.read(name) for name in names)


def _quiet(run: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    """zipfile warns of two parts of one name, which is of no interest."""

    def silent(data: bytes) -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return run(packed(data))

    return silent


def _cases(*patterns: str, largest: int = LARGEST) -> list[bytes]:
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return [path.read_bytes()[:largest] for path in paths]


def _target(
    name: str, run: Callable[[bytes], bool], tokens: str, *seeds: bytes | str, largest: int = LARGEST
) -> Target:
    kept = tuple(seed.encode() if isinstance(seed, str) else seed for seed in seeds)
    return Target(name, run, kept, tuple(tokens.split()) + COMMON, largest, text=name != "docx-zip")


COMMON = ("\ufeff", "\u2028", "\x85", "\r", "\r\n", "\n\n", "\0", "\U0001f600", "Ж", "\u200b", "\u202e")
"""Pieces that annoy any reader."""
_XML = '<![CDATA[ ]]> &#x10FFFF; &#xD800; &#13; &amp; &lt; <!-- --> <?pi ?> <!DOCTYPE xml:lang="en" xml:space="preserve" /> xmlns:a="b" xmlns="" encoding="utf-16" encoding="windows-1251" encoding="cp037"'
_MARKDOWN = '---\ntitle: A b\n---\n# Head\n\n<!-- mtcheck: allow doubled-word -->\nThe *the* [minister](http://a.b "t") came. `code` &amp; ![x](y)\n\n| a | b |\n|---|---|\n| The one. | Two |\n\n> - quote\n>   more\n\n```\ncode\n```\n<b>html</b> \\* end.[^1]\n\n[^1]: A note.\n[ref]: http://a.b\n'
_HTML = "<!doctype html><html lang=en><head><title>A title</title><style>a{}</style></head><body><!-- mtcheck: allow doubled-word --><p>The <b>the</b> minister &amp; co&nbsp;came.<br>He left &lt;now&gt;.<script>var a='<p>';</script><ul><li>One item<li>Two</ul><table><tr><td>cell</td></tr></table><pre>pre</pre><p translate=no>keep</p></body></html>"
_SRT = "1\r\n00:00:01,000 --> 00:00:02,500 X1:1\r\n<i>The the minister</i> came\r\n\r\n2\r\n00:00:02,600 --> 00:00:04,000\r\n- and left.\r\n- Why? {\\an8}&amp;\r\n"
_VTT = "WEBVTT\n\nSTYLE\n::cue{}\n\nNOTE mtcheck: allow doubled-word\n\nid\n00:01.000 --> 00:02.000 line:0\n<v Bob>The <c.red>the</c> minister\n\n00:02.100 --> 00:03.000\ncame &lt;now&gt;.\n"
_CSV = 'id,ru,en\n1,"Министр, сказал","The the ""minister"", came"\n2,Да,Yes it is\n'
_TSV = 'source\ttarget\nМинистр\tThe the minister "came"\nДа\t"Yes it is"\n'
_JSONL = '{"id": 1, "ru": "Министр", "en": "The the \\"minister\\" \\u00e9\\ud83d\\ude00 came"}\n{"translation": {"en": "Yes", "ru": "Да"}, "n": [1, {"a": null}]}\n'
_TBX = '<?xml version="1.0"?>\n<martif type="TBX" xml:lang="en"><text><body><termEntry><descrip type="x">n</descrip><langSet xml:lang="ru"><tig><term>премьер</term></tig></langSet><langSet xml:lang="en"><ntig><termGrp><term>prime minister</term></termGrp></ntig><tig><term>premier</term><termNote type="s">deprecatedTerm</termNote></tig></langSet></termEntry></body></text></martif>'
_TBX3 = '<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic"><text><body><conceptEntry><langSec xml:lang="ru"><termSec><term>ставка</term></termSec></langSec><langSec xml:lang="en"><termSec><term>rate</term></termSec></langSec></conceptEntry></body></text></tbx>'
_TOML = 'select = ["style"]\nignore = ["doubled-word"]\nmin_confidence = 0.5\nseverity = "major"\nmax_findings = 3\nexclude = ["a/**", "!b"]\ntarget_column = "x"\n[per_path."drafts/**"]\nfast = true\nfail_on = "minor"\n'
_LEDGER = '{"schema_version": "1.1", "decisions": [{"rule": "doubled-word", "quote": "The the", "before": "", "after": "minister said that", "reason": "r", "article": "a.txt", "replacement": "The"}, {"rule": "x", "quote": "so", "before": "He said", "after": "in an"}]}'
_KNOWN = '{"schema_version": "1.0", "articles": {"a.txt": [{"rule": "doubled-word", "quote": "The the", "before": "", "after": "minister", "severity": "minor", "confidence": 0.9, "count": 2}]}}'
_DOCX = (
    '\n=====[Content_Types].xml\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    '\n=====_rels/.rels\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    '\n=====word/document.xml\n<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">The the </w:t></w:r><w:r><w:t>minister</w:t><w:tab/><w:t>came.</w:t><w:br/></w:r><w:ins w:id="1" w:author="a"><w:r><w:t>New</w:t></w:r></w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>old</w:delText></w:r></w:del><w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>A cell here.</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:sectPr/></w:body></w:document>'
)  # fmt: skip
_WORD = (
    '<w:p> </w:p> <w:r> </w:r> <w:t> </w:t> <w:ins> <w:del> <w:tab/> <w:br/> <w:fldChar w:fldCharType="begin"/> <w:instrText> <w:sdt> <w:sdtContent> <w:txbxContent> <mc:AlternateContent> <w:footnoteReference w:id="2"/> <w:commentReference w:id="0"/> <w:moveFrom> <w:smartTag> '
    + _XML
)


def _small(*folders: str) -> list[bytes]:
    found = [data for folder in folders for data in _cases(f"tests/cases/{folder}", largest=2000)]
    return [data for data in found if len(data) < 2000]


def targets() -> dict[str, Target]:
    """Every target by name."""
    words = [flat(path) for path in sorted((CASES / "docx").glob("*.docx"))]
    zips = [path.read_bytes() for path in (CASES / "docx").glob("*.docx") if path.stat().st_size < 8_000]
    xliff = _small("xliff/*.xlf")
    made = [
        _target("text", document("text"), "- * 1) — “ ” . ! ?", *_cases("seeds/*.txt", "tests/cases/*/*.txt", largest=900)),
        _target("markdown", document("markdown"), "``` ~~~ --- === > - * ** _ ` [ ]( ) ![ <!-- --> | |---| [^1]: &amp; \\ <div> </div> $$ # +++ mtcheck:", _MARKDOWN),
        _target("html", document("html"), "<p> </p> <b> <br/> <script> </script> <style> <textarea> <title> <!-- --> <![CDATA[ ]]> <? &amp &#0; &#x110000; &notit; = ' \" <svg> <template> <plaintext> translate=no lang=ru", _HTML, *_cases("tests/cases/html/*.html", largest=900)),
        _target("docx", _quiet(document("docx")), _WORD, _DOCX, *(data for data in words if len(data) < 12_000), largest=12_000),
        _target("docx-zip", document("docx"), "PK\x03\x04 PK\x01\x02 PK\x05\x06", packed(_DOCX.encode()), *zips, largest=8_000),
        _target("srt", document("srt"), "--> 00:00:01,000 {\\an8} <i> </i> - &#0; &#x110000; &amp; &nbsp;", _SRT, *_small("subtitles/*.srt")),
        _target("vtt", document("vtt"), "WEBVTT NOTE STYLE REGION --> 00:01.000 <v </v> <c> <00:01.000> &lt; &#0; &lrm; mtcheck:", _VTT, *_small("subtitles/*.vtt")),
        _target("csv", document("csv"), '"" " , ; | en ru source target', _CSV),
        _target("tsv", document("tsv"), '"" " en ru', _TSV),
        _target("jsonl", document("jsonl"), '{ } [ ] {"a": "en" "ru" : , \\u \\ud83d \\udc00 \\n 1e999 NaN null translation.en', _JSONL),
        _target("xliff", document("xliff"), "<g> <x/> <mrk> <pc> <ph/> <sc/> <ec/> <cp/> <note> <target> </target> <source> state=\"final\" translate=\"no\" approved=\"yes\" %s {0} " + _XML, *xliff, largest=2000),
        _target("sdlxliff", document("sdlxliff"), "<mrk mtype=\"seg\" mid=\"1\"> <sdl:seg id=\"1\" conf=\"Draft\" locked=\"true\"/> <x/> " + _XML, *_small("sdlxliff/*.sdlxliff"), largest=2000),
        _target("tmx", document("tmx"), "<tu> </tu> <tuv> <seg> <bpt> <ept> <ph> <hi> <it> <ut> <sub> <note> <prop> srclang=\"*all*\" " + _XML, *_small("tmx/*.tmx")),
        _target("po", document("po"), 'msgid msgstr msgstr[0] msgctxt msgid_plural #, #~ #| #. fuzzy "" \\n \\" \\x \\777 %s charset=cp037', *_small("po/*.po")),
        _target("settings", in_file("mtcheck.toml", _settings), "[ ] [[ [per_path.\"*\"] = \"\"\" ''' inf nan 1e999 true 1979-05-27 ** !( [z-a] " + " ".join(settings.keys()), _TOML),
        _target("decisions", in_file("d.json", _decisions), '{ } [ ] : , "rule" "replacement" null \\ud800 \\u0000 1e999', _LEDGER),
        _target("baseline", in_file("b.json", _baseline), '{ } [ ] : , "count" "severity" null \\ud800 1e999 NaN Infinity -0 <<<<<<<', _KNOWN),
        _target("glossary-csv", in_file("g.csv", lambda path: glossary.read_glossary(str(path))), '" "" ; , | # source target forbidden note', "source,target,forbidden,note\nставка,rate|level,bid,n\n,prime minister,premier\n"),
        _target("glossary-tbx", in_file("g.tbx", lambda path: glossary.read_glossary(str(path))), "<term> </term> <!ENTITY " + _XML, _TBX, _TBX3),
        _target("names", in_file("n.csv", _names), '" "" ; , | # yes no', "confirmed,variant,preferred\nyes,Lavroff;Lawrow,Lavrov\nno,a,b\n"),
    ]  # fmt: skip
    return {target.name: target for target in made}


def mutated(chance: random.Random, data: bytes, target: Target) -> bytes:
    """The input with a change or a few: a piece put in, taken out, doubled, nested, moved, from another input."""
    for _ in range(1 + int(chance.expovariate(1))):
        start = chance.randint(0, len(data))
        end = min(len(data), start + int(chance.expovariate(1 / 12)))
        piece = data[start:end]
        token = chance.choice(target.tokens).encode("utf-8", "surrogatepass")
        other = chance.choice(target.seeds)
        at = chance.randint(0, len(other))
        kind = chance.randrange(9)
        new = (
            token,
            b"",
            piece * 2,
            token * chance.choice((2, 2, 2, 30, 1500)),
            piece[::-1],
            other[at : at + chance.randint(1, 80)],
            bytes([chance.randrange(256)]),
            piece * chance.choice((2, 2, 20, 500)),
            chance.choice((b"0", b"-1", b"9" * 30, b" ", b"\n", b"a")),
        )[kind]
        data = (data[:start] + new + data[end:])[: target.largest]
    return data
