"""Runs of steps done by onnxruntime at once, for the engine "ideal", whose products onnxruntime computes as well."""

from heliograph.runtime.merging.contractions import Single
from heliograph.runtime.merging.merged import Merged
from heliograph.runtime.merging.merging import Merging

__all__ = ["Merged", "Merging", "Single"]
