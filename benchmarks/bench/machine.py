"""The machine of a run, in the words of its tables."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from benchmarks.bench.tables import Cell
from benchmarks.bench.texts import ROOT
from mtcheck.engines.cores import usable_cores


def machine() -> dict[str, Cell]:
    """Processor, usable cores and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": _processor(), "cores": usable_cores(), "memory in GB": round(memory)}


def load_average() -> float:
    """How many processes wanted to run in the last minute."""
    return os.getloadavg()[0]


def software() -> dict[str, str]:
    """Python, and this version of mtcheck with its commit."""
    from mtcheck import __version__

    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    commit = f" ({told.stdout.strip()})" if told.returncode == 0 else ""
    return {"mtcheck": f"{__version__}{commit}", "Python": platform.python_version()}


def _processor() -> str:
    """The model's name with the vector instructions that decide how fast models are."""
    told: dict[str, str] = {}
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            told.setdefault(key.strip(), value.strip())
    except OSError:
        return platform.processor() or platform.machine()
    kinds = [
        kind
        for kind in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
        if kind in told.get("flags", "").split()
    ]
    return f"{told.get('model name', platform.machine())} ({' '.join(kinds)})"
