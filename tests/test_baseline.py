"""A baseline knows findings by their words: moves and edits elsewhere leave them known, a second one is new."""

from __future__ import annotations

import contextlib
import json
import random
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mtcheck import documents
from mtcheck.checking import check_document
from mtcheck.checking.baseline import Baseline, Entry, read_baseline, write_baseline
from mtcheck.cli import main
from mtcheck.engines import Engines
from mtcheck.errors import InputError
from mtcheck.schema import Severity
from mtcheck.settings import Settings

SEED = (Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt").read_text(encoding="utf-8")
FAST = Settings(fast=True)
FAULTY = (
    "The minister said about the absence of plans. "
    "He can not attend the talks, because the budget grew to 1,5 million.\n"
)


def checked(text, name="a.md", with_settings=FAST):
    return check_document(
        documents.parse(text, name, documents.format_of(name)), Engines(), with_settings
    ), with_settings


def baseline_of(*results, path=Path("/nowhere/mtcheck-baseline.json")):
    """A baseline in a folder that does not exist, whose articles are therefore never there under their old names."""
    made = Baseline(path).renewed(results, adding=True).baseline
    return Baseline(path, {Path(name).name: entries for name, entries in made.articles.items()})


def new_in(baseline, text, name="a.md"):
    """The findings of a text that the baseline of an article, wherever it lies, does not list."""
    (marked,), _ = baseline.apply([checked(text, name)])
    return [finding for finding in marked.findings if not finding.known]


PARAGRAPHS = [line for line in SEED.splitlines() if line.strip()]
KNOWN = baseline_of(checked(SEED, "a.txt"))


def test_the_seed_has_something_to_know():
    assert len(KNOWN) > 20


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, len(PARAGRAPHS)), max_size=4))
def test_shuffled_paragraphs_and_new_lines_keep_everything_known(rng: random.Random, places):
    paragraphs = PARAGRAPHS.copy()
    rng.shuffle(paragraphs)
    for place in places:
        paragraphs.insert(place, "Nothing else has been reported so far.")
    assert new_in(KNOWN, "\n\n".join(paragraphs), "a.txt") == []


@settings(max_examples=10, deadline=None)
@given(st.integers(50, 110))
def test_wrapping_a_markdown_paragraph_anew_keeps_everything_known(width):
    known = baseline_of(checked("\n\n".join(PARAGRAPHS)))
    wrapped = "\n\n".join(textwrap.fill(text, width, break_on_hyphens=False) for text in PARAGRAPHS)
    assert new_in(known, wrapped) == []


def test_an_edit_beyond_three_words_keeps_a_finding_known_and_a_nearer_one_does_not():
    known = baseline_of(checked(FAULTY))
    assert [f.rule for f in new_in(known, FAULTY.replace("grew to", "rose to"))] == ["decimal-comma"]
    assert new_in(known, FAULTY.replace("because the", "as the whole")) == []


def test_a_second_occurrence_is_new():
    known = baseline_of(checked(FAULTY))
    assert {f.rule for f in new_in(known, FAULTY + "\n" + FAULTY)} == {f.rule for f in checked(FAULTY)[0].findings}
    assert new_in(baseline_of(checked(FAULTY + "\n" + FAULTY)), FAULTY) == []


def test_only_rules_that_looked_can_tell_that_a_finding_is_gone():
    known = Baseline(Path("b.json")).renewed([checked(FAULTY)], adding=True).baseline
    clean = "The minister denied having any plans. He cannot attend the talks.\n"

    def gone(**options):
        return sum(e.count for _, e in known.apply([checked(clean, "a.md", Settings(fast=True, **options))])[1])

    assert gone() == len(known) == 3
    assert gone(select=("split-cannot",)) == 1
    assert gone(severity="critical") == 0
    assert gone(min_confidence=1.0) == 0


def test_a_rule_that_no_longer_exists_is_gone():
    entry = Entry(rule="once-a-rule", quote="x", before="", after="", severity=Severity.MINOR, confidence=0.9)
    known = Baseline(Path("b.json"), {"a.md": (entry,)})
    assert known.apply([checked(FAULTY)])[1] == (("a.md", entry),)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    (tmp_path / "a.md").write_text(FAULTY, encoding="utf-8")
    return lambda *words, **options: CliRunner().invoke(main, [*words], **options)


def create(run, *words):
    result = run("baseline", "create", "--fast", *words)
    assert result.exit_code == 0, result.output
    return result


def check(run, *words):
    return run("check", "--fast", "--no-cache", "--baseline", "mtcheck-baseline.json", *words)


def test_a_baseline_turns_a_failing_check_green_until_something_new_comes(run, tmp_path):
    assert run("check", "--fast", "--no-cache").exit_code == 1
    assert "3 added, 0 gone" in create(run).stderr
    assert check(run).exit_code == 0
    (tmp_path / "a.md").write_text("Prices rose by 12,75%.\n\n" + FAULTY, encoding="utf-8")
    again = check(run)
    assert again.exit_code == 1
    assert len(again.stdout.splitlines()) == 1
    assert run("check", "--fast", "--no-cache", "--no-baseline").exit_code == 1


