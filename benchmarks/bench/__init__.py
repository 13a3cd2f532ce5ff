"""How fast mtcheck is, beside its rivals, in one run on one machine: ``make bench``; docs/benchmarks.md explains it."""
