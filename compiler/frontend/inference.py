"""Types and shapes by ONNX's own inference: contradictions of the model are told, failures of inference are not."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import Diagnostics

if TYPE_CHECKING:
    import onnx_ir

_HEAD = "Inference error(s):"
_PROBLEM = re.compile(
    r"\(op_type:(?P<op>\w+)(?:, node name: (?P<node>[^)]*))?\): (?P<text>.*?)(?=\s*\(op_type:\w+[,)]|\Z)", re.S
)
# what inference says when a declared shape is at odds with the computed one; exporters err, and the computed one wins
_DECLARED = re.compile(r"existing shape|inferred shape and|Inferred elem type differs|unspecified|not supported", re.I)


def infer_types(model: onnx_ir.Model) -> None:
    """Infer types and shapes in place, as far as possible. Raises HeliographError HG1002 for every contradiction."""
    import onnx_ir.passes.common as passes

    with _failures("onnx_ir.passes.common.shape_inference") as failures:
        passes.ShapeInferencePass()(model)
        if failures:
            _contradictions(failures[0]).raise_if_errors()
            passes.ShapeInferencePass(check_type=False, strict_mode=False)(model)


def _contradictions(text: str) -> Diagnostics:
    """What contradicts itself in the model, by the messages of strict inference."""
    problems = Diagnostics()
    _, found, text = text.partition(_HEAD)
    if not found or _HEAD in text:  # a failure inside a standard function, whose bodies are not always inferrable
        return problems
    for match in _PROBLEM.finditer(text):
        message = " ".join(match["text"].removeprefix("[ShapeInferenceError]").split())
        if not _DECLARED.search(message):
            problems.report(
                "HG1002",
                f"shapes or types contradict each other: {message.removeprefix('[TypeInferenceError]').strip()}",
                node=match["node"] or "",
                op_type=match["op"],
                remedy="correct the shapes that the model declares",
            )
    return problems


@contextmanager
def _failures(logger: str) -> Iterator[list[str]]:
    """Messages of the exceptions that a library logs instead of raising; nothing is printed."""
    caught: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info and record.exc_info[1] is not None:
                caught.append(str(record.exc_info[1]))

    source, handler = logging.getLogger(logger), Catch()
    before = source.propagate
    source.propagate = False
    source.addHandler(handler)
    try:
        yield caught
    finally:
        source.removeHandler(handler)
        source.propagate = before


@contextmanager
def quiet(*loggers: str) -> Iterator[None]:
    """Silence loggers of libraries that report what is handled here."""
    sources = [logging.getLogger(name) for name in loggers]
    levels = [source.level for source in sources]
    for source in sources:
        source.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for source, level in zip(sources, levels, strict=True):
            source.setLevel(level)
