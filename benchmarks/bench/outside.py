"""argostranslate and EasyNMT, made to run our checkpoint offline.

Both fetch their models from the net, which is not asked here. argostranslate runs CTranslate2 underneath: its package
is made of our checkpoint's int8 form. EasyNMT runs MarianMT checkpoints of a hub by name: a folder of that name is put
where it looks. ``make bench`` installs both, without what they ask for, into ``.bench``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench.texts import ROOT

PACKAGES_FOLDER = ROOT / ".bench" / "packages"
EASYNMT_NAME = "Helsinki-NLP/opus-mt-en-ru"
Translate = Callable[[], list[str]]


def environment(home: Path) -> dict[str, str]:
    """What a process needs to find both, and to keep what they write in one folder."""
    places = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    return {"PYTHONPATH": str(PACKAGES_FOLDER)} | {name: str(home) for name in places}


def argos_package(model: Path, checkpoint: Path, folder: Path) -> Path:
    """A package as argostranslate installs it: the int8 model, its SentencePiece model and what it is."""
    shutil.copytree(model, folder / "model")
    config = json.loads((folder / "model" / "config.json").read_text(encoding="utf-8"))
    # Marian's sources end with an end mark, which argostranslate leaves to the model
    (folder / "model" / "config.json").write_text(json.dumps(config | {"add_source_eos": True}), encoding="utf-8")
    shutil.copy(checkpoint / "source.spm", folder / "sentencepiece.model")
    told = {"from_code": "en", "from_name": "English", "to_code": "ru", "to_name": "Russian"}
    about = {"package_version": "1", "argos_version": "1", "type": "translate", **told}
    (folder / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def easynmt_folder(checkpoint: Path, folder: Path) -> Path:
    """A folder in which the checkpoint has the name that EasyNMT asks a hub for."""
    (folder / EASYNMT_NAME).parent.mkdir(parents=True)
    (folder / EASYNMT_NAME).symlink_to(checkpoint.absolute(), target_is_directory=True)
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
    from easynmt import EasyNMT
    from easynmt.models import OpusMT

    os.chdir(folder)
    engine = EasyNMT(translator=OpusMT())
    wanted = json.loads(Path(texts).read_text(encoding="utf-8"))
    return lambda: list(
        engine.translate(wanted, source_lang="en", target_lang="ru", beam_size=4, perform_sentence_splitting=False)
    )
