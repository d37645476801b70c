"""Decoders with a key-value cache: token by token they compute what one pass over all tokens computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.runtime import Executor
from zoo import checks, gpt2, llama

TOKENS = np.array([[3, 14, 15, 9, 26, 5, 35]])
MODELS = {"gpt2": lambda: gpt2.build(cache=True), "llama": llama.build}


def decode(executor: Executor, model: onnx.ModelProto, parts: list[np.ndarray]) -> np.ndarray:
    """Logits of all tokens; each call takes some tokens and the cache of those before."""
    cache = {i.name: i.type.tensor_type.shape.dim for i in model.graph.input if i.name.startswith("past_")}
    state: dict[str, Any] = {
        name: np.zeros((1, dims[1].dim_value, 0, dims[3].dim_value), np.float32) for name, dims in cache.items()
    }
    logits = []
    for part in parts:
        found = executor.run({"input_ids": part, **state})
        state = {name: found[name.replace("past_", "present_")] for name in cache}
        logits.append(found["logits"])
    return np.concatenate(logits, axis=1)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("prompt", [1, 2])
def test_token_by_token_is_all_at_once(name: str, prompt: int) -> None:
    model = MODELS[name]()
    unit = compile_model(model, load_target("awgr8-28g"))
    executor = Executor(unit.module, unit.weights, engine="ideal")
    whole = decode(executor, model, [TOKENS])
    parts = [TOKENS[:, :prompt], *(TOKENS[:, i : i + 1] for i in range(prompt, TOKENS.shape[1]))]
    assert len(parts) > 5
    checks.same([decode(executor, model, parts)], [whole], 1e-4)


def test_decoding_with_the_cache_is_the_model_without_it() -> None:
    cached, plain = gpt2.build(cache=True), gpt2.build(cache=False)
    units = [compile_model(m, load_target("ideal")) for m in (cached, plain)]
    tokens = [TOKENS[:, i : i + 1] for i in range(TOKENS.shape[1])]
    stepwise = decode(Executor(units[0].module, units[0].weights), cached, tokens)
    checks.same([stepwise], checks.run(units[1], {"input_ids": TOKENS}), 1e-4)
