"""How good the flags are, measured on public data: texts, measures, the systems compared, and the table."""
