"""``mtcheck settings`` tells what is in force and why; its schema and its page are true."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from mtcheck.cli import main
from mtcheck.detection import selected, sources
from mtcheck.settings import keys

DOCS = Path(__file__).parent.parent / "docs"
NEWSROOM = """\
# mtcheck.toml
exclude = ["archive/"]
fail_on = "major"
ignore = ["genitive-chain"]

[per_path."drafts/**"]
ignore = ["style"]
fail_on = "critical"
"""


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mtcheck.toml").write_text(NEWSROOM)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["settings", *arguments])


def entries(*arguments: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run("--json", *arguments).stdout)
    return result


def test_values_and_where_they_come_from(newsroom: Path) -> None:
    result = run("drafts/a.md", "--fast", "--min-confidence", "0.8")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "settings of drafts/a.md: mtcheck.toml"
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines[2:] if line and ":" not in line.split()[0]}
    assert re.sub(" +", " ", rows["ignore"]) == '["genitive-chain", "style"] mtcheck.toml:4, mtcheck.toml:7'
    assert rows["fail_on"].split() == ['"critical"', "mtcheck.toml:8"]
    assert rows["fast"].split() == ["true", "--fast"]
    assert rows["min_confidence"].split() == ["0.8", "--min-confidence"]
    assert rows["n_best"].split() == ["4", "default"]
    assert lines[-1] == f"rules in force: {len(selected(sources({})('drafts/a.md')))}"


def test_json(newsroom: Path) -> None:
    found = entries("drafts/a.md")
    assert (found["file"], found["excluded"], found["path"]) == ("mtcheck.toml", False, "drafts/a.md")
    assert list(found["settings"]) == list(keys())
    assert found["settings"]["fail_on"] == {"value": "critical", "from": ["mtcheck.toml:8"]}
    assert found["settings"]["fast"] == {"value": False, "from": ["default"]}
    assert "genitive-chain" not in found["rules"]
    assert entries("a.md")["settings"]["fail_on"] == {"value": "major", "from": ["mtcheck.toml:3"]}
    assert entries("a.md")["fingerprint"] != found["fingerprint"]


def test_what_is_excluded_is_said_so(newsroom: Path) -> None:
    assert "it is excluded: checks skip it" in run("archive/a.md").stdout
    (newsroom / "archive").mkdir()
    assert entries("archive")["excluded"]
    assert not entries(".")["excluded"]


def test_without_a_file_and_with_a_bad_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run().stdout.startswith("settings of .: no settings file at or above it\n")
    (tmp_path / "mtcheck.toml").write_text("fail_no = 'major'\n")
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mtcheck: mtcheck.toml:1: unknown key “fail_no”; did you mean fail_on?\n"


def test_a_wrong_rule_on_the_command_line_is_one_clear_line(newsroom: Path) -> None:
    for command in ("settings", "check"):
        result = CliRunner().invoke(main, [command, "--select", "genitiv-chain"])
        assert result.exit_code == 2
        assert (
            result.stderr
            == "mtcheck: --select: unknown rule or category “genitiv-chain”; did you mean genitive-chain?\n"
        )


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(run("--schema").stdout)
    return loaded


def test_schema_takes_good_files() -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    for text in (NEWSROOM, "", 'select = ["style/", "fluency/grammar", "all"]\nmin_confidence = 1\nglossary = "a.tsv"'):
        jsonschema.validate(tomllib.loads(text), schema())


BAD = [
    "fail_no = 'major'",
    "fail_on = 'grave'",
    "fast = 1",
    "n_best = 0",
    "min_confidence = 2",
    "ignore = ['genitiv-chain']",
    "ignore = 'genitive-chain'",
    "[per_path.'a']\nn_best = 3",
    "[per_path.'a']\nfail_on = 3",
    "per_path = 3",
]


@pytest.mark.parametrize("text", BAD)
def test_schema_and_mtcheck_refuse_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), schema())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mtcheck.toml").write_text(text)
    assert run().exit_code == 2


def test_the_schema_in_the_documentation_is_up_to_date() -> None:
    made = run("--schema").stdout
    stands = (DOCS / "mtcheck.schema.json").read_text(encoding="utf-8")
    assert stands == made, "run: mtcheck settings --schema > docs/mtcheck.schema.json"


def test_the_page_tells_every_key_with_its_default() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", page, re.MULTILINE)
    assert [key for key, _ in rows] == [*keys(), "per_path"]
    properties = schema()["properties"]
    for key, default in rows:
        wanted = properties[key].get("default")
        assert default == ("none" if wanted in (None, []) else f"`{json.dumps(wanted)}`"), key


def test_the_examples_on_the_page_are_good_settings(tmp_path: Path) -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in ("terms.tsv", "names.tsv"):
            (folder / name).touch()
        name = "pyproject.toml" if "[tool." in example else "mtcheck.toml"
        (folder / name).write_text(example, encoding="utf-8")
        sources({})(str(folder))


def test_the_session_on_the_page_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    newsroom = re.search(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    session = re.search(r"^    \$ mtcheck settings (.*)\n((?:    .*\n|\n)+?)    \.\.\.", page, re.MULTILINE)
    assert newsroom
    assert session
    monkeypatch.chdir(tmp_path)
    for name, text in (("mtcheck.toml", newsroom[1]), ("terms.tsv", ""), ("names.tsv", "")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    printed = [line.split() for line in run(*session[1].split()).stdout.splitlines()]
    assert [line for line in session[2].splitlines() if line.split() not in printed] == []
