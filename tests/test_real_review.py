"""The main job with the real models: an article never used in development, and the seed article."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

import mtcheck.reports
from mtcheck.cli import main
from mtcheck.scoring import EDIT_SIZE, FLUENCY, MEANING_CHRF, MEANING_TER

pytestmark = pytest.mark.models

SEED = Path(__file__).parent.parent / "seeds" / "lavrov-aleppo.en.txt"
ARTICLE = """The Governor of Kaluga region told about construction of plant

This was stated by governor of Kaluga region Anatoly Artamonov in interview to newspaper “Vedomosti”.
“We will create 350 working places, and I do not doubt in it”, – said Artamonov.
The European bank for Reconstruction and Development did not give credit.
"""


def reviewed(path: Path, out: Path, *options: str) -> tuple[dict[str, Any], str]:
    result = CliRunner().invoke(main, ["review", str(path), "--out", str(out), "--no-cache", *options])
    assert result.exit_code == 1, result.stderr
    record = json.loads((out / "review.json").read_text(encoding="utf-8"))
    return record, (out / f"{path.stem}.cleaned.txt").read_bytes().decode("utf-8")


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("review")
    article = folder / "kaluga.txt"
    article.write_bytes(ARTICLE.replace("\n", "\r\n").encode())
    return reviewed(article, folder / "out")


def test_the_record_follows_its_schema(review: tuple[dict[str, Any], str]) -> None:
    schema = json.loads((Path(mtcheck.reports.__file__).parent / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(review[0], schema)


def test_facts_survive_and_line_ends_stay(review: tuple[dict[str, Any], str]) -> None:
    cleaned = review[1]
    assert re.findall(r"\d+", cleaned) == ["350"]
    for name in ("Kaluga", "Anatoly", "Artamonov", "Vedomosti", "European", "Reconstruction", "Development"):
        assert name in cleaned
    assert cleaned.count("\r\n") == cleaned.count("\n") == ARTICLE.count("\n")
    assert "did not" in cleaned
    assert "do not doubt" in cleaned


def test_the_faults_an_editor_would_mend_first_are_mended(review: tuple[dict[str, Any], str]) -> None:
    cleaned = review[1]
    assert "in an interview with" in cleaned
    assert "– said" not in cleaned


def test_every_flagged_segment_has_russian_and_every_score_a_signature(review: tuple[dict[str, Any], str]) -> None:
    record = review[0]
    back = [segment["back_translation"] for segment in record["segments"]]
    assert back
    assert sum(bool(text and re.search("[а-я]", text)) for text in back) >= 0.75 * len(back)
    scored = [a for p in record["proposals"] for a in p["alternatives"] if a["back_translation"]]
    metrics = {score["metric"] for alternative in scored for score in alternative["scores"]}
    assert {MEANING_CHRF, MEANING_TER, FLUENCY, EDIT_SIZE} <= metrics
    assert all(score["signature"] for alternative in scored for score in alternative["scores"])


def test_the_seed_article_comes_out_better_without_the_slow_model(tmp_path: Path) -> None:
    record, cleaned = reviewed(SEED, tmp_path / "one", "--fast")
    again, same = reviewed(SEED, tmp_path / "two", "--fast")
    assert (record, cleaned) == (again, same)
    assert record["counts"]["by_status"]["changed"] >= 15
    names = {"Lavrov", "Aleppo", "Assad", "Syrian", "CNN", "Barack", "Obama", "Mistura", "Idlib"}
    assert names <= set(re.findall(r"\w+", cleaned))
    for fault in ("in interview to", "security Council", "middle East", "– said", "foreign Minister"):
        assert fault not in cleaned
