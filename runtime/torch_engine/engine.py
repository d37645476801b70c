"""The engine: weights are written, and fast fidelity judged, as `AnalogEngine` does it; products are the device's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliograph.ir.weights import Array
from heliograph.runtime.engines.analog import LIGHT_PER_RESULT, AnalogEngine
from heliograph.runtime.engines.blocks import blocks
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.held import SlicedWeights
from heliograph.runtime.torch_engine.device import open_device

if TYPE_CHECKING:
    from heliograph.runtime.engines.detect import Chain
    from heliograph.runtime.engines.noise import NoiseOf
    from heliograph.runtime.engines.suits import Verdict
    from heliograph.runtime.windows import Streamed

_BLOCK_ELEMENTS = 1 << 20  # results of a block: enough to keep a GPU busy


class TorchEngine(AnalogEngine):
    """Engines "quantized" and "noisy" on a torch device, with the numbers that `AnalogEngine` draws.

    Results differ from its own by rounding, and where a sum lies on the edge between two codes of the ADC. Static beats
    and transfers of modulators are left to it.

    `compiled`: whether torch.compile makes one kernel of all that happens to a partial sum; None means where the device
    is a GPU and Triton is there. Where compiling fails the same is done operation by operation. `stats.fused_calls`
    counts the calls that ran compiled. Raises HG5003 where torch or the device is missing.
    """

    def __init__(
        self,
        device: str,
        noise_of: NoiseOf | None = None,
        *,
        fast: bool = False,
        seed: int = 0,
        compiled: bool | None = None,
        block_elements: int = _BLOCK_ELEMENTS,
    ) -> None:
        self._device = open_device(device)
        from heliograph.runtime.torch_engine.reading import SliceReader, compiles_on  # imports torch

        self._read = SliceReader(compiled=compiles_on(self._device) if compiled is None else compiled)
        super().__init__(noise_of, fast=fast, seed=seed, block_elements=block_elements)

    def hold(self, call: KernelCall, weights: Array) -> SlicedWeights:
        """Quantize and write the weights, and copy them to the device."""
        from heliograph.runtime.torch_engine.held import DeviceWeights  # imports torch

        return DeviceWeights.of(super().hold(call, weights), self.noise_of(call.spec), self._device)

    def _product(
        self, chain: Chain, call: KernelCall, inputs: Streamed, held: SlicedWeights, fast: Verdict | None
    ) -> Array:
        from heliograph.runtime.torch_engine.held import DeviceWeights  # these import torch
        from heliograph.runtime.torch_engine.product import product

        assert isinstance(held, DeviceWeights)
        if chain.noise.beat or chain.noise.modulator != "ideal" or not (inputs.size and held.columns):
            return super()._product(chain, call, inputs, held, fast)
        batch, rows, k = inputs.shape
        cut = list(blocks(batch, rows, max(held.columns, k // LIGHT_PER_RESULT), self._block_elements))
        result = product(chain, call, inputs, held, fast, cut, self._read)
        self.stats.fused_calls += fast is None and self._read.compiled
        return result
