"""The errors a user can meet: each says what is wrong, where, and how to repair it."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A repair that offers the known name most like a wrong one; empty when none is near."""
    from difflib import get_close_matches  # only mistakes need it

    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else ""


class MtcheckError(Exception):
    """Base of every error shown to the user as one line (exit status 2).

    Parameters
    ----------
    what: the fault, a plain clause without a final full stop.
    where: ``path``, ``path:line`` or ``path:line:column`` (1-based), or empty.
    repair: what the user can do, an imperative clause, or empty.
    """

    def __init__(self, what: str, *, where: str = "", repair: str = "") -> None:
        self.what, self.where, self.repair = what, where, repair
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"; {self.repair}" if self.repair else ""
        return " ".join(f"{place}{self.what}{cure}".split())


class InputError(MtcheckError):
    """The article (or its source) cannot be used: missing, empty, binary, wrong encoding, wrong language."""


class EmptyError(InputError):
    """The article holds no sentence."""


class OtherLanguageError(InputError):
    """The article is written in another language than the one it should be in."""


class OutputError(MtcheckError):
    """A result cannot be written; whatever stood there before is untouched."""


class SettingsError(MtcheckError):
    """An option or a settings file holds an unknown key or a bad value."""


class ModelError(MtcheckError):
    """A model is missing, does not match its hash, or refuses its input."""
