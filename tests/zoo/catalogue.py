"""The models of the zoo, two sets of sizes for each, and what of them runs on electronics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx

from zoo import (
    audio,
    bert,
    control,
    ddpm,
    dit,
    flow,
    gan,
    gpt2,
    llama,
    llama23,
    moe,
    quantized,
    recurrent,
    stable_diffusion,
    t5,
    vit,
    vqvae,
    whisper,
)

Sizes = dict[str, int]


@dataclass(frozen=True)
class Case:
    """A model: how to build it, two bindings of its symbolic sizes, the contractions that stay on electronics."""

    build: Callable[[], onnx.ModelProto]
    sizes: tuple[Sizes, Sizes] = ({"batch": 1}, {"batch": 3})
    electronic: Mapping[str, int] = field(default_factory=dict)  # op type -> how many
    tolerance: float = 1e-4  # relative to the largest output
    inner_macs: Callable[[Sizes], int] = lambda _: 0  # of bodies of control flow


TEXT = ({"batch": 1, "sequence": 3}, {"batch": 2, "sequence": 7})
CACHED = ({"batch": 1, "sequence": 3, "past": 4}, {"batch": 2, "sequence": 1, "past": 9})
IMAGE = ({"batch": 1, "height": 8, "width": 8}, {"batch": 2, "height": 8, "width": 12})
SPEECH = ({"batch": 1, "time": 9, "frames": 5}, {"batch": 2, "time": 20, "frames": 8})

CASES: dict[str, Case] = {
    "gpt2": Case(lambda: gpt2.build(cache=False), TEXT),
    "gpt2_cached": Case(lambda: gpt2.build(cache=True), CACHED),
    "llama": Case(llama.build, CACHED),
    "llama_fp16": Case(lambda: llama.build(dtype=np.float16), CACHED, tolerance=1e-2),
    "llama_opset23": Case(llama23.build, CACHED),
    "moe_gathered": Case(moe.gathered, TEXT),
    "moe_dense": Case(moe.dense, TEXT),
    "t5": Case(t5.build, ({"batch": 1, "source": 5, "target": 3}, {"batch": 2, "source": 9, "target": 12})),
    "bert": Case(bert.build, TEXT),
    "bert_fp16": Case(lambda: bert.build(np.float16), TEXT, tolerance=1e-2),
    "vit": Case(vit.build),
    "whisper": Case(whisper.build, TEXT),
    "ddpm": Case(ddpm.build, IMAGE),
    "sd_unet": Case(stable_diffusion.unet, tuple(s | {"sequence": 5} for s in IMAGE)),
    "sd_vae_decoder": Case(stable_diffusion.vae_decoder, IMAGE),
    "dit": Case(dit.build),
    "dcgan": Case(gan.dcgan),
    "pix2pix": Case(gan.pix2pix),
    "stylegan2": Case(gan.stylegan2),
    "vqvae": Case(vqvae.build, IMAGE),
    "flow": Case(flow.build, IMAGE),
    "wavenet": Case(audio.wavenet, SPEECH),
    "hifigan": Case(audio.hifigan, SPEECH),
    "lstm": Case(lambda: recurrent.build("LSTM"), TEXT),
    "gru": Case(lambda: recurrent.build("GRU"), TEXT),
    "qdq_cnn": Case(quantized.build),
    "control": Case(
        control.build,
        ({"batch": 1, "steps": 2}, {"batch": 3, "steps": 5}),
        inner_macs=lambda s: s["batch"] * 16 * 16 * (s["steps"] + 1),
    ),
}


def feeds_of(model: onnx.ModelProto, sizes: Sizes, seed: int = 1) -> dict[str, np.ndarray]:
    """Inputs of a model: tokens below 50, masks of ones and a zero, small counts, random numbers."""
    random = np.random.default_rng(seed)
    feeds: dict[str, Any] = {}
    for port in model.graph.input:
        kind = port.type.tensor_type
        shape = [d.dim_value or eval(d.dim_param, {}, dict(sizes)) for d in kind.shape.dim]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type)
        if port.name == "attention_mask":
            feeds[port.name] = np.ones(shape, dtype)
            feeds[port.name][..., -1] = 0
        elif port.name == "steps":
            feeds[port.name] = sizes["steps"]
        elif dtype == np.int64:
            feeds[port.name] = random.integers(0, 2 if port.name == "token_type_ids" else 50, shape)
        else:
            feeds[port.name] = random.normal(size=shape).astype(dtype)
        feeds[port.name] = np.asarray(feeds[port.name], dtype)
    return feeds
