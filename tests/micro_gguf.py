"""A tiny Llama with random weights and a byte-level vocabulary, as a GGUF file and as the same torch model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import torch

from mtcheck.engines.checkpoint import quiet_transformers

LAYERS, WIDTH, HEADS, HEADS_KV, INNER = 2, 64, 4, 2, 96
MERGES = ["t h", "th e", "Ġ the", "i n", "a n", "Ġ s"]


def vocabulary() -> list[str]:
    """A control token, every byte, the merges and a second control token."""
    from tokenizers import pre_tokenizers

    return [
        "<|endoftext|>",
        *sorted(pre_tokenizers.ByteLevel.alphabet()),
        *(m.replace(" ", "") for m in MERGES),
        "<|x|>",
    ]


def model(biases: bool = False) -> Any:
    """The reference: a torch model of transformers."""
    with quiet_transformers() as transformers:
        config = transformers.LlamaConfig(
            vocab_size=len(vocabulary()),
            hidden_size=WIDTH,
            intermediate_size=INNER,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            num_key_value_heads=HEADS_KV,
            rms_norm_eps=1e-5,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
            tie_word_embeddings=True,
            initializer_range=0.2,
            attention_bias=biases,
        )
        torch.manual_seed(3)
        return transformers.LlamaForCausalLM(config).eval()


def write(path: Path, reference: Any, arch: str = "llama") -> Path:
    """The GGUF file of a model, with the query and key rows in llama.cpp's order for the architecture ``llama``."""
    writer = gguf.GGUFWriter(path, arch)
    writer.add_name("Micro")
    writer.add_block_count(LAYERS)
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS_KV)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    tokens = vocabulary()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token.startswith("<|") else 1 for token in tokens])
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    for name, tensor in _tensors(reference, interleaved=arch == "llama").items():
        writer.add_tensor(name, tensor.detach().float().numpy().copy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(reference: Any, interleaved: bool) -> dict[str, torch.Tensor]:
    inner = reference.model
    found = {"token_embd.weight": inner.embed_tokens.weight, "output_norm.weight": inner.norm.weight}
    for number, layer in enumerate(inner.layers):
        attention, mlp, block = layer.self_attn, layer.mlp, f"blk.{number}"
        for part, linear, heads in (("q", attention.q_proj, HEADS), ("k", attention.k_proj, HEADS_KV)):
            found[f"{block}.attn_{part}.weight"] = _interleaved(linear.weight, heads) if interleaved else linear.weight
        found |= {
            f"{block}.attn_norm.weight": layer.input_layernorm.weight,
            f"{block}.attn_v.weight": attention.v_proj.weight,
            f"{block}.attn_output.weight": attention.o_proj.weight,
            f"{block}.ffn_norm.weight": layer.post_attention_layernorm.weight,
            f"{block}.ffn_gate.weight": mlp.gate_proj.weight,
            f"{block}.ffn_up.weight": mlp.up_proj.weight,
            f"{block}.ffn_down.weight": mlp.down_proj.weight,
        }
        for part, linear in (("q", attention.q_proj), ("k", attention.k_proj), ("v", attention.v_proj)):
            if linear.bias is not None:
                found[f"{block}.attn_{part}.bias"] = linear.bias
    return found


def _interleaved(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of each head from halves to pairs, as llama.cpp's converter lays them out."""
    return weight.reshape(heads, 2, -1, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)
