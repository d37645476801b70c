"""The meaning of every op of ours, as slow and obvious loops. Converters are included, noise is not."""

from heliograph.ir.reference.converters import AdcRange, adc_range
from heliograph.ir.reference.interpreter import interpret
from heliograph.ir.reference.regions import Evaluator

__all__ = ["AdcRange", "Evaluator", "adc_range", "interpret"]
