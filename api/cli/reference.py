"""What onnxruntime says about a model: any of its values, by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from heliograph.cli.arrays import Array
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Port
from heliograph.ir.size_names import is_size_name, read_size, size_symbol
from heliograph.ports import dtype_of

_OPEN_SIZE = 2  # for sizes that nobody gave: more than one, so that mixed-up axes show
_MOST = 1 << 28  # elements of a drawn input


class Reference:
    """A model under onnxruntime, without graph optimisations, so that every value can be looked at."""

    def __init__(self, path: str) -> None:
        from heliograph.compiler.frontend.read import read_model

        self._model, self._folder = read_model(path)
        self.values = {name: node for node in self._model.graph.node for name in node.output if name}

    def run(self, feeds: Mapping[str, Array], names: list[str]) -> dict[str, Any]:
        """The named values for these inputs. Raises HG5001 with what onnxruntime says."""
        import onnx
        import onnxruntime as ort

        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        outputs = {v.name for v in model.graph.output}
        model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in outputs)
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 4
        folder = self._folder or Path()
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        try:
            session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
            return dict(zip(names, session.run(names, dict(feeds)), strict=True))
        except Exception as problem:  # onnxruntime's exceptions have no common base
            said = (str(problem).strip().splitlines() or ["no message"])[0]
            remedy = "if drawn inputs do not suit the model, give real ones with --input"
            raise error("HG5001", f"onnxruntime cannot run the model: {said}", remedy=remedy) from problem


def draw_inputs(ports: tuple[Port, ...], given: Mapping[str, Array], seed: int) -> dict[str, Array]:
    """`given` and, for every other input, numbers drawn from `seed`: normal floats, integers 0 and 1, booleans."""
    source = np.random.default_rng(seed)
    sizes: dict[str, int] = {}
    for port in ports:
        if port.name in given:
            for dim, size in zip(port.shape or (), given[port.name].shape, strict=False):
                if isinstance(dim, str) and is_size_name(dim):
                    sizes[size_symbol(dim)] = size
    return {p.name: given[p.name] if p.name in given else _draw(p, sizes, source) for p in ports}


def _draw(port: Port, sizes: dict[str, int], source: np.random.Generator) -> Array:
    dtype = dtype_of(port)
    if dtype is None or port.shape is None:
        raise error("HG1202", f"input '{port.name}' ({port.type}) cannot be drawn; give it with --input")
    shape = tuple(_size(dim, sizes) for dim in port.shape)
    if math.prod(shape) > _MOST:
        raise error("HG1203", f"input '{port.name}' has shape {list(shape)}; fix a smaller size with --dim")
    if dtype.kind in "iub":
        return source.integers(0, 2, shape).astype(dtype)
    return source.standard_normal(shape).astype(dtype)


def _size(dim: int | str | None, sizes: dict[str, int]) -> int:
    if dim is None or isinstance(dim, int):
        return _OPEN_SIZE if dim is None else dim
    expr = read_size(dim)
    return max(expr.evaluate({s: sizes.setdefault(s, _OPEN_SIZE) for s in expr.symbols()}), 0)
