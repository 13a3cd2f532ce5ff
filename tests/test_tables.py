"""Tables and JSON Lines: one column is checked, every byte outside the edited cell stays."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck.cli import main
from mtcheck.documents import format_of, parse, write
from mtcheck.errors import InputError
from mtcheck.schema import Document, Edit, Span
from mtcheck.settings import Settings
from tests.git_folder import commit, folder  # noqa: F401 - a fixture
from tests.round_trip import assert_round_trip

CSV = 'id,source,target\r\n1,Он ушёл.,"He ""left"", then. Yes"\r\n\r\n2,,He came. She left.\r\n3,,\r\n'
TSV = 'id\tEnglish\tRU\n1\t"He" said\tОн\n2\tHe said "x"\tОна\n3\t"Quoted ""one"""\t\n'
JSONL = (
    '{"id": 1, "ru":"Привет",  "en" : "Hi \\"all\\", \\u00e9t\\u00e9 \\ud83d\\ude00"}\r\n\n'
    '{"x":{"en":"no"},"en":"One. Two.\\n\\nThree"}\n{"en": null}'
)


def test_cells_are_read_beside_their_originals() -> None:
    document = parse(CSV, "a.csv", "csv")
    assert [(s.hypothesis, s.source) for s in document.segments] == [
        ('He "left", then. Yes', "Он ушёл."),
        ("He came.", None),
        ("She left.", None),
    ]
    assert [document.line_column(s.start) for s in document.segments] == [(2, 13), (4, 4), (4, 13)]
    assert document.line_column(document.text.index("then")) == (2, 26)


def replaced(document: Document, old: str, new: str) -> str:
    segment = next(segment for segment in document.segments if old in segment.hypothesis)
    at = segment.hypothesis.index(old)
    return write(document, [Edit(segment.seg_id, Span(at, at + len(old)), new)]).decode()


def test_a_cell_is_quoted_when_it_has_to_be() -> None:
    document = parse(CSV, "a.csv", "csv")
    assert replaced(document, "then", 'x"y') == CSV.replace("then", 'x""y')
    assert replaced(document, "came", "went") == CSV.replace("came", "went")
    assert replaced(document, "came", "came, saw") == CSV.replace("He came. She left.", '"He came, saw. She left."')
    assert replaced(document, "He c", '"c') == CSV.replace("He came. She left.", '"""came. She left."')


def test_quotation_marks_of_tsv() -> None:
    document = parse(TSV, "a.tsv", "tsv")
    assert [segment.hypothesis for segment in document.segments] == ['"He" said', 'He said "x"', 'Quoted "one"']
    assert replaced(document, '"He" said', "He\tsays") == TSV.replace('"He" said', "He says")
    assert replaced(document, "He said ", "") == TSV.replace('He said "x"', '"""x"""')
    assert replaced(document, "He said ", '"') == TSV.replace('He said "x"', '""x"')
    assert replaced(document, "one", "two") == TSV.replace("one", "two")


def test_fields_of_json_lines() -> None:
    document = parse(JSONL, "a.jsonl", "jsonl")
    assert [(s.hypothesis, s.source) for s in document.segments] == [
        ('Hi "all", été \U0001f600', "Привет"),
        ("One.", None),
        ("Two.", None),
        ("Three", None),
    ]
    assert replaced(document, "Hi", 'He\\"é') == JSONL.replace("Hi", 'He\\\\\\"é')
    ascii_only = '{"text": "He came."}\n'
    assert replaced(parse(ascii_only, "a", "jsonl"), "He", "É") == '{"text": "\\u00c9 came."}\n'


def test_fields_of_objects_within() -> None:
    (segment,) = parse('{"translation": {"ru": "Да", "en": "Yes"}}', "a", "jsonl").segments
    assert (segment.hypothesis, segment.source) == ("Yes", "Да")


