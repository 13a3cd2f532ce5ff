"""Settings come from the nearest file; unknown keys are errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcheck.errors import SettingsError
from mtcheck.settings import Settings, load


def test_nearest_file_then_options(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mtcheck]\nfast = true\nignore = ["said-about-noun"]\n')
    folder = tmp_path / "news"
    folder.mkdir()
    assert load(folder, fast=None) == Settings(fast=True, ignore=("said-about-noun",))
    assert load(folder, fast=False).fast is False
    (folder / "mtcheck.toml").write_text("n_best = 2\n")
    assert load(folder) == Settings(n_best=2)


def test_a_foreign_pyproject_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "mtcheck.toml").write_text("n_best = 3\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    assert load(tmp_path / "app") == Settings(n_best=3)


@pytest.mark.parametrize("text", ["n_bset = 2", "fast = 1", "n_best = true", "select = 'x'", "n_best ="])
def test_bad_settings_are_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "mtcheck.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"mtcheck\.toml: ") as caught:
        load(tmp_path)
    assert "\n" not in str(caught.value)


def test_fingerprint_tells_settings_apart() -> None:
    assert Settings().fingerprint() == Settings().fingerprint() != Settings(n_best=1).fingerprint()
