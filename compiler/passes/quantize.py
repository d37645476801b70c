"""partitioned -> partitioned: choose number formats, scales and sign schemes for every contraction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends import Precision, family_of
from heliograph.compiler.analysis.sign import SignAnalysis
from heliograph.compiler.module import main_of, rebuild, with_main
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.passes.formats import formats_of
from heliograph.compiler.unit import Unit
from heliograph.ir.core import AttributeValue, Op, Value
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import Adc, Quant, is_prepared
from heliograph.ir.statistics import LayerStatistics


@dataclass(frozen=True)
class Quantize(Pass):
    """Annotate contractions with the target's converters.

    `input_scale`: "dynamic" scales are found at run time, per "row" (each streamed vector) or per "tensor" as
    `input_axis` says; "static" ones come from calibration, one per tensor. `weight_axis`: one scale per "col"
    (output) or per "tensor".
    """

    name: ClassVar[str] = "quantize"
    takes: ClassVar[str] = "partitioned"
    gives: ClassVar[str] = "partitioned"

    input_scale: str = "dynamic"
    input_axis: str = "row"
    weight_axis: str = "col"

    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Add `lhs_quant`, `rhs_quant`, `adc` and calibrated scales."""
        choices = {
            "input_scale": ("dynamic", "static"),
            "input_axis": ("row", "tensor"),
            "weight_axis": ("col", "tensor"),
        }
        for option, allowed in choices.items():
            if getattr(self, option) not in allowed:
                raise error("HG1302", f"{self.spelling}: {option.replace('_', '-')} is {' or '.join(allowed)}")
        precision = family_of(unit.target).precision(unit.target)
        main = main_of(unit.module)
        signs = SignAnalysis()
        constants: set[Value] = set()
        mapping: dict[Value, Value] = {}
        args = [Value(a.type, a.name) for a in main.body.args]
        mapping.update(zip(main.body.args, args, strict=True))

        def emit(op: Op) -> list[Op]:
            if op.name == "helio.weight" or is_prepared(op):
                constants.update(op.results)
            if op.name != "optical.gemm":
                made = op.clone(mapping)
            elif precision is None:
                made = op.clone(mapping, lhs_quant=Quant(), rhs_quant=Quant(), adc=Adc())
                notes.did("contractions at full precision")
            else:
                statistics = unit.calibration.get(op.loc)
                made = op.clone(mapping, **self._formats(op, precision, signs, constants, statistics, notes))
            signs.visit(op)
            return [made]

        ops = rebuild(main.body.ops, mapping, emit)
        return unit.with_module(with_main(unit.module, args, ops))

    def _formats(
        self,
        op: Op,
        precision: Precision,
        signs: SignAnalysis,
        constants: set[Value],
        statistics: LayerStatistics | None,
        notes: Notes,
    ) -> dict[str, AttributeValue]:
        lhs, rhs = op.operands
        static = self.input_scale == "static"
        lhs_quant, rhs_quant, adc = formats_of(
            precision,
            lhs_signed=not signs.is_non_negative(lhs),
            rhs_signed=not signs.is_non_negative(rhs),
            rhs_constant=rhs in constants,
            input_scale=self.input_scale,
            input_axis=self.input_axis,
            weight_axis=self.weight_axis,
        )
        if lhs_quant.signs == "unipolar":
            notes.did("non-negative inputs: one pass")
        elif lhs_quant.signs == "two-pass":
            notes.did_not("one pass", "inputs may be negative")
        if statistics is None and (static or precision.adc_range == "calibrated"):
            wanted = "input-scale=static" if static else "precision.adc_range=calibrated"
            raise error(
                "HG1305",
                f"{wanted} needs statistics of the contractions",
                node=op.loc,
                op_type="optical.gemm",
                remedy="give --calibrate X.npz with sample inputs, or leave the option at its default",
            )
        chosen: dict[str, AttributeValue] = {"lhs_quant": lhs_quant, "rhs_quant": rhs_quant, "adc": adc}
        if statistics is not None and static:
            chosen["lhs_scale"] = statistics.absmax
            notes.did("static scales from calibration")
        if statistics is not None and precision.adc_range == "calibrated":
            by_row = not static and self.input_axis == "row"
            chosen["adc_rms"] = statistics.row_slice_rms if by_row else statistics.slice_rms
            notes.did("converter ranges from calibration")
        return chosen
