"""Feed every reader what no honest program writes: ``python -m benchmarks.fuzz [TARGET...] --runs N --seed S``.

Two engines. ``coverage`` is libFuzzer by way of atheris, which keeps an input when it reaches code that none reached
before. ``hypothesis`` draws changes to the same inputs, blindly. What is fuzzed, and what must hold, is in
``fuzz_targets``. Each target runs in a process of its own; every kind of fault is told once, by the smallest input
found for it. Exit 1 when there was a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

SLOW = 2.0
"""Seconds of CPU time that no input of this size should take."""


class Tally:
    """What came of the executions of one target."""

    def __init__(self, name: str, run: Callable[[bytes], bool], refused: type[Exception]) -> None:
        self.name, self._run, self._refused = name, run, refused
        self.runs = self.read = 0
        self.worst, self.faults, self.slow = 0.0, dict[str, bytes](), list[bytes]()
        self._begun = time.monotonic()

    def __call__(self, data: bytes) -> None:
        """One execution."""
        begun = time.process_time()
        fault = self.fault(data)
        took = time.process_time() - begun
        self.worst = max(self.worst, took)
        if took > SLOW and len(self.slow) < 5:
            self.slow.append(data)
        if fault and len(data) < len(self.faults.get(fault, data + b"x")):
            self.faults[fault] = data

    def fault(self, data: bytes) -> str:
        """The kind of fault that an input shows, "" for none: its type, its innermost place here, its message."""
        self.runs += 1
        try:
            self.read += self._run(data)
        except self._refused:
            pass
        except Exception as error:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "mtcheck/" in frame.filename]
            place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "oracle"
            return f"{type(error).__name__} in {place}: {re.sub(r'[0-9]+', '0', str(error))[:50]}"
        return ""

    def smallest(self, fault: str, tries: int = 3000) -> bytes:
        """The input of a fault with every piece taken out that it does not need."""
        data, size = self.faults[fault], max(1, len(self.faults[fault]) // 2)
        while size and tries:
            at = 0
            while at < len(data) and tries:
                shorter, tries = data[:at] + data[at + size :], tries - 1
                if self.fault(shorter) == fault:
                    data = shorter
                else:
                    at += size
            size //= 2
        return data

    def result(self) -> dict[str, Any]:
        """The figures, for the parent process."""
        told = {"target": self.name, "runs": self.runs, "read": self.read, "worst": self.worst}
        return told | {"seconds": time.monotonic() - self._begun, "slow": len(self.slow)}


def work(name: str, engine: str, runs: int, seed: int, largest: int, folder: Path) -> None:
    """Fuzz one target with inputs of that many bytes at most and leave the result in the folder; does not return."""
    if engine == "coverage":
        import atheris

        with atheris.instrument_imports(include=["mtcheck"]):
            from benchmarks import fuzz_targets
    else:
        from benchmarks import fuzz_targets
    target = fuzz_targets.targets()[name].within(largest)
    tally = Tally(name, target.run, fuzz_targets.MtcheckError)

    def end() -> None:
        told = tally.result()
        for number, data in enumerate(tally.slow):
            (folder / f"slow-{number}").write_bytes(data)
        for number, fault in enumerate(sorted(tally.faults)):
            (folder / f"fault-{number}").write_bytes(tally.smallest(fault))
        told["faults"] = sorted(tally.faults)
        (folder / "result.json").write_text(json.dumps(told))
        os._exit(0)

    {"coverage": by_coverage, "hypothesis": by_hypothesis}[engine](target, tally, runs, seed, folder, end)


def by_coverage(target: Any, tally: Tally, runs: int, seed: int, folder: Path, end: Callable[[], None]) -> None:
    """Let libFuzzer choose the inputs; half of its mutations are those of ``fuzz_targets.mutated``."""
    import atheris

    from benchmarks.fuzz_targets import mutated

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(data)
    words = folder / "words"
    pieces = (token.encode("utf-8", "surrogatepass") for token in target.tokens)
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"\n' for piece in pieces))

    def one(data: bytes) -> None:
        tally(data)
        if tally.runs >= runs:
            end()

    def change(data: bytes, largest: int, number: int) -> bytes:
        ours = mutated(random.Random(number), data, target) if number % 2 else bytes(atheris.Mutate(data, largest))
        if target.text and number % 16 > 1:  # or nearly all would be refused for their encoding
            ours = ours.decode("utf-8", "ignore").encode()
        return ours[:largest]

    options = [f"-seed={seed}", f"-max_len={target.largest}", f"-dict={words}", "-len_control=0", "-mutate_depth=1"]
    limits = ["-verbosity=0", "-rss_limit_mb=4096", "-timeout=120", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, *limits, str(corpus)], one, custom_mutator=change)
    atheris.Fuzz()


def by_hypothesis(target: Any, tally: Tally, runs: int, seed: int, _: Path, end: Callable[[], None]) -> None:
    """Let hypothesis draw the changes."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from benchmarks.fuzz_targets import mutated

    @seeded(seed)
    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True), st.sampled_from(target.seeds))
    def draw(chance: random.Random, data: bytes) -> None:
        tally(mutated(chance, data, target))

    draw()
    end()


def main() -> int:
    """Print a row for each target, and its faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="a name of fuzz_targets; all of them by default")
    parser.add_argument("--runs", type=int, default=20_000, help="executions of each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--largest", type=int, default=100_000, help="bytes of an input, where a target has more")
    parser.add_argument("--engine", choices=("coverage", "hypothesis"), default="coverage")
    parser.add_argument("--out", type=Path, default=Path("fuzz"), help="folder for the inputs of faults")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        tempfile.tempdir = str(given.worker)
        work(given.targets[0], given.engine, given.runs, given.seed, given.largest, given.worker)
    from benchmarks.fuzz_targets import targets  # not in a worker, which has to watch mtcheck being imported

    print("| target | executions | read | seconds | slowest s | faults |\n|---|---:|---:|---:|---:|---:|", flush=True)
    faulty = [_told(name, given) for name in given.targets or targets()]
    return int(any(faulty))


def _told(name: str, given: argparse.Namespace) -> bool:
    """Run one target and print its row; True when there was a fault."""
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="mtcheck-fuzz-", dir=memory) as folder:
        options = ["--runs", str(given.runs), "--seed", str(given.seed), "--engine", given.engine]
        options += ["--largest", str(given.largest), "--worker", folder]
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.fuzz", name, *options], capture_output=True, text=True, errors="replace"
        )
        left = [path for path in Path(folder).iterdir() if re.match(r"fault-|slow-|crash-|timeout-|oom-", path.name)]
        for path in left:
            given.out.mkdir(exist_ok=True)
            (given.out / f"{name}.{path.name}").write_bytes(path.read_bytes())
        result = Path(folder) / "result.json"
        if not result.exists():
            print(f"| {name} | died ({ended.returncode}) |\n{ended.stderr[-3000:]}", flush=True)
            return True
        told = json.loads(result.read_text())
    row = (
        f"{told['runs']:,}",
        f"{told['read']:,}",
        f"{told['seconds']:.0f}",
        f"{told['worst']:.2f}",
        len(told["faults"]),
    )
    print("|", name, "|", " | ".join(map(str, row)), "|", flush=True)
    for number, fault in enumerate(told["faults"]):
        print(f"  fault {number}: {fault}", flush=True)
    return bool(told["faults"] or told["slow"])


if __name__ == "__main__":
    sys.exit(main())
