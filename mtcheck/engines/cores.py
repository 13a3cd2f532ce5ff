"""How many threads the engines may use."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Cores this process may run on; OMP_NUM_THREADS, where it is set to a positive number, is an upper limit."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores, int(limit))) if limit.isdecimal() and int(limit) else max(1, cores)


def spare_cores() -> int:
    """Usable cores less one, at least one.

    For engines whose threads wait for one another actively: llama.cpp with two threads on a busy machine of two cores
    was over ten times slower than with one. The number is the same at every run, since outputs depend on it.
    """
    return max(1, usable_cores() - 1)
