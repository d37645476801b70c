"""From an ONNX file to a scheduled program: frontend, passes, pipelines."""
