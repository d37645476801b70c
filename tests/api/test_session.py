from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

import heliograph

X = np.random.default_rng(2).standard_normal((3, 6)).astype(np.float32)


def reference(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def test_it_answers_like_onnxruntime(model: onnx.ModelProto) -> None:
    theirs, ours = reference(model), heliograph.InferenceSession(model)
    for ask in ("get_inputs", "get_outputs"):
        for a, b in zip(getattr(theirs, ask)(), getattr(ours, ask)(), strict=True):
            assert (a.name, a.type, a.shape) == (b.name, b.type, b.shape)
    (y,) = ours.run(None, {"x": X})
    np.testing.assert_allclose(y, theirs.run(None, {"x": X})[0], rtol=1e-4, atol=1e-5)
    assert ours.run(["y"], {"x": X})[0].tobytes() == y.tobytes()


def test_every_kind_of_model(model: onnx.ModelProto, folder: Path) -> None:
    program = heliograph.compile("small.onnx", "ideal")
    program.save("small.helio")
    kinds = [
        model,
        model.SerializeToString(),
        "small.onnx",
        folder / "small.onnx",
        program,
        "small.helio",
        folder / "small.helio",
    ]
    outputs = {heliograph.InferenceSession(kind).run(None, {"x": X})[0].tobytes() for kind in kinds}
    assert len(outputs) == 1


def test_loading_gives_what_was_compiled(folder: Path) -> None:
    program = heliograph.compile(folder / "small.onnx", "awgr8-28g{opu.count=2}", dims={"batch": 3})
    program.save("small.helio")
    loaded = heliograph.load("small.helio")
    assert loaded.target == program.target == "awgr8-28g{opu.count=2}"
    assert loaded.interface == program.interface
    assert loaded.interface.inputs[0].shape == (3, 6)
    assert loaded.manifest.source.name == "small.onnx"
    assert len(loaded.manifest.source.sha256) == 64


def test_noise_follows_the_seed(model: onnx.ModelProto) -> None:
    program = heliograph.compile(model, "awgr8-28g")

    def run(engine: str | None, seed: int) -> np.ndarray:
        return heliograph.InferenceSession(program, engine=engine, seed=seed).run(None, {"x": X})[0]  # type: ignore[arg-type]

    exact = run("ideal", 0)
    np.testing.assert_array_equal(run(None, 1), run("noisy", 1))
    assert not np.array_equal(run("noisy", 1), run("noisy", 2))
    assert not np.array_equal(run("quantized", 1), exact)
    np.testing.assert_array_equal(run("quantized", 1), run("quantized", 2))


@pytest.mark.parametrize(
    ("feeds", "code"),
    [
        ({}, "HG1202"),
        ({"z": X}, "HG1202"),
        ({"x": X[0]}, "HG1203"),
        ({"x": X[:, :5]}, "HG1203"),
        ({"x": X.astype(np.float64)}, "HG1204"),
        ({"x": [[1.0, 2.0], [3.0]]}, "HG1203"),
        ({"x": np.ma.masked_greater(X, 0)}, "HG1204"),
    ],
)
def test_wrong_feeds(model: onnx.ModelProto, feeds: dict[str, np.ndarray], code: str) -> None:
    with pytest.raises(heliograph.HeliographError, match=code):
        heliograph.InferenceSession(model).run(None, feeds)


def test_wrong_output_names(model: onnx.ModelProto) -> None:
    with pytest.raises(heliograph.HeliographError, match="HG1202"):
        heliograph.InferenceSession(model).run(["nothing"], {"x": X})


def test_a_program_of_a_lower_level_does_not_run(folder: Path) -> None:
    from heliograph.cli import entry

    assert entry(["compile", "small.onnx", "--to", "partitioned", "-o", "part.helio"]) == 0
    with pytest.raises(heliograph.HeliographError, match="HG1104"):
        heliograph.InferenceSession("part.helio")


def test_a_program_for_a_target_that_has_changed(folder: Path) -> None:
    toml = files("heliograph.backends").joinpath("targets", "ideal.toml").read_text()
    (folder / "mine.toml").write_text(toml)
    program = heliograph.compile("small.onnx", "mine.toml")
    (folder / "mine.toml").write_text(toml.replace("28.125", "30.5"))
    with pytest.raises(heliograph.HeliographError, match="HG3002"):
        heliograph.InferenceSession(program)