def test_columns_are_named_in_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("Draft&1;Orig\nHe lived in the the city.;Он жил в городе.\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["check", "--fast", "a.csv"])
    assert refused.exit_code == 2
    assert 'name it in mtcheck.toml: target_column = "..."' in refused.stderr
    Path("mtcheck.toml").write_text('target_column = "draft&1"\nsource_column = "Orig"\n')
    assert CliRunner().invoke(main, ["check", "--fast", "a.csv"]).stdout.startswith("a.csv:2:")
    assert CliRunner().invoke(main, ["fix", "--fast", "a.csv"]).exit_code == 0
    assert Path("a.csv").read_text(encoding="utf-8") == "Draft&1;Orig\nHe lived in the city.;Он жил в городе.\n"
    assert format_of("a.csv", Settings(target_column="a b")) == "csv?target=a+b"


ROWS = {
    "a.csv": ["Draft,Orig", "He came.,Он пришёл.", "He lived in the the city.,Он жил в городе."],
    "a.tsv": ["Draft\tOrig", "He came.\tОн пришёл.", "He lived in the the city.\tОн жил в городе."],
    "a.jsonl": [
        '{"Orig": "Он пришёл.", "Draft": "He came."}',
        '{"Orig": "Он жил в городе.", "Draft": "He lived in the the city."}',
    ],
}


@pytest.mark.parametrize("name", ROWS)
def test_columns_that_the_settings_name_hold_for_every_command(folder: Path, name: str) -> None:  # noqa: F811
    *before, added = ROWS[name]
    Path("mtcheck.toml").write_text('target_column = "Draft"\nsource_column = "Orig"\n')
    Path(name).write_text("\n".join(before), encoding="utf-8")
    commit()
    Path(name).write_text("\n".join([*before, added]), encoding="utf-8")
    since = CliRunner().invoke(main, ["check", "--fast", "--changed-since", "HEAD", name])
    assert since.stdout.startswith(f"{name}:{len(ROWS[name])}:"), since.output
    for named in ([name], [f"HEAD:{name}", name]):
        told = CliRunner().invoke(main, ["diff", *named])
        assert (told.exit_code, "He lived in the the city" in told.stdout) == (1, True), told.output
    done = CliRunner().invoke(main, ["batch", "check", "--fast", "--out", "out", "--jobs", "1", name])
    assert done.exit_code == 1, done.output


def test_tables_are_read_only_when_they_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("text\nHe lived in the the city.\n")
    assert "no article in it" in CliRunner().invoke(main, ["check", "--fast", "."]).stderr
    assert CliRunner().invoke(main, ["check", "--fast", "*.csv"]).exit_code == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "a,text\n1,x\n2\n", "a.csv:3: has 1 columns, and the first line 2; quote cells"),
        ("a.csv", 'text\n"x" y\n', "a.csv:2: goes on after a cell's closing quotation mark; double"),
        ("a.csv", 'text\nx\n"y\n\n', "a.csv:3: has a quotation mark that is never closed"),
        ("a.csv", "", "a.csv: is empty; begin with a line of column names"),
        ("a.tsv", "a\tb\n", "a.tsv:1: has no column of English text that mtcheck knows (it has a, b)"),
        ("a.jsonl", '{"text": "x"}\n{"text"\n', "a.jsonl:2: not a line of JSON (Expecting ':' delimiter)"),
        ("a.jsonl", '{"text": "x"}\n[1]\n', "a.jsonl:2: not a JSON object; give one JSON object a line"),
        ("a.jsonl", '{"text": 5}\n', "a.jsonl:1: “text” is not text; name another field"),
        ("a.jsonl", " \n", "a.jsonl: is empty"),
        ("a.json", "{}", "a.json: cannot read .json files"),
    ],
)
def test_what_is_malformed_is_one_clear_line(name: str, text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse(text, name, format_of(name))
    assert str(error.value).startswith(message)


def test_a_named_column_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"a\.csv:1: no column “Englsh”; did you mean English\?"):
        parse("English,b\n", "a.csv", "csv?target=Englsh")


_CELLS = st.text(alphabet="ab .,;\"'\t\nЖé\\\U0001f600", max_size=12)
_WORDS = st.text(alphabet='abЖ,;"\\|\U0001f600', max_size=5).map(lambda text: f"x{text}x")
_ROWS = st.lists(st.tuples(st.sampled_from(["", "Да"]), _CELLS), max_size=5)


@given(rows=_ROWS, delimiter=st.sampled_from(",;\t|"), newline=st.sampled_from(["\n", "\r\n"]), data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_table_comes_back(rows: list[tuple[str, str]], delimiter: str, newline: str, data: st.DataObject) -> None:
    made = io.StringIO()
    if delimiter == "\t":
        rows = [(source, " ".join(text.split())) for source, text in rows]
    writer = csv.writer(made, delimiter=delimiter, lineterminator=newline)
    writer.writerows([("source", "text", "n"), *((source, text, n) for n, (source, text) in enumerate(rows))])
    raw = made.getvalue().encode()
    assert_round_trip(raw, "csv", data, _WORDS)
    if delimiter == "\t":  # other readers do not agree with each other on quotation marks there
        return
    document = parse(raw, "a", "csv")
    edits = [Edit(s.seg_id, Span(0, 1), '",\t') for s in document.segments if s.seg_id % 2]
    cells = [
        row[0::2] for row in csv.reader(io.StringIO(write(document, edits).decode(), newline=""), delimiter=delimiter)
    ]
    assert cells == [["source", "n"], *([source, str(n)] for n, (source, _) in enumerate(rows))]


@given(rows=_ROWS, ascii_only=st.booleans(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_json_lines_come_back(rows: list[tuple[str, str]], ascii_only: bool, data: st.DataObject) -> None:
    objects = [{"n": [n, {"}": '"'}], "ru": source, "o": {}, "en": text} for n, (source, text) in enumerate(rows)]
    raw = "\n".join(json.dumps(one, ensure_ascii=ascii_only) for one in [{"en": ""}, *objects]).encode()
    assert_round_trip(raw, "jsonl", data, _WORDS)
    document = parse(raw, "a", "jsonl")
    back = [
        json.loads(line)
        for line in write(document, [Edit(s.seg_id, Span(0, 1), '"') for s in document.segments]).decode().split("\n")
    ]
    assert [{**one, "en": ""} for one in back[1:]] == [{**one, "en": ""} for one in objects]
