"""Any MarianMT, M2M100 or NLLB checkpoint as a translator on transformers and torch: the reference engine.

Slower and larger than :mod:`mtcheck.engines.seq2seq`, which is held to its outputs and scores by a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtcheck.engines import Progress
from mtcheck.engines.checkpoint import digest, family, quiet_transformers
from mtcheck.engines.output_guards import fault
from mtcheck.engines.pieces import END, LONGEST, open_pieces
from mtcheck.engines.seq2seq import BEAM, LENGTH_PENALTY
from mtcheck.errors import ModelError
from mtcheck.schema import Hypothesis


class ReferenceTranslator:
    """Beam search and forced decoding in float32, one text at a time.

    Raises ModelError when the folder is no such checkpoint, is pickled, or does not know the languages.
    """

    def __init__(self, folder: Path, source_lang: str, target_lang: str, *, beam: int = BEAM) -> None:
        """Load the checkpoint from its folder; nothing is fetched and no code of it is run."""
        kind = family(folder)
        from safetensors import SafetensorError

        with quiet_transformers() as transformers:
            try:
                self._model: Any = transformers.AutoModelForSeq2SeqLM.from_pretrained(
                    folder, local_files_only=True, use_safetensors=True, trust_remote_code=False, dtype="float32"
                ).eval()
            except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
                reason = " ".join(str(error).split())[:160]
                raise ModelError(f"the checkpoint cannot be loaded ({reason})", where=str(folder)) from error
            self._ids: Any = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._pieces = open_pieces(folder, kind, source_lang, target_lang)
        self.source_lang, self.target_lang, self._beam = source_lang, target_lang, beam
        self.signature = (
            f"{source_lang}-{target_lang}:{folder.resolve().name}|sha256:{digest(folder)[:12]}"
            f"|engine:transformers-{transformers.__version__}|type:float32|beam:{beam}|lp:{LENGTH_PENALTY}"
        )

    def translate(
        self, texts: Sequence[str], n_best: int = 1, progress: Progress | None = None
    ) -> list[list[Hypothesis]]:
        """As :meth:`mtcheck.engines.seq2seq.Seq2SeqTranslator.translate`."""
        found = []
        for done, text in enumerate(texts, start=1):
            found.append(self._translated(" ".join(text.split()), n_best))
            if progress:
                progress(done, len(texts))
        return found

    def _translated(self, text: str, n_best: int) -> list[Hypothesis]:
        import torch

        pieces = self._pieces.encode(text) if text else []
        if not 0 < len(pieces) <= LONGEST:
            return []
        start = self._ids.convert_tokens_to_ids(self._pieces.start)
        with torch.inference_mode(), quiet_transformers():
            made = self._model.generate(
                torch.tensor([self._ids.convert_tokens_to_ids(pieces)]),
                num_beams=max(self._beam, n_best),
                num_return_sequences=n_best,
                length_penalty=LENGTH_PENALTY,
                do_sample=False,
                forced_bos_token_id=start[0] if start else None,
                max_new_tokens=min(LONGEST, 2 * len(pieces) + 16),
                max_length=None,
            )
        outputs = [self._text_pieces(ids.tolist()) for ids in made]
        texts = dict.fromkeys(self._pieces.decode(output) for output in outputs)
        kept = [output for output in texts if not fault(text, output, self.target_lang)]
        return [Hypothesis(output, self.score([text], [output])[0]) for output in kept]

    def _text_pieces(self, ids: Sequence[int]) -> list[str]:
        special = {END, self._ids.pad_token, *self._pieces.start}
        return [piece for piece in self._ids.convert_ids_to_tokens(ids) if piece not in special]

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[float]:
        """As :meth:`mtcheck.engines.seq2seq.Seq2SeqTranslator.score`."""
        return [self._scored(source, target) for source, target in zip(sources, targets, strict=True)]

    def _scored(self, source: str, target: str) -> float:
        import torch

        inputs = self._pieces.encode(" ".join(source.split()))
        output = [*self._pieces.start, *self._pieces.encode_target(" ".join(target.split())), END]
        if max(len(inputs), len(output)) > LONGEST:
            raise ModelError(f"a text is too long to score (over {LONGEST} pieces)")
        labels = torch.tensor([self._ids.convert_tokens_to_ids(output)])
        with torch.inference_mode():
            logits = self._model(torch.tensor([self._ids.convert_tokens_to_ids(inputs)]), labels=labels).logits
            if not self._pieces.start:
                logits[..., self._ids.pad_token_id] = -torch.inf  # Marian never writes its padding piece
            log_probs = logits.log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)
        return float(log_probs[0, len(self._pieces.start) :].sum())
