"""The command line: one file per command, each of which parses, calls one function, prints and exits.

Exit status: 0 clean, 1 findings (or would change), 2 usage, settings, input or model failure, 130 interrupted;
docs/exit-codes.md has them by command.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
import traceback
from typing import Any, TextIO

import click

from mtcheck import __version__
from mtcheck.errors import MtcheckError, OutputError

EXIT_FINDINGS = 1
EXIT_FAILURE = 2
EXIT_INTERRUPTED = 130
COMPLETING = "_MTCHECK_COMPLETE"
"""Environment variable by which a shell asks for words rather than for work, as click has it."""


class Commands(click.Group):
    """Finds commands by file name and maps every failure to its own exit status.

    Click ends a ClickException, a crash and Ctrl-C alike with 1, which in CI would read as "findings".
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the command files."""
        return sorted(info.name for info in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's file; None when there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(importlib.import_module(f"{__name__}.{cmd_name}"), cmd_name)
        if COMPLETING in os.environ:
            from mtcheck.cli.completion import with_words

            return with_words(command)
        return command

    def main(self, *arguments: Any, **options: Any) -> Any:
        """As click has it, with standard streams that outlive their readers."""
        sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 (closed by the caller: an empty article)
        if sys.stdout is sys.__stdout__:
            sys.stdout, sys.stderr = _lasting(sys.stdout), _lasting(sys.stderr)
        return super().main(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; failures end with one line on stderr and exit status 2 (130 when interrupted)."""
        try:
            return super().invoke(ctx)
        except MtcheckError as error:
            _fail(str(error))
        except click.ClickException as error:
            error.show()
            sys.exit(EXIT_FAILURE)
        except (KeyboardInterrupt, click.Abort):
            click.echo("mtcheck: interrupted; nothing half-written", err=True)
            sys.exit(EXIT_INTERRUPTED)
        except (click.exceptions.Exit, SystemExit):
            raise
        except Exception as error:
            import platform

            traceback.print_exc()
            what = f"internal error ({type(error).__name__}: {error})"
            made_by = f"mtcheck {__version__}, Python {platform.python_version()}, {platform.system()}"
            _fail(f"{what}; please report it with the lines above ({made_by})")


class _Outlet(io.FileIO):
    """A pipe or file behind a standard stream. Once it cannot be written to, what comes is dropped.

    So ``mtcheck check | head`` ends with the status of the check, without a traceback. A full disk is said once.
    """

    closed_early = False

    def write(self, data: Any) -> int:
        try:
            return len(data) if self.closed_early else super().write(data)
        except BrokenPipeError:
            self.closed_early = True
            return len(data)
        except OSError as error:
            self.closed_early = True
            name = {1: "standard output", 2: "standard error"}.get(self.fileno(), "output")
            raise OutputError(f"{name} cannot be written ({error.strerror})", repair="make room for it") from error


def _lasting(stream: TextIO | None) -> TextIO:
    """The stream over an :class:`_Outlet`; a terminal stays as it is, and a closed stream gives way to nowhere."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper) or stream.isatty():
        return stream
    binary = io.BufferedWriter(_Outlet(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(binary, stream.encoding, stream.errors, line_buffering=stream.line_buffering)


def _fail(line: str) -> None:
    click.echo(f"mtcheck: {line}", err=True)
    sys.exit(EXIT_FAILURE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, message="mtcheck %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Turn a machine-translated article into publishable English, safely.

    \b
    mtcheck review article.txt --out review/    clean an article, with evidence
    mtcheck check --fast articles/              what is wrong, for CI
    mtcheck fix article.txt                     mend what is surely wrong
    mtcheck diff article.txt cleaned.txt        what changed, word by word
    mtcheck rules                               what is looked for
    mtcheck models fetch                        get the models once; all else runs offline
    """
    if ctx.invoked_subcommand is None:
        click.echo(_first_steps())


def _first_steps() -> str:
    """What to do first, for whoever types the bare name; whether the models are here decides what that is."""
    from mtcheck import store

    absent = [model for model in store.needed() if not store.present(model.id)]
    size = sum(model.size for model in absent) / 1e9
    ready = (
        f"Models to fetch once ({size:.1f} GB; all else runs offline): mtcheck models fetch"
        if absent
        else "Models: all here."
    )
    return f"""\
mtcheck {__version__} turns a machine-translated article into publishable English, safely.

  mtcheck check --fast article.txt   what is wrong, by rules alone: a second, no models
  mtcheck fix article.txt            mend what is surely wrong
  mtcheck review article.txt         every place with its alternatives, and why
  mtcheck review -i article.txt      decide place by place, by keyboard

{ready}
Articles may be text, Markdown, HTML, Word, subtitles, tables or CAT files. All commands: mtcheck --help"""
