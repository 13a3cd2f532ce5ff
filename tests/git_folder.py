"""A real git repository for tests, untouched by the settings and the environment of whoever runs them."""

from __future__ import annotations

import os
import subprocess

import pytest

OLD = "The minister said about the absence of plans. He can not attend the talks."


def git(*words, folder="."):
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    asked = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip()


def commit(message="x", folder="."):
    git("add", "--all", folder=folder)
    git("commit", "-q", "--allow-empty", "-m", message, folder=folder)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository with one commit of ``a.md`` (a line a paragraph) and ``b.md``; the current folder."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    here = tmp_path / "repository"
    here.mkdir()
    monkeypatch.chdir(here)
    git("init", "-q", "-b", "main")
    (here / "a.md").write_text(OLD + "\n\nA second paragraph.\n", encoding="utf-8")
    (here / "b.md").write_text(OLD + "\n", encoding="utf-8")
    commit()
    return here
