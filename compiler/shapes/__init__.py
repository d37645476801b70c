"""Symbolic shape inference on the graph level.

onnx's own inference gives up on sizes that are computed (Shape, Gather, Concat, Reshape, convolutions over symbolic
sizes) and makes up names such as ``unk__7``. Here sizes are expressions in the symbols of the inputs, and small
integer tensors that hold sizes are followed as lists of expressions.
"""

from heliograph.compiler.shapes.refine import refine_shapes

__all__ = ["refine_shapes"]
