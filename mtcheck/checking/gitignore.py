"""What git leaves out of a work tree: its .gitignore files, the deepest one first to be heard."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtcheck.documents.files import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class GitIgnores:
    """The .gitignore files from the root of a work tree down to one folder, each with its folder's absolute path.

    active: False outside a work tree, where such files mean nothing.
    """

    active: bool = False
    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    @classmethod
    def above(cls, folder: str) -> GitIgnores:
        """Those of the folders above this one, up to the root of the work tree that it lies in."""
        here = Path(os.path.abspath(folder))
        lineage = [here, *here.parents]
        root = next((at for at, above in enumerate(lineage) if os.path.exists(above / ".git")), None)
        found = cls(active=root is not None)
        for above in reversed(lineage[1 : (root or 0) + 1]):
            found = found.below(str(above))
        return found

    def below(self, folder: str) -> GitIgnores:
        """With the one of this folder, if it has any. Raises InputError when it cannot be read."""
        path = Path(folder, ".gitignore")
        if not self.active or not os.path.isfile(path):
            return self
        spec = _spec(read_bytes(path).decode("utf-8", "replace").splitlines())
        return GitIgnores(True, (*self.specs, (os.path.abspath(folder), spec)))

    def hides(self, path: str, *, is_folder: bool) -> bool:
        """True when git would ignore the path, given that it does not ignore the folder it lies in."""
        for folder, spec in reversed(self.specs):
            inside = os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")
            said = spec.check_file(inside + "/" * is_folder).include
            if said is not None:
                return said
        return False


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """The patterns of a file; as git does, lines that are no pattern are passed over."""
    from pathspec import GitIgnoreSpec  # costs about 10 ms

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        return bool(GitIgnoreSpec.from_lines([line]))
    except (ValueError, re.error):
        return False
