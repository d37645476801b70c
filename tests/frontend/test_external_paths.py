"""External data: where its files may lie, and that they stay unopened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import heliograph
from heliograph.compiler.frontend import load_graph
from heliograph.ir.diagnostics import HeliographError

Build = Callable[..., onnx.ModelProto]


@pytest.fixture
def write(build: Build, tmp_path: Path) -> Callable[..., Path]:
    """Write a model whose weight [64, 4] lies in `location`."""

    def make(location: str, folder: Path | None = None, **entries: str) -> Path:
        tensor = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[64, 4])
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in {"location": location, **entries}.items():
            tensor.external_data.add(key=key, value=value)
        path = (folder or tmp_path) / "model.onnx"
        path.parent.mkdir(exist_ok=True)
        onnx.save(build([helper.make_node("MatMul", ["x", "w"], ["y"])], [("x", [1, 64])], ["y"], [tensor]), path)
        return path

    return make


def codes(path: Path) -> list[str]:
    with pytest.raises(HeliographError) as caught:
        load_graph(path)
    return [d.code for d in caught.value.diagnostics]


@pytest.mark.parametrize(
    "location", ["/etc/passwd", "../w.bin", "a/../../w.bin", "C:\\w.bin", "..\\w.bin", "\\\\host\\w.bin", "", "w\0.bin"]
)
def test_paths_that_leave_the_folder(write: Callable[..., Path], location: str) -> None:
    path = write(location)
    assert codes(path) == ["HG1003"]
    assert codes(path.read_bytes()) == ["HG1003"]  # type: ignore[arg-type]


def test_links_that_leave_the_folder(write: Callable[..., Path], tmp_path: Path) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_bytes(bytes(1024))
    path = write("w.bin", tmp_path / "model")
    (path.parent / "w.bin").symlink_to(secret)
    assert codes(path) == ["HG1003"]
    (path.parent / "w.bin").unlink()
    (path.parent / "down").symlink_to(tmp_path, target_is_directory=True)
    assert codes(write("down/secret.bin", path.parent)) == ["HG1003"]
    (path.parent / "loop").symlink_to(path.parent / "loop")
    write("loop", path.parent)
    with pytest.raises(HeliographError, match="HG1003"):
        heliograph.compile(path, "ideal")


def test_links_within_the_folder_and_links_to_the_model(write: Callable[..., Path], tmp_path: Path) -> None:
    """Download caches keep model and data as links into one store."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    store.mkdir()
    cache.mkdir()
    (store / "blob").write_bytes(np.ones((64, 4), np.float32).tobytes())
    write("w.bin", store).rename(store / "graph")
    (cache / "model.onnx").symlink_to(store / "graph")
    (cache / "w.bin").symlink_to(store / "blob")
    _, weights, _ = load_graph(cache / "model.onnx")
    np.testing.assert_array_equal(weights["w"], np.ones((64, 4), np.float32))
    (store / "alias").symlink_to(store / "blob")
    load_graph(write("alias", store))


@pytest.mark.parametrize(
    "entries", [{"offset": "-1"}, {"offset": "one"}, {"length": "-5"}, {"length": "1000"}, {"offset": "9" * 30}]
)
def test_bounds_that_make_no_sense(write: Callable[..., Path], entries: dict[str, str]) -> None:
    assert codes(write("w.bin", **entries)) == ["HG1003"]


def test_what_is_not_a_file(write: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "w.bin").mkdir()
    assert codes(write("w.bin")) == ["HG1003"]
    (tmp_path / "w.bin").rmdir()
    os.mkfifo(tmp_path / "w.bin")  # opening it would wait forever
    assert codes(write("w.bin")) == ["HG1003"]


def test_all_problems_at_once(build: Build, tmp_path: Path) -> None:
    tensors = []
    for i, location in enumerate(("/a", "../b", "c")):
        tensor = onnx.TensorProto(name=f"w{i}", data_type=TensorProto.FLOAT, dims=[2])
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=location)
        tensors.append(tensor)
    onnx.save(build([helper.make_node("Sum", ["w0", "w1", "q"], ["y"])], [], ["y"], tensors), tmp_path / "m.onnx")
    assert codes(tmp_path / "m.onnx") == ["HG1003", "HG1003", "HG1002"]


def test_reading_a_model_opens_no_data(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an absent file nor one of another size is noticed, and a present one is not opened."""
    path = write("w.bin")
    load_graph(path)
    (path.parent / "w.bin").write_bytes(bytes(8))
    os.chmod(path.parent / "w.bin", 0)
    opened: list[str] = []
    true_open = os.open

    def spy(file: object, *args: object, **kwargs: object) -> int:
        opened.append(str(file))
        return true_open(file, *args, **kwargs)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(os, "open", spy)
    load_graph(path)
    assert not [name for name in opened if name.endswith("w.bin")]


def test_transposed_weights_are_not_read_either(build: Build, tmp_path: Path) -> None:
    tensor = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4, 64])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="absent.bin")
    nodes = [helper.make_node("Transpose", ["w"], ["t"]), helper.make_node("MatMul", ["x", "t"], ["y"])]
    onnx.save(build(nodes, [("x", [1, 64])], ["y"], [tensor]), tmp_path / "m.onnx")
    module, _, _ = load_graph(tmp_path / "m.onnx")
    assert any(op.name == "onnx.Transpose" for op in module.body.ops[0].body.ops)
