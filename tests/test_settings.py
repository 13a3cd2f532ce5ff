"""Settings come from the nearest file, its tables for paths, and options; every mistake is one clear line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mtcheck.detection import selected, selectors, sources
from mtcheck.detectors import rules
from mtcheck.errors import SettingsError
from mtcheck.settings import Settings, Sources, load

NEWSROOM = """\
ignore = ["genitive-chain"]
fail_on = "major"

[per_path."drafts/**"]
ignore = ["style"]
fail_on = "critical"

[per_path."*.md"]
min_confidence = 0.9
fail_on = "minor"
"""


def test_nearest_file_then_options(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mtcheck]\nfast = true\nignore = ["said-about-noun"]\n')
    folder = tmp_path / "news"
    folder.mkdir()
    assert load(folder, fast=None) == Settings(fast=True, ignore=("said-about-noun",))
    assert load(folder, fast=False).fast is False
    (folder / "mtcheck.toml").write_text("n_best = 2\n")
    assert load(folder) == load(folder / "a.md") == Settings(n_best=2)


def test_own_file_wins_over_pyproject_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mtcheck]\nn_best = 2\n")
    (tmp_path / "mtcheck.toml").write_text("alternatives = 2\n")
    assert load(tmp_path) == Settings(alternatives=2)


@pytest.mark.parametrize("text", ["[project]\nname = 'app'\n", "[tool.other]\nx = 'mtcheck'\n", "broken ["])
def test_a_foreign_pyproject_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "mtcheck.toml").write_text("n_best = 3\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "pyproject.toml").write_text(text)
    assert load(tmp_path / "app") == Settings(n_best=3)


def test_the_walk_up_stops_at_the_root_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text("n_best = 3\n")
    (tmp_path / "news" / ".git").mkdir(parents=True)
    (tmp_path / "news" / "may").mkdir()
    assert load(tmp_path / "news" / "may") == Settings()
    (tmp_path / "news" / "mtcheck.toml").write_text("n_best = 2\n")
    assert load(tmp_path / "news" / "may") == Settings(n_best=2)


def test_tables_for_paths_apply_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text(NEWSROOM)
    of = sources({})
    assert of(str(tmp_path / "a.txt")) == Settings(ignore=("genitive-chain",), fail_on="major")
    assert of(str(tmp_path / "drafts" / "may" / "a.txt")) == Settings(
        ignore=("genitive-chain", "style"), fail_on="critical"
    )
    assert of(str(tmp_path / "drafts" / "a.md")) == Settings(
        ignore=("genitive-chain", "style"), fail_on="minor", min_confidence=0.9
    )


def test_options_win_and_what_is_ignored_adds_up(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text(NEWSROOM)
    draft = str(tmp_path / "drafts" / "a.txt")
    of = sources({"ignore": ("said-about-noun",), "fail_on": "neutral", "min_confidence": None, "select": ()})
    assert of(draft) == Settings(ignore=("genitive-chain", "style", "said-about-noun"), fail_on="neutral")


def test_a_rule_selected_later_by_name_is_no_longer_ignored(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text('ignore = ["genitive-chain", "said-about-noun"]\n')
    of = sources({"select": ("genitive-chain", "style")})
    assert of(str(tmp_path)).ignore == ("said-about-noun",)
    assert "genitive-chain" in {rule.name for rule in selected(of(str(tmp_path)))}


def test_a_category_stands_for_its_rules() -> None:
    def names(**keys: Any) -> set[str]:
        return {rule.name for rule in selected(Settings(**keys))}

    style = {rule.name for rule in rules() if rule.category.startswith("style/")}
    assert names(select=("style",)) == names(select=("style/",)) == style
    assert names(select=("style",), ignore=("style/awkward",)) == {
        rule.name for rule in rules() if rule.name in style and rule.category != "style/awkward"
    }
    assert names(ignore=("all",)) == set()
    assert names() == {rule.name for rule in rules()}


def test_no_rule_is_called_like_a_category() -> None:
    assert all(selectors()[rule.name] == {rule.name} for rule in rules())


def test_each_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text("n_best = 2\n")
    of = Sources({})
    first = of(str(tmp_path / "a.txt"))
    (tmp_path / "mtcheck.toml").write_text("n_best = 3\n")
    assert of(str(tmp_path / "b.txt")) is first


FAULTS = {
    "n_bset = 2": ":1: unknown key “n_bset”; did you mean n_best?",
    "xyz = 2": ":1: unknown key “xyz”; use one of translator, rewriter, fast, select,",
    "fast = 1": ":1: fast: bad value 1, expected bool, got int",
    "\n\nn_best = true": ":3: n_best: bad value True, expected int, got bool",
    "n_best = 0": ":1: n_best: bad value 0, expected int >= 1",
    "max_findings = -1": "expected int >= 0",
    "min_confidence = 1.5": "expected float <= 1.0",
    "severity = 'grave'": "expected one of neutral, minor, major, critical",
    "select = 'x'": "select: bad value 'x', expected array, got str",
    "ignore = ['genitive-chain', 3]": "expected str, got int at [1]",
    "ignore = ['genitiv-chain']": "unknown rule or category “genitiv-chain”; did you mean genitive-chain?",
    "select = ['stile']": "unknown rule or category “stile”; did you mean style",
    "exclude = ['[z-a]']": ":1: exclude: Invalid git pattern: bad character range z-a",
    "exclude = ['!']": ":1: exclude: Invalid git pattern: '!'",
    "glossary = 'none.tsv'": ":1: glossary: no such file: none.tsv",
    "n_best =": "mtcheck.toml: not valid TOML (Invalid value (at end of document))",
    "n_best = ]": ":1:10: not valid TOML (Invalid value)",
    "n_best = " + "[" * 2000: "mtcheck.toml: nested too deep",
    "per_path = 3": ":1: expected a table for each pattern",
    "[per_path]\n'*.md' = 3": "expected a table for each pattern",
    "[per_path.'*.md']\nn_best = 3": ":2: unknown key “n_best”; use one of select, ignore,",
    "[per_path.'*.md']\nfail_no = 'minor'": ":2: unknown key “fail_no”; did you mean fail_on?",
    "[per_path.'!']\nfast = true": ":1: per_path: Invalid git pattern",
    "per_path = {'*.md' = {fast = 3}}": "mtcheck.toml [per_path.*.md]: fast: bad value 3",
}


@pytest.mark.parametrize("text", FAULTS)
def test_faults_are_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "mtcheck.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        sources({})(str(tmp_path))
    line = str(caught.value)
    assert line.startswith(str(tmp_path / "mtcheck.toml"))
    assert FAULTS[text] in line
    assert "\n" not in line


def test_faults_in_pyproject_name_their_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nfast = 3\n\n[tool.mtcheck]\nfast = 3 # not\n")
    with pytest.raises(SettingsError, match=r"pyproject\.toml:5: fast"):
        load(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.mtcheck]\nfast = \n")
    with pytest.raises(SettingsError, match=r"pyproject\.toml:2:8: not valid TOML"):
        load(tmp_path)


def test_a_bad_option_is_named() -> None:
    with pytest.raises(SettingsError, match=r"--n-best: bad value 0, expected int >= 1"):
        load(".", n_best=0)
    with pytest.raises(SettingsError, match=r"unknown setting “n_bset”"):
        load(".", n_bset=1)


def test_paths_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("Совбез\tSecurity Council\n")
    (tmp_path / "mtcheck.toml").write_text('glossary = "terms.tsv"\nbaseline = "known.json"\nexclude = ["old/"]\n')
    found = load(tmp_path / "news" / "a.md")
    assert (found.glossary, found.baseline) == (str(tmp_path / "terms.tsv"), str(tmp_path / "known.json"))
    assert found.excludes(str(tmp_path / "old" / "a.md"))
    assert found.excludes(str(tmp_path / "old"), is_folder=True)
    assert not found.excludes(str(tmp_path / "older" / "a.md"))
    assert not found.excludes(str(tmp_path.parent / "old" / "a.md"))


def test_fingerprint_tells_what_changes_findings(tmp_path: Path) -> None:
    assert Settings().fingerprint() == Settings().fingerprint() != Settings(n_best=1).fingerprint()
    same = Settings(fail_on="major", max_findings=3, exclude=("a",), baseline="b", folder="/news")
    assert same.fingerprint() == Settings().fingerprint()
    terms = tmp_path / "terms.tsv"
    terms.write_text("a\tb\n")
    with_terms = Settings(glossary=str(terms))
    before = with_terms.fingerprint()
    copy = tmp_path / "copy.tsv"
    copy.write_bytes(terms.read_bytes())
    assert Settings(glossary=str(copy)).fingerprint() == before
    terms.write_text("a\tc\n")
    os.utime(terms, ns=(1, 1))
    assert with_terms.fingerprint() != before
