"""``mtcheck diff`` of git revisions, in real repositories: which two versions a name stands for, and what is said."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mtcheck.cli import main
from tests.git_folder import OLD, commit, folder, git

__all__ = ["folder"]
BETTER = OLD.replace("can not", "cannot") + "\n\nA second paragraph.\n"
WORSE = OLD + "\n\nA second paragraph. Prices rose by 12,75%.\n"


def diff(*words, status=1, **options):
    """The JSON report of a diff."""
    result = CliRunner().invoke(main, ["diff", *words, "--format", "json"], **options)
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def trouble(*words):
    result = CliRunner().invoke(main, ["diff", *words])
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.stderr


def names(report):
    return report["before"]["id"], report["after"]["id"]


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def history(folder):
    """Three versions of ``a.md``: as committed first, better on ``main``, worse in the working tree; tag ``first``."""
    git("tag", "first")
    write(folder / "a.md", BETTER)
    commit("better")
    write(folder / "a.md", WORSE)
    return folder


def test_a_file_alone_is_compared_with_head(history):
    report = diff("a.md")
    assert names(report) == ("HEAD:a.md", "a.md")
    assert report["findings"]["verdict"] == "worse"
    assert report["findings"]["counts"] == {"gone": 0, "new": 2, "kept": 1}


@pytest.mark.parametrize(
    ("rev", "ids", "verdict"),
    [
        ("first", ("first:a.md", "a.md"), "worse"),
        ("first..main", ("first:a.md", "main:a.md"), "better"),
        ("first..", ("first:a.md", "HEAD:a.md"), "better"),
        ("..first", ("HEAD:a.md", "first:a.md"), "worse"),
    ],
)
def test_revisions_read_as_git_reads_them(history, rev, ids, verdict):
    report = diff("--rev", rev, "a.md")
    assert names(report) == ids
    assert report["findings"]["verdict"] == verdict


def test_three_dots_start_where_the_two_parted(history):
    git("checkout", "-q", "--force", "-b", "work", "first")
    write(history / "a.md", WORSE)
    commit("worse")
    base = git("rev-parse", "first")
    report = diff("--rev", "main...", "a.md")
    assert names(report) == (f"{base[:9]}:a.md", "HEAD:a.md")
    assert report["findings"]["counts"] == {"gone": 0, "new": 1, "kept": 2}


def test_two_names_in_revisions_or_one_and_a_file(history):
    assert names(diff("first:a.md", "HEAD:a.md")) == ("first:a.md", "HEAD:a.md")
    assert names(diff("first:a.md", "a.md")) == ("first:a.md", "a.md")
    assert names(diff("first:a.md", "-", input=BETTER)) == ("first:a.md", "<stdin>")
    assert diff("HEAD:a.md", ":a.md", status=0)["same"]


def test_names_in_revisions_count_from_the_top_or_from_here(history, monkeypatch):
    write(history / "sub" / "c.md", OLD)
    commit("c")
    write(history / "sub" / "c.md", BETTER)
    monkeypatch.chdir(history / "sub")
    assert names(diff("HEAD:sub/c.md", "c.md")) == ("HEAD:sub/c.md", "c.md")
    assert names(diff("HEAD:./c.md", "c.md")) == ("HEAD:./c.md", "c.md")
    assert names(diff("c.md")) == ("HEAD:sub/c.md", "c.md")
    assert "write HEAD:./… for a path from here" in trouble("HEAD:c.md", "c.md")


def test_a_file_whose_name_holds_a_colon_comes_first(history):
    write(history / "HEAD:b.md", BETTER)
    assert names(diff("a.md", "HEAD:b.md")) == ("a.md", "HEAD:b.md")
    commit("colon")
    write(history / "HEAD:b.md", WORSE)
    assert names(diff("HEAD:b.md")) == ("HEAD:HEAD:b.md", "HEAD:b.md")


def test_a_renamed_file_is_compared_with_what_it_was(history):
    commit("worse")
    git("mv", "a.md", "renamed.md")
    assert names(diff("renamed.md", status=0)) == ("HEAD:a.md", "renamed.md")
    commit("renamed")
    assert names(diff("--rev", "HEAD~1..HEAD", "renamed.md", status=0)) == ("HEAD~1:a.md", "HEAD:renamed.md")


def test_line_ends_are_those_of_a_checkout(history):
    write(history / ".gitattributes", "*.md text eol=crlf\n")
    (history / "a.md").write_bytes(BETTER.replace("\n", "\r\n").encode())
    assert diff("a.md", status=0)["same"]


def test_settings_of_the_article_hold_for_both_versions(history):
    write(history / "mtcheck.toml", 'ignore = ["decimal-comma"]\n')
    assert diff("a.md")["findings"]["counts"] == {"gone": 0, "new": 1, "kept": 1}
    assert diff("HEAD:a.md", "first:a.md")["findings"]["counts"] == {"gone": 0, "new": 1, "kept": 1}


def test_findings_can_be_left_out(history):
    assert diff("a.md", "--findings", "none")["findings"] is None
    for form in ("text", "html", "markdown", "unified"):
        output = CliRunner().invoke(main, ["diff", "a.md", "--findings", "none", "--format", form]).stdout
        assert "than before" not in output


@pytest.mark.parametrize("form", ["text", "html", "markdown", "unified"])
def test_every_format_says_whether_it_is_worse(history, form):
    output = CliRunner().invoke(main, ["diff", "a.md", "--format", form]).stdout
    assert "Worse than before: 0 findings gone, 2 new, 1 kept (MQM penalty 5 → 11)" in " ".join(output.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nope:a.md", "a.md"), "nope:a.md: no such file, and git knows no revision “nope”"),
        (("HEAD:none.md", "a.md"), "HEAD has no file none.md"),
        ((":none.md", "a.md"), "the index has no file none.md"),
        (("--rev", "nope", "a.md"), "git knows no revision “nope”"),
        (("--rev", "first", "c.md"), "there is no such file in first"),
        (("--rev", "first", "none.md"), "none.md"),
        (("--rev", "first", "a.md", "b.md"), "with --rev there is one file, not 2"),
        (("a.md", "b.md", "c.md"), "two versions can be compared, not 3"),
        (("HEAD:sub", "a.md"), "HEAD has no file sub"),
        (("HEAD:x.docx", "a.md"), "HEAD has no file x.docx"),
    ],
)
def test_troubles_are_one_clear_line(history, words, said):
    write(history / "c.md", OLD)
    write(history / "sub" / "d.md", OLD)
    stderr = trouble(*words)
    assert said in stderr
    assert len(stderr.splitlines()) == 1


def test_outside_of_a_repository_only_files_can_be_compared(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.md", BETTER)
    assert "git repository" in trouble("a.md")
    assert "HEAD:a.md: no such file, and there is no git repository" in trouble("HEAD:a.md", "a.md")


def test_git_difftool_runs_it(history):
    tool = f'"{sys.executable}" -m mtcheck diff "$LOCAL" "$REMOTE"'
    shown = subprocess.run(
        ["git", "-c", f"difftool.mtcheck.cmd={tool}", "difftool", "--no-prompt", "--tool=mtcheck", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Worse than before" in shown.stdout


def test_it_can_be_the_diff_that_git_shows(history):
    compare = f'"{sys.executable}" -m mtcheck diff "$2" "$5"'
    git("config", "diff.mtcheck.command", f'f() {{ {compare} || test $? = 1 || diff -u "$2" "$5" || true; }}; f')
    write(history / ".git" / "info" / "attributes", "*.md diff=mtcheck\n")
    write(history / "new.md", BETTER)
    git("add", "--intent-to-add", "new.md")
    shown = git("diff")
    assert "Worse than before" in shown
    assert "+A second paragraph." in shown
