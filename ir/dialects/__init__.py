"""The dialects: helio, optical, tile, sched and electronic. ONNX ops are verified against `onnx.defs` instead."""

from heliograph.ir.dialects import tile as tile
from heliograph.ir.dialects.control import CONTROL
from heliograph.ir.dialects.electronic import Work, is_prepared
from heliograph.ir.dialects.helio import InlineTensor, WeightRef
from heliograph.ir.dialects.opdef import OPDEFS, OpDef
from heliograph.ir.dialects.optical import AccessMap, Adc, IterSpace, Quant, Wdm
from heliograph.ir.dialects.sched import LoopTiming, Slot

__all__ = [
    "CONTROL",
    "OPDEFS",
    "AccessMap",
    "Adc",
    "InlineTensor",
    "IterSpace",
    "LoopTiming",
    "OpDef",
    "Quant",
    "Slot",
    "Wdm",
    "WeightRef",
    "Work",
    "is_prepared",
    "tile",
]
