"""Conversion of a decoder language model from a GGUF file to CTranslate2 int8, without torch.

The quantised tensors are widened with the ``gguf`` library, laid out as CTranslate2 wants them and quantised again to
int8 row by row, one at a time: CTranslate2's own ``optimize`` writes the same bytes, but wants the whole model in
float32 first (9.8 GB for one of 1.5 billion parameters) and compares every tensor with every other. llama.cpp stores
the query and key rows of ``llama`` models in the order of interleaved rotary embeddings (RoFormer, arXiv 2104.09864)
and those of ``qwen2`` models in the order of the original checkpoint; CTranslate2 runs either order when it is told
which.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from mtcheck.engines.without_torch import without_torch
from mtcheck.errors import ModelError

CONVERTER_VERSION = 1
ORIGIN_FILE = "origin.json"
_CONTROL_TOKEN = 3
"""Token type of ``<|im_start|>`` and its like in ``tokenizer.ggml.token_type``."""

_PRE_TOKENIZERS = {
    "smollm": (True, r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
    "qwen2": (
        False,
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
}
"""By ``tokenizer.ggml.pre``: are digits split one by one beforehand, and the pattern of a pre-token."""


_OUTPUT = "output.weight"
"""Absent where the embeddings serve as output matrix too."""


def convert_gguf(gguf: Path, folder: Path) -> None:
    """Write a CTranslate2 int8 model, tokenizer.json and origin.json into ``folder`` from a GGUF file.

    Raises ModelError when the file is missing, damaged, or of an architecture other than llama and qwen2.
    """
    if not gguf.is_file():
        raise ModelError("the language model file is missing", where=str(gguf))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        reader = _open(gguf)
        _tokenizer(reader).save(str(folder / "tokenizer.json"))
        _save_model(reader, folder)
        origin = {
            "sha256": _sha256(gguf),
            "name": reader.fields["general.name"].contents(),
            "start_token": reader.fields["tokenizer.ggml.tokens"].contents()[0],
            "converter": CONVERTER_VERSION,
        }
    except (KeyError, ValueError, IndexError) as error:
        raise ModelError(f"not a GGUF language model that can be converted ({error})", where=str(gguf)) from error
    (folder / ORIGIN_FILE).write_text(json.dumps(origin, indent=1), encoding="utf-8")


def _open(gguf: Path) -> Any:
    from gguf import GGUFReader

    return GGUFReader(gguf)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tokenizer(reader: Any) -> Any:
    """Byte-level BPE tokenizer of the model; control tokens in running text are read as plain characters."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in reader.fields["tokenizer.ggml.merges"].contents()]
    single_digits, pattern = _PRE_TOKENIZERS[reader.fields["tokenizer.ggml.pre"].contents()]
    steps: list[Any] = [pre_tokenizers.Digits(individual_digits=True)] if single_digits else []
    steps += [
        pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _save_model(reader: Any, folder: Path) -> None:
    """Fill a CTranslate2 decoder with the tensors, quantise it to int8 and save it."""
    with without_torch():
        from ctranslate2.specs import common_spec, transformer_spec

    arch = reader.fields["general.architecture"].contents()
    if arch not in ("llama", "qwen2"):
        raise ValueError(f"architecture {arch}")
    setting = {
        key.removeprefix(f"{arch}."): field.contents()
        for key, field in reader.fields.items()
        if key.startswith(f"{arch}.")
    }
    heads, heads_kv = setting["attention.head_count"], setting["attention.head_count_kv"]
    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        setting["block_count"],
        heads,
        activation=common_spec.Activation.SWISH,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=0,
        rotary_interleave=arch == "llama",
        rotary_base=setting["rope.freq_base"],
        num_heads_kv=None if heads_kv == heads else heads_kv,
    )
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    _fill(spec.decoder, tensors)
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    spec.register_vocabulary(tokens)
    spec.config.bos_token = tokens[reader.fields["tokenizer.ggml.bos_token_id"].contents()]
    spec.config.eos_token = tokens[reader.fields["tokenizer.ggml.eos_token_id"].contents()]
    spec.config.unk_token = tokens[0]
    spec.config.layer_norm_epsilon = setting["attention.layer_norm_rms_epsilon"]
    spec.validate()
    if _OUTPUT not in tensors:  # tied: the one matrix is stored once
        spec.decoder.projection.weight = "decoder/embeddings/weight"
    spec.save(str(folder))


def _fill(decoder: Any, tensors: dict[str, Any]) -> None:
    """Copy every tensor to its place in a CTranslate2 decoder specification, matrices as int8."""
    import numpy as np
    from gguf import dequantize

    def widened(name: str) -> Any:
        return np.array(dequantize(tensors[name].data, tensors[name].tensor_type), dtype=np.float32, order="C")

    def set_matrix(place: Any, *names: str) -> None:
        place.weight, place.weight_scale = _int8(np.concatenate([widened(f"{name}.weight") for name in names]))

    decoder.scale_embeddings = False
    set_matrix(decoder.embeddings, "token_embd")
    if _OUTPUT in tensors:
        set_matrix(decoder.projection, "output")
    else:
        decoder.projection.weight = decoder.embeddings.weight
    decoder.layer_norm.gamma = widened("output_norm.weight")
    for number, layer in enumerate(decoder.layer):
        block = f"blk.{number}."
        attention, queries = layer.self_attention, [f"{block}attn_{part}" for part in "qkv"]
        attention.layer_norm.gamma = widened(f"{block}attn_norm.weight")
        set_matrix(attention.linear[0], *queries)
        if f"{queries[0]}.bias" in tensors:
            attention.linear[0].bias = np.concatenate([widened(f"{part}.bias") for part in queries])
        set_matrix(attention.linear[1], f"{block}attn_output")
        layer.ffn.layer_norm.gamma = widened(f"{block}ffn_norm.weight")
        set_matrix(layer.ffn.linear_0, f"{block}ffn_gate")
        set_matrix(layer.ffn.linear_0_noact, f"{block}ffn_up")
        set_matrix(layer.ffn.linear_1, f"{block}ffn_down")


def _int8(matrix: Any) -> tuple[Any, Any]:
    """A float32 matrix (which is spoilt) as int8, and the scale of each row, as CTranslate2 quantises."""
    import numpy as np

    largest = np.abs(matrix).max(axis=1)
    largest[largest == 0] = 127.0
    scale = 127.0 / largest
    matrix *= scale[:, None]
    return np.rint(matrix, out=matrix).astype(np.int8), scale
