"""A pull request from red to green: an archive with old debts, and a bad article that comes in on a branch."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mtcheck.cli import main
from tests.test_drop_ins import git

SEED = Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt"
SETTINGS = 'fast = true\nbaseline = "mtcheck-baseline.json"\n'
TRANSLATED = """# The Governor of Kaluga region told about the the construction of plant

This was stated by governor of Kaluga region Anatoly Artamonov in interview to newspaper “Vedomosti”.

“We hold our “Dialogue” forum in the middle East”, – said Artamonov.
"""
EDITED = """# The Governor of Kaluga region spoke of the construction of a plant

Anatoly Artamonov, the governor of Kaluga Region, said so in an interview with the newspaper Vedomosti.

“We hold our “Dialogue” forum in the Middle East,” said Artamonov. <!-- mtcheck: allow nested-double-quotes -->
"""


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of one bad article, on the branch main."""
    (tmp_path / "articles").mkdir()
    shutil.copy(SEED, tmp_path / "articles" / "aleppo.txt")
    (tmp_path / "mtcheck.toml").write_text(SETTINGS, encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTCHECK_CACHE", str(tmp_path.parent / "cache"))
    return tmp_path


def mtcheck(*arguments: str) -> tuple[int, list[str], str]:
    """Exit status, lines of stdout, and the last line of stderr."""
    ran = CliRunner().invoke(main, list(arguments))
    return ran.exit_code, ran.stdout.splitlines(), (ran.stderr.splitlines() or [""])[-1]


def commit(folder: Path, message: str) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", f"--message={message}")


def test_from_a_bad_article_to_green(newsroom: Path) -> None:
    assert mtcheck("baseline", "create", "articles")[0] == 0
    commit(newsroom, "an archive, its debts listed")
    status, lines, summary = mtcheck("check", "articles")
    assert (status, lines) == (0, [])
    debts = int(re.findall(r"(\d+) known", summary)[0])
    assert debts > 20

    git(newsroom, "switch", "--quiet", "--create=kaluga")
    article = newsroom / "articles" / "kaluga.md"
    article.write_text(TRANSLATED, encoding="utf-8")
    commit(newsroom, "a translated article")
    status, bad, _ = mtcheck("check", "--changed-since", "main", "--format", "github", "articles")
    assert status == 1
    assert len(bad) >= 7
    assert all(re.match("::(error|warning) file=articles/kaluga.md,line=", line) for line in bad)

    assert mtcheck("fix", "articles/kaluga.md")[0] == 0
    assert "the the" not in article.read_text(encoding="utf-8")
    assert "Middle East" in article.read_text(encoding="utf-8")
    status, fewer, _ = mtcheck("check", "--changed-since", "main", "--format", "github", "articles")
    assert status == 1
    assert 0 < len(fewer) < len(bad)

    article.write_text(EDITED, encoding="utf-8")
    commit(newsroom, "edited by hand")
    status, lines, _ = mtcheck("check", "--changed-since", "main", "articles")
    assert (status, lines) == (0, [])
    status, _, summary = mtcheck("check", "articles")
    assert status == 0
    assert f"{debts} known" in summary, "the archive's debts are neither new nor forgotten"


def test_debts_stay_known_when_their_article_is_edited_and_leave_when_paid(newsroom: Path) -> None:
    mtcheck("baseline", "create", "articles")
    commit(newsroom, "an archive, its debts listed")
    old = newsroom / "articles" / "aleppo.txt"
    text = old.read_text(encoding="utf-8")
    old.write_text("A note from the editors comes first.\n\n" + text, encoding="utf-8")
    assert mtcheck("check", "articles")[:2] == (0, [])
    old.write_text(text + "\n\nTalks on middle East ended.\n", encoding="utf-8")
    status, lines, _ = mtcheck("check", "articles")
    assert status == 1
    assert [line.partition(" ")[0] for line in lines] == ["articles/aleppo.txt:15:10:"]
    old.write_text(text.replace("said about the absence of Russian plans", "denied Russian plans"), encoding="utf-8")
    assert mtcheck("check", "articles")[:2] == (0, [])
    assert "said about the absence of" in (newsroom / "mtcheck-baseline.json").read_text(encoding="utf-8")
    assert mtcheck("baseline", "prune", "articles")[0] == 0
    assert "said about the absence of" not in (newsroom / "mtcheck-baseline.json").read_text(encoding="utf-8")
