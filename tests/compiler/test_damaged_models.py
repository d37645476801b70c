"""Damaged models end in a coded error or compile; nothing else."""

from __future__ import annotations

import random

import pytest
from small_models import MODELS

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.diagnostics import HeliographError


@pytest.mark.parametrize("name", ["gemm", "conv2d", "matmul_dynamic"])
def test_flipped_and_missing_bytes(name: str) -> None:
    data, target, chance = MODELS[name]().SerializeToString(), load_target("awgr8-28g"), random.Random(1)
    codes: list[str] = []
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        if chance.random() < 0.2:
            del damaged[chance.randrange(len(damaged)) :]
        try:
            compile_model(bytes(damaged), target)
        except HeliographError as problem:
            codes += [d.code for d in problem.diagnostics]
    assert codes
    assert all(code.startswith("HG1") for code in codes)
