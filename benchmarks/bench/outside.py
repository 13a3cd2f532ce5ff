"""argostranslate and EasyNMT, made to run our checkpoint offline.

Both fetch their models from the net, which is not asked here. argostranslate runs CTranslate2 underneath: its package
is made of our checkpoint's int8 form. EasyNMT runs MarianMT checkpoints of a hub by name: a folder of that name is put
where it looks. ``make bench`` installs both, without what they ask for, into ``.bench``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.bench.texts import ROOT

PACKAGES_FOLDER = ROOT / ".bench" / "packages"
EASYNMT_NAME = "Helsinki-NLP/opus-mt-en-ru"
Translate = Callable[[], list[str]]


def prepared(checkpoint: Path, folder: Path) -> dict[str, tuple[Path, Mapping[str, str]]]:
    """Every engine by name, with the folder that it reads and the environment that it needs."""
    from mtcheck.engines.checkpoint import convert_checkpoint

    folder.mkdir()
    int8, float32 = folder / "int8", folder / "float32"
    convert_checkpoint(checkpoint, int8)
    convert_checkpoint(checkpoint, float32, quantization="float32")
    (folder / EASYNMT_NAME).parent.mkdir()
    (folder / EASYNMT_NAME).symlink_to(checkpoint.absolute(), target_is_directory=True)
    home = folder / "home"
    environment = {"PYTHONPATH": str(PACKAGES_FOLDER), "HOME": str(home)}
    environment |= {name: str(home) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return {
        "mtcheck: CTranslate2 int8": (int8, {}),
        "mtcheck: CTranslate2 float32": (float32, {}),
        "transformers float32, 32 at a time": (checkpoint, {}),
        "transformers float32, one at a time": (checkpoint, {}),
        "transformers bfloat16, 32 at a time": (checkpoint, {}),
        "argostranslate (CTranslate2 int8)": (_argos_package(int8, checkpoint, folder / "argos"), environment),
        "EasyNMT (transformers float32)": (folder, environment),
    }


def _argos_package(model: Path, checkpoint: Path, folder: Path) -> Path:
    """A package as argostranslate installs it: the model, its SentencePiece model and what it is."""
    shutil.copytree(model, folder / "model")
    config = json.loads((folder / "model" / "config.json").read_text(encoding="utf-8"))
    # Marian's sources end with an end mark, which argostranslate leaves to the model
    (folder / "model" / "config.json").write_text(json.dumps(config | {"add_source_eos": True}), encoding="utf-8")
    shutil.copy(checkpoint / "source.spm", folder / "sentencepiece.model")
    told = {"from_code": "en", "from_name": "English", "to_code": "ru", "to_name": "Russian"}
    about = {"package_version": "1", "argos_version": "1", "type": "translate", **told}
    (folder / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def argostranslate(package: str, texts: str) -> Translate:
    """Its translation of a package, one text after the other, as its users call it."""
    from argostranslate.package import Package
    from argostranslate.translate import Language, PackageTranslation

    class Whole:
        """A sentence splitter for texts of one sentence."""

        def split_sentences(self, text: str) -> list[str]:
            return [text]

    translation = PackageTranslation(Language("en", "English"), Language("ru", "Russian"), Package(Path(package)))
    translation.sentencizer = Whole()
    wanted = json.loads(Path(texts).read_text(encoding="utf-8"))
    return lambda: [translation.translate(text) for text in wanted]


def easynmt(folder: str, texts: str) -> Translate:
    """Its translation of many texts, in its own batches."""
    import os

    from easynmt import EasyNMT
    from easynmt.models import OpusMT

    os.chdir(folder)
    engine = EasyNMT(translator=OpusMT())
    wanted = json.loads(Path(texts).read_text(encoding="utf-8"))
    return lambda: list(
        engine.translate(wanted, source_lang="en", target_lang="ru", beam_size=4, perform_sentence_splitting=False)
    )
