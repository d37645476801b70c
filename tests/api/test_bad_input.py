"""Whatever is wrong with the input: a coded error, the right exit code, no traceback, nothing half-written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from heliograph.ir.program.container import make_seal

Run = Callable[..., object]


def model_bytes(folder: Path) -> bytes:
    return (folder / "small.onnx").read_bytes()


def broken_graph(folder: Path) -> bytes:
    model = onnx.load(folder / "small.onnx")
    model.graph.node[1].input[0] = "nowhere"
    return model.SerializeToString()


def unknown_operator(folder: Path) -> bytes:
    model = onnx.load(folder / "small.onnx")
    model.graph.node[1].op_type = "Relo"
    return model.SerializeToString()


BAD_MODELS: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda _: b"", "HG1001"),
    "truncated": (lambda folder: model_bytes(folder)[:-200], "HG1002"),
    "text": (lambda _: b"this is not a model\n" * 20, "HG1002"),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100), "HG1002"),
    "broken graph": (broken_graph, "HG1002"),
    "unknown operator": (unknown_operator, "HG100"),
}


@pytest.mark.parametrize("kind", BAD_MODELS)
@pytest.mark.parametrize("command", ["compile", "inspect", "check"])
def test_bad_models(folder: Path, heliograph: Run, command: str, kind: str) -> None:
    make, code = BAD_MODELS[kind]
    (folder / "bad.onnx").write_bytes(make(folder))
    before = sorted(os.listdir(folder))
    result = heliograph(command, "bad.onnx")
    if command == "inspect" and kind == "unknown operator" and result.code == 0:
        return  # looking at it is allowed
    result.failed(1, code)
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize("command", ["compile", "inspect", "check"])
def test_missing_models_and_folders(folder: Path, heliograph: Run, command: str) -> None:
    heliograph(command, "absent.onnx").failed(1, "HG1001", "absent.onnx")
    (folder / "folder.onnx").mkdir()
    heliograph(command, "folder.onnx").failed(1, "HG1001", "folder")


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["-t", "awgr9"], "HG4001", "awgr9x4-50g"),
        (["-t", "awgr8-28g{opu.cuont=2}"], "HG4002", "opu.count"),
        (["-t", "awgr8-28g{opu.count=-2}"], "HG4003", "opu.count"),
        (["--dim", "bacht=4"], "HG1201", "batch"),
        (["--dim", "batch=0"], "HG1201", "positive"),
        (["--dim", "batch=-1"], "HG1201", "positive"),
        (["--dim", "batch=two"], "HG1201", "positive"),
        (["--dim", "batch"], "HG1201", "--dim batch=4"),
        (["--dim", "batch=99999999999999999999"], "HG1201", "positive"),
        (["--dim", "batch=2", "--dim", "batch=3"], "HG1201", "two sizes"),
        (["-p", "partitoin"], "HG1301", "partition"),
        (["-p", "tile"], "HG1303", "partitioned"),
        (["--to", "nowhere"], "HG1304", "scheduled"),
        (["--objective", "speed"], "HG1304", "latency"),
        (["--no-such-option"], "HG1304", "compile --help"),
        (["-o", "small.txt"], "HG1304", ".helio"),
        (["--report", "small.docx"], "HG1304", ".json"),
    ],
)
def test_usage_errors(folder: Path, heliograph: Run, arguments: list[str], code: str, text: str) -> None:
    heliograph("compile", "small.onnx", *arguments).failed(2, code, text)
    assert os.listdir(folder) == ["small.onnx"]


def test_several_problems_are_told_at_once(folder: Path, heliograph: Run) -> None:
    result = heliograph("compile", "small.onnx", "-t", "awgr8-28g{opu.cuont=2,laser.rin=3,dac.bits=-1}")
    result.failed(2, "opu.cuont", "laser.rin", "dac.bits")
    heliograph("compile", "small.onnx", "--dim", "a=1", "--dim", "b=2").failed(2, "'a'", "'b'")


@pytest.mark.parametrize("output", ["absent/small.helio", "folder.helio"])
def test_outputs_that_cannot_be_written(folder: Path, heliograph: Run, output: str) -> None:
    (folder / "folder.helio").mkdir()
    heliograph("compile", "small.onnx", "-o", output).failed(1, "HG1005")
    assert sorted(os.listdir(folder)) == ["folder.helio", "small.onnx"]


@pytest.mark.parametrize("command", ["run", "report", "inspect"])
def test_bad_programs(compiled: Path, heliograph: Run, command: str) -> None:
    good = compiled.read_bytes()
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 4
    model = Path("small.onnx").read_bytes()
    for data, code in ((b"", "HG3001"), (good[:-50], "HG3001"), (model, "HG3001"), (bytes(flipped), "HG3003")):
        compiled.write_bytes(data)
        heliograph(command, "small.helio").failed(1, code, "small.helio")
    heliograph(command, "absent.helio").failed(1, "HG1001")


def test_a_program_of_another_version(compiled: Path, heliograph: Run) -> None:
    data = compiled.read_bytes()
    start = data.rindex(b'{\n "schema"')
    end = data.rindex(b"}\n") + 2
    seal = make_seal(data[start:end], version=7)
    compiled.write_bytes(data[: -len(seal)] + seal)
    heliograph("run", "small.helio", "--input", "x=0").failed(1, "HG3002", "7")


@pytest.mark.parametrize(
    ("inputs", "code", "text"),
    [
        ([], "HG1202", "x"),
        (["y=1"], "HG1202", "y"),
        (["x=1,2,3,4,5"], "HG1203", "6"),
        (["x=[1,2,3,4,5,6]"], "HG1203", "x"),
        (["x=[[1,2,3,4,5]]"], "HG1203", "x"),
        (["x=[[1,2],[3]]"], "HG1304", "x"),
        (["x=[[1,2"], "HG1304", "JSON"),
        (["x=one"], "HG1304", "@one"),
        (["x"], "HG1304", "NAME=VALUE"),
        (["x=0,0,0,0,0,0", "x=1"], "HG1304", "twice"),
        (["x=@double.npy"], "HG1204", "float64"),
        (["x=@narrow.npy"], "HG1203", "x"),
        (["x=@absent.npy"], "HG1001", "absent.npy"),
        (["x=@empty.npy"], "HG1001", "empty.npy"),
        (["x=@cut.npy"], "HG1001", "cut.npy"),
        (["x=@pickle.npy"], "HG1001", "objects"),
        (["x=@huge.npy"], "HG1001", "huge.npy"),
        (["x=@small.onnx"], "HG1001", "small.onnx"),
    ],
)
def test_bad_run_inputs(compiled: Path, folder: Path, heliograph: Run, inputs: list[str], code: str, text: str) -> None:
    np.save("double.npy", np.zeros((1, 6)))
    np.save("narrow.npy", np.zeros((1, 5), np.float32))
    np.save("cut.npy", np.zeros((1, 6), np.float32))
    os.truncate("cut.npy", 140)
    Path("empty.npy").touch()
    np.save("pickle.npy", np.array([{}], dtype=object), allow_pickle=True)
    Path("huge.npy").write_bytes(Path("narrow.npy").read_bytes().replace(b"(1, 5), } ", b"(1, 50), }"))
    before = sorted(os.listdir(folder))
    options = [word for text in inputs for word in ("--input", text)]
    expected = 2 if code == "HG1304" else 1
    heliograph("run", "small.helio", *options, "--output", "y=@y.npy").failed(expected, code, text)
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize(
    ("options", "exit_code", "code"),
    [
        (["--output", "z=@z.npy"], 1, "HG1202"),
        (["--output", "y=y.npy"], 2, "HG1304"),
        (["--output", "y=@absent/y.npy"], 1, "HG1005"),
        (["--expect", "y=@absent.npy"], 1, "HG1001"),
        (["--expect", "z=@absent.npy"], 1, "HG1202"),
        (["--engine", "magic"], 2, "HG1304"),
        (["--seed", "-1"], 2, "HG1304"),
        (["--rtol", "-1"], 2, "HG1302"),
    ],
)
def test_bad_run_options(compiled: Path, heliograph: Run, options: list[str], exit_code: int, code: str) -> None:
    heliograph("run", "small.helio", "--input", "x=0,0,0,0,0,0", *options).failed(exit_code, code)


def test_running_a_model_says_how_to_compile_it(folder: Path, heliograph: Run) -> None:
    heliograph("run", "small.onnx").failed(1, "HG3001", "heliograph compile small.onnx")


def test_bad_ir_files(folder: Path, heliograph: Run) -> None:
    heliograph("opt", "absent.mlir", "-p", "partition").failed(1, "HG1001")
    for text, code in (("", "HG1001"), ("module {", "HG1101"), ('"a"(%b) : (f32) -> ()', "HG1103")):
        (folder / "bad.mlir").write_text(text)
        heliograph("opt", "bad.mlir", "-p", "partition").failed(1, code)
        heliograph("inspect", "bad.mlir").failed(1, code)
    (folder / "bad.mlir").write_bytes(b"\xff\xfe\x00")
    heliograph("inspect", "bad.mlir").failed(1, "HG1101")
