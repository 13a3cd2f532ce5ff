"""Pictures of the full-screen desk for the docs: ``python tests/desk_pictures.py`` (with the fetched models)."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from functools import partial
from pathlib import Path

from mtcheck import documents, pipeline
from mtcheck.desk.screen import Desk
from mtcheck.engines import Engines
from mtcheck.engines.load import open_engines
from mtcheck.schema import Review
from mtcheck.session import Session
from mtcheck.settings import Settings

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
PICTURES = {
    "desk-80x24.svg": (80, 24, ["a"]),
    "desk-120x40.svg": (120, 40, ["s", "n", "n"]),
}
"""Width, height and the keys pressed before the picture is taken."""


async def picture(review: Review, width: int, height: int, keys: list[str]) -> str:
    """The screen as SVG, after some keys; fonts are left to whoever looks at it."""
    with tempfile.TemporaryDirectory() as folder:
        judge = partial(pipeline.judge, review.document, Engines())
        desk = Desk(Session(review, Path(folder) / "mtcheck-decisions.json", judge))
        async with desk.run_test(size=(width, height)) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            drawn = desk.export_screenshot(title=f"mtcheck review -i {Path(review.document.doc_id).name}")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def main() -> None:
    """Draw every picture."""
    os.chdir(ROOT)
    document = documents.read("seeds/lavrov-aleppo.en.txt")
    review = pipeline.review(document, open_engines(None, False, cache=True), Settings())
    for name, (width, height, keys) in PICTURES.items():
        drawn = asyncio.run(picture(review, width, height, keys))
        (IMAGES / name).write_text(drawn, encoding="utf-8")
        print(f"{name}: {len(drawn.encode()):,} bytes")


if __name__ == "__main__":
    main()
