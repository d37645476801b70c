"""partitioned -> partitioned: choose number formats, scales and sign schemes for every contraction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends import Precision, family_of
from heliograph.compiler.analysis.sign import SignAnalysis
from heliograph.compiler.module import main_of, with_main
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.unit import LayerStatistics, Unit
from heliograph.ir.core import AttributeValue, Op, Value
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import Adc, Quant


@dataclass(frozen=True)
class Quantize(Pass):
    """Annotate contractions with the target's converters.

    `input_axis`: one dynamic scale per "row" (each streamed vector) or per "tensor"; calibrated layers use one
    static scale per tensor. `weight_axis`: one scale per "col" (output) or per "tensor".
    """

    name: ClassVar[str] = "quantize"
    takes: ClassVar[str] = "partitioned"
    gives: ClassVar[str] = "partitioned"

    input_axis: str = "row"
    weight_axis: str = "col"

    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Add `lhs_quant`, `rhs_quant`, `adc` and calibrated scales."""
        if self.input_axis not in ("row", "tensor") or self.weight_axis not in ("col", "tensor"):
            raise error("HG1302", f"{self.spelling}: input-axis is row or tensor, weight-axis is col or tensor")
        precision = family_of(unit.target).precision(unit.target)
        main = main_of(unit.module)
        signs = SignAnalysis()
        constants: set[Value] = set()
        mapping: dict[Value, Value] = {}
        args = [Value(a.type, a.name) for a in main.body.args]
        mapping.update(zip(main.body.args, args, strict=True))
        ops: list[Op] = []
        for op in main.body.ops:
            if op.name == "helio.weight":
                constants.add(op.result)
            if op.name != "optical.gemm":
                ops.append(op.clone(mapping))
            elif precision is None:
                ops.append(op.clone(mapping, lhs_quant=Quant(), rhs_quant=Quant(), adc=Adc()))
                notes.did("contractions at full precision")
            else:
                statistics = unit.calibration.get(op.loc)
                chosen = self._formats(op, precision, signs, constants, statistics, notes)
                ops.append(op.clone(mapping, **chosen))
            signs.visit(op)
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
        scheme: str = precision.sign_scheme
        if signs.is_non_negative(lhs):
            notes.did("non-negative inputs: one pass")
            lhs_signs = "unipolar"
        else:
            lhs_signs = "offset" if scheme == "offset" else "two-pass"
            notes.did_not("one pass", "inputs may be negative")
        rhs_signs = "unipolar" if signs.is_non_negative(rhs) else scheme
        calibrated = statistics is not None
        lhs_quant = Quant(
            bits=precision.input_bits,
            axis="tensor" if calibrated else self.input_axis,
            scale="static" if calibrated else "dynamic",
            signs=lhs_signs,
        )
        rhs_quant = Quant(
            bits=precision.weight_bits,
            axis=self.weight_axis,
            scale="absmax" if rhs in constants else "dynamic",
            signs=rhs_signs,
        )
        if precision.adc_range == "calibrated" and statistics is None:
            raise error(
                "HG1305",
                "precision.adc_range=calibrated needs statistics of the partial sums",
                node=op.loc,
                op_type="optical.gemm",
                remedy="give --calibrate X.npz with sample inputs, or use precision.adc_range=full-scale",
            )
        adc = Adc(bits=float(precision.adc_bits), range=precision.adc_range, repeats=precision.repeats)
        chosen: dict[str, AttributeValue] = {"lhs_quant": lhs_quant, "rhs_quant": rhs_quant, "adc": adc}
        if statistics is not None:
            chosen |= {"lhs_scale": statistics.absmax, "adc_rms": statistics.slice_rms}
            notes.did("static scales from calibration")
        return chosen