def test_create_does_not_overwrite_unless_forced(run):
    create(run)
    refused = run("baseline", "create", "--fast")
    assert refused.exit_code == 2
    assert "there is a baseline already" in refused.stderr
    create(run, "--force")


def test_prune_only_drops_and_update_adds_too(run, tmp_path):
    create(run)
    (tmp_path / "a.md").write_text(FAULTY.replace("can not", "cannot") + "\nPrices rose by 12,75%.\n", encoding="utf-8")
    assert "1 finding of the baseline gone: run mtcheck baseline prune" in check(run).stderr
    assert "0 added, 1 gone, 2 kept" in run("baseline", "prune", "--fast").stderr
    assert check(run).exit_code == 1
    assert "1 added, 0 gone, 2 kept" in run("baseline", "update", "--fast").stderr
    assert check(run).exit_code == 0


def test_what_a_cached_result_lacks_is_gone_too(run, tmp_path):
    create(run)
    (tmp_path / "a.md").write_text(FAULTY.replace("can not", "cannot"), encoding="utf-8")
    for _ in range(2):
        assert "1 finding of the baseline gone" in run("check", "--fast", "--baseline", "mtcheck-baseline.json").stderr


def test_articles_not_checked_keep_their_entries_and_deleted_ones_lose_them(run, tmp_path):
    (tmp_path / "b.md").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "c.md").write_text(FAULTY.replace("minister", "envoy"), encoding="utf-8")
    create(run)
    (tmp_path / "c.md").unlink()
    assert "0 added, 3 gone, 6 kept, in 2 articles" in run("baseline", "update", "--fast", "a.md").stderr


def test_a_renamed_article_is_known_under_its_old_name_until_the_update(run, tmp_path):
    create(run)
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.md").rename(tmp_path / "sub" / "renamed.md")
    assert check(run).exit_code == 0
    assert "0 added, 0 gone, 3 kept" in run("baseline", "update", "--fast").stderr
    assert list(read_baseline(tmp_path / "mtcheck-baseline.json").articles) == ["sub/renamed.md"]


def test_a_copy_of_an_article_that_is_still_there_is_new(run, tmp_path):
    create(run)
    (tmp_path / "copy.md").write_text(FAULTY, encoding="utf-8")
    assert len(check(run).stdout.splitlines()) == 3


def test_paths_count_from_the_folder_of_the_baseline(run, tmp_path, monkeypatch):
    create(run)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert run("check", "--fast", "--no-cache", "--baseline", "../mtcheck-baseline.json", "../a.md").exit_code == 0


def test_the_file_reads_back_and_holds_one_finding_a_line(tmp_path):
    known = baseline_of(checked(SEED, "a.txt"), checked(FAULTY + "\n" + FAULTY, "b “x”.md"))
    known = Baseline(tmp_path / "b.json", known.articles)
    write_baseline(known)
    assert read_baseline(known.path) == known
    lines = known.path.read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if '"rule"' in line]
    assert len(entries) == sum(map(len, known.articles.values()))
    assert any('"count": 2' in line for line in entries)
    write_baseline(read_baseline(known.path))
    assert known.path.read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "not a baseline"),
        (b"\xff\xfe\x00", "not a baseline"),
        (b"[]", "not a baseline"),
        pytest.param(b"[" * 2000, "not a baseline", id="deep"),
        (b'{"articles": {}}', "not a baseline"),
        (b'{"schema_version": "1.0", "articles": {"a.md": [{"rule": "x"}]}}', "not a baseline"),
        (b'{"schema_version": "1.0", "articles": {"a.md": 3}}', "not a baseline"),
        (b'{"schema_version": "2.0", "articles": {}}', "form 2.0"),
        (b'{"version": "2.1.0", "runs": []}', "not a baseline"),
        (b"{\n<<<<<<< ours\n", "b.json:2:1: holds a merge conflict"),
    ],
)
def test_a_corrupt_or_foreign_file_is_one_clear_line(run, tmp_path, data, fault):
    (tmp_path / "b.json").write_bytes(data)
    result = run("check", "--fast", "--no-cache", "--baseline", "b.json")
    assert result.exit_code == 2
    assert fault in result.stderr
    assert len(result.stderr.splitlines()) == 1


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["schema_version", "articles", "rule", "1.0"]), inner, max_size=3)
        ),
        max_leaves=6,
    )
)
def test_no_json_crashes_the_reader(tmp_path_factory, stored):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    with contextlib.suppress(InputError):
        assert read_baseline(path).articles == {}


def test_a_missing_file_is_trouble(run):
    result = run("check", "--fast", "--baseline", "none.json")
    assert result.exit_code == 2
    assert "none.json: no such file; make it: mtcheck baseline create" in result.stderr


def test_the_settings_may_name_the_file(run, tmp_path):
    (tmp_path / "mtcheck.toml").write_text('baseline = "lists/known.json"\n', encoding="utf-8")
    (tmp_path / "lists").mkdir()
    assert "name it in the settings" not in create(run).stderr
    assert list(read_baseline(tmp_path / "lists" / "known.json").articles) == ["../a.md"]
    assert run("check", "--fast", "--no-cache").exit_code == 0
    assert run("check", "--fast", "--no-cache", "--no-baseline").exit_code == 1
