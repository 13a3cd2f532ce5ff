"""The zip archive of a Word document: its parts read with care, and put back with all else as it was packed.

Nothing is ever unpacked to disk, so names of members are only names. What is read is read in memory up to a limit; what
is not touched is copied packed, and so costs nothing, whatever it would unpack to.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise
from typing import Any
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from mtcheck.errors import InputError

_MOST_MEMBERS = 10_000
_LEAST_HEADER = 30  # bytes of a local file header without its name (APPNOTE 4.3.7)
_MOST_BYTES = 64 * 1024 * 1024
"""Of all parts that are read, unpacked; the text of a long novel takes a tenth of it."""
_PLAIN_BYTES, _MOST_RATIO = 1024 * 1024, 300
"""A part larger than the first that is packed better than the second is a bomb; Word's own parts reach about 60."""

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTENT_TYPES = "[Content_Types].xml"
_ENCRYPTED_FLAG = 1
_ROOT = re.compile(rb"<[^?!]")
_SAVE_AGAIN = "open it in Word or LibreOffice and save it again as .docx"
_CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part says of another: ``kind`` is the last word of its type, ``target`` the other's member name."""

    rel_id: str
    kind: str
    target: str


class Package:
    """A Word document of which parts can be read and replaced. Raises InputError for anything else."""

    def __init__(self, data: bytes, where: str = "") -> None:
        """Look at the table of contents. ``where`` names the file in errors."""
        self._data, self._where, self._left = data, where, _MOST_BYTES
        self._roots: dict[str, Any] = {}
        self._heads: dict[str, bytes] = {}
        self._new: set[str] = set()
        self._members = self._table()
        self.main = self._main()

    def root(self, name: str) -> Any:
        """The root element of a part, parsed once: who changes it changes it for ``packed``."""
        if name not in self._roots:
            data = self._read(name)
            start = _ROOT.search(data)
            self._heads[name] = data[: start.start()] if start else b""
            self._roots[name] = self._parsed(data)
        return self._roots[name]

    def relationships(self, name: str) -> tuple[Relationship, ...]:
        """What a part (the package itself for ``""``) refers to within the package, in the file's order."""
        file = _relationships_of(name)
        if file not in self._members:
            return ()
        found = []
        for element in self.root(file).iterfind("{*}Relationship"):
            if element.get("TargetMode") != "External":
                target = posixpath.join("/", posixpath.dirname(name), unquote(element.get("Target", "")))
                kind = element.get("Type", "").rpartition("/")[2]
                found.append(Relationship(element.get("Id", ""), kind, self._known(target)))
        return tuple(found)

    def related(self, kind: str) -> list[str]:
        """Names of the parts of a kind that the main part refers to and that are there."""
        named = (one.target for one in self.relationships(self.main) if one.kind == kind)
        return [name for name in dict.fromkeys(named) if name in self._members]

    def add(self, kind: str, content_type: str, root: Any) -> None:
        """Give the main part a new part, named after its kind, with its relationship and content type."""
        folder, file = posixpath.dirname(self.main), _relationships_of(self.main)
        names = (posixpath.join(folder, f"{kind}{number or ''}.xml") for number in count())
        name = next(name for name in names if name.lower() not in self._by_lower_case)
        if file not in self._members:
            self._roots[file] = etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS})
        taken = {one.get("Id") for one in self.root(file)}
        rel_id = next(f"rId{number}" for number in count(1) if f"rId{number}" not in taken)
        relationship = {"Id": rel_id, "Type": f"{self._relationship_types}/{kind}", "Target": posixpath.basename(name)}
        etree.SubElement(self.root(file), f"{{{_RELATIONSHIPS}}}Relationship", relationship)
        override = {"PartName": f"/{name}", "ContentType": content_type}
        etree.SubElement(self.root(_CONTENT_TYPES), f"{{{_CONTENT}}}Override", override)
        self._roots[name] = root
        self._new |= {name, file, _CONTENT_TYPES}

    def packed(self, touched: Iterable[str]) -> bytes:
        """The archive with the touched parts written anew and those added; all else is copied as it is packed."""
        changed = {name: self._serialised(name) for name in {*touched, *self._new}}
        buffer = io.BytesIO()
        with ZipFile(io.BytesIO(self._data)) as old, ZipFile(buffer, "w") as new:
            new.comment = old.comment
            ends = _ends(old)
            for info in old.infolist():
                if info.filename in changed:
                    new.writestr(_like(info), changed.pop(info.filename))
                else:
                    _copy(new, info, self._data[info.header_offset : ends[info.header_offset]])
            for name in sorted(changed):
                fresh = ZipInfo(name)
                fresh.compress_type = ZIP_DEFLATED
                new.writestr(fresh, changed[name])
        return buffer.getvalue()

    def _table(self) -> Mapping[str, ZipInfo]:
        if self._data.startswith(_COMPOUND_FILE):
            raise self._not_a_package()
        try:
            with ZipFile(io.BytesIO(self._data)) as archive:
                listed, ends = archive.infolist(), _ends(archive)
        # zipfile itself raises NotImplementedError, for versions of the format that it does not know
        except (BadZipFile, ValueError, OSError, EOFError, struct.error, NotImplementedError) as error:
            raise self._damaged("it is no zip archive" if isinstance(error, BadZipFile) else str(error)) from None
        if len(listed) > _MOST_MEMBERS:
            raise self._damaged(f"it has {len(listed):,} members")
        members = {info.filename: info for info in listed}
        if len({name.lower() for name in members}) < len(listed):
            raise self._damaged("two members have the same name")
        if any(info.header_offset + _LEAST_HEADER + info.compress_size > ends[info.header_offset] for info in listed):
            raise self._damaged("two members share their bytes")
        return members

    def _not_a_package(self) -> InputError:
        """Word's old format and every encrypted document are compound files (MS-CFB); their streams have names."""
        if "EncryptedPackage".encode("utf-16-le") in self._data:
            what, repair = "is encrypted with a password", "remove the password in Word (File, Info, Protect Document)"
        else:
            what, repair = "is a file of the old Word (.doc)", _SAVE_AGAIN
        return InputError(what, where=self._where, repair=repair)

    def _main(self) -> str:
        if _CONTENT_TYPES not in self._members:
            raise InputError("is a zip archive but no Word document", where=self._where, repair="give a .docx file")
        found = [one for one in self.relationships("") if one.kind == "officeDocument"]
        name = found[0].target if found else ""
        if name not in self._members:
            raise self._damaged("its main part is missing")
        kind = self._content_type(name)
        if "macroEnabled" in kind or "template" in kind:
            what = "holds macros" if "macroEnabled" in kind else "is a template"
            raise InputError(what, where=self._where, repair="save it in Word as a document without macros (.docx)")
        if "wordprocessingml.document" not in kind:
            raise InputError("is no Word document", where=self._where, repair="give a .docx file")
        return name

    def _content_type(self, name: str) -> str:
        types, kind = self.root(_CONTENT_TYPES), ""
        for element in types:
            if element.get("Extension", "").lower() == name.rpartition(".")[2].lower():
                kind = kind or element.get("ContentType", "")
            if element.get("PartName", "").lower() == f"/{name}".lower():
                return str(element.get("ContentType", ""))
        return kind

    @property
    def _relationship_types(self) -> str:
        """What the types of relationships begin with: in strict documents it differs."""
        types = (element.get("Type", "").rpartition("/") for element in self.root("_rels/.rels"))
        return next(str(beginning) for beginning, _, kind in types if kind == "officeDocument")

    def _known(self, target: str) -> str:
        """The member that a target means; names of parts know no case."""
        name = posixpath.normpath(target).lstrip("/")
        return name if name in self._members else self._by_lower_case.get(name.lower(), name)

    @cached_property
    def _by_lower_case(self) -> dict[str, str]:
        return {name.lower(): name for name in self._members}

    def _read(self, name: str) -> bytes:
        info = self._members[name]
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise InputError("is encrypted with a password", where=self._where, repair="remove the password")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise self._damaged(f"{name} is packed in an unknown way")
        bomb = info.file_size > _PLAIN_BYTES and info.file_size > _MOST_RATIO * info.compress_size
        try:
            with ZipFile(io.BytesIO(self._data)) as archive, archive.open(info) as stream:
                data = b"" if bomb else stream.read(self._left + 1)
        # NotImplementedError as above: zipfile's word for a member that it cannot unpack
        except (BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error, NotImplementedError) as error:
            raise self._damaged(f"{name}: {error}") from None
        self._left -= len(data)
        if bomb or self._left < 0:
            repair = "look at where it comes from" if bomb else "split it"
            raise InputError(f"unpacks to too much ({name})", where=self._where, repair=repair)
        return data

    def _parsed(self, data: bytes) -> Any:
        """Nothing outside is fetched and no entity is known but XML's own: Word documents declare none."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(str(error)) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._damaged("it declares a document type, as no Word document does")
        return root

    def _serialised(self, name: str) -> bytes:
        """A part's bytes, in UTF-8; what stood before its root is kept, unless it was in another encoding."""
        root = self._roots[name]
        encoding = root.getroottree().docinfo.encoding or "UTF-8"
        if encoding.upper() != "UTF-8" or not self._heads.get(name):
            return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))
        return self._heads[name] + bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=False))

    def _damaged(self, how: str) -> InputError:
        return InputError(f"is a damaged Word document ({how})", where=self._where, repair=_SAVE_AGAIN)


def _ends(archive: ZipFile) -> dict[int, int]:
    """By the offset of each member, that of what follows it."""
    return dict(pairwise([*sorted({info.header_offset for info in archive.infolist()}), archive.start_dir]))


def _relationships_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _like(info: ZipInfo) -> ZipInfo:
    """A member of the same name, date, rights and packing, for other content."""
    fresh = ZipInfo(info.filename, info.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr"):
        setattr(fresh, name, getattr(info, name))
    return fresh


def _copy(archive: ZipFile, info: ZipInfo, packed: bytes) -> None:
    """Append a member as it is packed, local header included: zipfile can only write what it packs itself."""
    assert archive.fp is not None
    info.header_offset = archive.start_dir
    archive.fp.seek(archive.start_dir)
    archive.fp.write(packed)
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info
    archive.start_dir = archive.fp.tell()
