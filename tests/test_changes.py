"""``check --changed-since`` in real git repositories: only what a change touched, whatever git's settings are."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mtcheck.cli import main
from tests.git_folder import OLD, commit, folder, git

__all__ = ["folder"]
NEW = "The budget grew to 1,5 million roubles."


def check(*words, since="HEAD", **options):
    """The findings of a run, each as (file, rule); the exit status must fit."""
    words = ("check", "--fast", "--no-cache", "--changed-since", since, *words)
    result = CliRunner().invoke(main, words, **options)
    found = [(line.split(":")[0], line.split()[2]) for line in result.stdout.splitlines()]
    assert result.exit_code == (1 if found else 0), result.output
    return found


def trouble(*words, since="HEAD"):
    result = CliRunner().invoke(main, ["check", "--fast", "--no-cache", "--changed-since", since, *words])
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def rewrite(path, old, new):
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_nothing_changed_nothing_found(folder):
    assert check() == []


def test_untouched_files_are_not_even_read(folder):
    rewrite(folder / "a.md", "second", "third")
    (folder / "b.md").chmod(0)
    assert check() == []


def test_a_change_counts_for_its_sentence_not_for_the_line(folder):
    rewrite(folder / "a.md", "can not attend", "can not join")
    assert check() == [("a.md", "split-cannot")]


def test_staged_unstaged_untracked_and_committed_changes_count(folder):
    rewrite(folder / "a.md", "A second", NEW)
    commit()
    rewrite(folder / "b.md", OLD, f"{OLD}\n\nIt fell to 2,5 million.")
    git("add", "b.md")
    (folder / "c.md").write_text("They can not come.", encoding="utf-8")
    assert check(since="HEAD~1") == [("a.md", "decimal-comma"), ("b.md", "decimal-comma"), ("c.md", "split-cannot")]
    assert check() == [("b.md", "decimal-comma"), ("c.md", "split-cannot")]


def test_ignored_and_deleted_files_do_not_count(folder):
    (folder / ".gitignore").write_text("drafts/\n", encoding="utf-8")
    (folder / "drafts").mkdir()
    (folder / "drafts" / "c.md").write_text(NEW, encoding="utf-8")
    (folder / "b.md").unlink()
    assert check() == []


def test_moved_and_rewrapped_sentences_are_not_changed(folder):
    first, second = OLD.split(". ")
    text = f"A second paragraph.\n\nNew here.\n\n{second}\n\n{first.replace(' about', chr(10) + 'about')}.\n"
    (folder / "a.md").write_text(text, encoding="utf-8")
    assert check() == []


def test_a_copied_sentence_is_new_once(folder):
    (folder / "b.md").write_text(f"{OLD}\n\n{OLD}\n", encoding="utf-8")
    assert len(check()) == 2


def test_renames_are_followed(folder):
    rewrite(folder / "a.md", "A second", "Nothing has been decided so far, and no date is set.\n\nA second")
    commit()
    (folder / "texts").mkdir()
    git("mv", "a.md", "texts/renamed.md")
    assert check() == []
    rewrite(folder / "texts" / "renamed.md", "can not attend", "can not join")
    assert check() == [("texts/renamed.md", "split-cannot")]
    commit()
    assert check(since="HEAD~1") == [("texts/renamed.md", "split-cannot")]


def test_a_file_taken_out_of_the_index_is_still_compared(folder):
    git("rm", "-q", "--cached", "a.md")
    assert check() == []


def test_changes_on_the_other_branch_since_the_two_parted_do_not_count(folder):
    git("checkout", "-q", "-b", "work")
    rewrite(folder / "a.md", "A second", NEW)
    commit()
    git("checkout", "-q", "main")
    rewrite(folder / "b.md", OLD, "All was rewritten.")
    commit()
    git("checkout", "-q", "work")
    assert check(since="main") == [("a.md", "decimal-comma")]


@pytest.mark.parametrize("name", ["späte “Nachricht” :x.md", 'two\nlines\t"q".md', "-dash.md", "[a].md", "русский.md"])
def test_any_file_name_will_do(folder, name):
    (folder / name).write_text(OLD, encoding="utf-8")
    assert len(check()) == 2
    commit()
    assert check() == []
    rewrite(folder / name, "can not attend", "can not join")
    assert len(check()) == 1


def test_it_works_from_a_folder_below_and_from_outside(folder, monkeypatch):
    (folder / "sub").mkdir()
    (folder / "sub" / "c.md").write_text(NEW, encoding="utf-8")
    rewrite(folder / "a.md", "A second", NEW)
    monkeypatch.chdir(folder / "sub")
    assert check() == [("c.md", "decimal-comma")]
    assert check("..") == [("../a.md", "decimal-comma"), ("../sub/c.md", "decimal-comma")]
    monkeypatch.chdir(folder.parent)
    assert check("repository/a.md") == [("repository/a.md", "decimal-comma")]


def test_a_link_to_the_repository_will_do(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    rewrite(folder / "a.md", "A second", NEW)
    assert [rule for _, rule in check(str(tmp_path / "link"))] == ["decimal-comma"]


def test_standard_input_is_compared_with_the_file_it_is_named_for(folder):
    text = OLD.replace("can not attend", "can not join")
    assert check("-", "--stdin-name", "b.md", input=text) == [("b.md", "split-cannot")]
    assert len(check("-", input=text)) == 2


def test_settings_and_environment_of_git_do_not_matter(folder, monkeypatch):
    for key, value in (
        ("diff.noprefix", "true"),
        ("diff.relative", "true"),
        ("diff.renames", "false"),
        ("diff.external", "false"),
        ("core.quotePath", "true"),
        ("status.showUntrackedFiles", "no"),
        ("color.ui", "always"),
    ):
        git("config", key, value)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "c.md").write_text(NEW, encoding="utf-8")
    rewrite(folder / "a.md", "A second", NEW)
    assert check() == [("a.md", "decimal-comma"), ("sub/c.md", "decimal-comma")]
    assert check("sub") == [("sub/c.md", "decimal-comma")]


def test_a_change_of_line_ends_alone_changes_no_sentence(folder):
    (folder / "b.md").write_bytes(OLD.encode() + b"\r\n")
    assert check() == []


def test_known_findings_in_changed_sentences_stay_known(folder, tmp_path):
    listed = str(tmp_path / "baseline.json")
    assert CliRunner().invoke(main, ["baseline", "create", "--fast", "--baseline", listed]).exit_code == 0
    rewrite(folder / "a.md", "the talks.", "the talks in the city.")
    rewrite(folder / "b.md", OLD, f"{OLD} {NEW}")
    assert check("--baseline", listed) == [("b.md", "decimal-comma")]


def test_troubles_are_one_clear_line_with_a_repair(folder, tmp_path):
    assert "git knows no revision “nope”; git fetch" in trouble(since="nope")
    assert "git knows no revision “--all”" in trouble(since="--all")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.md").write_text(OLD, encoding="utf-8")
    assert "there is no git repository around it" in trouble(str(tmp_path / "elsewhere"))
    assert "is outside of the git repository" in trouble("a.md", str(tmp_path / "elsewhere"))
    git("checkout", "-q", "--orphan", "lonely")
    commit("another beginning")
    assert "have no history in common" in trouble(since="main")


def test_a_shallow_clone_says_how_to_get_the_rest(folder, tmp_path, monkeypatch):
    first = git("rev-parse", "HEAD")
    git("checkout", "-q", "-b", "work")
    commit("one")
    commit("two")
    git("checkout", "-q", "main")
    commit("three")
    git("clone", "-q", "--depth=1", "--no-single-branch", folder.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    repair = "git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"
    assert repair in trouble(since=first)
    assert f"does not reach where origin/work and HEAD part; {repair}" in trouble(since="origin/work")


def test_without_git_it_says_so(folder, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in trouble()


def test_a_repository_without_a_commit_knows_no_head(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "a.md").write_text(OLD, encoding="utf-8")
    assert "git knows no revision “HEAD”" in trouble()
