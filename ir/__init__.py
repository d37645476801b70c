"""The language: values, ops, levels, text, program artifact, diagnostics."""
