"""`onnx.backend.base.Backend` on the ordinary path: compile for a target, run on its engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import onnx
from onnx.backend.base import Backend, BackendRep, Device, DeviceType, namedtupledict

from heliograph.compiling import compile
from heliograph.ir.program import Program
from heliograph.onnx_backend.single_node import model_of
from heliograph.options import EngineName
from heliograph.session import InferenceSession


class HeliographRep(BackendRep):
    """A compiled model, ready to run any number of times."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session
        self._names = [arg.name for arg in session.get_outputs()]
        self._tuple = namedtupledict("Outputs", self._names)

    @property
    def program(self) -> Program:
        """The compiled program."""
        return self._session.program

    def run(self, inputs: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Outputs in order, also by name; `inputs` is a mapping, a sequence in the model's order, or one value.

        Raises HeliographError as `InferenceSession.run` does.
        """
        wanted = [arg.name for arg in self._session.get_inputs()]
        if isinstance(inputs, Mapping):
            feeds: dict[str, Any] = dict(inputs)
        elif isinstance(inputs, Sequence) and (len(inputs) == len(wanted) or len(wanted) != 1):
            feeds = dict(zip(wanted, inputs, strict=False))
        else:
            feeds = {wanted[0]: inputs}
        return self._tuple(*self._session.run(self._names, feeds))


class HeliographBackend(Backend):
    """Runs ONNX models on simulated light; by default on target ``ideal``, whose arithmetic is exact."""

    @classmethod
    def supports_device(cls, device: str) -> bool:
        """Whether `device` is the CPU, on which the simulation runs."""
        try:
            return bool(Device(device).type == DeviceType.CPU)
        except (AttributeError, ValueError):
            return False

    @classmethod
    def prepare(
        cls,
        model: onnx.ModelProto,
        device: str = "CPU",
        *,
        target: str = "ideal",
        engine: EngineName | None = None,
        **kwargs: Any,
    ) -> HeliographRep:
        """Compile a model. Raises HeliographError with every problem found."""
        if not cls.supports_device(device):
            raise ValueError(f"no device {device!r}: Heliograph runs on 'CPU'")
        return HeliographRep(InferenceSession(compile(model, target), engine=engine))

    @classmethod
    def run_model(cls, model: onnx.ModelProto, inputs: Any, device: str = "CPU", **kwargs: Any) -> tuple[Any, ...]:
        """Compile and run once."""
        return cls.prepare(model, device, **kwargs).run(inputs)

    @classmethod
    def run_node(
        cls,
        node: onnx.NodeProto,
        inputs: Any,
        device: str = "CPU",
        outputs_info: Sequence[tuple[Any, tuple[int, ...]]] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """Compile and run one node; ``opset_version`` is the latest that onnx knows unless given.

        `inputs` has a value for each input that the node names, in order, or a mapping by name.
        """
        version = int(kwargs.pop("opset_version", onnx.defs.onnx_opset_version()))
        given = [name for name in node.input if name]
        feeds = dict(inputs) if isinstance(inputs, Mapping) else dict(zip(given, inputs, strict=False))
        return cls.run_model(model_of(node, feeds, version, outputs_info), feeds, device, **kwargs)
