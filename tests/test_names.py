"""Names proposed from articles, confirmed in a table, and in force from then on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mtcheck.cli import main
from mtcheck.documents import parse
from mtcheck.errors import InputError
from mtcheck.glossary import Name, read_names
from mtcheck.naming import BOM, COLUMNS, ProposedName, propose, table

TALKS = """\
Envoy Arkadiy Belozerov arrived in Qasrabad on Monday. The group Jaish al-Noor refused to meet him.

Dzhaish fighters left the town at night. Belozerova was told about it in the morning.

Jaish has a thousand men, said Arkady Belozerov.
"""
LATER = "In Qasrabad, Arkadij Belozerov met the elders. The Marks were few.\n"
RUSSIAN = """\
Посланник Аркадий Белозеров прибыл в Касрабад в понедельник. Группировка «Джаиш ан-Нур» отказалась с ним встречаться.

Боевики «Джаиш» ночью покинули город. Белозерову сообщили об этом утром.

У «Джаиш» тысяча человек, сказал Аркадий Белозеров.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "talks.txt").write_text(TALKS, encoding="utf-8")
    (tmp_path / "later.txt").write_text(LATER, encoding="utf-8")
    (tmp_path / "talks.ru.txt").write_text(RUSSIAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["names", "--fast", *arguments])


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.removeprefix(BOM).splitlines()]


def test_variants_of_one_article(folder: Path) -> None:
    result = run("talks.txt")
    head, *found = rows(result.stdout)
    assert tuple(head) == COLUMNS
    assert sorted((confirmed, variant, best) for confirmed, variant, best, *_ in found) == [
        ("no", "Arkadiy", "Arkady"),
        ("no", "Belozerova", "Belozerov"),
        ("no", "Dzhaish", "Jaish"),
    ]
    jaish = next(row for row in found if row[1] == "Dzhaish")
    assert jaish[3:5] == ["1", "2"]
    assert jaish[-1] == "talks.txt:3:1"
    assert result.stderr == "3 spellings to settle; without the parser, some may be no names\n"


def test_articles_are_looked_at_together(folder: Path) -> None:
    found = {row[1]: row for row in rows(run("talks.txt", "later.txt").stdout)}
    assert found["Arkadij"][2] == "Arkady"
    assert found["Arkadij"][-1] == "later.txt:1:14"


def test_the_original_names_the_russian_form(folder: Path) -> None:
    found = {row[1]: row for row in rows(run("talks.txt", "--source", "talks.ru.txt").stdout)}
    assert [found[name][6] for name in ("Arkadiy", "Dzhaish", "Belozerova")] == ["Аркадий", "Джаиш", "Белозеров"]


def test_what_is_confirmed_is_in_force_and_nothing_else(folder: Path) -> None:
    assert run("talks.txt", "--out", "names.csv").stderr.startswith("3 spellings to settle, 3 new in names.csv")
    path = folder / "names.csv"
    assert read_names("names.csv") == ()
    (folder / "mtcheck.toml").write_text('names = "names.csv"\n')
    check = ["check", "--fast", "--select", "unwanted-name-spelling", "talks.txt"]
    assert CliRunner().invoke(main, check).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("no,Dzhaish", "Да,Dzhaish"), encoding="utf-8")
    assert read_names("names.csv") == (Name("Dzhaish", "Jaish"),)
    assert CliRunner().invoke(main, check).stdout.count("unwanted-name-spelling") == 1
    kept = path.read_bytes()
    assert "none of them new" in run("talks.txt", "--out", "names.csv").stderr
    assert path.read_bytes() == kept
    run("talks.txt", "later.txt", "--out", "names.csv")
    assert path.read_bytes().startswith(kept)
    assert b"no,Arkadij," in path.read_bytes().removeprefix(kept)


def test_a_table_of_ones_own_columns_goes_on() -> None:
    old = "preferred;variant;mine;confirmed\r\nJaish;Dzhaish|Djaish;x;yes"
    found = [ProposedName("Djaish", "Jaish", 1, 2), ProposedName("Sergey", "Sergei", 3, 4, russian="Сергей")]
    assert table(found, old) == (f"{old}\nSergei;Sergey;;no\r\n", 1)


@pytest.mark.parametrize("old", ["variant,preferred\na,b\n", "Some text.\n", "# nothing\n"])
def test_rows_are_not_added_where_they_would_be_in_force_at_once(old: str) -> None:
    with pytest.raises(InputError, match=r"n\.csv: has no columns confirmed, variant and preferred; give another"):
        table([], old, "n.csv")


def test_nothing_to_propose_writes_nothing(folder: Path) -> None:
    (folder / "plain.txt").write_text("The talks went on in the town.\n")
    assert run("plain.txt", "--out", "none.csv").stderr.startswith("0 spellings to settle")
    assert not (folder / "none.csv").exists()


def test_a_parser_tells_names_from_other_words() -> None:
    def ents(text: str) -> Any:
        at = text.find("Arkad")
        entity = SimpleNamespace(start_char=at, end_char=at + 20, label_="PERSON")
        return SimpleNamespace(ents=[entity] if at >= 0 else [])

    found = propose([parse(TALKS, "talks.txt")], lambda texts: [ents(text) for text in texts])
    assert [(one.variant, one.kind) for one in found] == [("Belozerova", "person"), ("Arkadiy", "person")]
