"""ONNX in: read, check, normalise, and translate into the graph level."""

from heliograph.compiler.frontend.load import load_graph

__all__ = ["load_graph"]
