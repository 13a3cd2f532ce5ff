"""The documentation is true: generated pages are up to date, and what is linked or named exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mtcheck.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_rule_pages_are_up_to_date() -> None:
    made = CliRunner().invoke(main, ["rules", "--pages"]).stdout
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == made, "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_named_in_the_documentation_exist(page: Path) -> None:
    commands = set(main.list_commands(click.Context(main)))
    for name in re.findall(r"(?:^ {4}|`)mtcheck ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
        assert name in commands, name
