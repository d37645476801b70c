"""A model as one onnxruntime session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heliograph.runtime.ort_values import EXOTIC, from_ort, is_exotic, to_ort

if TYPE_CHECKING:
    import onnx
    import onnxruntime


class Session:
    """Values in, values out. Raises what onnxruntime raises when it refuses the model."""

    def __init__(
        self, model: onnx.ModelProto, threads: int, external: Mapping[str, onnxruntime.OrtValue] | None = None
    ) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # failures are raised, and told in our words
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        if external:
            options.add_external_initializers(list(external), list(external.values()))
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self.inputs = tuple(v.name for v in self._session.get_inputs())
        outputs = self._session.get_outputs()
        self.outputs = tuple(v.name for v in outputs)
        self._exotic = any(v.type in EXOTIC for v in outputs)

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """Outputs in order."""
        feeds = {name: values[name] for name in self.inputs}
        if self._exotic:
            given = {n: to_ort(v) if not _is_ort(v) else v for n, v in feeds.items()}
            return [from_ort(v) for v in self._session.run_with_ort_values(list(self.outputs), given)]
        if any(map(is_exotic, feeds.values())):
            feeds = {n: to_ort(v) if is_exotic(v) else v for n, v in feeds.items()}
        return list(self._session.run(list(self.outputs), feeds))


def _is_ort(value: Any) -> bool:
    return type(value).__name__ == "OrtValue"
