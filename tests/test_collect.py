"""Which files a run is about: walked, named, matched; less what settings exclude and git ignores."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mtcheck.checking.files import collect
from mtcheck.cli import main
from mtcheck.detection import sources
from mtcheck.errors import InputError

FAULT = "He said about the absence of plans.\n"
Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Makes files (a text each) in an empty current folder."""
    monkeypatch.chdir(tmp_path)

    def make(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make


def found(*paths: str) -> list[str]:
    """What is checked, and in brackets what is skipped."""
    return [f"({met.path})" if met.skipped else met.path for met in collect(paths or (".",), sources({}))]


def check(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", "--fast", "--no-cache", *arguments], input=stdin)


def test_a_walk_goes_in_order_of_path_and_leaves_out_what_is_hidden_or_no_article(tree: Tree) -> None:
    tree(**dict.fromkeys(("b.txt", "a/z.md", "a.md", "c.png", ".x.md", ".git/y.md", "A.TXT", "d/e/f.markdown"), "x"))
    assert found() == ["A.TXT", "a/z.md", "a.md", "b.txt", "d/e/f.markdown"]
    assert found("a", "./b.txt", "a.md") == ["a/z.md", "b.txt", "a.md"]


def test_a_file_reached_twice_is_checked_once(tree: Tree) -> None:
    root = tree(**{"a.md": "x", "news/b.md": "x"})
    os.symlink(root / "a.md", root / "news" / "link.md")
    assert found("a.md", "./a.md", ".", str(root / "a.md"), "*.md") == ["a.md", "news/b.md"]
    assert [met.named for met in collect((".", "a.md"), sources({}))] == [True, False]


def test_links_in_circles_and_to_nowhere_do_no_harm(tree: Tree) -> None:
    root = tree(**{"news/a.md": "x"})
    os.symlink(root, root / "news" / "up", target_is_directory=True)
    os.symlink(root / "gone.md", root / "news" / "gone.md")
    assert found() == ["news/a.md"]
    assert found("news/up") == ["news/up/news/a.md"]


def test_patterns(tree: Tree) -> None:
    tree(**dict.fromkeys(("a/1.md", "a/b/2.md", "c.txt", "[draft].md"), "x"))
    assert found("**/*.md") == ["[draft].md", "a/1.md", "a/b/2.md"]
    assert found("[draft].md") == ["[draft].md"]
    with pytest.raises(InputError, match=r"\*\.rst: fits no file"):
        found("*.rst")
    assert found("none.md", "c.txt") == ["none.md", "c.txt"]


def test_what_settings_exclude(tree: Tree) -> None:
    tree(
        **dict.fromkeys(
            ("a.md", "old/b.md", "old/keep.md", "news/draft-1.md", "news/c.md", "news/may/draft-2.md"), "x"
        ),
        **{"mtcheck.toml": 'exclude = ["/old/*", "!/old/keep.md", "draft-*"]\n'},
    )
    assert found() == ["a.md", "news/c.md", "old/keep.md"]
    assert found("old/b.md", "old/keep.md") == ["(old/b.md)", "old/keep.md"]
    assert found("**/*.md") == ["a.md", "news/c.md", "old/keep.md"]
    assert found("news") == ["news/c.md"]


def test_an_excluded_folder_is_not_even_entered(tree: Tree) -> None:
    tree(**{"old/mtcheck.toml": "fault", "old/a.md": "x", "b.md": "x", "mtcheck.toml": 'exclude = ["old"]'})
    assert found() == ["b.md"]


def test_a_nearer_settings_file_has_its_own_exclusions(tree: Tree) -> None:
    tree(
        **dict.fromkeys(("a.md", "blog/a.md", "blog/b.md"), "x"),
        **{"mtcheck.toml": 'exclude = ["a.md"]', "blog/mtcheck.toml": 'exclude = ["b.md"]'},
    )
    assert found() == ["blog/a.md"]


def test_a_named_but_excluded_file_gives_one_remark(tree: Tree) -> None:
    tree(**{"old/a.md": FAULT, "b.md": "Fine, and nothing is wrong.\n", "mtcheck.toml": 'exclude = ["old"]\n'})
    result = check("old/a.md", "b.md")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        result.stderr.splitlines()[0] == "mtcheck: old/a.md: skipped, excluded by its settings (see mtcheck settings)"
    )
    assert check("old").stderr.startswith("mtcheck: old: skipped, excluded by its settings")
    assert check("-", "--stdin-name", "old/a.md", stdin=FAULT).exit_code == 0
    assert check("-", "--stdin-name", "new/a.md", stdin=FAULT).exit_code == 1


def test_a_folder_without_articles_is_one_line_and_clean(tree: Tree) -> None:
    tree(**{"news/a.png": "x"})
    result = check("news")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("mtcheck: news: skipped, no article in it (.txt, .text, .md, .markdown")


def test_an_empty_file_is_trouble_only_when_it_was_named(tree: Tree) -> None:
    tree(**{"empty.md": "", "code.md": "```\nx = 1\n```\n", "a.md": "Fine, and nothing is wrong.\n"})
    result = check(".", "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["warnings"] == [
        {"path": "code.md", "message": "skipped, holds no sentence to check"},
        {"path": "empty.md", "message": "skipped, is empty"},
    ]
    assert check("empty.md").exit_code == 2


def test_a_severity_that_fails_is_that_of_the_path(tree: Tree) -> None:
    tree(
        **{"drafts/a.md": FAULT, "news/a.md": FAULT},
        **{"mtcheck.toml": '[per_path."drafts/**"]\nfail_on = "critical"\n'},
    )
    assert [check(path).exit_code for path in ("drafts", "news", ".", "drafts/a.md")] == [0, 1, 1, 0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="to root, no folder is closed")
def test_a_folder_that_cannot_be_listed_is_trouble(tree: Tree) -> None:
    root = tree(**{"news/a.md": "x"})
    (root / "news").chmod(0)
    try:
        with pytest.raises(InputError, match="news: cannot be listed"):
            found()
    finally:
        (root / "news").chmod(0o755)


IGNORED = {
    ".gitignore": "# built\nbuild/\n*.tmp.md\n!keep.tmp.md\n/top.md\ndeep/**/x.md\n\\\n[z-a].md\n",
    "news/.gitignore": "*.md\n!good.md\n!a.tmp.md\n",
    "news/may/.gitignore": "!late.md\n",
}
ARTICLES = (
    "build/a.md news/build/a.md a.tmp.md keep.tmp.md top.md news/top.md deep/x.md deep/1/2/x.md news/a.md "
    "news/good.md news/a.tmp.md news/may/late.md news/may/b.md c.md"
).split()


def test_git_itself_ignores_the_same_files(tree: Tree) -> None:
    root = tree(**IGNORED, **dict.fromkeys(ARTICLES, "x"))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=root, check=True, capture_output=True, text=True
    )
    wanted = sorted(line for line in listed.stdout.splitlines() if line.endswith(".md"))
    assert sorted(found()) == wanted
    assert 0 < len(wanted) < len(ARTICLES)
    inside = sorted(line for line in wanted if line.startswith("news/may/"))
    assert found("news/may") == inside
    assert found("build/a.md", "build", "news/build") == ["build/a.md", "news/build/a.md"], "what is named is checked"


def test_outside_a_work_tree_gitignore_means_nothing(tree: Tree) -> None:
    tree(**IGNORED, **dict.fromkeys(ARTICLES, "x"))
    assert sorted(found()) == sorted(ARTICLES)
