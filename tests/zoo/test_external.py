"""Weights in files of their own: the program is the same, sharded or not."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from onnx.external_data_helper import set_external_data

import heliograph
from heliograph.backends import load_target
from heliograph.compiler import compile_model
from zoo import checks, llama, macs
from zoo.catalogue import CACHED, feeds_of


def write(folder: Path, shards: int) -> Path:
    """Llama with every weight of more than 64 bytes in one of `shards` files."""
    model = llama.build()
    ends = [0] * shards
    for number, tensor in enumerate(t for t in model.graph.initializer if len(t.raw_data) > 64):
        shard = number % shards
        path, offset, data = folder / f"weights-{shard}.bin", -(-ends[shard] // 64) * 64, tensor.raw_data
        with open(path, "ab") as stream:
            stream.write(bytes(offset - ends[shard]) + data)
        set_external_data(tensor, path.name, offset, len(data))
        tensor.ClearField("raw_data")
        ends[shard] = offset + len(data)
    onnx.save(model, folder / "llama.onnx")
    return folder / "llama.onnx"


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("target", ["awgr8-28g", "ideal"])
def test_external_weights(tmp_path: Path, shards: int, target: str) -> None:
    path, whole = write(tmp_path, shards), llama.build()
    assert path.stat().st_size < 0.4 * whole.ByteSize()
    unit = compile_model(path, load_target(target))
    assert len({unit.weights.source(n).path for n in unit.weights} - {None}) == shards
    for sizes in CACHED:
        feeds = feeds_of(whole, sizes)
        checks.same(checks.run(unit, feeds), macs.session(whole).run(None, feeds), 1e-4)


def test_a_saved_program_finds_the_files_again(tmp_path: Path) -> None:
    feeds = feeds_of(llama.build(), CACHED[0])
    program = heliograph.compile(write(tmp_path, 2), "ideal")
    program.save(tmp_path / "llama.helio")
    loaded = heliograph.InferenceSession(tmp_path / "llama.helio")
    checks.same(loaded.run(None, feeds), macs.session(llama.build()).run(None, feeds), 1e-4)
