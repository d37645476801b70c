"""A model as one onnxruntime session."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from heliograph.runtime.ort_values import EXOTIC, from_ort, is_exotic, to_ort

if TYPE_CHECKING:
    import onnx
    import onnxruntime


class Session:
    """Values in, values out. Raises what onnxruntime raises when it refuses the model."""

    def __init__(
        self,
        model: onnx.ModelProto,
        threads: int,
        external: Mapping[str, onnxruntime.OrtValue] | None = None,
        *,
        spin: bool = True,
    ) -> None:
        """With `spin` the session's threads wait busily for a while: faster when nothing else wants the cores."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # failures are raised, and told in our words
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spin else "0")
        _share_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
        if external:
            options.add_external_initializers(list(external), list(external.values()))
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        self.inputs = tuple(v.name for v in inputs)
        self.outputs = tuple(v.name for v in outputs)
        self._names = list(self.outputs)
        self._exotic_inputs = any(v.type in EXOTIC for v in inputs)
        self._exotic_outputs = any(v.type in EXOTIC for v in outputs)

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """Outputs in order; `values` has all inputs, and may have more."""
        feeds = values if len(values) == len(self.inputs) else {name: values[name] for name in self.inputs}
        if self._exotic_outputs:
            given = {n: to_ort(v) if not _is_ort(v) else v for n, v in feeds.items()}
            return [from_ort(v) for v in self._session.run_with_ort_values(self._names, given)]
        if self._exotic_inputs:
            feeds = {n: to_ort(v) if is_exotic(v) else v for n, v in feeds.items()}
        results: list[Any] = self._session.run(self._names, feeds)
        return results


@cache
def _share_memory() -> None:
    """One arena for all sessions of the process, which run one after the other: each would keep one of its own."""
    import onnxruntime

    kind, use = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
    onnxruntime.create_and_register_allocator(onnxruntime.OrtMemoryInfo("Cpu", kind, 0, use), None)


def _is_ort(value: Any) -> bool:
    return type(value).__name__ == "OrtValue"
