"""``mtcheck completion SHELL``: what the Tab key completes, and the script that a shell needs for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the script by which SHELL completes commands, options, rules, formats, models and files.

    \b
    mtcheck completion bash > ~/.local/share/bash-completion/completions/mtcheck
    mtcheck completion zsh > ~/.zfunc/_mtcheck     (with fpath+=~/.zfunc before compinit)
    mtcheck completion fish > ~/.config/fish/completions/mtcheck.fish

    Exit status: 0 printed, 2 trouble.
    """
    from mtcheck.cli import COMPLETING, main

    scripts = get_completion_class(shell)
    assert scripts
    click.echo(scripts(main, {}, "mtcheck", COMPLETING).source())


def _selectors() -> Iterable[str]:
    from mtcheck.detection import selectors

    return selectors()


def _rules() -> Iterable[str]:
    from mtcheck.detectors import rules

    return (rule.name for rule in rules())


def _models() -> Iterable[str]:
    from mtcheck import store

    return (model.id for model in store.known())


def _reports() -> Iterable[str]:
    from mtcheck.reports import formats

    return formats()


_WORDS: dict[tuple[str, str], Callable[[], Iterable[str]]] = {
    ("select", "RULE"): _selectors,
    ("ignore", "RULE"): _selectors,
    ("rule", "RULE"): _rules,
    ("name", "NAME"): _rules,
    ("form", "NAME"): _reports,
    ("name", "ID"): _models,
    ("names", "[ID]..."): _models,
    ("translator", "ID|FOLDER"): _models,
}
"""What a parameter takes, by its name and by what the help calls its value."""
_FILES = ("FILE", "PATH", "ARTICLE", "INPUT", "BEFORE")
_FOLDERS = ("DIR",)


class _Completed(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """A type whose values can be completed; it converts as the one in whose place it stands."""

    def __init__(self, kind: click.ParamType[Any], complete: Callable[[str], list[CompletionItem]]) -> None:
        self.name, self.convert, self._complete = kind.name, kind.convert, complete  # type: ignore[method-assign]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """What may stand for the incomplete word."""
        return self._complete(incomplete)


def with_words(command: click.Command) -> click.Command:
    """The command, and those within it, with what completes the values of their options and arguments."""
    for one in getattr(command, "commands", {}).values():
        with_words(one)
    for param in command.params:
        complete = _completer(param)
        if complete and isinstance(param.type, click.types.StringParamType):
            param.type = _Completed(param.type, complete)
    return command


def _completer(param: click.Parameter) -> Callable[[str], list[CompletionItem]] | None:
    metavar = param.metavar or ""
    if words := _WORDS.get((param.name or "", metavar)):
        return lambda incomplete: [CompletionItem(word) for word in sorted(words()) if word.startswith(incomplete)]
    kind = "file" if any(word in metavar for word in _FILES) else "dir" if metavar in _FOLDERS else ""
    return (lambda incomplete: [CompletionItem(incomplete, type=kind)]) if kind else None
