"""``mtcheck names ARTICLE...``: a table of names to confirm once and use for ever."""

from __future__ import annotations

import click

from mtcheck.schema import Document


@click.command()
@click.argument("articles", metavar="ARTICLE...", nargs=-1, required=True)
@click.option("--source", metavar="FILE", help="The Russian original, when there is one article and you have it.")
@click.option("--out", metavar="FILE", help="Write the table here; what it holds already stays as it is.")
@click.option("--fast", is_flag=True, help="Without the parser, which tells names from other capitalised words.")
def names(articles: tuple[str, ...], source: str | None, out: str | None, fast: bool) -> None:
    """Propose a table of names: spellings found in the ARTICLEs, how often, and the one to keep.

    All articles are looked at together (`-` reads stdin). Write `yes` into the column `confirmed` of the rows that are
    right, correct `preferred` where another spelling is, and name the table in mtcheck.toml (names = "names.csv") or
    with --names: confirmed rows are in force from then on, the others do nothing and are not proposed again.

    Exit status: 0 done, 2 trouble.
    """
    from mtcheck import naming
    from mtcheck.documents import replace_file
    from mtcheck.engines.load import open_parser

    read = [_read(article, source) for article in articles]
    parser = None if fast else open_parser()
    proposed = naming.propose(read, parser.parse if parser else None)
    text, new = naming.table(proposed, naming.read_old(out) if out else "", out or "")
    if not out:
        click.echo(text.removeprefix(naming.BOM), nl=False)
    elif new:
        replace_file(out, text.encode())
    click.echo(_summary(len(proposed), new, out, named=parser is not None), err=True)


def _read(article: str, source: str | None) -> Document:
    from mtcheck import documents, settings
    from mtcheck.alignment import attach_source

    document = documents.read(article, format_name=documents.format_of(article, settings.load(article)))
    if not source:
        return document
    document, report = attach_source(document, documents.read_text(source), where=source)
    click.echo(f"{source}: {report}", err=True)
    return document


def _summary(found: int, new: int, out: str | None, *, named: bool) -> str:
    where = f", {new} new in {out}" if out and new else ", none of them new" if out and found else ""
    without = "" if named else "; without the parser, some may be no names"
    return f"{found} spelling{'s' * (found != 1)} to settle{where}{without}"
