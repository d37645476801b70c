"""The models of the comparisons at full size, as ONNX graphs whose weights are declared and never read."""
