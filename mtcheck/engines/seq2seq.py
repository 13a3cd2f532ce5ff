"""Any MarianMT, M2M100 or NLLB checkpoint as a translator on CTranslate2 int8: n-best and forced scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from mtcheck import store
from mtcheck.engines import Progress
from mtcheck.engines.checkpoint import (
    CONVERTER_VERSION,
    FAMILIES,
    ORIGIN_FILE,
    TOKENIZER_FOLDER,
    convert_checkpoint,
    digest,
)
from mtcheck.engines.cores import usable_cores
from mtcheck.engines.output_guards import fault
from mtcheck.engines.pieces import LONGEST, open_pieces
from mtcheck.engines.staging import staged_folder
from mtcheck.errors import ModelError
from mtcheck.schema import Hypothesis

BEAM = 4
LENGTH_PENALTY = 1.0
PATIENCE = 2.0
"""Search ends with this many times the beam's size finished (arXiv 2204.05424); with 1, early stops win."""
_BATCH_PIECES = 1024
_GROUP = 32
"""Texts between two reports of progress."""

__all__ = ["Seq2SeqTranslator", "convert_checkpoint", "converted"]


def converted(folder: Path) -> Path:
    """The CTranslate2 form of a checkpoint's folder: made at first use, kept in the cache by the hash of its content.

    A folder that is already in that form is returned as it is. Raises ModelError when it cannot be converted.
    """
    if (folder / ORIGIN_FILE).is_file() and (folder / "model.bin").is_file():
        return folder
    name = f"{folder.resolve().name}-{digest(folder)[:12]}-ctranslate2-int8-{CONVERTER_VERSION}"
    target = store.cache_folder() / "derived" / name
    if not target.is_dir():
        with staged_folder(target) as staged:
            convert_checkpoint(folder, staged)
    return target


class Seq2SeqTranslator:
    """Beam search and forced decoding with a folder written by ``convert_checkpoint``.

    Raises ModelError when the folder is incomplete or the checkpoint does not translate in this direction.
    """

    def __init__(
        self,
        folder: Path,
        source_lang: str,
        target_lang: str,
        *,
        beam: int = BEAM,
        compute_type: str = "int8",
        threads: int | None = None,
        digest: str | None = None,
    ) -> None:
        """Load the model; ``digest`` names it in the signature (default: the one written at conversion)."""
        import ctranslate2

        try:
            origin = json.loads((folder / ORIGIN_FILE).read_text(encoding="utf-8"))
            kind, name, made_from = origin["family"], origin["name"], origin["sha256"]
            self._model = ctranslate2.Translator(
                str(folder),
                device="cpu",
                compute_type=compute_type,
                inter_threads=threads or usable_cores(),
                intra_threads=1,
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:160]
            raise ModelError(f"the converted translator cannot be read ({reason})", where=str(folder)) from error
        if kind not in FAMILIES:
            raise ModelError(f"the converted translator is of an unknown kind {kind!r}", where=str(folder))
        self._suppressed = [[origin["padding"]]] if "padding" in origin else None
        self.source_lang, self.target_lang, self._beam = source_lang, target_lang, beam
        self._pieces = open_pieces(folder / TOKENIZER_FOLDER, kind, source_lang, target_lang)
        self.signature = (
            f"{source_lang}-{target_lang}:{name}|sha256:{(digest or made_from)[:12]}"
            f"|engine:ctranslate2-{ctranslate2.__version__}|type:{compute_type}|beam:{beam}|lp:{LENGTH_PENALTY}|patience:{PATIENCE}"
        )

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """Up to ``n_best`` distinct hypotheses a text, best first by log-probability per piece.

        What breaks a guard is left out; so is every hypothesis of a blank text or one of over 400 pieces.
        """
        plain = {text: " ".join(text.split()) for text in texts}
        unique = sorted(set(plain.values()), key=lambda text: (len(text), text))
        found: dict[str, list[Hypothesis]] = {}
        for start in range(0, len(unique), _GROUP):
            some = unique[start : start + _GROUP]
            found.update(zip(some, self._translated(some, n_best), strict=True))
            if progress:
                progress(start + len(some), len(unique))
        return [found[plain[text]] for text in texts]

    def _translated(self, texts: Sequence[str], n_best: int) -> list[list[Hypothesis]]:
        inputs = {text: self._pieces.encode(text) for text in texts if text}
        fitting = {text: pieces for text, pieces in inputs.items() if len(pieces) <= LONGEST}
        results = self._model.translate_batch(
            list(fitting.values()),
            [self._pieces.start] * len(fitting) if self._pieces.start else None,
            beam_size=max(self._beam, n_best),
            num_hypotheses=n_best,
            length_penalty=LENGTH_PENALTY,
            patience=PATIENCE,
            max_batch_size=_BATCH_PIECES,
            batch_type="tokens",
            max_decoding_length=min(LONGEST, 2 * max(map(len, fitting.values()), default=0) + 16),
            max_input_length=0,
            disable_unk=True,
            suppress_sequences=self._suppressed,
            return_scores=True,
        )
        made = dict(zip(fitting, results, strict=True))
        return [self._hypotheses(text, made[text]) if text in made else [] for text in texts]

    def _hypotheses(self, text: str, result: object) -> list[Hypothesis]:
        found: dict[str, float] = {}
        for pieces, score in zip(result.hypotheses, result.scores, strict=True):  # type: ignore[attr-defined]
            output = self._pieces.decode(pieces[len(self._pieces.start) :])
            if output not in found and not fault(text, output, self.target_lang):
                found[output] = score * (len(pieces) + 1) ** LENGTH_PENALTY  # the end token is counted, too
        return [Hypothesis(output, min(0.0, log_prob)) for output, log_prob in found.items()]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """Total natural log-probability of each target, its end included, given its source.

        Raises ModelError when a text has over 400 pieces.
        """
        inputs = [self._pieces.encode(" ".join(source.split())) for source in sources]
        outputs = [[*self._pieces.start, *self._pieces.encode_target(" ".join(target.split()))] for target in targets]
        if len(inputs) != len(outputs):
            raise ValueError(f"{len(inputs)} sources, {len(outputs)} targets")
        if any(len(pieces) > LONGEST for pieces in (*inputs, *outputs)):
            raise ModelError(f"a text is too long to score (over {LONGEST} pieces)")
        results = self._model.score_batch(
            inputs, outputs, max_batch_size=_BATCH_PIECES, batch_type="tokens", max_input_length=0
        )
        return [sum(result.log_probs[len(self._pieces.start) :]) for result in results]
