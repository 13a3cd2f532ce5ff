"""The command line: one file per command, each of which parses, calls one function, prints and exits.

Exit status: 0 clean, 1 findings (or would change), 2 usage, settings, input or model failure, 130 interrupted.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback
from typing import Any

import click

from mtcheck import __version__
from mtcheck.errors import MtcheckError

EXIT_FINDINGS = 1
EXIT_FAILURE = 2
EXIT_INTERRUPTED = 130


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
        return getattr(importlib.import_module(f"{__name__}.{cmd_name}"), cmd_name)  # type: ignore[no-any-return]

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
        except (click.exceptions.Exit, SystemExit, BrokenPipeError):
            raise
        except Exception as error:
            traceback.print_exc()
            _fail(f"internal error ({type(error).__name__}: {error}); please report it with the lines above")


def _fail(line: str) -> None:
    click.echo(f"mtcheck: {line}", err=True)
    sys.exit(EXIT_FAILURE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="mtcheck %(version)s")
def main() -> None:
    """Turn a machine-translated article into publishable English, safely.

    \b
    mtcheck review article.txt --out review/    clean an article, with evidence
    mtcheck diff article.txt cleaned.txt        what changed, word by word
    mtcheck rules                               what is looked for
    mtcheck models fetch                        get the models once; all else runs offline
    """
