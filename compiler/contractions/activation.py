"""Activations that fused contractions carry, as ONNX ops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from heliograph.compiler.contractions.emit import element_of
from heliograph.compiler.contractions.lowering import Lowering
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import AttributeValue, Value

# activation -> names of its parameters as attributes of the ONNX op, in order
_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "Relu": (),
    "Tanh": (),
    "Sigmoid": (),
    "LeakyRelu": ("alpha",),
    "HardSigmoid": ("alpha", "beta"),
    "Softplus": (),
    "Softsign": (),
    "Elu": ("alpha",),
    "Selu": ("alpha", "gamma"),
    "ThresholdedRelu": ("alpha",),
    "HardSwish": (),
}


def activated(name: str, parameters: Sequence[float], value: Value, lowering: Lowering) -> Value:
    """The activation of a value. Raises StaysElectronic for one that is not known."""
    if name == "Clip":
        if len(parameters) != 2:
            raise StaysElectronic("HG2007", f"activation Clip with {len(parameters)} bounds")
        bounds = [lowering.scalar(p, element_of(value)) for p in parameters]
        return lowering.onnx("Clip", [value, *bounds], value.type)
    if name not in _ATTRIBUTES:
        raise StaysElectronic("HG2007", f"activation {name}")
    attributes: dict[str, AttributeValue] = dict(zip(_ATTRIBUTES[name], parameters, strict=False))
    return lowering.onnx(name, [value], value.type, **attributes)
