"""Files of terms and names: what they may look like, and what is said of one that is no use."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcheck.detection import find, in_force
from mtcheck.detectors.rule import Analysis
from mtcheck.engines import Engines
from mtcheck.errors import InputError
from mtcheck.glossary import Name, Term, glossary_of, read_glossary, read_names
from mtcheck.schema import Document, Segment
from mtcheck.settings import Settings

PREMIER = Term("премьер-министр", ("prime minister", "PM"), ("premier",), "house style")
TBX = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><text><body>
 <termEntry id="1"><note>house style</note>
  <langSet xml:lang="ru"><tig><term>премьер-министр</term></tig></langSet>
  <langSet xml:lang="en-GB"><tig><term>prime minister</term></tig>
   <ntig><termGrp><term>PM</term></termGrp></ntig>
   <tig><term>premier</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
 </termEntry></body></text></martif>
"""
TBX_3 = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic" xml:lang="en"><text><body>
 <conceptEntry><langSec xml:lang="ru"><termSec><term>ставка</term></termSec></langSec>
 <langSec xml:lang="en"><termSec><term>rate</term></termSec></langSec></conceptEntry></body></text></tbx>
"""


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "text",
    [
        "source,target,forbidden,note\nпремьер-министр,prime minister;PM,premier,house style\n",
        "\ufeff# ours\nRussian\tEnglish\tAvoid\tNote\n\nпремьер-министр\tprime minister | PM\tpremier\thouse style\n",
        'note;en;ru;forbidden\nhouse style;"prime minister|PM";премьер-министр;premier\n',
    ],
)
def test_tables_of_terms(text: str, tmp_path: Path) -> None:
    assert read_glossary(written(tmp_path, "terms.csv", text)) == (PREMIER,)


def test_tbx_of_both_versions(tmp_path: Path) -> None:
    assert read_glossary(written(tmp_path, "terms.tbx", TBX)) == (PREMIER,)
    assert read_glossary(written(tmp_path, "terms3.tbx", TBX_3)) == (Term("ставка", ("rate",)),)


def test_an_entity_of_a_tbx_file_is_not_followed(tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.txt", "secret")
    hostile = TBX_3.replace("<tbx", f'<!DOCTYPE tbx [<!ENTITY x SYSTEM "file://{secret}">]>\n<tbx', 1)
    hostile = hostile.replace(">rate<", ">rate&x;<")
    (term,) = read_glossary(written(tmp_path, "terms.tbx", hostile))
    assert "secret" not in term.targets[0]


def test_names(tmp_path: Path) -> None:
    path = written(tmp_path, "names.csv", "variant,preferred\nZelenskiy; Zelenskij,Zelensky\n")
    assert read_names(path) == (Name("Zelenskiy", "Zelensky"), Name("Zelenskij", "Zelensky"))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("terms.csv", "", "terms.csv: holds no rows; begin with a line of column names: target"),
        ("terms.csv", "a,b\nc,d\n", "terms.csv:1: no column “target”"),
        ("terms.csv", "source,target\n\nабв\n", "terms.csv:3: too few columns"),
        ("terms.csv", "source,target\nабв,\n", "terms.csv:2: a term needs a target"),
        (
            "terms.csv",
            "source,target\n,abc\n",
            "terms.csv:2: a term needs a target, and a source or a forbidden wording",
        ),
        ("terms.tbx", "<tbx>\n<text>\n</tbx>", "terms.tbx:3: not well-formed XML"),
        ("terms.tbx", "<tbx/>", "terms.tbx: holds no term entries"),
        ("none/terms.csv", None, "terms.csv: cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_is_no_use_says_where_and_why(name: str, text: str | None, message: str, tmp_path: Path) -> None:
    path = str(tmp_path / name) if text is None else written(tmp_path, name, text)
    with pytest.raises(InputError) as caught:
        read_glossary(path)
    assert message in str(caught.value)


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_bytes("source,target\nабв,abc\n".encode("cp1251"))
    with pytest.raises(InputError, match="is not UTF-8 text"):
        read_glossary(str(path))


def test_settings_bring_the_rules_into_force(tmp_path: Path) -> None:
    terms = written(tmp_path, "terms.csv", "target,forbidden\nprime minister,premier\n")
    names = written(tmp_path, "names.csv", "variant,preferred\nZelenskiy,Zelensky\n")
    document = Document("a", "The premier met Zelenskiy.", (Segment(0, 0, "The premier met Zelenskiy."),))
    article = [Analysis.of(segment) for segment in document.segments]
    engines = Engines()
    wanted = Settings(glossary=terms, names=names)
    found = find(article, engines, wanted)
    assert [(f.rule, f.fixes[0].replacement) for f in found] == [
        ("forbidden-term", "prime minister"),
        ("unwanted-name-spelling", "Zelensky"),
    ]
    assert "forbidden-term" in in_force(document, engines, wanted)
    assert "forbidden-term" not in in_force(document, engines, Settings())
    assert find(article, engines, Settings()) == []
    assert glossary_of(Settings()) is None


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    settings = Settings(names=written(tmp_path, "names.csv", "variant,preferred\nA1,B1\n"))
    assert glossary_of(settings).names == (Name("A1", "B1"),)
    written(tmp_path, "names.csv", "variant,preferred\nLonger,Long\n")
    assert glossary_of(settings).names == (Name("Longer", "Long"),)
