"""Heliograph as an ONNX backend: what ``onnx.backend.test`` and other tools of the ONNX project call.

rep = heliograph.onnx_backend.HeliographBackend.prepare(model)
outputs = rep.run(inputs)
"""

from heliograph.onnx_backend.backend import HeliographBackend, HeliographRep

__all__ = ["HeliographBackend", "HeliographRep"]
