"""From an ONNX model to a graph-level module and its weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from heliograph.compiler.frontend.defaults import Defaults, take_defaults
from heliograph.compiler.frontend.normalise import normalise
from heliograph.compiler.frontend.read import read_model
from heliograph.compiler.frontend.translate import translate
from heliograph.compiler.module import main_of
from heliograph.compiler.shapes import refine_shapes
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.ir.size_names import size_symbol
from heliograph.ir.sizes import Dim, SizeRange
from heliograph.ir.weights import Weights

if TYPE_CHECKING:
    import onnx


def load_graph(
    source: str | Path | bytes | onnx.ModelProto,
    dims: Mapping[str, Dim] | None = None,
    overridable: Sequence[str] = (),
) -> tuple[Op, Weights, str]:
    """Read a model into (graph-level module, weights, model name).

    A dimension given as a number is fixed; one given as a range stays symbolic and the range is declared.
    Of inputs that have an initializer those in `overridable` stay inputs, with a default, the others are constants.
    Weights stay where they are; only tensors small enough for constant folding are opened.
    Raises HeliographError HG1001..HG1004, HG1201, HG1202.
    """
    import onnx_ir

    proto, folder = read_model(source)
    stored: dict[str, object] = {}
    defaults = Defaults()

    def read() -> onnx_ir.Model:
        nonlocal stored, defaults
        try:
            model = onnx_ir.serde.deserialize_model(proto)
        except Exception as problem:  # a graph that passes the checker may still be inconsistent
            raise error("HG1002", f"the model cannot be read: {problem}", remedy="export the model again") from problem
        if folder is not None:
            onnx_ir.external_data.set_base_dir(model.graph, folder)
        stored = {name: value.const_value for name, value in model.graph.initializers.items()}
        defaults = take_defaults(model, overridable)
        return model

    model_file = Path(source).name if isinstance(source, str | Path) else ""
    name = Path(model_file).stem or proto.graph.name or "model"
    module, weights = translate(normalise(read, dims or {}), name, model_file, stored, defaults)
    ranges = {size_symbol(n): r for n, r in (dims or {}).items() if isinstance(r, SizeRange)}
    if ranges:
        module.attributes["helio.syms"] = {n: (r.least, r.typical, r.most) for n, r in sorted(ranges.items())}
    refine_shapes(main_of(module))
    return module, weights, name
