"""Run the command line as ``python -m mtcheck``."""

from mtcheck.cli import main

main()
