"""``mtcheck lsp``: the language server for editors."""

from __future__ import annotations

import os

import click


@click.command()
@click.option("--fast", is_flag=True, help="Rules alone: no model is ever read.")
@click.option("--stdio", is_flag=True, help="Speak on standard input and output (it always does; clients say so).")
def lsp(fast: bool, stdio: bool) -> None:
    """Show findings in an editor that speaks the language server protocol; docs/editors.md says how to set one up.

    Rules run as you type, models when you save. Nothing leaves the machine.

    Exit status: 0 when the editor said goodbye, 1 when it was gone without, 130 interrupted.
    """
    from mtcheck.lsp import serve

    # At once, not by sys.exit: a model may still be at work in its thread, and the editor does not wait for it.
    os._exit(serve(fast))
