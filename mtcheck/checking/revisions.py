"""Files as git remembers them: what a revision held, and which files changed since.

Git's plumbing commands are asked, which no user's settings change, with names ended by NUL, so that any name is safe.
Nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mtcheck.errors import InputError

_STALE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What a git hook finds set: relative to a folder that ours need not be. The repository is the one around the file."""
_SETTINGS = {"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree under git; ``top`` is its highest folder, links resolved."""

    top: Path

    @classmethod
    def around(cls, path: str) -> Repository:
        """The repository whose working tree holds a file. Raises InputError when there is none."""
        folder = _folder(path)
        asked = _git(folder, "rev-parse", "--show-toplevel")
        if asked.returncode:
            if b"not a git repository" in asked.stderr:
                raise InputError("there is no git repository around it", where=path, repair="name files that git keeps")
            raise _failure(asked, path)
        return cls(Path(os.fsdecode(asked.stdout.removesuffix(b"\n"))))

    def name(self, path: str) -> str:
        """What git calls a file: its path from the top, with forward slashes. Raises InputError for one outside."""
        place = Path(os.path.realpath(_folder(path)), os.path.basename(path))
        if not place.is_relative_to(self.top):
            raise InputError(f"is outside of the git repository {self.top}", where=path, repair="check it by itself")
        return place.relative_to(self.top).as_posix()

    def commit(self, revision: str) -> str:
        """The hash of the commit that a revision stands for. Raises InputError when there is no such commit."""
        asked = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if asked.returncode:
            shallow = "git fetch --unshallow (in GitHub Actions: fetch-depth: 0), or " if self._is_shallow() else ""
            raise InputError(
                f"git knows no revision “{revision}”", repair=f"{shallow}git fetch, and see git branch --all"
            )
        return _text(asked)

    def merge_base(self, one: str, other: str = "HEAD") -> str:
        """The hash of the commit where the histories of two revisions part. Raises InputError when they share none."""
        asked = self._ask("merge-base", self.commit(one), self.commit(other))
        if asked.returncode and self._is_shallow():
            repair = "git fetch --unshallow (in GitHub Actions: fetch-depth: 0)"
            raise InputError(f"this shallow clone does not reach where {one} and {other} part", repair=repair)
        if asked.returncode:
            raise InputError(f"{one} and {other} have no history in common", repair="name another revision")
        return _text(asked)

    def changed(self, commit: str, until: str | None = None) -> dict[str, str | None]:
        """Files that differ from a commit, by name, each with its name in that commit (None for a new file).

        until: another commit; None is the working tree, where staged, unstaged and untracked changes count, and ignored
        files do not. Deleted files are left out.
        """
        command = ("diff-tree", "-r", commit, until) if until else ("diff-index", commit)
        listed = _names(self._done(command[0], "-z", "--name-status", "--find-renames", *command[1:], "--"))
        found: dict[str, str | None] = {}
        deleted = set()
        for status in listed:
            old = next(listed)
            if status[0] == "D":
                deleted.add(old)
            elif status[0] == "A":
                found[old] = None
            else:
                found[next(listed) if status[0] in "RC" else old] = old
        if not until:
            for name in _names(self._done("ls-files", "-z", "--others", "--exclude-standard", "--full-name")):
                found[name] = name if name in deleted else None
        return found

    def read(self, commit: str, name: str) -> bytes | None:
        """A file's bytes in a commit, line endings as a checkout would have them; None when it is not there."""
        asked = self._ask("cat-file", "--filters", f"{commit}:{name}")
        return None if asked.returncode else asked.stdout

    def _ask(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return _git(self.top, *words)

    def _done(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        asked = self._ask(*words)
        if asked.returncode:
            raise _failure(asked, str(self.top))
        return asked

    def _is_shallow(self) -> bool:
        return _text(self._ask("rev-parse", "--is-shallow-repository")) == "true"


def read_object(name: str) -> bytes:
    """What git calls ``REV:path`` (from the top) or ``REV:./path`` (from here), with line endings as in a checkout.

    Raises InputError when there is no such thing.
    """
    asked = _git(".", "cat-file", "--filters", name)
    if not asked.returncode:
        return asked.stdout
    revision, _, path = name.partition(":")
    try:
        repository = Repository.around(".")
        if revision:
            repository.commit(revision)
    except InputError as error:
        raise InputError(f"no such file, and {error.what}", where=name, repair=error.repair) from error
    raise InputError(
        f"{revision or 'the index'} has no file {path}", where=name, repair=f"write {revision}:./… for a path from here"
    )


def _folder(path: str) -> str:
    return path if os.path.isdir(path) else os.path.dirname(path) or "."


def _git(folder: str | Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _STALE} | _SETTINGS
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise InputError("git is not installed", repair="install git, or compare two files") from None


def _names(asked: subprocess.CompletedProcess[bytes]) -> Iterator[str]:
    return (os.fsdecode(name) for name in asked.stdout.split(b"\0") if name)


def _text(asked: subprocess.CompletedProcess[bytes]) -> str:
    return os.fsdecode(asked.stdout).strip()


def _failure(asked: subprocess.CompletedProcess[bytes], where: str) -> InputError:
    said = os.fsdecode(asked.stderr).strip() or f"exit status {asked.returncode}"
    first = said.splitlines()[0].removeprefix("fatal: ")
    trust = f"git config --global --add safe.directory {os.path.realpath(where)}"
    repair = trust if "dubious ownership" in first else "see what git status says there"
    return InputError(f"git: {first}", where=where, repair=repair)
