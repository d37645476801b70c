"""Heliograph: compile ONNX models to optical hardware, run them on simulated light, see what they cost."""
