"""The one entry: ``make train MODEL=tagger-en|post-editor-en|en-ru|ru-en|post-editor [ARGS="--minutes 9"]``.

Each call does what is still to be done (prepare the data, go on training, export) within the minutes
given, and says on its last line whether the model is finished; call it again until it is.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import subprocess
import sys
from pathlib import Path

from models.recipes.seq2seq_plans import PLANS, Plan

POST_EDITOR_QUOTAS = {
    "mlqe-ro-en": 1500,
    "mlqe-et-en": 1500,
    "clean-post-edit": 2500,
    "clean-news": 3000,
    "made": 4000,
    "round-trip": 3500,
}
"""Sentences an epoch of what is not Russian news translated by machines; of that, all."""


def train_tagger(minutes: float) -> None:
    """Prepare, train (two hours are plenty on one core), and export the word tagger."""
    from models.recipes.corpora import work_folder

    steps = (
        [] if (work_folder() / "tagger" / "examples.jsonl").exists() else ["tagger_data"],
        ["tagger_train", "--minutes", str(minutes)],
        ["tagger_export", "--run", str(work_folder() / "tagger" / "run"), "--transformers"],
    )
    for step in steps:
        if step:
            subprocess.run([sys.executable, "-m", f"models.recipes.{step[0]}", *step[1:]], check=True)


def train_post_editor(minutes: float) -> None:
    """Round trips, examples, training (an hour on one core), and export of the edit tagger that post-edits."""
    from models.recipes.corpora import work_folder

    work = work_folder() / "post-editor"
    quotas = (f"--quota={origin}={count}" for origin, count in POST_EDITOR_QUOTAS.items())
    steps = (
        [] if (work / "examples.jsonl").exists() else ["post_editor_round_trips"],
        [] if (work / "examples.jsonl").exists() else ["post_editor_data"],
        ["post_editor_train", "--minutes", str(minutes), *quotas],
        ["post_editor_export"],
    )
    for step in steps:
        if step:
            subprocess.run([sys.executable, "-m", f"models.recipes.{step[0]}", *step[1:]], check=True)


def train_seq2seq(plan: Plan, minutes: float, measure_every: int, out: Path | None) -> bool:
    """One sitting of a sequence-to-sequence model; True when done. ``out`` gets the weights in parts."""
    import sentencepiece

    from models.recipes import seq2seq_data, seq2seq_export, seq2seq_model, seq2seq_train

    folder, vocabulary = seq2seq_data.folder_of(plan), seq2seq_data.vocabulary_of(plan)
    packs = sorted(folder.glob("pack-*.npz")) or seq2seq_data.prepare(plan)
    spm = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    dev: list[tuple[str, str]] = []
    if _installed("sacrebleu") and seq2seq_data.data_is_here():
        test = seq2seq_data.dev_sets(plan.model)[0]
        dev = list(zip(test.sources, test.references, strict=True))
    else:  # a borrowed machine that was given the packs alone
        print("no dev chrF: sacrebleu or the dev sets are not here", flush=True)
        measure_every = 0
    pairs = seq2seq_model.Pairs(packs)
    print(f"{plan.model}: {len(pairs)} pairs, device {'cuda' if _gpu() else 'cpu'}", flush=True)
    trainer = seq2seq_train.Trainer(plan, pairs, spm.get_piece_size(), folder)
    done = seq2seq_train.train(trainer, seq2seq_train.Limits(minutes, measure_every), spm, dev)
    seq2seq_export.write_transformers(trainer.averaged(), plan, vocabulary, folder / "transformers")
    if out:
        seq2seq_export.write_pieces(folder / "transformers" / "model.safetensors", out)
    if _installed("ctranslate2"):
        seq2seq_export.write_ctranslate2(folder / "transformers", folder / "int8")
    return done


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=["tagger-en", "post-editor-en", *PLANS])
    parser.add_argument(
        "--minutes", type=float, default=None, help="wall-clock limit (default 9; tagger 120, post-editor-en 60)"
    )
    parser.add_argument("--updates", type=int, default=None, help="length of the whole plan")
    parser.add_argument("--batch-tokens", type=int, default=None, help="padded pieces a batch")
    parser.add_argument("--measure-every", type=int, default=2000, help="updates between dev chrF (0 = never)")
    parser.add_argument("--out", type=Path, default=None, help="folder for the fp16 weights in parts under 16 MiB")
    given = parser.parse_args()
    if given.model == "tagger-en":
        train_tagger(given.minutes or 120)
        return
    if given.model == "post-editor-en":
        train_post_editor(given.minutes or 60)
        return
    plan = PLANS[given.model]
    changes = {name: getattr(given, name) for name in ("updates", "batch_tokens") if getattr(given, name)}
    plan = dataclasses.replace(plan, **changes)
    done = train_seq2seq(plan, given.minutes or 9, given.measure_every, given.out)
    print("finished" if done else "not finished: run the same command again", flush=True)


if __name__ == "__main__":
    main()
